"""Reads the list of one registered column to its end, or says how far it came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crawler.core.facts import Entry, Listing, PageFacts
from crawler.core.model import Column

PAGES_CAP = 400  # of one column in one night: 烟台's largest column has 4,932 articles, 329 pages of 15 (FIELD 9)
UNITS_TRIED = 4  # list units of one page; the others are navigation and footer (FIELD 1.2)
KNOWN_ROWS = 10  # known entries in a row that join an earlier complete reading (BEHAVIOURS 99)


class Need(Protocol):
    """Facts of a URL as read in this run, fetched if need be; or the outcome that stood in the way."""

    def __call__(self, url: str, kind: str) -> Awaitable[PageFacts | str]: ...


@dataclass(slots=True)
class ColumnReading:
    """How far one list was read; written as a row of `readings`."""

    column: Column
    end: str = "failed"
    reader: str = ""
    note: str = ""
    pages: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def read_to(self) -> datetime | None:
        return min((e.date for e in self.entries.values() if e.date), default=None)


async def read_column(
    column: Column, need: Need, known: frozenset[str], take: Callable[[Column, Entry], None]
) -> ColumnReading:
    """Follow the list page by page. `known`: entry URLs of an earlier complete reading, empty if there was none."""
    reading = ColumnReading(column)
    first = await need(column.url, "page")
    if isinstance(first, str):
        reading.note = f"栏目页没有读到：{first}"
        return reading
    reading.pages = 1
    if first.kind == "article" and not first.listing.entries:
        reading.note = "登记的地址是一篇文章，不是栏目"
        return reading
    listing, rest = first.listing, list(first.listing.next_urls)
    if listing.units:
        listing, rest = await _choose_unit(first.listing, need, reading)
    reading.reader = listing.reader or first.listing.reader
    if not listing.entries:
        _close_empty(reading, first, listing)
        return reading
    await _turn_pages(reading, listing, rest, need, known, take)
    return reading


async def _choose_unit(page: Listing, need: Need, reading: ColumnReading) -> tuple[Listing, list[str]]:
    """The unit whose rows are dated is the list (BEHAVIOURS 13); others fill navigation and footer."""
    best, rest, rank = Listing(reader="", note="列表由接口填充，接口没有给出条目"), [], (0, 0)
    failures = []
    for unit in page.units[:UNITS_TRIED]:
        facts = await need(unit.url, f"unit:{unit.reader}")
        reading.pages += 1
        if isinstance(facts, str):
            failures.append(facts)
            continue
        listing = facts.listing
        dated = sum(1 for entry in listing.entries if entry.date)
        if (dated, len(listing.entries)) > rank:
            rank = (dated, len(listing.entries))
            total = listing.total if listing.total is not None else unit.total
            best = Listing(
                listing.reader or unit.reader, listing.entries, (), total, (), listing.note, listing.empty_text
            )
            rest = list(unit.pages or listing.next_urls)
        elif not listing.entries and not best.entries:
            best = Listing(listing.reader or unit.reader, (), (), listing.total, (), listing.note, listing.empty_text)
    if not best.entries and failures:
        best = Listing(best.reader, note=f"列表接口没有读到：{failures[0]}")
    if not best.entries and page.entries:
        return page, list(page.next_urls)
    return best, rest


def _close_empty(reading: ColumnReading, first: PageFacts, listing: Listing) -> None:
    """暂无数据 is an empty list; a list that a script fills is an unread one (BEHAVIOURS 15, 66)."""
    empty = listing.empty_text or first.listing.empty_text
    if empty:
        reading.end, reading.note = "ended", f"列表为空：{empty}"
    elif listing.note.startswith("end"):
        reading.end, reading.note = "ended", "列表接口返回空列表"
    else:
        reading.end = "failed"
        reading.note = listing.note or first.listing.note or "没有认出列表"


async def _turn_pages(
    reading: ColumnReading,
    listing: Listing,
    rest: list[str],
    need: Need,
    known: frozenset[str],
    take: Callable[[Column, Entry], None],
) -> None:
    total, seen, visited = listing.total, set[str](), {reading.column.url}
    while True:
        urls = [entry.url for entry in listing.entries]
        if urls and seen.issuperset(urls):
            reading.end, reading.note = "stalled", f"第 {reading.pages} 页与前面的页相同，翻页没有生效"
            return
        seen.update(urls)
        for entry in listing.entries:
            if entry.url and entry.url not in reading.entries:
                reading.entries[entry.url] = entry
                take(reading.column, entry)
        if known and len(urls) >= min(KNOWN_ROWS, len(known)) and known.issuperset(urls[-KNOWN_ROWS:]):
            reading.end, reading.note = "joined", "读到以前已完整读过的条目为止"
            return
        url = next((u for u in rest if u not in visited), None)
        if url is None:
            _close(reading, total, listing)
            return
        if reading.pages >= PAGES_CAP:
            reading.end, reading.note = "capped", f"只读了前 {PAGES_CAP} 页"
            return
        visited.add(url)
        kind = f"unit:{reading.reader}" if "/build/unit" in url else "page"
        facts = await need(url, kind)
        reading.pages += 1
        if isinstance(facts, str):
            reading.end, reading.note = "failed", f"第 {reading.pages} 页没有读到：{facts}"
            return
        listing = facts.listing
        if not listing.entries:
            _close(reading, total, listing)
            return
        rest = [u for u in rest if u not in visited] or [u for u in listing.next_urls if u not in visited]


def _close(reading: ColumnReading, total: int | None, last: Listing) -> None:
    """An end is only an end when the pager led there and the list's own count agrees (BEHAVIOURS 14, 16)."""
    found = len(reading.entries)
    if "无法翻页" in last.note:
        reading.end, reading.note = "failed", last.note
    elif total is not None and found < total - max(2, total // 50):
        reading.end, reading.note = "failed", f"列表声明 {total} 条，只读到 {found} 条"
    else:
        reading.end, reading.note = "ended", ""
