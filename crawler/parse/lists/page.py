"""What a list reader is handed: a page, or the answer of a request that fills a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.core.urls import HrefCache
from crawler.parse.tree import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser

    from crawler.core.urls import Resolved


@dataclass(frozen=True, slots=True)
class ListPage:
    tree: LexborHTMLParser
    source: str  # the text the tree was built from
    url: str
    resolve: Callable[[str], Resolved]
    text: str  # visible text
    seen_at: datetime | None = None  # the server's Date, for rows without a year
    column: bool = False  # its metas or its address say it is a column


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """What came back for one of the requests a reader named (a `ListUnit` or its pages)."""

    text: str
    url: str  # as asked
    page_url: str  # of the page it belongs to: hrefs in the answer are meant from there
    seen_at: datetime | None = None


def fragment(html: str, page_url: str, seen_at: datetime | None) -> ListPage:
    """A piece of HTML that is nothing but a list, as a page of its own."""
    tree = build(html)
    text = tree.body.text(separator="\n") if tree.body is not None else ""
    return ListPage(tree, html, page_url, HrefCache().resolver(page_url), text, seen_at, column=True)
