"""How a column stands against its time limit, and which columns of a site are counted towards a veto."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.api import (
    ColumnView,
    ListedEntry,
    SiteView,
    State,
    date,
    host_of,
    path_key,
    timedelta,
    why_unknown,
)

State_ = Literal["fresh", "stale", "empty", "moved", "dead", "unknown"]
_EMPTY_NOTE = ("列表为空", "列表接口返回空列表")  # what the crawl notes of a list that says it holds nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """One column on the day it was last read to its end; `why` says what is in the way of a judgement."""

    state: State_
    why: str = ""
    newest: ListedEntry | None = None
    day: date | None = None  # of the newest entry, as far as it can be believed
    idle: int = 0  # days since then
    source: str = ""  # where the day was read

    def due(self, limit: timedelta) -> date | None:
        """The last day on which an update is in time."""
        return self.day + limit if self.day else None


# ── What belongs together ────────────────────────────────────────────────────────────────────────────────────────────


def parent_of(column: ColumnView) -> ColumnView | None:
    """The registered column this one is part of: as written, else the nearest one above it in the address."""
    rows = column.site.columns
    if column.column.parent:
        return next((c for c in rows if c.column.id == column.column.parent), None)
    own = _folder(column.url)
    above = [c for c in rows if c is not column and c.url != column.url and own.startswith(_folder(c.url))]
    above = [c for c in above if _folder(c.url) != own and len(_folder(c.url)) > len(_root(c.url))]
    return max(above, key=lambda c: (len(_folder(c.url)), c.column.id), default=None)


def children_of(column: ColumnView) -> tuple[ColumnView, ...]:
    """Registered columns below this one, of whatever depth."""
    below: dict[str, list[ColumnView]] | None = column.site.memo.get("updating.below")
    if below is None:
        below = {}
        for one in column.site.columns:
            seen = {one.column.id}
            over = parent_of(one)
            while over is not None and over.column.id not in seen:
                below.setdefault(over.column.id, []).append(one)
                seen.add(over.column.id)
                over = parent_of(over)
        column.site.memo["updating.below"] = below
    return tuple(below.get(column.column.id, ()))


def is_first_level(column: ColumnView) -> bool:
    """Whether no registered column of the same kind stands above it: what lies below counts for its parent."""
    over, seen = parent_of(column), {column.column.id}
    while over is not None and over.column.id not in seen:
        if over.column.kind == column.column.kind:
            return False
        seen.add(over.column.id)
        over = parent_of(over)
    return True


def _folder(url: str) -> str:
    """`host/a/b/` of `https://host/a/b/index.html`; `host/a/b/` of `https://host/a/b.htm`, where pages lie below."""
    path = url.partition("://")[2].partition("?")[0].partition("#")[0]
    head, _, last = path.rpartition("/")
    stem = last.partition(".")[0]
    return f"{head}/" if stem in {"", "index", "list", "list_1", "default"} else f"{head}/{stem}/"


def _root(url: str) -> str:
    return url.partition("://")[2].partition("/")[0] + "/"


def moved_to(column: ColumnView) -> str:
    """Where a column's address leads when that is another host than the site's own: a shared upper-level library."""
    own = {host.removeprefix("www.") for host in (*column.site.site.hosts, host_of(column.url))}
    seen = column.known.seen
    landed = (seen.final_url if seen else "") or column.url
    told = column.page.facts.redirect if column.page else ""
    return next((url for url in (landed, told) if url and host_of(url).removeprefix("www.") not in own), "")


# ── Freshness ────────────────────────────────────────────────────────────────────────────────────────────────────────


def standing(column: ColumnView, limit: timedelta) -> Standing:  # noqa: PLR0911 -- one return per state
    """Stale only where every list that counts was read to its end and every recent entry shows a date."""
    if target := moved_to(column):
        return Standing("moved", f"栏目已转到 {target[:200]}，由对方维护")
    if column.known.state is State.DEAD:
        return Standing("dead", "栏目打不开，由 AV-05 判断")
    lists = _lists(column)
    unread = [one for one in lists if not one.reading.complete]
    entries = [entry for one in lists for entry in one.entries]
    if not entries:
        return _nothing(unread)
    today = column.as_of.date()
    found = newest_of(column, entries)
    since = today - limit
    if found.day is not None and found.day >= since:
        return found
    if unread:
        return Standing("unknown", f"列表没有读完：{unread[0].reading.note or unread[0].reading.end}")
    if found.why:
        return Standing("unknown", found.why)
    loose = [e for e in entries if e.date is None and e.first_seen.date() >= since and not _article_day(column, e)]
    if loose:
        return Standing(
            "unknown", f"列表和文章中有 {len(loose)} 条没有读到日期（没有发布时间的信息视为未更新，请人工核对）"
        )
    return Standing("stale", "", found.newest, found.day, found.idle, found.source)


def _lists(column: ColumnView) -> list[ColumnView]:
    """The column's own list and those below it; a container without a list of its own is what lies below."""
    below = [one for one in children_of(column) if not moved_to(one) and one.known.state is not State.DEAD]
    container = bool(below) and column.page is not None and not column.entries and not column.reading.complete
    return below if container else [column, *below]


def _nothing(unread: Sequence[ColumnView]) -> Standing:
    if unread:
        note = unread[0].reading.note or why_unknown(unread[0].known)
        return Standing("unknown", f"列表没有读到：{note}")
    return Standing("empty", "没有条目，由 UP-06 判断")


def newest_of(column: ColumnView, entries: Iterable[ListedEntry]) -> Standing:
    """The newest entry whatever its place in the list (BEHAVIOURS 63). A date to come is none (64); a list that prints
    a later date beside an entry than the day we first met it cannot be believed for that entry."""
    today = column.as_of.date()
    best: tuple[date, str, ListedEntry] | None = None
    doubted = ""
    for entry in entries:
        day, source = (entry.date.date(), "列表") if entry.date else (_article_day(column, entry), "文章")
        if day is None or day > today + timedelta(days=1):
            continue
        if day > entry.first_seen.date() + timedelta(days=1):
            doubted = doubted or f"列表日期可疑：“{entry.title[:30]}”首次发现于 {entry.first_seen:%Y-%m-%d}，现标 {day}"
            day = entry.first_seen.date()
        if best is None or (day, entry.url) > (best[0], best[2].url):
            best = (day, source, entry)
    if best is None:
        return Standing("unknown", "列表和文章都没有读到日期（没有发布时间的信息视为未更新，请人工核对）")
    day, source, entry = best
    return Standing("fresh", doubted, entry, day, max(0, (today - day).days), source)


def _article_day(column: ColumnView, entry: ListedEntry) -> date | None:
    """The date of the article itself, for rows that print none."""
    days: dict[str, date] | None = column.site.memo.get("updating.article-days")
    if days is None:
        briefs = column.site.briefs()
        days = column.site.memo["updating.article-days"] = {
            b.url: b.published.value.date() for b in briefs if b.published
        }
    return days.get(entry.url)


def is_emptied(column: ColumnView) -> bool:
    """Whether the last complete reading found a list that says it holds nothing."""
    return column.reading.complete and (not column.entries or column.reading.note.startswith(_EMPTY_NOTE))


# ── Towards a veto ───────────────────────────────────────────────────────────────────────────────────────────────────


def counted(site: SiteView, name: str, counts: Callable[[ColumnView], bool]) -> tuple[ColumnView, ...]:
    """Columns of the site that count, each list once; worked out once for a site, whichever column asks."""
    known: tuple[ColumnView, ...] | None = site.memo.get(f"updating.{name}")
    if known is None:
        known = site.memo[f"updating.{name}"] = distinct(one for one in site.columns if counts(one))
    return known


def distinct(columns: Iterable[ColumnView]) -> tuple[ColumnView, ...]:
    """One column under two paths is one: the same page in the end, or the very same entries (RULES UP-04)."""
    kept: dict[object, ColumnView] = {}
    for column in sorted(columns, key=lambda c: c.column.id):
        urls = frozenset(entry.url for entry in column.entries)
        seen = column.known.seen
        kept.setdefault(urls or path_key((seen.final_url if seen else "") or column.url), column)
    return tuple(kept.values())


def named(columns: Iterable[ColumnView]) -> str:
    return "、".join(sorted(f"{one.column.name}（{one.url}）" for one in columns))


def distance(count: int, veto: int) -> str:
    """How far it is to the veto, as people say it."""
    if count >= veto:
        return f"共 {count} 个，已达到单项否决的 {veto} 个"
    return f"共 {count} 个，再有 {veto - count} 个即触发单项否决"


def is_portal(site: SiteView) -> bool:
    return site.site.level == "portal"
