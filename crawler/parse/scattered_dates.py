"""The publish date of an article that prints none in one piece: day over month, no year, in a field or a script."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from crawler.core.clock import SHANGHAI
from crawler.core.facts import Dated
from crawler.parse.dates import first_date, make, row_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser

_NEAR: Final = 160  # characters behind the title in which an article's date stands
_SCRIPT: Final = 20_000
_LABELLED: Final = re.compile(
    r"(?:发布|发稿|公开|添加|录入|更新)\s*(?:时\s*间|日\s*期)\s*[:：∶]?\s*(\d{1,2}\s*[-/.月]\s*\d{1,2})(?![\d-])"
)
_URL_YEAR: Final = re.compile(r"/(?:art/|t|content/)?((?:19|20)\d\d)(?=[/_-]|[01]\d)")
_JOINED: Final = re.compile(r"(3[01]|[12]\d|0[1-9])\s*日?\s*(20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])月?")  # 20 2026-05
_FIELDS: Final = (
    "input[id*=pubdate i], input[name*=pubdate i], input[id*=publishtime i], input[name*=publishtime i], "
    "input[id*=publishdate i], input[name*=publishdate i], input[id*=fbsj i], input[name*=fbsj i], "
    "time[datetime], [itemprop=datePublished]"
)
_ASSIGNED: Final = re.compile(
    r"\b(?:pub(?:lish(?:ed)?)?_?(?:date|time)|fbsj|datePublished)[\"']?\s*[:=]\s*[\"']?(\d{13}|\d{10}|20\d\d[-/.年][^\"';,<>]{3,20})",
    re.IGNORECASE,
)


def scattered(tree: LexborHTMLParser, text: str, heading: str, url: str, scripts: Sequence[str]) -> Dated | None:
    """Only asked where no ordinary date was found; what is not certain is no date."""
    return _month_and_day(text, url) or _apart(text, heading) or _field(tree) or _script(scripts)


def of_epoch(written: str) -> datetime | None:
    """Seconds or milliseconds since 1970, of this century: 1690000000000."""
    if not re.fullmatch(r"1\d{9}(?:\d{3})?", written, re.ASCII):
        return None
    seconds = int(written[:10])
    return datetime.fromtimestamp(seconds, SHANGHAI)


def _month_and_day(text: str, url: str) -> Dated | None:
    """发布时间：08-29, with the year of its address."""
    found, year = _LABELLED.search(text), _URL_YEAR.search(url)
    if found is None or year is None:
        return None
    month, day = (int(part) for part in re.findall(r"\d+", found[1]))
    value = make(int(year[1]), month, day)
    return Dated(value, "label") if value else None


def _apart(text: str, heading: str) -> Dated | None:
    """`<em>20</em><b>2026-05</b>` beside the title."""
    at = text.find(heading[:40]) if heading else -1
    if at < 0:
        return None
    for piece in (text[max(0, at - 40) : at], text[at + len(heading) : at + len(heading) + _NEAR]):
        lines = [line for line in piece.split("\n") if line.strip() and len(line) <= 12]
        if (joined := _JOINED.fullmatch(lines[0].strip()) if lines else None) is not None:
            value = make(int(joined[2]), int(joined[3]), int(joined[1]))
            return Dated(value, "info") if value else None
        row = row_date("\n".join(lines[:3]))
        if row is not None and row.year and (value := make(row.year, row.month, row.day)):
            return Dated(value, "info")
    return None


def _field(tree: LexborHTMLParser) -> Dated | None:
    for node in tree.css(_FIELDS)[:5]:
        written = (
            node.attributes.get("value") or node.attributes.get("datetime") or node.attributes.get("content") or ""
        )
        if found := _read(written.strip()[:40]):
            return found
    return None


def _script(scripts: Sequence[str]) -> Dated | None:
    for script in scripts[:30]:
        for match in _ASSIGNED.finditer(script[:_SCRIPT]):
            if found := _read(match[1].strip()):
                return found
    return None


def _read(written: str) -> Dated | None:
    if (moment := of_epoch(written)) is not None:
        return Dated(moment, "script", "minute")
    found = first_date(written)
    return found.dated("script") if found else None
