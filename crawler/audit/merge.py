"""Makes findings of one cause one: commutative, so the order of discovery shows nowhere."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.api import Rule
from crawler.core.model import Certainty, Finding, Parent, Severity

SAMPLES = 20  # places of one finding that are named; the others are counted
GROUP_AT = 20  # dead targets of one old-system pattern that are one finding (BEHAVIOURS 48)
LISTED = 200  # targets of a group that are written out

_STRENGTH = {Certainty.SUSPECTED: 0, Certainty.PROPOSED: 1, Certainty.CONFIRMED: 2}


@dataclass(slots=True)
class Gathered:
    """What one rule, and then all rules of one identity, found under one subject and key."""

    rule: Rule
    subject: str
    key: str
    best: Finding
    severity: Severity
    points: float
    certainty: Certainty
    count: int = 0
    parent_count: int = 0
    parents: list[Parent] = field(default_factory=list)  # sorted, no more than SAMPLES
    cited: set[str] = field(default_factory=set)
    evidence: dict[str, tuple[str, str]] = field(default_factory=dict)  # label -> (place, value) of the least place
    excuses: set[str] = field(default_factory=set)  # numbers of outage notices
    inexcusable: bool = False
    also: set[str] = field(default_factory=set)
    group: str = ""

    @classmethod
    def start(cls, rule: Rule, subject: str, finding: Finding) -> "Gathered":
        severity = finding.severity or rule.severity
        points = rule.points if finding.points is None else finding.points
        return cls(rule, subject, finding.key, finding, severity, points, finding.certainty, group=finding.group)

    @property
    def identity(self) -> str:
        return self.rule.identity or self.rule.code

    @property
    def exempt(self) -> str:
        return "" if self.inexcusable else "、".join(sorted(self.excuses))

    @property
    def weight(self) -> tuple[int, float, str]:
        """Sorts the gravest first: severity, points, code."""
        return (-self.severity.rank, -self.points, self.rule.code)

    def add(self, finding: Finding, url: str, excuse: str) -> None:
        """One more subject at `url`; `excuse` is the number of the outage notice it falls under."""
        self.count += finding.count
        self.parent_count = max(self.parent_count, finding.parent_count)
        if finding.parents:
            self._sample(finding.parents)
        elif finding.per == "site":
            self._sample((Parent(finding.at.url, finding.at.quote, finding.at.css),))
        self.cited.update(finding.cites or (url,))
        for label, value in finding.evidence.items():
            self._note(label, finding.at.url, value)
        self._excuse(excuse)
        self._strengthen(finding)
        if self.group != finding.group:
            self.group = ""
        self.severity = max(self.severity, finding.severity or self.rule.severity, key=lambda s: s.rank)
        self.points = max(self.points, self.rule.points if finding.points is None else finding.points)

    def join(self, other: "Gathered") -> None:
        """Take in what another rule of the same identity found: the same subjects, so counts are not added."""
        if other.weight < self.weight:
            self.rule, self.severity, self.points = other.rule, other.severity, other.points
            self.best = other.best
        self.certainty = max(self.certainty, other.certainty, key=_STRENGTH.__getitem__)
        self.count = max(self.count, other.count)
        self.parent_count = max(self.parent_count, other.parent_count)
        self._sample(other.parents)
        self.cited |= other.cited
        for label, (place, value) in other.evidence.items():
            self._note(label, place, value)
        self.excuses |= other.excuses
        self.inexcusable |= other.inexcusable
        self.also |= other.also
        if self.group != other.group:
            self.group = ""

    def labelled(self) -> dict[str, str]:
        """Evidence, the labels of the leading finding first."""
        order = [*self.best.evidence, *sorted(set(self.evidence) - set(self.best.evidence))]
        return {label: self.evidence[label][1] for label in order}

    def as_finding(self) -> Finding:
        """The whole as one finding, for the roll-ups that cite it."""
        return Finding(
            message=self.best.message,
            at=self.best.at,
            key=self.key,
            certainty=self.certainty,
            target=self.best.target,
            count=self.count,
            cites=tuple(sorted(self.cited)),
            severity=self.severity,
        )

    def _strengthen(self, finding: Finding) -> None:
        if _lead(finding) < _lead(self.best):
            self.best = finding
        self.certainty = max(self.certainty, finding.certainty, key=_STRENGTH.__getitem__)

    def _note(self, label: str, place: str, value: str) -> None:
        known = self.evidence.get(label)
        if known is None or (place, value) < known:
            self.evidence[label] = (place, value)

    def _excuse(self, number: str) -> None:
        if number:
            self.excuses.add(number)
        else:
            self.inexcusable = True

    def _sample(self, parents: Iterable[Parent]) -> None:
        for parent in parents:
            if len(self.parents) == SAMPLES and _order(parent) >= _order(self.parents[-1]):
                continue
            at = bisect_left(self.parents, _order(parent), key=_order)
            if at and self.parents[at - 1].url == parent.url:
                continue
            replaced = at < len(self.parents) and self.parents[at].url == parent.url
            self.parents[at : at + replaced] = [parent]
            del self.parents[SAMPLES:]


def _lead(finding: Finding) -> tuple[int, str, str, str, str]:
    """Sorts the finding first that speaks for all: the surest, then the least place; every field it shows counts."""
    return (-_STRENGTH[finding.certainty], finding.at.url, finding.target or "", finding.message, finding.at.css)


def _order(parent: Parent) -> tuple[str, str, str]:
    return (parent.url, parent.text, parent.css)


def merge(found: Iterable[Gathered]) -> list[Gathered]:
    """One finding per identity, subject and key, under the gravest rule; the others stand in `also`."""
    merged: dict[tuple[str, str, str], Gathered] = {}
    for one in sorted(found, key=lambda g: g.weight):
        known = merged.setdefault((one.identity, one.subject, one.key), one)
        if known is not one:
            known.also.add(one.rule.code)
            known.join(one)
    return list(merged.values())


def collapse(found: Iterable[Gathered], site_id: str) -> list[Gathered]:
    """Findings of one group become one finding of the group once there are GROUP_AT of them."""
    groups: dict[tuple[str, str], list[Gathered]] = {}
    rest: list[Gathered] = []
    for one in found:
        if one.group and one.certainty is Certainty.CONFIRMED and not one.exempt:
            groups.setdefault((one.identity, one.group), []).append(one)
        else:
            rest.append(one)
    for (_, pattern), members in groups.items():
        if len(members) < GROUP_AT:
            rest += members
        else:
            rest.append(_group(pattern, members, site_id))
    return rest


def _group(pattern: str, members: list[Gathered], site_id: str) -> Gathered:
    members = sorted(members, key=lambda g: g.best.target or "")
    lead = min(members, key=lambda g: g.weight)
    targets = [member.best.target or "" for member in members]
    listed = "\n".join(targets[:LISTED]) + (f"\n…… 另有 {len(targets) - LISTED} 个" if len(targets) > LISTED else "")
    first = members[0].best
    best = Finding(
        message=f"同一类旧地址（{pattern}）有 {len(members)} 个目标打不开，疑为旧系统迁移后遗留",
        at=first.at,
        key=pattern,
        target=first.target,
        fix="确认旧系统内容是否迁移：已迁移的批量改为新地址或设置跳转，未迁移的删除链接。",
        attempts=first.attempts,
        evidence={"地址规律": pattern, "目标数": str(len(members)), "打不开的目标": listed},
    )
    whole = Gathered(lead.rule, site_id, pattern, best, lead.severity, lead.points, Certainty.CONFIRMED)
    for member in members:
        whole.parent_count = max(whole.parent_count, member.parent_count)
        whole._sample(member.parents)  # noqa: SLF001 -- another of its own kind
        whole.cited |= member.cited
        whole.excuses |= member.excuses
        whole.inexcusable |= member.inexcusable
        whole.also |= member.also | {member.rule.code}
    whole.also.discard(lead.rule.code)
    whole.count = len(members)
    for label, value in best.evidence.items():
        whole.evidence[label] = (first.at.url, value)
    return whole
