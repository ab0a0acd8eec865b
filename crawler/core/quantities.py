"""What a document is written from: numbers with their queries, words, and what is missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crawler.core.statistics import Period


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a document and where it comes from; figures.json says so to whoever follows its bookmark."""

    id: str
    name: str
    value: int | float
    text: str  # as printed
    says: str  # what it counts, in words
    source: str  # findings.db | crawl.db | config | inputs | computed
    query: str  # the SQL, or the command that counts it again
    parameters: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Any, ...] = ()  # issue numbers, addresses, site ids
    of: tuple[str, ...] = ()  # ids of the quantities it is computed from


@dataclass(frozen=True, slots=True)
class Gap:
    """What the author must supply. `sentence`: nothing of the sentence around it can be said without it."""

    says: str
    sentence: bool = True


@dataclass(frozen=True, slots=True)
class Absent:
    """The sentence around it is left out: there is nothing to say."""


Part = str | Quantity | Gap | Absent
Piece = Part | tuple[Part, ...]
Row = Mapping[str, Piece]


def parts_of(piece: Piece) -> tuple[Part, ...]:
    return piece if isinstance(piece, tuple) else (piece,)


def quantities_of(pieces: Iterable[Piece]) -> Iterable[Quantity]:
    for piece in pieces:
        yield from (part for part in parts_of(piece) if isinstance(part, Quantity))


def listed(groups: Sequence[tuple[Part, ...]], between: str = "、") -> tuple[Part, ...]:
    """Groups of parts with a sign between them."""
    found: list[Part] = []
    for number, group in enumerate(groups):
        found += [between] if number else []
        found += group
    return tuple(found)


def identity(*of: Any) -> str:
    """Stays the same from night to night, whatever the number becomes."""
    return "N" + hashlib.sha256(json.dumps(of, ensure_ascii=False, default=str).encode()).hexdigest()[:12]


def total(name: str, says: str, addends: Sequence[Quantity], *key: Any) -> Quantity:
    """A sum of quantities: agrees with its parts by construction."""
    value = sum(one.value for one in addends)
    ids = tuple(one.id for one in addends)
    items = tuple(item for one in addends for item in one.items)
    return Quantity(
        identity("sum", name, *key), name, value, str(value), says, "computed", " + ".join(ids), {}, items, ids
    )


# ── Words of dates and order ─────────────────────────────────────────────────────────────────────────────────────────

_DIGITS = "零一二三四五六七八九十"
_QUARTERS = {1: "第一季度", 4: "第二季度", 7: "第三季度", 10: "第四季度"}


def ordinal(number: int) -> str:
    """一, 二 … 十, 十一 … 九十九: the numbers of headings."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return _DIGITS[number]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def chinese_day(day: date) -> str:
    """GB/T 9704: Arabic digits without leading noughts."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_name(period: Period) -> str:
    """2026年上半年, 2026年第一季度, 2026年5月, 2026年, or both days."""
    first, last = period.first, period.last
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1 and first.year == last.year:
        months = last.month - first.month + 1
        if months == 1:
            return f"{first.year}年{first.month}月"
        if months == 3 and first.month in _QUARTERS:
            return f"{first.year}年{_QUARTERS[first.month]}"
        if months == 6 and first.month in {1, 7}:
            return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
        if months == 12:
            return f"{first.year}年"
    if first == last:
        return chinese_day(first)
    tail = chinese_day(last) if first.year != last.year else f"{last.month}月{last.day}日"
    return f"{chinese_day(first)}至{tail}"


def percent(share: float) -> str:
    return f"{abs(share) * 100:.1f}".removesuffix(".0") + "%"
