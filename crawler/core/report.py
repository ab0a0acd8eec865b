"""What one audit says, as people and machines read it: the shape of `--json`, of findings.db and of every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.core.model import Attempt, Certainty, Parent, Place, Severity, Verdict
from crawler.core.score import SiteScore

# What the machine last saw of an issue, and what it came to (DESIGN "Fixed means looked at since").
IssueState = Literal[
    "open",  # seen in this audit, from at least one fetch of this run
    "not_rechecked",  # still believed, but nothing it rests on was read again
    "sampled",  # 待复查(抽查通过): 20 formerly failing pages were read since and none failed
    "fixed",
    "withdrawn",  # we changed, not the site
    "exempt",  # inside an outage window
]
Change = Literal["new", "new_rule", "recurred", "known", "fixed", "withdrawn", "not_rechecked", "sampled"]


# How the notes of a coverage begin that a site's owner must act on; a console prints them, too.
REFUSED = "被拒绝访问："
SAME_PAGE = "无法核实："
EXPIRED = "白名单到期："


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One crawl (or check) and the versions it was judged under."""

    id: str  # ULID
    number: int  # short number, which commands accept
    started: datetime
    sealed: datetime | None
    as_of: datetime
    kind: Literal["nightly", "crawl", "check", "demo"] = "nightly"
    void: bool = False
    void_reason: str = ""
    program: str = ""
    facts_version: int = 0
    rules_digest: str = ""
    config_digest: str = ""
    edition: str = ""  # of the thresholds
    authorisations: tuple[str, ...] = ()  # why robots.txt was ignored, by platform
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One rule for one site; stored also when it found nothing."""

    rule: str
    site: str
    verdict: Verdict
    reason: str = ""
    examined: int = 0
    fresh: int = 0
    carried: int = 0
    unknown: int = 0
    oldest: datetime | None = None  # of the fetches it rests on
    confirmed: int = 0
    suspected: int = 0
    proposed: int = 0


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding, merged over its subjects, with the life of its issue."""

    fingerprint: str
    rule: str
    site: str
    severity: Severity
    certainty: Certainty
    title: str  # the rule's
    message: str
    fix: str
    clause: str  # 《…》（文号）: what it asks
    place: Place
    target: str | None = None
    parents: tuple[Parent, ...] = ()
    parent_count: int = 0
    count: int = 1  # subjects it was seen on
    attempts: tuple[Attempt, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()  # other rules that share this cause
    rollup: bool = False  # cites other findings, is in no total
    points: float = 0.0
    exempt: str = ""  # number of the outage notice
    state: IssueState = "open"
    change: Change = "new"
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    issue: int | None = None  # the number people use
    rule_version: str = ""  # digest of the rule's own file


@dataclass(frozen=True, slots=True)
class ColumnCoverage:
    id: str
    name: str
    kind: str
    url: str
    end: str  # ended | joined | stalled | failed | capped | unread
    complete: bool
    reader: str
    entries: int
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one site was looked at: 'zero problems' is never printed without it."""

    site: str
    judged: bool
    reason: str = ""  # why not, or what is missing
    home: str = ""  # alive | dead | suspect | blocked | unknown
    pages_known: int = 0
    pages_fresh: int = 0
    pages_carried: int = 0
    pages_expired: int = 0
    pages_unknown: int = 0
    targets_known: int = 0
    targets_decided: int = 0
    targets_unknown: int = 0
    requests: int = 0
    received: int = 0  # bytes
    oldest: datetime | None = None
    columns: tuple[ColumnCoverage, ...] = ()
    notes: tuple[str, ...] = ()  # traps cut, budgets reached, protection met


@dataclass(frozen=True, slots=True)
class SiteRow:
    id: str
    name: str
    code: str | None
    level: str
    home: str
    confirmed: bool
    owner: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The words of a rule that reports print."""

    code: str
    name: str
    title: str
    severity: Severity
    scope: str
    clause: str
    why: str
    look: str
    fix: str
    family: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One earlier audited run, for the charts."""

    number: int
    as_of: datetime
    edition: str
    rules_digest: str
    confirmed: int
    suspected: int
    proposed: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One thing a person decided about an issue, in the words of `core/desk.py`."""

    at: datetime
    who: str
    action: str  # confirm | dismiss | except | notify | work | answer | reopen | note
    reason: str = ""
    basis: str = ""
    until: datetime | None = None
    deadline: datetime | None = None
    reach: str = "issue"
    value: str = ""
    notice: str = ""  # the number that issues notified together share


@dataclass(frozen=True, slots=True)
class DeskRow:
    """Where the work on one issue stands; only of issues that somebody decided on."""

    issue: int
    work: str  # pending | confirmed | notified | … of `core/desk.py`
    since: datetime | None = None
    by: str = ""  # "" for the machine
    reason: str = ""
    deadline: datetime | None = None
    until: datetime | None = None
    overdue: bool = False
    decisions: tuple[DecisionRow, ...] = ()  # oldest first


@dataclass(frozen=True, slots=True)
class Precision:
    """What people said of a rule's issues: its precision as measured, in all nights."""

    rule: str
    confirmed: int
    dismissed: int

    @property
    def judged(self) -> int:
        return self.confirmed + self.dismissed


@dataclass(frozen=True, slots=True)
class Report:
    run: RunInfo
    sites: tuple[SiteRow, ...]
    results: tuple[ResultRow, ...]
    findings: tuple[FindingRow, ...]  # open ones, sorted by site, rule, fingerprint
    coverage: tuple[Coverage, ...]
    rules: tuple[RuleRow, ...] = ()
    closed: tuple[FindingRow, ...] = ()  # fixed or withdrawn by this audit
    trend: tuple[Trend, ...] = ()
    notes: tuple[str, ...] = ()
    scores: tuple[SiteScore, ...] = ()  # what the findings come to under the national table; made anew, not stored
    desk: tuple[DeskRow, ...] = ()  # by issue, as people's decisions stand when it is read
    precision: tuple[Precision, ...] = ()  # by rule, where anybody confirmed or dismissed anything
    compared: str = ""  # the run a check was compared with; "" where nothing is to compare with
