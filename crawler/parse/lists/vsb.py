"""博达 VSB: pages are numbered backwards, page 2 of 231 is x/230.htm (FIELD 1.6, BEHAVIOURS 18)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.parse.lists import plain

if TYPE_CHECKING:
    from crawler.core.facts import Listing
    from crawler.parse.lists.page import ListPage

ORDER: Final = 40
MAX_PAGES: Final = 500

_CALL: Final = re.compile(
    r"(?<!function )\b(?:_simple_list|a\d{1,12}|_\w{1,40})_?(?:gotopage|gopage)_?fun\s*\(\s*[\"']?(\d{1,5})\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"go(?:to)?page_?fun\b|\ba\d{1,12}GOPAGE\b|\bfanye\d+\b", re.IGNORECASE)
_SHOWN: Final = re.compile(r"(?:共\s*\d{1,7}\s*[条篇项]\s*)(\d{1,5})\s*/\s*(\d{1,5})")
_DEEP: Final = re.compile(r"^(.*/)(\d{1,5})\.htm$")


def read(page: ListPage) -> Listing | None:
    if _NAME.search(page.source) is None:
        return None
    path = urlsplit(page.url).path
    listing = plain.read(page)
    if listing is None or not listing.entries or not path.endswith(".htm"):
        return None
    deep = _DEEP.match(path)
    if deep is not None and _is_page_of(deep[1], page):
        # Reverse numbers fall to 1: what follows this page is known from its own name.
        numbers, stem = range(int(deep[2]) - 1, 0, -1), ""
    else:
        count = _count(page)
        stem = path.rpartition("/")[2].removesuffix(".htm") + "/"
        if count is None or (count > 1 and not _agrees(page, stem, count)):
            return None
        numbers = range(count - 1, 0, -1)
    urls = [page.resolve(f"{stem}{number}.htm")[0] for number in numbers[:MAX_PAGES]]
    note = f"{listing.note.partition('；')[0]}；博达倒序分页，后面还有 {len(numbers)} 页"
    return replace(listing, reader="vsb", next_urls=tuple(url for url in urls if url), note=note)


def _count(page: ListPage) -> int | None:
    """Pages by the call `_simple_list_gotopage_fun(231,'a191370GOPAGE',2)`, else by 共3455条 1/231."""
    call = _CALL.search(page.source)
    if call is not None:
        return int(call[1])
    shown = _SHOWN.search(page.text)
    return int(shown[2]) if shown else None


def _agrees(page: ListPage, stem: str, count: int) -> bool:
    """The link to page 2 must not speak against reverse numbers."""
    linked = [int(n) for n in re.findall(rf"[\"'=/]{re.escape(stem)}(\d{{1,5}})\.htm", page.source[:2_000_000])]
    return not linked or max(linked) == count - 1


def _is_page_of(folder: str, page: ListPage) -> bool:
    """x/230.htm links back to its first page ../x.htm."""
    name = folder.rstrip("/").rpartition("/")[2]
    return bool(name) and re.search(rf"[\"'=/]{re.escape(name)}\.htm", page.source) is not None
