"""Feeds of announcements that others owe a repost of: the State Council's JSON, a list page, a CSV file (FIELD 6)."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final, Literal

from crawler.core.facts import Entry
from crawler.core.urls import HrefCache, resolve
from crawler.parse.dates import first_date, make
from crawler.parse.encoding import decode
from crawler.parse.lists import read_list
from crawler.parse.lists.page import ListPage
from crawler.parse.text import squeeze
from crawler.parse.tree import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Format = Literal["gov-json", "column", "csv"]

_MAX_ROWS: Final = 20_000
_TITLE: Final = ("title", "标题", "名称", "信息标题", "文件名称", "文件标题")
_URL: Final = ("url", "link", "网址", "链接", "地址", "原文链接", "来源链接")
_PUBLISHED: Final = ("published", "date", "pubdate", "发布时间", "发布日期", "时间", "日期")
_JSON_DATES: Final = ("DOCRELPUBTIME", "PUBTIME", "PUBDATE", "DATE")


def read_feed(body: bytes, fmt: Format, url: str, headers: Mapping[str, str] | None = None) -> tuple[Entry, ...]:
    """Items of a source in its order; rows without title or address are left out (BEHAVIOURS 69)."""
    text = decode(body, headers).text.lstrip("\ufeff")
    if fmt == "gov-json":
        rows = _json_rows(text, url)
    elif fmt == "csv":
        rows = _csv_rows(text, url)
    else:
        return _column(text, url, headers)
    return tuple(entry for _, entry in zip(range(_MAX_ROWS), rows, strict=False))


def _entry(title: str, href: str, published: str, url: str) -> Entry | None:
    title, href = squeeze(re.sub(r"<[^<>]{0,100}>", "", title)), href.strip()
    base = url if "://" in url else href  # a feed in a file has no address of its own
    target = resolve(base, href)[0] if title and href else ""
    if not target:
        return None
    found = first_date(published)
    if found is None and re.fullmatch(r"(?:19|20)\d{6}", published.strip()):
        digits = published.strip()
        return Entry(title, target, make(int(digits[:4]), int(digits[4:6]), int(digits[6:])), href)
    return Entry(title, target, found.value if found else None, href)


def _json_rows(text: str, url: str) -> Iterator[Entry]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(loaded, dict):  # some wrap the rows
        loaded = next((value for value in loaded.values() if isinstance(value, list)), [])
    for row in loaded if isinstance(loaded, list) else []:
        if not isinstance(row, dict):
            continue
        fields = {str(name).upper(): _word(value) for name, value in row.items()}
        published = next((fields[name] for name in _JSON_DATES if fields.get(name)), "")
        entry = _entry(fields.get("TITLE", ""), fields.get("URL", ""), published, url)
        if entry:
            yield entry


def _word(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _csv_rows(text: str, url: str) -> Iterator[Entry]:
    # Excel writes ; or tabs in some locales.
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t，", key=first.count)
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    try:
        head = [name.strip().lower() for name in next(rows, [])]
        columns = [
            next((head.index(name) for name in names if name in head), -1) for names in (_TITLE, _URL, _PUBLISHED)
        ]
        if columns[0] < 0 or columns[1] < 0:
            return
        for row in rows:
            title, href, published = (row[at] if 0 <= at < len(row) else "" for at in columns)
            entry = _entry(title, href, published, url)
            if entry:
                yield entry
    except csv.Error:  # a field beyond csv's limit; what was read stands
        return


def _column(text: str, url: str, headers: Mapping[str, str] | None) -> tuple[Entry, ...]:
    from crawler.parse.page import server_date  # page reads lists, a feed may be a page

    tree = build(text)
    words = tree.body.text(separator="\n") if tree.body is not None else ""
    page = ListPage(tree, text, url, HrefCache().resolver(url), words, server_date(headers), column=True)
    return read_list(page).entries
