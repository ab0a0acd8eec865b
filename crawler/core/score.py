"""The national veto list and the portals' 100 points: the table as configured, and what a site comes to under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# ── the table (config/score.yaml) ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class VetoItem:
    id: str
    name: str
    rules: tuple[str, ...]
    threshold: int = 1
    unit: str = "处"


@dataclass(frozen=True, slots=True)
class PointItem:
    id: str
    name: str
    cap: float
    rules: tuple[str, ...] = ()
    each: float | None = None  # points a finding takes; the finding's own where None
    once_per_rule: bool = False  # 全网站缺少：one rule takes its points once
    named: Mapping[str, str] = field(default_factory=dict)  # of this rule only the findings that name the word
    needs: str = ""  # what no program can do


@dataclass(frozen=True, slots=True)
class PointGroup:
    name: str
    items: tuple[PointItem, ...]


@dataclass(frozen=True, slots=True)
class FooterMark:
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FooterList:
    name: str
    basis: str
    marks: tuple[FooterMark, ...]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    edition: str
    veto: tuple[VetoItem, ...]
    groups: tuple[PointGroup, ...]
    footers: tuple[FooterList, ...]
    not_of_site: frozenset[str] = frozenset()  # veto rules that speak of something else than the site


# ── what a site comes to ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Counted:
    """Findings by certainty: never added together."""

    confirmed: int = 0
    suspected: int = 0
    proposed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.confirmed or self.suspected or self.proposed)


VetoState = Literal["vetoed", "open", "clear", "unjudged"]  # open: only if what is not confirmed were confirmed


@dataclass(frozen=True, slots=True)
class VetoScore:
    id: str
    name: str
    state: VetoState
    threshold: int
    counted: Counted
    distance: int | None  # how many more confirmed ones veto; None where one is enough and none is counted
    says: str
    findings: tuple[str, ...] = ()  # fingerprints of what counted
    unjudged: tuple[str, ...] = ()  # rule and why


@dataclass(frozen=True, slots=True)
class PointScore:
    id: str
    group: str
    name: str
    cap: float
    judged: bool
    lost: float  # confirmed, capped
    lost_if_all: float  # were suspected and proposed ones confirmed too, capped
    counted: Counted
    findings: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FooterScore:
    name: str
    basis: str
    marks: tuple[tuple[str, str, Counted], ...]  # mark, 齐全 | 有缺失 | 待核实 | 未检, what is missing


@dataclass(frozen=True, slots=True)
class LocalDuty:
    """One duty of the prefecture's circular."""

    rule: str
    title: str
    verdict: str
    reason: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class SiteScore:
    """Never one number called the score: what could be judged, what was lost of it, and what was not judged."""

    site: str
    level: str
    edition: str  # of the table
    thresholds: str  # edition of the rules' thresholds the findings were judged under
    judged: bool
    reason: str
    veto: tuple[VetoScore, ...]
    points: tuple[PointScore, ...]  # portals only
    local: tuple[LocalDuty, ...]
    footers: tuple[FooterScore, ...]
    says: str  # the verdict in one sentence

    @property
    def judgeable(self) -> float:
        return round(sum(item.cap for item in self.points if item.judged), 2)

    @property
    def kept(self) -> float:
        """Of `judgeable`, confirmed findings only."""
        return round(self.judgeable - sum(item.lost for item in self.points if item.judged), 2)

    @property
    def kept_if_all(self) -> float:
        return round(self.judgeable - sum(item.lost_if_all for item in self.points if item.judged), 2)

    @property
    def unjudged(self) -> float:
        return round(sum(item.cap for item in self.points if not item.judged), 2)

    @property
    def lost_unjudged(self) -> float:
        """What is already confirmed in items that were not judged whole."""
        return round(sum(item.lost for item in self.points if not item.judged), 2)
