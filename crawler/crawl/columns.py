"""Reads the list of one registered column to its end, or says how far it came."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from crawler.core.facts import Entry, Listing, ListUnit, PageFacts
from crawler.core.model import Column
from crawler.core.urls import host_of, path_key
from crawler.crawl.answers import NOT_REACHED
from crawler.parse import OVERVIEW, UNSURE, otherwise

PAGES_CAP = 400  # of one column in one night: 烟台's largest column has 4,932 articles, 329 pages of 15 (FIELD 9)
UNITS_TRIED = 4  # list units of one page; the others are navigation and footer (FIELD 1.2)
SURE_READERS = {"jpaas", "gkmlpt"}  # their units are lists, not any request of the page
FRAMES_TRIED = 3
MISSES = 3  # pages in a row that the pager promises and the server does not have (FIELD 1.3)
MISCONFIGURED = "配置有误："  # begins the note of a column that a person must register anew (BEHAVIOURS 23)
MOVED = "登记的栏目地址跳转到"  # begins the note of one that leads elsewhere (BEHAVIOURS 24)
KNOWN_ROWS = 10  # known entries in a row that join an earlier complete reading (BEHAVIOURS 99)


class Need(Protocol):
    """Facts of a URL as read in this run, fetched if need be; or the outcome that stood in the way."""

    def __call__(self, url: str, kind: str) -> Awaitable[PageFacts | str]: ...


@dataclass(slots=True)
class ColumnReading:
    """How far one list was read; written as a row of `readings`.

    `end`: `ended` at the last page, `joined` to an earlier complete reading, `stalled` where the pager was ignored,
    `capped` by us, `failed` for all else.
    """

    column: Column
    end: str = "failed"
    reader: str = ""
    note: str = ""
    pages: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # pages that were promised and not there, with the reason

    @property
    def read_to(self) -> datetime | None:
        return min((e.date for e in self.entries.values() if e.date), default=None)


@dataclass(slots=True)
class _Ahead:
    """Pages still to be read: how they are read, and whether the pages themselves may name more."""

    urls: list[str]
    reader: str = ""
    whole: bool = False  # all pages of the list are in `urls`

    @property
    def kind(self) -> str:
        return f"unit:{self.reader}" if self.reader else "page"


async def read_column(
    column: Column, need: Need, known: frozenset[str], take: Callable[[Column, Entry], None]
) -> ColumnReading:
    """Follow the list page by page. `known`: entry URLs of an earlier complete reading, empty if there was none."""
    reading = ColumnReading(column)
    first = await _entrance(reading, need)
    if first is None:
        return reading
    listing, ahead = first.listing, _ahead(first.listing)
    if listing.units:
        listing, ahead = await _choose_unit(first.listing, need, reading)
    if not _dated(listing) and first.iframes:
        first, listing, ahead = await _look_in_frames(first, listing, ahead, need, reading)
    reading.reader = listing.reader or first.listing.reader
    if not listing.entries:
        _close_empty(reading, first, listing)
        return reading
    await _Turning(reading, need, known, take).run(listing, ahead)
    return reading


# ── The registered address ───────────────────────────────────────────────────────────────────────────────────────────


async def _entrance(reading: ColumnReading, need: Need) -> PageFacts | None:
    """The column's page, or None with the reason noted: an article, another site, nothing (BEHAVIOURS 23, 24)."""
    url = reading.column.url
    first = await need(url, "page")
    if not isinstance(first, str) and first.redirect and not first.listing.entries and not first.listing.units:
        if elsewhere(url, first.redirect):
            reading.note = f"{MOVED} {first.redirect[:300]}，没有在本栏目读到列表"
            return None
        first = await need(first.redirect, "page")
        reading.pages += 1
    if isinstance(first, str):
        led = first.partition("跳转到站外")[2].strip()
        reading.note = f"{MOVED}站外 {led}" if led else f"栏目页没有读到：{first}"
        return None
    reading.pages += 1
    if elsewhere(url, first.url):
        reading.note = f"{MOVED} {first.url[:300]}，没有在本栏目读到列表"
    elif first.kind == "article" and not first.listing.entries:
        reading.note = f"{MISCONFIGURED}登记的地址是一篇文章，不是栏目，请改为栏目页的地址"
    else:
        return first
    return None


def elsewhere(registered: str, landed: str) -> bool:
    """Whether a redirect leaves the column: to another host, or from a path of its own to the home page."""
    home = {"/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp"}
    if host_of(registered).removeprefix("www.") != host_of(landed).removeprefix("www."):
        return True
    return path_key(landed) in home and path_key(registered) not in home


async def _choose_unit(page: Listing, need: Need, reading: ColumnReading) -> tuple[Listing, _Ahead]:
    """The unit whose rows are dated is the list (BEHAVIOURS 13); others fill navigation and footer."""
    best, ahead, rank = Listing(reader="", note="列表由接口填充，接口没有给出条目"), _Ahead([]), (0, 0)
    failures = []
    empty: Listing | None = None
    for unit in page.units[:UNITS_TRIED]:
        facts = await _ask_unit(unit, need, reading)
        if isinstance(facts, str):
            failures.append(facts)
            continue
        listing = facts.listing
        if unit is page.units[0] and _hollow(listing) and not unit.total and listing.reader in SURE_READERS:
            listing = replace(listing, total=0)  # the list itself says that it is empty (BEHAVIOURS 15)
        found = replace(
            listing,
            reader=listing.reader or unit.reader,
            total=listing.total if listing.total is not None else unit.total,
        )
        if (_dated(listing), len(listing.entries)) > rank:
            rank = (_dated(listing), len(listing.entries))
            best = found
            ahead = _Ahead(list(unit.pages), unit.reader, whole=True) if unit.pages else _ahead(listing)
        elif not listing.reader:
            failures.append(listing.note)
        elif not listing.entries:
            empty, best = empty or found, best if best.entries else found
    if best.entries:
        hollow = empty is not None and not rank[0] and _is_menu(best, reading.column.url)
        return (empty or best, _Ahead([])) if hollow else (best, ahead)
    if page.entries:
        return page, _ahead(page)
    if failures:
        return replace(best, note=f"列表接口没有读到：{failures[0]}", empty_text=""), ahead
    return best, ahead


def _is_menu(listing: Listing, url: str) -> bool:
    """Undated links to other columns, none of them below this one: the menu beside a list that is empty."""
    folder = url.rpartition("/")[0] + "/"
    ends = ("/", "/index.html", "/index.htm", "/index.shtml")
    return all(
        entry.date is None and entry.url.endswith(ends) and (not entry.url.startswith(folder) or entry.url == url)
        for entry in listing.entries
    )


async def _ask_unit(unit: ListUnit, need: Need, reading: ColumnReading) -> PageFacts | str:
    """The first page of a unit; one without rows is asked in the reader's other way, too."""
    facts = await need(unit.url, f"unit:{unit.reader}")
    reading.pages += 1
    if isinstance(facts, str) or not _hollow(facts.listing) or not (other := otherwise(unit.reader, unit.url)):
        return facts
    turned = await need(other, f"unit:{unit.reader}")
    reading.pages += 1
    return facts if isinstance(turned, str) or not turned.listing.entries else turned


def _hollow(listing: Listing) -> bool:
    """A good answer without rows; a failure has no reader."""
    return bool(listing.reader) and not listing.entries and not listing.empty_text


async def _look_in_frames(
    first: PageFacts, listing: Listing, ahead: _Ahead, need: Need, reading: ColumnReading
) -> tuple[PageFacts, Listing, _Ahead]:
    """A column that is a shell around a frame: the frame's list is the column's (BEHAVIOURS 12)."""
    host = host_of(reading.column.url)
    for url in [u for u in first.iframes if host_of(u) == host][:FRAMES_TRIED]:
        facts = await need(url, "frame")
        reading.pages += 1
        if isinstance(facts, str):
            listing = replace(listing, note=listing.note or f"列表框架没有读到：{facts}")
            continue
        inner, further = facts.listing, _ahead(facts.listing)
        if inner.units:
            inner, further = await _choose_unit(inner, need, reading)
        if _dated(inner) > _dated(listing) or (len(inner.entries) > len(listing.entries) and not _dated(listing)):
            return facts, replace(inner, note=f"列表在框架 {url[:200]} 里；{inner.note}"), further
        if inner.empty_text and not listing.entries:
            return facts, inner, further
    return first, listing, ahead


def _close_empty(reading: ColumnReading, first: PageFacts, listing: Listing) -> None:
    """暂无数据 is an empty list; a list that a script fills is an unread one (BEHAVIOURS 15, 66)."""
    empty = listing.empty_text or first.listing.empty_text
    if empty and not listing.note.startswith("列表接口没有读到"):
        reading.end, reading.note = "ended", f"列表为空：{empty}"
    elif listing.total == 0:
        reading.end, reading.note = "ended", "列表接口返回空列表（0 条）"
    else:
        reading.end = "failed"
        reading.note = listing.note or first.listing.note or "没有认出列表"


# ── Page by page ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Turning:
    """One walk through the pages of a list."""

    def __init__(
        self, reading: ColumnReading, need: Need, known: frozenset[str], take: Callable[[Column, Entry], None]
    ) -> None:
        self.reading = reading
        self.need = need
        self.known = known
        self.take = take
        self.seen: set[str] = set()
        self.visited = {reading.column.url}
        self.total: int | None = None
        self.last = Listing(reader="")
        self.misses = 0  # in a row
        self.turned = 0  # pages with rows of their own
        self.overview = ""

    async def run(self, listing: Listing, ahead: _Ahead) -> None:
        self.total = listing.total
        while self._keep(listing):
            url = next((u for u in ahead.urls if u not in self.visited), None)
            if url is None or (ahead.reader and self._all_read()):
                self._close()
                return
            if self.reading.pages >= PAGES_CAP:
                self.reading.end, self.reading.note = "capped", f"只读了前 {PAGES_CAP} 页"
                return
            answer = await self._ask(url, ahead)
            if isinstance(answer, Listing) and answer.entries and self._stale(answer):
                turned = await self._ask_otherwise(url, ahead)
                if turned is None:
                    self.reading.end = "stalled"
                    self.reading.note = f"停在第 {self.turned} 页：下一页与前面的页相同，翻页没有生效"
                    return
                answer = turned
            if isinstance(answer, str) or not answer.entries:
                if not self._miss(url, answer, ahead):
                    self._close()
                    return
                answer = Listing(reader="")
            else:
                self.misses = 0
            listing, following = answer, _ahead(answer)
            if not ahead.whole and self._spent(ahead) and following.urls:
                ahead = following

    async def _ask(self, url: str, ahead: _Ahead) -> Listing | str:
        self.visited.add(url)
        facts = await self.need(url, ahead.kind)
        self.reading.pages += 1
        if isinstance(facts, str):
            return facts
        if ahead.reader and not facts.listing.reader:
            return facts.listing.note or "应答不是列表"
        return facts.listing

    async def _ask_otherwise(self, url: str, ahead: _Ahead) -> Listing | None:
        """The page again, asked for in the reader's other way; all that follow are turned, too (BEHAVIOURS 14)."""
        other = otherwise(ahead.reader, url) if ahead.reader else ""
        if not other:
            return None
        answer = await self._ask(other, ahead)
        if isinstance(answer, str) or not answer.entries or self._stale(answer):
            return None
        ahead.urls = [u if u in self.visited else otherwise(ahead.reader, u) or u for u in ahead.urls]
        return answer

    def _keep(self, listing: Listing) -> bool:
        """Take what is new; False where the reading has joined an earlier one."""
        self.last = listing
        self.turned += bool(listing.entries)
        if OVERVIEW in listing.note and not listing.next_urls:
            self.overview = listing.note
        if listing.total is not None and self.total is None:
            self.total = listing.total
        urls = [entry.url for entry in listing.entries]
        self.seen.update(urls)
        for entry in listing.entries:
            if entry.url and entry.url not in self.reading.entries:
                self.reading.entries[entry.url] = entry
                self.take(self.reading.column, entry)
        known = self.known
        if known and len(urls) >= min(KNOWN_ROWS, len(known)) and known.issuperset(urls[-KNOWN_ROWS:]):
            self.reading.end, self.reading.note = "joined", "读到以前已完整读过的条目为止"
            return False
        return True

    def _stale(self, listing: Listing) -> bool:
        return self.seen.issuperset(entry.url for entry in listing.entries)

    def _all_read(self) -> bool:
        return self.total is not None and len(self.reading.entries) >= self.total

    def _spent(self, ahead: _Ahead) -> bool:
        return self.visited.issuperset(ahead.urls)

    def _miss(self, url: str, answer: Listing | str, ahead: _Ahead) -> bool:
        """A promised page that is not there or hollow is noted; True while others are worth a try (BEHAVIOURS 17)."""
        if isinstance(answer, Listing):
            self.last = answer
            # The answer of an API without rows is its end; so is the page after the last that a bare "next" led to.
            if ahead.reader or answer.empty_text or (self._spent(ahead) and self.reading.reader == "plain"):
                return False
            answer = "没有条目（残页）"
        self.reading.missing.append(f"{url} {answer}")
        self.misses += 1
        return answer != NOT_REACHED and self.misses < MISSES and not self._spent(ahead)

    def _close(self) -> None:
        """An end is only an end when the pager led there and the list's own count agrees (BEHAVIOURS 14, 16)."""
        reading, found = self.reading, len(self.reading.entries)
        short = self.total is not None and found < self.total - max(2, self.total // 50)
        if reading.missing:
            gone = "；".join(reading.missing[:3])
            reading.end, reading.note = "failed", f"列表有 {len(reading.missing)} 页没有读到：{gone}"[:480]
        elif self.overview:
            reading.end, reading.note = "failed", self.overview
        elif "无法翻页" in self.last.note:
            reading.end, reading.note = "failed", self.last.note
        elif self.turned == 1 and UNSURE in self.last.note and not self._all_read():
            # Without a word, a number or a total nobody knows: that is no end.
            reading.end, reading.note = "stalled", f"停在第 1 页：{self.last.note.rpartition('；')[2]}"
        elif short:
            reading.end, reading.note = "failed", f"不完整 {found}/{self.total}：没有读到列表声明的全部条目"
        else:
            reading.end, reading.note = "ended", _escaped(reading.entries.values())


_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|nbsp|[lr][ds]quo|hellip|middot|mdash|#\d{2,5});")


def _escaped(entries: Iterable[Entry]) -> str:
    """Titles that still show an entity after being decoded once were escaped twice (BEHAVIOURS 26)."""
    found = [entry.title for entry in entries if "&" in entry.title and _ESCAPED.search(entry.title)]
    return f"{len(found)} 条标题重复转义（页面上会显示 {_first(found[0])}）：{found[0][:60]}" if found else ""


def _first(title: str) -> str:
    match = _ESCAPED.search(title)
    return match[0] if match else ""


def _ahead(listing: Listing) -> _Ahead:
    return _Ahead(list(listing.next_urls), listing.next_reader)


def _dated(listing: Listing) -> int:
    return sum(entry.date is not None for entry in listing.entries)
