"""The rows of a list that stands in JSON, whatever its fields are called."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from crawler.core.clock import SHANGHAI
from crawler.core.facts import Entry
from crawler.parse.dates import complete, row_date
from crawler.parse.lists.plain import clean_title
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crawler.core.urls import Resolved

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

MAX_JSON: Final = 5_000_000  # characters
_MAX_NODES: Final = 200_000
_MAX_DEPTH: Final = 12
_MAX_ROWS: Final = 3_000

# Folded names (lower case, no _ and -), the best first. Seen at UCAP, TRS, Hanweb, VSB, gkmlpt, IGS and Epoint.
_TITLES: Final = (
    "title", "doctitle", "articletitle", "infotitle", "newstitle", "maintitle", "listtitle", "titlename", "bt",
    "subject", "headline", "docname", "filename", "name",
)  # fmt: skip
_URLS: Final = (
    "url", "docpuburl", "puburl", "linkurl", "link", "href", "pageurl", "infourl", "visiturl", "articleurl", "docurl",
    "puburls", "staticurl", "urls", "domainmetaurl", "weburl", "shareurl", "contenturl", "path",
)  # fmt: skip
_DATES: Final = (
    "publishedtimestr", "displaypublishtime", "publishedtime", "publishtime", "pubdate", "pubtime", "publishdate",
    "docreltime", "docpubtime", "releasetime", "releasedate", "infodate", "showdate", "articledate", "firstpublishtime",
    "createdat", "createtime", "createdate", "crtime", "addtime", "fbrq", "fbsj", "rq", "date", "time", "datetime",
    "updatetime",
)  # fmt: skip
_TOTALS: Final = ("total", "totalcount", "totalrecord", "totalrecords", "totalelements", "totalrows", "recordcount",
                  "searchtotal", "allcount", "totalnum", "count")  # fmt: skip
_TAG: Final = re.compile(r"<[/a-zA-Z!][^<>]{0,500}>")
_PAIR: Final = re.compile(
    r"""['"]?([A-Za-z_][\w-]{0,40})['"]?\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d{1,15}))"""
)
_OBJECT: Final = re.compile(r"\{([^{}]{10,4000})\}")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")


@dataclass(frozen=True, slots=True)
class Records:
    entries: tuple[Entry, ...] = ()
    total: int | None = None
    known: bool = False  # a list of rows was there, if an empty one


def loads(text: str) -> Json:
    """JSON or JSONP; None where it is neither."""
    text = text[:MAX_JSON].strip().lstrip("\ufeff")
    call = re.match(r"[\w$.]{1,80}\s*\(", text)
    if call and text.rstrip("; \n").endswith(")"):
        text = text[call.end() : text.rindex(")")]
    try:
        data: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data


def loose(text: str) -> list[Json]:
    """Flat objects of a script literal: `{title:'…',url:'…'}`, keys and values quoted or not."""
    rows: list[Json] = []
    for found in _OBJECT.finditer(text[:MAX_JSON]):
        pairs = {
            pair[1]: _unescape(next((group for group in pair.groups()[1:] if group is not None), ""))
            for pair in _PAIR.finditer(found[1])
        }
        if pairs:
            rows.append(dict(pairs))
        if len(rows) >= _MAX_ROWS:
            break
    return rows


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text) if "\\" in text else text


def read(data: Json, resolve: Callable[[str], Resolved], seen_at: datetime | None) -> Records:
    """The list of alike objects with title and address that has most dates, then most rows."""
    best: tuple[Entry, ...] = ()
    rank, known = (0, 0), False
    total: int | None = None
    for rows, above in _arrays(data):
        if not rows:
            known = known or _total(above) == 0 or (isinstance(data, dict) and above is not None)
            if _total(above) == 0 and not best:
                total = 0
            continue
        entries = _entries(rows, resolve, seen_at)
        worth = (sum(entry.date is not None for entry in entries), len(entries))
        if len(entries) * 2 >= len(rows) and worth > rank:
            best, rank, known = entries, worth, True
            total = _total(above)
    if best and total is None:
        total = next((number for node in _objects(data) if (number := _total(node)) is not None), None)
    return Records(best, total if total is None or total >= len(best) else None, known)


def _nodes(data: Json) -> Iterator[tuple[Json, Mapping[str, Json] | None]]:
    """All values, each with the object that holds it, breadth first; JSON packed into a string is opened once."""
    queue: list[tuple[Json, Mapping[str, Json] | None, int]] = [(data, None, 0)]
    for seen, (node, above, depth) in enumerate(queue):
        if seen > _MAX_NODES:
            return
        yield node, above
        if depth >= _MAX_DEPTH:
            continue
        if isinstance(node, dict):
            queue.extend((value, node, depth + 1) for value in node.values() if isinstance(value, (dict, list)))
            packed = (value for value in node.values() if isinstance(value, str) and value[:2] in {"[{", '{"'})
            queue.extend((loads(value), node, _MAX_DEPTH - 4) for value in packed if depth < 4)
        elif isinstance(node, list):
            queue.extend((value, above, depth + 1) for value in node if isinstance(value, (dict, list)))


def _arrays(data: Json) -> Iterator[tuple[list[Json], Mapping[str, Json] | None]]:
    for node, above in _nodes(data):
        if isinstance(node, list) and all(isinstance(value, dict) for value in node[:50]):
            yield node[:_MAX_ROWS], above


def _objects(data: Json) -> Iterator[Mapping[str, Json]]:
    for node, _ in _nodes(data):
        if isinstance(node, dict):
            yield node


def _total(node: Mapping[str, Json] | None) -> int | None:
    folded = _fold(node or {})
    for name in _TOTALS:
        value = folded.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) < 9:
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000_000:
            return value
    return None


def _fold(node: Mapping[str, Json]) -> dict[str, Json]:
    return {key.lower().replace("_", "").replace("-", ""): value for key, value in node.items()}


def _entries(rows: Sequence[Json], resolve: Callable[[str], Resolved], seen_at: datetime | None) -> tuple[Entry, ...]:
    found: list[tuple[str, str, str, str]] = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        # Search APIs wrap each row: {"source": {…}}, {"data": {…}}.
        inner = [value for value in row.values() if isinstance(value, dict)]
        for candidate in (row, *inner):
            read_row = _row(_fold(candidate), resolve)
            if read_row:
                found.append(read_row)
                break
    dates = complete([row_date(date) if date else None for *_, date in found], [url for _, url, *_ in found], seen_at)
    return tuple(Entry(title, url, date, href) for (title, url, href, _), date in zip(found, dates, strict=True))


def _row(row: Mapping[str, Json], resolve: Callable[[str], Resolved]) -> tuple[str, str, str, str] | None:
    title = next((words for name in _TITLES if (words := _words(row.get(name)))), "")
    if len(title) < 2:
        return None
    for name in _URLS:
        for href in _addresses(row.get(name)):
            url = resolve(href)[0]
            if url:
                date = next((text for name in _DATES if (text := _date(row.get(name)))), "")
                return title[:500], url, href, date
    return None


def _words(value: Json) -> str:
    """A title: marks of the search and entities are no part of it."""
    if not isinstance(value, str):
        return ""
    return clean_title(squeeze(html.unescape(_TAG.sub("", value[:2_000]))))


def _addresses(value: Json) -> Iterator[str]:
    """UCAP packs them: `{"common":"/x/y.html","pc":"…"}`."""
    if isinstance(value, str) and value[:1] == "{":
        value = loads(value)
    if isinstance(value, dict):
        yield from (item for item in value.values() if isinstance(item, str) and item)
    elif isinstance(value, str) and re.match(r"(?:https?:)?/|\.{0,2}/|[\w-]+[/.?]", value) and len(value) < 2_000:
        yield value


def _date(value: Json) -> str:
    """A date as text; seconds and milliseconds since 1970 are Beijing's."""
    if isinstance(value, dict):
        value = value.get("time")
    if isinstance(value, str) and re.fullmatch(r"\d{8}(?:\d{6})?", value) and value[:2] in {"19", "20"}:
        return f"{value[:4]}-{value[4:6]}-{value[6:8]}"
    if isinstance(value, str) and re.fullmatch(r"1\d{9}(?:\d{3})?", value):
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        if not 3e8 < seconds < 4e9:
            return ""
        moment = datetime(1970, 1, 1, 8, tzinfo=SHANGHAI) + timedelta(seconds=seconds)
        return f"{moment:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        # 2026-05-20T08:00:00.000+0000 and …Z are UTC.
        stamp = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|\+00:?00)?", value)
        if stamp and stamp[3]:
            moment = datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}+00:00").astimezone(SHANGHAI)
            return f"{moment:%Y-%m-%d %H:%M}"
        return f"{stamp[1]} {stamp[2][:5]}" if stamp else squeeze(value[:60])
    return ""
