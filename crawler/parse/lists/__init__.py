"""List readers, one file each: a module of this package with a `read` and an `ORDER` is one (add a file, no list)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from crawler.core.facts import Listing
from crawler.parse.lists.page import ListPage

Reader = Callable[[ListPage], Listing | None]


@cache
def readers() -> tuple[tuple[str, Reader], ...]:
    """Name and function of every reader, the most specific first."""
    found: list[tuple[int, str, Reader]] = []
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        if hasattr(module, "ORDER"):
            found.append((module.ORDER, module_info.name, module.read))
    return tuple((name, read) for _, name, read in sorted(found, key=lambda item: item[:2]))


def read_list(page: ListPage) -> Listing:
    """What the first reader that knows the page makes of it; `reader` is "" where none does."""
    for _, read in readers():
        listing = read(page)
        if listing is not None:
            return listing
    return Listing(reader="")
