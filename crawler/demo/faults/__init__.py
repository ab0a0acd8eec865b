"""What is wrong with the simulated sites, and what only looks wrong: one module per group of rules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date

from crawler.demo.nouns import Site

# Dates first, since addresses hold them; then what links to articles; then the rest by name.
_FIRST = ("updating", "documents")


def plant(sites: Mapping[str, Site], today: date) -> None:
    """Every module of this folder changes the sites in turn."""
    others = sorted({info.name for info in pkgutil.iter_modules(__path__)}.difference(_FIRST))
    for module in (*_FIRST, *others):
        importlib.import_module(f"{__name__}.{module}").plant(sites, today)
