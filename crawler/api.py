"""The one door for rule authors: decorators, views and nouns. `rules` imports this and nothing else of ours."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol

from crawler.core import harmful
from crawler.core.clock import SHANGHAI
from crawler.core.facts import (
    FOOTER_ITEMS,
    Attachment,
    Dated,
    Entry,
    FileText,
    Footer,
    Link,
    Lure,
    Mark,
    PageFacts,
    SearchBox,
)
from crawler.core.hosts import is_address, is_trusted, registrable
from crawler.core.model import (
    Attempt,
    Certainty,
    Cite,
    Column,
    Examined,
    Finding,
    NotApplicable,
    NotConfigured,
    Outage,
    Outcome,
    Parent,
    Place,
    Scope,
    Severity,
    Site,
    Source,
    State,
    Undecidable,
)
from crawler.core.outcomes import OF_ONE_PAGE, printed, said_by, said_of_probe, why_unknown
from crawler.core.privacy import Number, cards, id_numbers, mobiles
from crawler.core.reach import HostFacts, Ipv6Look, Probe, other_scheme, short_of, spaced
from crawler.core.search import SearchLook, Trial
from crawler.core.titles import DocumentTitle, is_about, is_asking, is_reading, number_key, number_keys, plain, quoted
from crawler.core.urls import host_of, is_private_host, normalise, path_key, resolve, trap_pattern
from crawler.core.views import (
    ONE_PAGE,
    AttachmentView,
    Brief,
    ColumnView,
    Earlier,
    FleetView,
    Html,
    InputTable,
    Known,
    ListedEntry,
    PageView,
    Reading,
    Seen,
    SiteView,
    SourceView,
    TargetView,
)
from crawler.core.wording import Block, Hit, Leader, PageWords, Phrase, Words
from crawler.core.workdays import Workdays

__all__ = [
    "FOOTER_ITEMS",
    "OF_ONE_PAGE",
    "ONE_PAGE",
    "SHANGHAI",
    "Attachment",
    "AttachmentView",
    "Attempt",
    "Block",
    "Brief",
    "Certainty",
    "Cite",
    "Column",
    "ColumnView",
    "Dated",
    "DocumentTitle",
    "Earlier",
    "Entry",
    "Examined",
    "FileText",
    "Finding",
    "FleetView",
    "Footer",
    "Form",
    "Hit",
    "HostFacts",
    "Html",
    "InputTable",
    "Ipv6Look",
    "Known",
    "Leader",
    "Link",
    "ListedEntry",
    "Lure",
    "Mark",
    "NotApplicable",
    "NotConfigured",
    "Number",
    "Outage",
    "Outcome",
    "PageFacts",
    "PageView",
    "PageWords",
    "Parent",
    "Phrase",
    "Place",
    "Probe",
    "Reading",
    "Rule",
    "Said",
    "Scope",
    "SearchBox",
    "SearchLook",
    "Seen",
    "Severity",
    "Site",
    "SiteView",
    "Source",
    "SourceView",
    "State",
    "TargetView",
    "Trial",
    "Undecidable",
    "Words",
    "Workdays",
    "cards",
    "cite",
    "column_rule",
    "date",
    "datetime",
    "fleet_rule",
    "harmful",
    "host_of",
    "id_numbers",
    "is_about",
    "is_address",
    "is_asking",
    "is_private_host",
    "is_reading",
    "is_trusted",
    "mobiles",
    "normalise",
    "number_key",
    "number_keys",
    "other_scheme",
    "page_rule",
    "path_key",
    "plain",
    "printed",
    "quoted",
    "registrable",
    "resolve",
    "said_by",
    "said_of_probe",
    "short_of",
    "site_rule",
    "spaced",
    "target_rule",
    "time",
    "timedelta",
    "trap_pattern",
    "why_unknown",
]

Said = Finding | Undecidable | NotApplicable | NotConfigured | Examined


# How a rule comes to its verdict (RULES 10, "Auto"): F; F→H and B→H; B; I; H.
Form = Literal["automatic", "proposed", "rendered", "input", "person"]


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
    kinds: tuple[str, ...] = ()  # it sees columns of these kinds and the pages they list; without one: not configured
    excusable: bool = False  # inside an outage window of the site its findings are exempt
    form: Form = "automatic"
    inputs: tuple[str, ...] = ()  # formats of config/inputs/ without which it cannot judge
    since: str = "0.1.0"

    @property
    def name(self) -> str:
        return self.judge.__name__

    @property
    def family(self) -> str:
        """The folder it stands in; of a module outside a package the module itself."""
        return self.judge.__module__.rpartition(".")[0].rpartition(".")[2] or self.judge.__module__

    @property
    def options(self) -> dict[str, inspect.Parameter]:
        """Keyword-only parameters: the signature is the schema."""
        kinds = inspect.signature(self.judge).parameters
        return {name: p for name, p in kinds.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def cite(document: str, clause: str) -> Cite:
    return Cite(document, clause)


class Declare(Protocol):
    """A decorator that makes a generator of findings a rule of one scope."""

    def __call__(
        self,
        code: str,
        *,
        severity: Severity,
        basis: tuple[Cite, ...],
        points: float = 0.0,
        identity: str = "",
        rollup: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        excusable: bool = False,
        form: Form = "automatic",
        inputs: tuple[str, ...] = (),
        since: str = "0.1.0",
    ) -> Callable[[Callable[..., Iterator[Any]]], Rule]: ...


def _declare(scope: Scope) -> Declare:
    def decorator(
        code: str,
        *,
        severity: Severity,
        basis: tuple[Cite, ...],
        points: float = 0.0,
        identity: str = "",
        rollup: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        excusable: bool = False,
        form: Form = "automatic",
        inputs: tuple[str, ...] = (),
        since: str = "0.1.0",
    ) -> Callable[[Callable[..., Iterator[Any]]], Rule]:
        def declare(judge: Callable[..., Iterator[Any]]) -> Rule:
            return Rule(
                code, scope, severity, basis, judge, points, identity, rollup, kinds, excusable, form, inputs, since
            )

        return declare

    return decorator


page_rule = _declare(Scope.PAGE)
target_rule = _declare(Scope.TARGET)
column_rule = _declare(Scope.COLUMN)
site_rule = _declare(Scope.SITE)
fleet_rule = _declare(Scope.FLEET)
