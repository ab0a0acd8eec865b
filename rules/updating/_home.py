"""The newest dated thing a home page shows or links to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.api import PageView, SiteView, date, host_of, path_key, timedelta

_NO_PAGE = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|ico|svg|webp|mp4|pdf|docx?|xlsx?|wps|zip|rar|txt|xml)$", re.IGNORECASE
)


# An article's address has a number; what no night ever decides (a mailbox, a log-in) has none.
_ARTICLE = re.compile(r"/art/|/t20\d{6}_|content[_/]|/info/\d|\d{4,}|/[0-9a-f]{16,}", re.IGNORECASE)

_FIRST, _SECOND = "首页链接的文章", "二级页面"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a home page shows; `why` says what is in the way of a judgement."""

    page: PageView
    today: date
    day: date | None = None
    title: str = ""
    url: str = ""
    undated: int = 0  # articles it links to that show no date
    through: str = _FIRST
    why: str = ""

    @property
    def second_level(self) -> bool:
        return self.through == _SECOND

    @property
    def idle(self) -> int:
        return (self.today - self.day).days if self.day else 0


def shown(site: SiteView, limit: timedelta) -> Shown | None:
    """None where the home page was not read. A page of navigation only is judged by what it leads to (RULES UP-01)."""
    page = site.open_page(site.site.home)
    if page is None:
        return None
    seen = page.known.seen
    today = (seen.at if seen else site.as_of).date()
    facts = page.facts
    if facts.protection or facts.shell or facts.kind in {"script", "empty"} or facts.soft_error:
        return Shown(page, today, why="首页内容由脚本生成或被防护拦截，没有读到")
    linked = site.links_of(page.url) | {entry.url for entry in facts.listing.entries if entry.url}
    days = _days(site, page, linked)
    undated = sum(b.kind == "article" and b.url in linked and b.url not in days for b in site.briefs())
    through = _FIRST
    if not days and not undated:
        days, through = dict(_second_level(site, linked)), _SECOND
    usable = {url: day for url, day in days.items() if day <= today + timedelta(days=1)}
    if not usable:
        return Shown(
            page,
            today,
            undated=undated,
            why="首页和它链接的页面没有读到日期（没有发布时间的信息视为未更新，请人工核对）",
        )
    url = max(usable, key=lambda one: (usable[one], one))
    titles = {b.url: b.title for b in site.briefs()}
    found = Shown(page, today, usable[url], titles.get(url, "")[:60], url, undated, through)
    if found.idle <= limit.days:
        return found
    return Shown(
        page, today, found.day, found.title, url, undated, through, _unsure(site, page, linked, usable, undated)
    )


def _days(site: SiteView, page: PageView, linked: frozenset[str]) -> dict[str, date]:
    """By URL: as the article says, else as a list prints it beside the link."""
    days = {entry.url: entry.date.date() for entry in page.facts.listing.entries if entry.date and entry.url}
    for column in site.columns:
        days |= {e.url: e.date.date() for e in column.entries if e.date and e.url in linked}
    days |= {b.url: b.published.value.date() for b in site.briefs() if b.published and b.url in linked}
    return days


def _second_level(site: SiteView, linked: frozenset[str]) -> Iterator[tuple[str, date]]:
    for column in site.columns:
        yield from ((e.url, e.date.date()) for e in column.entries if e.date)
    for url in sorted(linked):
        if (page := site.open_page(url)) is not None:
            yield from ((e.url, e.date.date()) for e in page.facts.listing.entries if e.date)


def _unsure(site: SiteView, page: PageView, linked: frozenset[str], days: dict[str, date], undated: int) -> str:
    """Why nothing recent may still be there."""
    if page.facts.listing.units or page.unread or page.facts.iframes:
        return "首页有由脚本或框架填充的内容，没有读到"
    if undated > len(days):
        return f"首页链接的 {undated} 篇文章没有读到日期"
    own = {host.removeprefix("www.") for host in site.site.hosts}
    read = {b.url for b in site.briefs()} | {path_key(b.url) for b in site.briefs()} | set(days)
    unread = [
        url
        for url in linked
        if host_of(url).removeprefix("www.") in own and url not in read and path_key(url) not in read
        and _ARTICLE.search(url.partition("://")[2].partition("/")[2])
        and not _NO_PAGE.search(url.partition("?")[0]) and _undecided(site, url)
    ]  # fmt: skip
    return f"首页链接的 {len(unread)} 个页面尚未读到" if unread else ""


def _undecided(site: SiteView, url: str) -> bool:
    known = site.known(url)
    return known is None or known.state is None or known.knowledge == "expired"
