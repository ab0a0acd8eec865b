"""What a list reader is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
