"""List readers, one file each: add a file, no list.

A module of this package with an `ORDER` and a `read` knows lists in pages. It may bring `read_answer`, for requests it
names in units or `next_urls`, and `otherwise`, the same request in another way for servers that ignore the first.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import ModuleType

from crawler.core.facts import Listing
from crawler.parse.lists.page import ListAnswer, ListPage

Reader = Callable[[ListPage], Listing | None]
GENERAL = 100  # ORDER of the reader of plain HTML; those that know a CMS come before
AnswerReader = Callable[[ListAnswer], Listing]


@cache
def _modules() -> tuple[tuple[str, ModuleType], ...]:
    found: list[tuple[int, str, ModuleType]] = []
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        if hasattr(module, "ORDER"):
            found.append((module.ORDER, module_info.name, module))
    return tuple((name, module) for _, name, module in sorted(found, key=lambda item: item[:2]))


@cache
def readers() -> tuple[tuple[str, Reader], ...]:
    """Name and function of every reader, the most specific first."""
    return tuple((name, module.read) for name, module in _modules())


def read_list(page: ListPage) -> Listing:
    """What the first reader that knows the page makes of it; `reader` is "" where none does.

    Rows without a date may be a menu: the readers after the one that found them may know a better source.
    """
    weak: Listing | None = None
    named = False  # by a reader that knows the CMS, which has the last word on what is in the way
    for name, read in readers():
        listing = read(page)
        if listing is None:
            continue
        if listing.units or any(entry.date for entry in listing.entries):
            return listing if weak is None else _beside(listing, weak)
        if weak is None or (listing.entries and not weak.entries):
            weak, named = listing, dict(_modules())[name].ORDER < GENERAL
        elif not weak.entries and listing.note and not named:
            weak = listing  # a later reader saw why there is none
    return weak or Listing(reader="")


def _beside(listing: Listing, weak: Listing) -> Listing:
    """Units found on a page that prints undated rows: the crawl falls back on the rows."""
    if listing.entries or not weak.entries:
        return listing
    return replace(listing, entries=weak.entries, next_urls=weak.next_urls)


def read_answer(reader: str, answer: ListAnswer) -> Listing:
    """A result with reader "" has failed, one without entries is the end of the list."""
    read: AnswerReader | None = getattr(dict(_modules()).get(reader), "read_answer", None)
    if read is None:
        return Listing(reader="", note=f"没有名为 {reader} 的列表单元读取方式：{answer.url}")
    return read(answer)


def otherwise(reader: str, url: str) -> str:
    """The same page of a list asked for in another way; "" where there is none (BEHAVIOURS 14)."""
    turn: Callable[[str], str] | None = getattr(dict(_modules()).get(reader), "otherwise", None)
    return turn(url) if turn is not None else ""
