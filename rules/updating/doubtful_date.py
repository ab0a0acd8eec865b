"""Dates of publication that a person should look into; never an accusation."""

from collections import Counter
from collections.abc import Iterator

from crawler.api import (
    Certainty,
    Finding,
    ListedEntry,
    NotApplicable,
    PageView,
    Said,
    Severity,
    SiteView,
    cite,
    datetime,
    page_rule,
    timedelta,
)

# Reposts keep the date of their source; plans, budgets and documents are filed later than they are dated.
_CURRENT = {"动态要闻", "通知公告"}
_BATCH = 5  # so many late ones first seen in one night are a migration or a back-filing, not a forged date
_ONLY_DATES = "仅凭页面上的日期（没有首次发现记录）"

_LAG = timedelta(days=15)
_GRACE = timedelta(days=1)


@page_rule(
    "UP-10",
    severity=Severity.VETO,
    basis=(cite("guobanmihan-2019-19", "veto.security"),),
    form="proposed",
)
def doubtful_date(
    page: PageView,
    *,
    lag: timedelta = _LAG,
    grace: timedelta = _GRACE,
    burst: int = 10,
) -> Iterator[Said]:
    """发布日期需要核实

    为什么: 伪造发布日期属单项否决。这里只列出互相矛盾的事实，是不是伪造由人判断：旧文迁移、补录、转载沿用
    原日期都会造成同样的现象。

    看什么: 发布日期比抓取那天还晚；正文落款比发布日期晚；列表现在标的日期比我们首次发现它的日子晚；
    动态、公告栏目里，每晚都读的列表中突然出现一篇日期很早的文章；十篇以上发布时间精确到分钟都相同。
    没有首次发现记录的，只比对页面日期并注明。一晚出现多篇旧日期的视为迁移或补录，不列。

    怎么改: 核对后台的实际发布时间；确属迁移、补录的在处理意见里注明；日期写错的改正。
    """
    facts = page.facts
    published = facts.published
    if facts.kind != "article" or published is None or published.source == "url":
        yield NotApplicable("不是标明了发布日期的文章")
        return
    read_at = page.known.seen.at if page.known.seen else page.as_of
    entries = _entries(page.site).get(page.url, ())
    basis = "首次发现记录" if any(_known_before(page.site, e) for e in entries) else _ONLY_DATES
    for key, message, evidence in _contradictions(page, published.value, read_at, entries, lag, grace, burst):
        yield Finding(
            message=f"发布日期需要核实：{message}",
            at=page.place(quote=facts.heading),
            key=key,
            certainty=Certainty.PROPOSED,
            target=page.url,
            evidence={
                "标明的发布日期": f"{published.value:%Y-%m-%d %H:%M}（{published.source}）",
                **evidence,
                "依据": basis,
            },
        )


def _contradictions(
    page: PageView,
    published: datetime,
    read_at: datetime,
    entries: tuple[ListedEntry, ...],
    lag: timedelta,
    grace: timedelta,
    burst: int,
) -> Iterator[tuple[str, str, dict[str, str]]]:
    if published.date() > (read_at + grace).date():
        yield "future", "晚于抓取的日子", {"抓取时间": f"{read_at:%Y-%m-%d %H:%M}"}
    signed = next((d for d in page.facts.dates if d.source == "signature"), None)
    if (
        signed
        and published + grace < signed.value <= read_at + grace
        and signed.value.date() > (published + grace).date()
    ):
        yield "signature", "早于正文的落款日期", {"落款日期": f"{signed.value:%Y-%m-%d}"}
    for entry in entries:
        ahead = entry.date is not None and entry.date > read_at + grace  # said already, as a date to come
        if entry.date and not ahead and entry.date.date() > (entry.first_seen + grace).date():
            facts = {"首次发现": f"{entry.first_seen:%Y-%m-%d %H:%M}", "列表现标": f"{entry.date:%Y-%m-%d}"}
            yield "redated", "列表日期晚于首次发现的日子", facts
            break
    late = [e for e in entries if e.first_seen - published > lag and _known_before(page.site, e)]
    kinds = {column.kind for column in page.listed_in}
    if late and kinds and kinds <= _CURRENT and _late_that_night(page.site, late[0], lag) < _BATCH:
        yield "backdated", "首次发现时日期已经很早", {"首次发现": f"{late[0].first_seen:%Y-%m-%d %H:%M}"}
    if page.facts.published and page.facts.published.precision == "minute":
        alike = _bursts(page.site)[(published, frozenset(column.id for column in page.listed_in))]
        if page.listed_in and alike >= burst:
            yield "burst", f"同一栏目有 {alike} 篇的发布时间完全相同", {"相同的发布时间": f"{published:%Y-%m-%d %H:%M}"}


# ── Worked out once for a site ───────────────────────────────────────────────────────────────────────────────────────


def _entries(site: SiteView) -> dict[str, tuple[ListedEntry, ...]]:
    known: dict[str, tuple[ListedEntry, ...]] | None = site.memo.get("updating.entries")
    if known is None:
        known = site.memo["updating.entries"] = {}
        for column in site.columns:
            for entry in column.entries:
                known[entry.url] = (*known.get(entry.url, ()), entry)
    return known


def _first_night(site: SiteView) -> dict[str, datetime]:
    """By URL of an entry: when its column was first read at all."""
    known: dict[str, datetime] | None = site.memo.get("updating.first-night")
    if known is None:
        known = site.memo["updating.first-night"] = {}
        for column in site.columns:
            first = min((entry.first_seen for entry in column.entries), default=None)
            for entry in column.entries:
                if first is not None:
                    known[entry.url] = min(first, known.get(entry.url, first))
    return known


def _known_before(site: SiteView, entry: ListedEntry) -> bool:
    """Whether the list had been read before this entry came: else its first-seen date says nothing."""
    return entry.first_seen - _first_night(site)[entry.url] > timedelta(hours=12)


def _late_that_night(site: SiteView, entry: ListedEntry, lag: timedelta) -> int:
    nights: Counter[object] | None = site.memo.get("updating.late")
    if nights is None:
        rows = {e.url: e for every in _entries(site).values() for e in every if e.date and e.first_seen - e.date > lag}
        nights = site.memo["updating.late"] = Counter(e.first_seen.date() for e in rows.values())
    return nights[entry.first_seen.date()]


def _bursts(site: SiteView) -> Counter[tuple[datetime, frozenset[str]]]:
    known: Counter[tuple[datetime, frozenset[str]]] | None = site.memo.get("updating.bursts")
    if known is None:
        known = site.memo["updating.bursts"] = Counter(
            (b.published.value, frozenset(c.id for c in b.listed_in))
            for b in site.briefs()
            if b.published and b.published.precision == "minute" and b.kind == "article"
        )
    return known
