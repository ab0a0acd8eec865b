"""What people write into one cell: days in five spellings, moments, numbers; or a sentence about what to write."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from crawler.core.clock import SHANGHAI

# 2026-1-5 · 2026/1/5 · 2026.1.5 · 2026年1月5日 · 20260105, each with a time of day behind it or not
_DAY = re.compile(r"((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d\d)(\d\d))")
_CLOCK = re.compile(
    r"[\sT]*(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*(?:[:分]\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*分?(?:\+08:00)?"
)
_SERIAL = re.compile(r"(\d{5})(?:\.(\d{1,12}))?")
_EPOCH = date(1899, 12, 30)  # Excel's day 0, its leap year 1900 counted in
_FIRST, _LAST = 32874, 73050  # 1990-01-01 and 2099-12-31: five digits that are no serial are a mistake
DAY_WORDS = "日期请写成 2026-1-5、2026/1/5、2026年1月5日 或 20260105"


class Unfit(ValueError):
    """A cell that cannot be read; the text says what to write instead."""


def clean(text: str) -> str:
    """Full-width digits and signs as half-width ones, Excel's apostrophe and odd blanks gone."""
    return unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("\u200b", "").strip().lstrip("'").strip()


def moment(text: str, *, end: bool = False) -> datetime:
    """A day or a moment in Beijing time; with `end` a bare day is meant to its last second."""
    value = clean(text)
    if serial := _SERIAL.fullmatch(value):
        return _from_serial(serial, text, end=end)
    found = _DAY.match(value)
    if found is None:
        raise Unfit(f"“{text[:40]}”看不出是哪一天；{DAY_WORDS}")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    rest = value[found.end() :].strip()
    clock = _CLOCK.fullmatch(rest)
    if rest and clock is None:
        raise Unfit(f"“{text[:40]}”日期后面的内容看不懂；{DAY_WORDS}，要写时刻就写成 2026-1-5 09:30")
    try:
        when = date(year, month, day)
        hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
        at = time(hour, minute, second) if clock else None
    except ValueError:
        raise Unfit(f"“{text[:40]}”没有这一天或这一时刻，请核对") from None
    return _at(when, at, end=end)


def _from_serial(serial: re.Match[str], text: str, *, end: bool) -> datetime:
    number = int(serial[1])
    if not _FIRST <= number <= _LAST:
        raise Unfit(f"“{text[:40]}”不像日期，也不像 Excel 的日期序号；{DAY_WORDS}")
    seconds = round(float(f"0.{serial[2]}") * 86400) if serial[2] else 0
    start = datetime.combine(_EPOCH + timedelta(days=number), time(), SHANGHAI)
    return start + timedelta(seconds=seconds) if seconds else _at(start.date(), None, end=end)


def _at(when: date, at: time | None, *, end: bool) -> datetime:
    return datetime.combine(when, at or (time(23, 59, 59) if end else time()), SHANGHAI)


def number(text: str) -> int:
    value = clean(text).replace(",", "").removesuffix("件").removesuffix("条").strip()
    value = value.removesuffix(".0")
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise Unfit(f"“{text[:40]}”应为不小于 0 的整数，例如 12")
    return int(value)
