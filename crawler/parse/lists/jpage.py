"""Old Hanweb "jpage": records as CDATA in a script, further ones from dataproxy.jsp by windows (FIELD 1.1)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from crawler.core.facts import Entry, Listing
from crawler.parse.lists import plain
from crawler.parse.lists.page import fragment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crawler.parse.lists.page import ListAnswer, ListPage

ORDER: Final = 20

_WINDOW: Final = 45  # records embedded and asked for at once by Hanweb's own script
_LARGEST: Final = 300  # above it perpage is cut silently (FIELD 1.1)
_MAX_STORES: Final = 30
_MAX_RECORDS: Final = 3_000
_SCRIPT: Final = re.compile(
    r"<script[^>]{0,300}?\btype\s*=\s*[\"']?(?:text|application)/xml[^>]{0,300}>", re.IGNORECASE
)
_PROXY: Final = re.compile(
    r"[\"'=(\s>]((?:https?:/)?(?:/[\w.:-]{1,60}){0,8}/dataproxy\.jsp)(\?[^\"'\s<>)]{0,1000})?", re.IGNORECASE
)
_NAMES: Final = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
_VALUE: Final = re.compile(
    rf"""(?<![\w])['"]?({"|".join(_NAMES)})['"]?\s*[:=]\s*(?:'([^'<>&]{{0,300}})'|"([^"<>&]{{0,300}})"|([^'"&,;\s<>)}}]{{1,300}}))""",
    re.IGNORECASE,
)
_COLUMN: Final = re.compile(r"/col/col(\d+)")
_ROWS_IN_TABLE: Final = re.compile(r"\s*<t[rd]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Store:
    text: str  # of the datastore
    start: int  # in the page's source
    end: int
    records: tuple[str, ...]
    total: int | None


def read(page: ListPage) -> Listing | None:
    lower = page.source.lower()
    if "<record" not in lower or "/xml" not in lower:
        return None
    read_stores = [(_entries(store.records, page.url, page.seen_at), store) for store in _stores(page.source)]
    if not read_stores:
        return None
    entries, store = max(read_stores, key=lambda item: (sum(e.date is not None for e in item[0]), len(item[0])))
    total = store.total
    note = f"jpage 内嵌记录：{len(store.records)} 条，识别 {len(entries)} 行"
    if total is not None:
        note += f"，声明共 {total} 条"
    more = total is None or total > len(store.records)
    following = _first_window(page, store) if more and store.records else ""
    if more and total is not None and not following:
        note += "；没有找到 dataproxy 的参数，无法翻页"
    return Listing(
        reader="jpage",
        entries=entries,
        next_urls=(following,) if following else (),
        next_reader="jpage",
        total=total,
        note=note,
        empty_text=plain.empty_text(page.text) if not entries else "",
    )


def read_answer(answer: ListAnswer) -> Listing:
    """`<datastore><recordset><record><![CDATA[…]]></record>`; without records the list is at its end."""
    if "<record" not in answer.text.lower() and not _is_empty_store(answer.text):
        return Listing(reader="", note="dataproxy 的应答里没有记录")
    records = tuple(_records(answer.text))
    entries = _entries(records, answer.page_url, answer.seen_at)
    total = _number("totalrecord", answer.text)
    following = _after(answer.url, len(records), total) if entries else ""
    return Listing(
        reader="jpage",
        entries=entries,
        next_urls=(following,) if following else (),
        next_reader="jpage",
        total=total,
        note=f"jpage 记录：{len(entries)} 行" if entries else "dataproxy 没有更多记录",
    )


def otherwise(url: str) -> str:
    """By `page`, for servers that ignore `startrecord` and `endrecord` (FIELD 1.1)."""
    start, size = _parameter(url, "startrecord"), _parameter(url, "perpage")
    if start is None or not size:
        return ""
    bare = re.sub(r"(?<=[?&])(?:startrecord|endrecord)=\d+&?", "", url).rstrip("?&")
    return f"{bare}&page={(start - 1) // size + 1}"


def _is_empty_store(text: str) -> bool:
    """Deep pages of some servers answer a 54-byte datastore without a recordset (FIELD 1.1)."""
    return not text.strip() or "<datastore" in text.lower() or "recordset" in text.lower()


# ── The datastore ────────────────────────────────────────────────────────────────────────────────────────────────────


def _stores(source: str) -> Iterator[_Store]:
    lower = source.lower()
    for number, opened in enumerate(_SCRIPT.finditer(source)):
        if number >= _MAX_STORES:
            return
        close = lower.find("</script", opened.end())
        text = source[opened.end() : close if close >= 0 else len(source)]
        if "<record" in text.lower():
            yield _Store(text, opened.start(), opened.end(), tuple(_records(text)), _number("totalrecord", text))


def _records(text: str) -> Iterator[str]:
    """The HTML of each record, CDATA or escaped."""
    lower, at = text.lower(), 0
    for _ in range(_MAX_RECORDS):
        start = lower.find("<record", at)
        while start >= 0 and lower.startswith("<recordset", start):
            start = lower.find("<record", start + 7)
        if start < 0:
            return
        opened = lower.find(">", start)
        end = lower.find("</record>", opened)
        if opened < 0:
            return
        piece = text[opened + 1 : end if end >= 0 else len(text)].strip()
        if piece.startswith("<![CDATA["):
            piece = piece[9:].rpartition("]]>")[0] or piece[9:]
        elif piece.startswith("&lt;"):
            piece = html.unescape(piece)
        yield piece
        if end < 0:
            return
        at = end


def _entries(records: tuple[str, ...], page_url: str, seen_at: datetime | None) -> tuple[Entry, ...]:
    if not records:
        return ()
    if all(_ROWS_IN_TABLE.match(record) for record in records[:3]):
        rows = (record if record[:3].lower() == "<tr" else f"<tr>{record}</tr>" for record in map(str.strip, records))
        whole = f"<table>{''.join(rows)}</table>"
    elif all(record.lstrip()[:3].lower() == "<li" for record in records[:3]):
        whole = f"<ul>{''.join(records)}</ul>"
    else:
        whole = "<ul>" + "".join(f"<li>{record}</li>" for record in records) + "</ul>"
    return plain.rows_of(fragment(whole, page_url, seen_at))


def _number(name: str, text: str) -> int | None:
    found = re.search(rf"<{name}>\s*(?:<!\[CDATA\[)?\s*(\d{{1,7}})", text, re.IGNORECASE) or re.search(
        rf"\b{name}[\"']?\s*[:=]\s*[\"']?(\d{{1,7}})", text, re.IGNORECASE
    )
    return int(found[1]) if found else None


# ── Windows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _first_window(page: ListPage, store: _Store) -> str:
    """The request after the embedded records, from what the page says of its own; "" where it says too little."""
    near = page.source[max(0, store.start - 3_000) : store.start] + store.text[:3_000]
    after = page.source[store.end + len(store.text) :][:6_000]
    proxy = ""
    known: dict[str, str] = {}
    for piece in (store.text, after, near, page.source[:500_000]):
        for found in _PROXY.finditer(html.unescape(piece)):
            proxy = proxy or found[1]
            for name, value in parse_qsl((found[2] or "")[1:], keep_blank_values=True):
                known.setdefault(name, value)
            if found[2]:
                break
        for value in _VALUE.finditer(html.unescape(piece)):
            name = next(wanted for wanted in _NAMES if wanted.lower() == value[1].lower())
            known.setdefault(name, next((group for group in value.groups()[1:] if group is not None), ""))
        if proxy and "columnid" in known and "unitid" in known:
            break
    column = _COLUMN.search(page.url)
    if column is not None:
        known.setdefault("columnid", column[1])
    if not proxy or not known.get("columnid") or not known.get("unitid"):
        return ""
    size = _number("perpage", page.source) or 15
    window = min(max(len(store.records), size), _LARGEST) if len(store.records) < _LARGEST else _WINDOW
    fields = {"col": "1", "appid": "1", "path": "/", **known}
    kept = [(name, fields[name]) for name in _NAMES if name in fields]
    start = len(store.records) + 1
    query = urlencode([("startrecord", start), ("endrecord", start + window - 1), ("perpage", size), *kept])
    return page.resolve(f"{proxy}?{query}")[0]


def _after(url: str, count: int, total: int | None) -> str:
    """The window after the records really given: servers cut windows as they like (FIELD 1.1)."""
    start, end = _parameter(url, "startrecord"), _parameter(url, "endrecord")
    if start is not None and end is not None:
        after = start + count
        if total is not None and after > total:
            return ""
        url = re.sub(r"([?&]startrecord=)\d+", rf"\g<1>{after}", url)
        return re.sub(r"([?&]endrecord=)\d+", rf"\g<1>{after + end - start}", url)
    number = _parameter(url, "page")
    return re.sub(r"([?&]page=)\d+", rf"\g<1>{number + 1}", url) if number is not None else ""


def _parameter(url: str, name: str) -> int | None:
    found = re.search(rf"[?&]{name}=(\d{{1,7}})(?=&|$)", url)
    return int(found[1]) if found else None
