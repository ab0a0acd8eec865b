"""Pagers (and sometimes rows) packed in base64 and written with `window.atob` (Yunnan: FIELD 1.7, BEHAVIOURS 21)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from crawler.parse.lists import plain
from crawler.parse.lists.page import fragment
from crawler.parse.lists.pager import next_pages

if TYPE_CHECKING:
    from crawler.core.facts import Listing
    from crawler.parse.lists.page import ListPage

ORDER: Final = 45

_LITERAL: Final = re.compile(r"[\"']((?:[A-Za-z0-9+/]|%2[BbFf]|%3[Dd]){40,200000}={0,2})[\"']")
_MAX_LITERALS: Final = 20


def read(page: ListPage) -> Listing | None:
    if "atob" not in page.source:
        return None
    packed = unpack(page.source)
    if not packed:
        return None
    listing = plain.read(page)
    if listing is None or not any(entry.date for entry in listing.entries):
        rows = [plain.read(fragment(html, page.url, page.seen_at)) for html in packed]
        listing = next((found for found in rows if found and any(e.date for e in found.entries)), listing)
    if listing is None or not listing.entries:
        return None
    for html in packed:
        found = next_pages(fragment(html, page.url, page.seen_at))
        if found.urls:
            note = f"{listing.note.partition('；')[0]}；翻页代码由 base64 解出"
            total = found.total if found.total is not None else listing.total
            return replace(listing, reader="atob", next_urls=found.urls, total=total, note=note)
    return None


def unpack(source: str) -> list[str]:
    """The literals that are HTML once decoded: base64 of UTF-8, or of its percent form."""
    found: list[str] = []
    for literal in _LITERAL.finditer(source[:3_000_000]):
        text = unquote(literal[1])
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            continue
        html = raw.decode("utf-8", "replace")
        if "%3C" in html[:400].upper():
            html = unquote(html, errors="replace")
        if "<" in html[:400] and ">" in html:
            found.append(html)
        if len(found) >= _MAX_LITERALS:
            break
    return found
