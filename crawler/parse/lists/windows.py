"""The page after this one, for list requests that carry the page's number in their address."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"([?&](?:pageno|pagenum|pagenumber|pageindex|currentpage|currpage|curpage|current|page|p|_page|pn|pg)=)(\d{1,5})(?=&|#|$)",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(
    r"[?&](?:_?page_?size|perpage|rows|limit|size|_pagesize|pagecount)=(\d{1,4})(?=&|#|$)", re.IGNORECASE
)


def following(url: str, rows: int, total: int | None, size: int = 0) -> tuple[str, ...]:
    """URLs of the pages after `url`: all of them where total and size are known, else the next."""
    found = _NUMBER.search(url)
    if found is None or not rows:
        return ()
    number, size = int(found[2]), size or _size(url)
    first = max(number, 1)  # page 0 is page 1 where pages are counted from 1 (BEHAVIOURS 20)
    if total is not None and size:
        last = min(-(-total // size), 500)
        return tuple(_turned(url, found, page) for page in range(first + 1, last + 1))
    return (_turned(url, found, first + 1),)


def is_paged(url: str) -> bool:
    return _NUMBER.search(url) is not None


def _size(url: str) -> int:
    found = _SIZE.search(url)
    return int(found[1]) if found else 0


def _turned(url: str, found: re.Match[str], number: int) -> str:
    return f"{url[: found.start(2)]}{number}{url[found.end(2) :]}"
