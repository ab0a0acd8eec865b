"""Counts of what was published: pure over entries and readings, every figure with the items behind it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from crawler.core.clock import SHANGHAI
from crawler.core.model import Column, Site
from crawler.core.urls import host_of, path_key

By = Literal["site", "column", "topic", "month"]
Basis = Literal["printed", "first_seen"]


# ── what is counted ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Item:
    """One list entry of one column, as it was last read."""

    site: str
    column: str
    url: str
    title: str
    printed: date | None
    first_seen: date | None  # the day we met it; known only for what appeared while we looked


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How far a column's list is known: `since` is the oldest day from which nothing is missing."""

    site: str
    column: str
    name: str
    since: date | None  # None: never read; date.min: to its end
    until: date | None  # the newest reading
    watched: date | None  # the first reading: older first-seen days say nothing


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    topics: tuple[Topic, ...] = ()
    other: str = "其他"

    def of(self, title: str, columns: Sequence[Column]) -> str:
        """One topic per item: by its columns first, then by its title, in the order of the file."""
        for topic in self.topics:
            if any(c.field in topic.fields for c in columns if c.field):
                return topic.name
        for topic in self.topics:
            if any(word in c.name for c in columns for word in topic.columns):
                return topic.name
        for topic in self.topics:
            bare = title
            for word in topic.not_words:
                bare = bare.replace(word, "")
            if any(word in bare for word in topic.words):
                return topic.name
        return self.other

    @property
    def names(self) -> tuple[str, ...]:
        return (*(topic.name for topic in self.topics), self.other)


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def year_before(self) -> Period:
        return Period(_year_before(self.first), _year_before(self.last))

    def __str__(self) -> str:
        return f"{self.first} 至 {self.last}"


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the items behind it. `complete` False is printed as “≥ n（未读全）”."""

    id: str
    by: By | Literal["total"]
    key: str  # site id, site/column, topic or 2026-03
    name: str
    count: int
    complete: bool
    before: int | None  # the same period a year before
    growth: float | None  # share, 0.83 is +83 %
    why_no_growth: str = ""
    unread: tuple[str, ...] = ()  # columns that keep it from being complete
    items: tuple[str, ...] = ()  # URLs, one per thing counted
    level: str = ""  # portal | department, for figures of sites

    @property
    def shown(self) -> str:
        return str(self.count) if self.complete else f"≥ {self.count}（未读全）"


@dataclass(frozen=True, slots=True)
class Ranking:
    name: str  # 县市 | 部门
    figures: tuple[tuple[int | None, Figure], ...]  # rank, None where the count may still grow past the next


@dataclass(frozen=True, slots=True)
class Statistics:
    period: Period
    basis: Basis
    by: By
    run: int
    as_of: datetime
    edition: str
    total: Figure
    figures: tuple[Figure, ...]
    rankings: tuple[Ranking, ...]
    undated: int  # entries without a printed date: in no figure
    notes: tuple[str, ...]
    items: Mapping[str, Item] = field(default_factory=dict)  # by URL: of all figures


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the counts are made from."""

    sites: tuple[Site, ...]
    items: tuple[Item, ...]
    readings: tuple[ColumnRead, ...]
    topics: Topics
    run: int
    as_of: datetime
    edition: str


def statistics(book: Book, period: Period, *, by: By = "site", basis: Basis = "printed") -> Statistics:
    counter = _Counter(book, basis)
    before = period.year_before()
    groups = counter.groups(by, period)
    figures = tuple(counter.figure(by, key, name, of, period, before) for key, name, of in groups)
    total = counter.figure("total", "all", "合计", lambda _thing: True, period, before)
    rankings = tuple(counter.rankings(period, before))
    undated = counter.undated
    notes = list(counter.notes(period))
    if undated and basis == "printed":
        notes.append(f"另有 {undated} 条信息没有标明日期，未计入")
    counted = {url for one in (total, *figures) for url in one.items}
    items = {thing.url: thing.items[0] for thing in counter.things if thing.url in counted}
    return Statistics(
        period,
        basis,
        by,
        book.run,
        book.as_of,
        book.edition,
        total,
        figures,
        rankings,
        undated,
        tuple(notes),
        items,
    )


@dataclass(frozen=True, slots=True)
class _Thing:
    """One article of one site, in however many of its columns."""

    site: str
    url: str
    day: date | None
    columns: frozenset[str]
    topic: str
    items: tuple[Item, ...]


Of = Callable[[_Thing], bool]


class _Counter:
    def __init__(self, book: Book, basis: Basis) -> None:
        self.book = book
        self.basis = basis
        self.sites = {site.id: site for site in book.sites}
        self.things = tuple(self._things())
        self.undated = sum(thing.day is None for thing in self.things)

    def _things(self) -> Iterable[_Thing]:
        """The same article in several columns is counted once for the site."""
        by_article: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in sorted(self.book.items, key=lambda item: (item.site, item.url, item.column)):
            if item.site in self.sites:
                by_article[item.site, _article(self.sites[item.site], item.url)].append(item)
        for (site, _), rows in by_article.items():
            url = rows[0].url
            columns = [c for row in rows if (c := self.sites[site].column(row.column))]
            topic = self.book.topics.of(rows[0].title, columns)
            yield _Thing(site, url, self._day(rows), frozenset(row.column for row in rows), topic, tuple(rows))

    def _day(self, rows: Sequence[Item]) -> date | None:
        days = [row.printed if self.basis == "printed" else row.first_seen for row in rows]
        return min((day for day in days if day is not None), default=None)

    def groups(self, by: By, period: Period) -> list[tuple[str, str, Of]]:
        if by == "site":
            return [(s.id, s.name, lambda t, key=s.id: t.site == key) for s in self.book.sites]  # type: ignore[misc]
        if by == "column":
            return [
                (f"{s.id}/{c.id}", f"{s.name} {c.name}", _of_column(s.id, c.id))
                for s in self.book.sites
                for c in s.columns
            ]
        if by == "topic":
            return [(name, name, lambda t, key=name: t.topic == key) for name in self.book.topics.names]  # type: ignore[misc]
        return [(month, month, _of_month(month)) for month in _months(period)]

    def figure(self, by: By | Literal["total"], key: str, name: str, of: Of, period: Period, before: Period) -> Figure:
        mine = [thing for thing in self.things if of(thing)]
        items = [thing.url for thing in mine if thing.day in period]
        reach = self._reach(by, key)
        span = _of_the_month(key, period) if by == "month" else period
        unread = tuple(row.name for row in reach if not self._known(row, span))
        elder = sum(thing.day in before for thing in mine)
        growth, why = self._growth(by, len(items), elder, unread, reach, before)
        return Figure(
            id=_id(by, key, period, self.basis),
            by=by,
            key=key,
            name=name,
            count=len(items),
            complete=not unread and bool(reach),
            before=None if why else elder,
            growth=growth,
            why_no_growth=why,
            unread=unread if reach else ("没有登记栏目",),
            items=tuple(sorted(items)),
            level=self.sites[key].level if by == "site" else "",
        )

    def _reach(self, by: str, key: str) -> list[ColumnRead]:
        """The columns a figure draws from."""
        rows = [row for row in self.book.readings if row.site in self.sites]
        if by == "site":
            return [row for row in rows if row.site == key]
        return [row for row in rows if f"{row.site}/{row.column}" == key] if by == "column" else rows

    def _known(self, row: ColumnRead, span: Period) -> bool:
        """Whether nothing of the span can be missing from this column."""
        start = row.watched if self.basis == "first_seen" else row.since
        end = min(span.last, self.book.as_of.date() - timedelta(days=1))  # a night reads a column once
        return start is not None and start <= span.first and row.until is not None and row.until >= end

    def _growth(
        self, by: str, count: int, elder: int, unread: Sequence[str], reach: Sequence[ColumnRead], before: Period
    ) -> tuple[float | None, str]:
        if by == "month":
            return None, "按月不比较"
        if unread or not reach:
            return None, "本期没有读全"
        if short := [row.name for row in reach if not self._known(row, before)]:
            return None, f"{before} 没有读全（{'、'.join(short[:3])}{'等' if len(short) > 3 else ''}）"
        if not elder:
            return None, f"{before} 没有信息"
        return round((count - elder) / elder, 4), ""

    def rankings(self, period: Period, before: Period) -> Iterable[Ranking]:
        """Counties and departments apart; what may still grow takes no rank."""
        for name, chosen in (("县市", _is_county), ("部门", _is_department)):
            rows = [
                self.figure("site", s.id, s.name, lambda t, key=s.id: t.site == key, period, before)  # type: ignore[misc]
                for s in self.book.sites
                if chosen(s)
            ]
            rows.sort(key=lambda one: (-one.count, one.key))
            if rows:
                yield Ranking(name, tuple((_rank(one, rows), one) for one in rows))

    def notes(self, period: Period) -> Iterable[str]:
        if self.basis == "first_seen":
            yield "按本程序首次看到的日期统计：只能说明开始巡查以后的情况"
        if period.last > self.book.as_of.date():
            yield f"统计期还没有结束，数据截至 {self.book.as_of.date()}"
        bare = [site.name for site in self.book.sites if not site.columns]
        if bare:
            yield f"没有登记栏目，无法统计：{'、'.join(bare)}"


def _article(site: Site, url: str) -> str:
    """Of the site's own pages the path: one article under http and https, with www and without, is one."""
    return path_key(url) if host_of(url) in site.hosts else url


def _is_county(site: Site) -> bool:
    """A portal below the prefecture's own: its area code does not end in 00."""
    return site.level == "portal" and not (site.area or "").endswith("00") and "州人民政府" not in site.name


def _is_department(site: Site) -> bool:
    return site.level == "department"


def _rank(one: Figure, rows: Sequence[Figure]) -> int | None:
    return 1 + sum(row.count > one.count for row in rows) if all(row.complete for row in rows) else None


def _of_column(site: str, column: str) -> Of:
    return lambda thing: thing.site == site and column in thing.columns


def _of_month(month: str) -> Of:
    return lambda thing: thing.day is not None and f"{thing.day:%Y-%m}" == month


def _of_the_month(month: str, period: Period) -> Period:
    first = date(int(month[:4]), int(month[5:]), 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Period(max(first, period.first), min(last, period.last))


def _months(period: Period) -> list[str]:
    found, day = [], period.first.replace(day=1)
    while day <= period.last:
        found.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def _id(by: str, key: str, period: Period, basis: str) -> str:
    """Stays the same from night to night: a circular cites it."""
    text = json.dumps([by, key, str(period.first), str(period.last), basis], ensure_ascii=False)
    return "F" + hashlib.sha256(text.encode()).hexdigest()[:12]


def day_of(moment: datetime | None) -> date | None:
    return moment.astimezone(SHANGHAI).date() if moment else None
