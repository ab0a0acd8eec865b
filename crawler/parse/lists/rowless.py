"""Rows without what rows have: a link that only a script follows, a date that only an attribute holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.parse.dates import RowDate, row_date
from crawler.parse.links import script_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_DATES: Final = "time[datetime], [data-time], [data-date], [data-pubdate], [data-publishtime], input[value*='-']"
_NAMES: Final = ("datetime", "data-time", "data-date", "data-pubdate", "data-publishtime", "value")
_CLICKED: Final = (
    "li[onclick], div[onclick], p[onclick], span[onclick], tr[onclick], td[onclick], h3[onclick], dd[onclick]"
)
_STORED: Final = ("data-href", "data-link", "data-url")
_MAX_CLICKED: Final = 500


def leading(body: LexborNode, source: str, most: int) -> Iterator[tuple[LexborNode, str]]:
    """Elements that lead somewhere, each with where: links, links by script, and what is no link but is opened."""
    for anchor in body.css("a")[:most]:
        attributes = anchor.attributes
        href = (attributes.get("href") or "").strip()
        if href and href[0] != "#" and href[:11].lower() != "javascript:":
            yield anchor, href
            continue
        code = f"{attributes.get('onclick') or ''};{href if href[:1] != '#' else ''}"
        stored = next((value for name in _STORED if (value := attributes.get(name))), "")
        if target := (next(iter(script_targets(code)), "") or stored):
            yield anchor, target
    yield from _opened(body, source)


def _opened(body: LexborNode, source: str) -> Iterator[tuple[LexborNode, str]]:
    if "onclick" in source:
        for node in body.css(_CLICKED)[:_MAX_CLICKED]:
            if node.css_first("a[href]") is None and (
                target := next(iter(script_targets(node.attributes.get("onclick") or "")), "")
            ):
                yield node, target
    for name in (*_STORED, "src"):
        if name != "src" and name not in source:
            continue
        for node in body.css("li[src]" if name == "src" else f":not(a)[{name}]")[:_MAX_CLICKED]:
            target = (node.attributes.get(name) or "").strip()
            if target and not target.isdecimal() and node.tag != "img" and node.css_first("a[href]") is None:
                yield node, target


def date_in_attributes(row: LexborNode) -> RowDate | None:
    """`<time datetime="2025-05-28">`, `data-time=…`, a hidden input: for rows that print no date."""
    if row.tag in {"a", "body"}:
        return None
    for node in row.css(_DATES)[:5]:
        for name in _NAMES:
            value = node.attributes.get(name) or ""
            if value and re.match(r"\s*20\d\d\D", value) and (found := row_date(value[:40])) is not None:
                return found
    return None
