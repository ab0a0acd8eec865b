"""The one door for rule authors: decorators, views and nouns. `rules` imports this and nothing else of ours."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from crawler.core.facts import FOOTER_ITEMS, Attachment, Entry, Footer, Link, Mark, PageFacts, SearchBox
from crawler.core.model import (
    Attempt,
    Certainty,
    Cite,
    Column,
    Finding,
    NotApplicable,
    NotConfigured,
    Outcome,
    Parent,
    Place,
    Scope,
    Severity,
    Site,
    State,
    Undecidable,
)
from crawler.core.urls import host_of, path_key
from crawler.core.views import (
    ColumnView,
    FleetView,
    Html,
    Known,
    ListedEntry,
    PageView,
    Reading,
    SiteView,
    SourceView,
    TargetView,
)

__all__ = [
    "FOOTER_ITEMS",
    "Attachment",
    "Attempt",
    "Certainty",
    "Cite",
    "Column",
    "ColumnView",
    "Entry",
    "Finding",
    "FleetView",
    "Footer",
    "Html",
    "Known",
    "Link",
    "ListedEntry",
    "Mark",
    "NotApplicable",
    "NotConfigured",
    "Outcome",
    "PageFacts",
    "PageView",
    "Parent",
    "Place",
    "Reading",
    "Rule",
    "Said",
    "Scope",
    "SearchBox",
    "Severity",
    "Site",
    "SiteView",
    "SourceView",
    "State",
    "TargetView",
    "Undecidable",
    "cite",
    "column_rule",
    "date",
    "datetime",
    "fleet_rule",
    "host_of",
    "page_rule",
    "path_key",
    "site_rule",
    "target_rule",
    "time",
    "timedelta",
]

Said = Finding | Undecidable | NotApplicable | NotConfigured


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: identity, basis, and the generator that judges one subject."""

    code: str
    scope: Scope
    severity: Severity
    basis: tuple[Cite, ...]
    judge: Callable[..., Iterator[Said]]
    points: float = 0.0
    identity: str = ""  # rules of one identity share fingerprints: one cause, one finding, under the gravest
    rollup: tuple[str, ...] = ()  # codes whose findings it cites; in no total
    since: str = "0.1.0"

    @property
    def name(self) -> str:
        return self.judge.__name__

    @property
    def family(self) -> str:
        return self.judge.__module__.split(".")[-2]

    @property
    def options(self) -> dict[str, inspect.Parameter]:
        """Keyword-only parameters: the signature is the schema."""
        kinds = inspect.signature(self.judge).parameters
        return {name: p for name, p in kinds.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def cite(document: str, clause: str) -> Cite:
    return Cite(document, clause)


def _declare(scope: Scope) -> Callable[..., Callable[[Callable[..., Iterator[Said]]], Rule]]:
    def decorator(
        code: str,
        *,
        severity: Severity,
        basis: tuple[Cite, ...],
        points: float = 0.0,
        identity: str = "",
        rollup: tuple[str, ...] = (),
        since: str = "0.1.0",
    ) -> Callable[[Callable[..., Iterator[Any]]], Rule]:
        def declare(judge: Callable[..., Iterator[Any]]) -> Rule:
            return Rule(code, scope, severity, basis, judge, points, identity, rollup, since)

        return declare

    return decorator


page_rule = _declare(Scope.PAGE)
target_rule = _declare(Scope.TARGET)
column_rule = _declare(Scope.COLUMN)
site_rule = _declare(Scope.SITE)
fleet_rule = _declare(Scope.FLEET)
