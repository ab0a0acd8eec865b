"""The life of issues from audit to audit; pure, and "fixed" only where somebody looked since (DESIGN "Nouns")."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from crawler.core.model import State
from crawler.core.report import Change, IssueState
from crawler.core.views import Knowledge

CITED_AT_MOST = 20_000  # URLs one issue remembers: more than the pages of any of the 15 sites share one footer
SAMPLE = 20  # formerly failing pages that must pass before a template counts as mended (DESIGN)

CLOSED: Final = frozenset[IssueState]({"fixed", "withdrawn"})

Cause = Literal["site", "rules"]


class Decision(NamedTuple):
    """The fetch that decides a URL as of a run."""

    fetch_id: int
    at: datetime
    run: int
    state: State
    body_hash: str = ""
    knowledge: Knowledge = "carried"
    silent: bool = False  # dead because nobody answered, not because somebody said so


Cited = Mapping[str, Decision | None]  # None: nothing had decided that URL when it was cited
Decide = Callable[[str], Decision | None]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One finding of an audit, as far as its life is concerned."""

    fingerprint: str
    rule: str
    site: str
    cites: tuple[str, ...]  # URLs whose state it rests on
    subject: str = ""  # the one URL it speaks of; empty for a template, a pattern, a whole site
    parents: tuple[str, ...] = ()  # pages that link to the subject: it may go because a link went
    exempt: bool = False
    fresh: bool = False  # rests on a row of this run that decided nothing, such as a first suspect
    at: datetime | None = None  # of that row


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """One trouble across nights, as the last audit that moved it left it."""

    number: int
    fingerprint: str
    rule: str
    site: str
    state: IssueState
    change: Change
    first_seen: datetime
    last_seen: datetime  # the newest fetch its last sighting rests on
    times: int = 1  # audits that saw it in something fresh
    cited: Cited = field(default_factory=dict)  # what the last sightings rested on and nobody decided since
    subject: str = ""
    reopened: int = 0
    passed: int = 0  # formerly failing pages read since the last fresh sighting, none of which failed
    sighted: int = 0  # run of the last sighting
    run: int = 0  # run and digest of the audit that moved it last: the same audit twice moves nothing
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit looked at, and what it could not look at."""

    run: int
    as_of: datetime
    digest: str = ""  # of rules, configuration and facts
    cause: Cause = "site"  # "rules": the previous Snapshot under new rules
    rules: frozenset[str] | None = None  # of --rule; None is all
    sites: frozenset[str] | None = None  # of --site; None is all
    issues: frozenset[str] | None = None  # fingerprints a recheck looked at; None is all
    crashed: frozenset[tuple[str, str]] = frozenset()  # (rule, site)
    unjudged: frozenset[str] = frozenset()  # sites that are void or could not be judged
    existing: frozenset[str] | None = None  # codes that still exist; None where nobody said
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)  # code -> the codes that share its identity

    def family(self, rule: str) -> frozenset[str]:
        return self.kin.get(rule, frozenset()) | {rule}

    def covers(self, record: IssueRecord) -> bool:
        """Whether an issue it does not yield would have been found: another rule of its identity may raise it."""
        if self.issues is not None and record.fingerprint not in self.issues:
            return False
        rules = self.rules is None or self.family(record.rule) <= self.rules
        return rules and (self.sites is None or record.site in self.sites)

    def judged(self, record: IssueRecord) -> bool:
        crashed = any((rule, record.site) in self.crashed for rule in self.family(record.rule))
        return not crashed and record.site not in self.unjudged

    def retired(self, record: IssueRecord) -> bool:
        return self.existing is not None and self.existing.isdisjoint(self.family(record.rule))

    def moves(self, record: IssueRecord) -> bool:
        """False for an older run and for the same audit again."""
        return record.run < self.run or (record.run == self.run and record.digest != self.digest)


class Proof(NamedTuple):
    """The fetch a step rests on, by which anybody can check it; empty where it rests on no one fetch."""

    url: str = ""
    fetch_id: int | None = None
    body_hash: str = ""


NO_PROOF: Final = Proof()


@dataclass(frozen=True, slots=True)
class Move:
    """One step in the life of an issue; `record` is the issue after it."""

    record: IssueRecord
    change: Change
    at: datetime
    reason: str
    before: IssueState | None = None
    proof: Proof = NO_PROOF

    @property
    def worth_telling(self) -> bool:
        """False where an audit only confirmed what the one before it said."""
        return self.before != self.record.state or self.change not in {"known", "not_rechecked", "sampled"}


def move(
    known: Mapping[str, IssueRecord],
    sightings: Mapping[str, Sighting],
    decide: Decide,
    audit: Audit,
    *,
    next_number: int = 1,
) -> list[Move]:
    """The steps this audit makes; issues without one stay as they are.

    Only an audit of the newest sealed run may move issues: the caller sees to that for issues that are new, each
    record for itself. New issues are numbered by site, rule and fingerprint.
    """
    moves: list[Move] = []
    for sighting in sorted(sightings.values(), key=lambda seen: (seen.site, seen.rule, seen.fingerprint)):
        record = known.get(sighting.fingerprint)
        if record is None:
            moves.append(_raise(sighting, decide, audit, next_number))
            next_number += 1
        elif audit.moves(record):
            moves.append(_see(record, sighting, decide, audit))
    for fingerprint in sorted(known.keys() - sightings.keys()):
        record = known[fingerprint]
        if record.state not in CLOSED and audit.covers(record) and audit.moves(record):
            moves.append(_miss(record, decide, audit))
    return moves


def recheck_first(records: Iterable[IssueRecord]) -> list[str]:
    """The other pages of templates whose sample passed: the head of the next night."""
    urls = (url for record in records if record.state == "sampled" for url in record.cited)
    return list(dict.fromkeys(urls))


# ── Yielded ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _raise(sighting: Sighting, decide: Decide, audit: Audit, number: int) -> Move:
    now, cited = _look(sighting, decide)
    at = _newest(now.values(), sighting, audit)
    change: Change = "new_rule" if audit.cause == "rules" else "new"
    record = IssueRecord(
        number=number,
        fingerprint=sighting.fingerprint,
        rule=sighting.rule,
        site=sighting.site,
        state=_open_state(sighting, fresh=_is_fresh(now.values(), sighting)),
        change=change,
        first_seen=at,
        last_seen=at,
        cited=cited,
        subject=sighting.subject,
        sighted=audit.run,
        run=audit.run,
        digest=audit.digest,
    )
    reason = "新规则发现" if change == "new_rule" else "首次发现"
    return Move(record, change, at, reason, proof=_proof(now, sighting))


def _see(record: IssueRecord, sighting: Sighting, decide: Decide, audit: Audit) -> Move:
    now, cited = _look(sighting, decide)
    fresh = _is_fresh(now.values(), sighting)
    state = _open_state(sighting, fresh=fresh)
    subject, passed = sighting.subject, 0
    change: Change
    if record.state in CLOSED:
        change, reason = _comes_back(record, audit)
    else:
        subject = _one_subject(record.subject, sighting.subject)
        cited, passed = _merge(record, cited, decide, moved_to=subject)
        change, reason = ("known", "本次检查仍存在") if fresh else ("not_rechecked", "依据的页面本次未重新读取")
        if fresh:
            passed = 0
        elif state == "not_rechecked" and not subject and passed >= SAMPLE:
            state = "sampled"
            change = "not_rechecked" if record.state == "sampled" else "sampled"
            reason = f"原有问题页面中已有 {passed} 个重新读取且均未再发现，其余待复查"
    at = _newest(now.values(), sighting, audit)
    after = replace(
        record,
        rule=sighting.rule,  # of one identity it is the gravest that names the issue
        site=sighting.site,
        state=state,
        change=change,
        last_seen=max(record.last_seen, at),
        times=record.times + (fresh and record.sighted != audit.run),
        cited=cited,
        subject=subject,
        reopened=record.reopened + (change == "recurred"),
        passed=passed,
        sighted=audit.run,
        run=audit.run,
        digest=audit.digest,
    )
    return Move(after, change, at, reason, record.state, _proof(now, sighting))


def _look(sighting: Sighting, decide: Decide) -> tuple[dict[str, Decision | None], dict[str, Decision | None]]:
    """What it rests on, and all that is cited: a parent read again does not make the subject read again."""
    now = {url: decide(url) for url in sighting.cites[:CITED_AT_MOST]}
    return now, {url: decide(url) for url in sighting.parents[: CITED_AT_MOST - len(now)]} | now


def _comes_back(record: IssueRecord, audit: Audit) -> tuple[Change, str]:
    """A withdrawn issue never was mended, so it cannot recur; readers were told it is none, so they are told anew."""
    if audit.cause == "rules":
        return "new_rule", "新规则发现"
    if record.state == "fixed":
        return "recurred", "整改后再次出现"
    return "new", "曾撤销，再次发现"


def _open_state(sighting: Sighting, *, fresh: bool) -> IssueState:
    if sighting.exempt:
        return "exempt"
    return "open" if fresh else "not_rechecked"


def _merge(
    record: IssueRecord, now: dict[str, Decision | None], decide: Decide, *, moved_to: str
) -> tuple[dict[str, Decision | None], int]:
    """What is cited from now on, and how many formerly failing pages passed: a URL stays until it is decided again."""
    cited, passed = dict(now), record.passed
    for url, then in record.cited.items():
        if url in cited or (moved_to and url == record.subject):
            continue
        decision = decide(url)
        if not _decided_since(decision, then, record) or (decision and _fell_silent(decision, then)):
            if len(cited) < CITED_AT_MOST:
                cited[url] = then
        elif decision and decision.state is State.ALIVE:
            passed += 1
    return cited, passed


def _one_subject(elder: str, younger: str) -> str:
    """A template that tonight fails on one page has no subject; a subject that moved host or to https is the same."""
    same = elder and younger and urlsplit(elder)[2:] == urlsplit(younger)[2:]
    return younger if same else ""


def _is_fresh(decisions: Collection[Decision | None], sighting: Sighting) -> bool:
    return sighting.fresh or any(decision and decision.knowledge == "fresh" for decision in decisions)


def _newest(decisions: Collection[Decision | None], sighting: Sighting, audit: Audit) -> datetime:
    times = [decision.at for decision in decisions if decision]
    if sighting.at:
        times.append(sighting.at)
    return max(times, default=audit.as_of)


def _proof(now: Cited, sighting: Sighting) -> Proof:
    """The newest fetch among those a sighting rests on."""
    decided = [(decision.at, url, decision) for url, decision in now.items() if decision]
    if not decided:
        return Proof(sighting.subject or next(iter(sighting.cites), ""))
    _, url, decision = max(decided, key=lambda row: row[:2])
    return Proof(url, decision.fetch_id, decision.body_hash)


# ── Not yielded ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _miss(record: IssueRecord, decide: Decide, audit: Audit) -> Move:
    change, at, reason, proof = _why_missed(record, decide, audit)
    closed = change in CLOSED
    state = change if change in CLOSED else "not_rechecked" if record.state == "open" else record.state
    after = replace(
        record,
        state=state,
        change=change,
        cited={} if closed else record.cited,
        passed=0 if closed else record.passed,
        run=audit.run,
        digest=audit.digest,
    )
    return Move(after, change, at, reason, record.state, proof)


Missed = tuple[Change, datetime, str, Proof]


def _why_missed(record: IssueRecord, decide: Decide, audit: Audit) -> Missed:
    if audit.retired(record):
        return "withdrawn", audit.as_of, "规则已停用", NO_PROOF
    if not audit.judged(record):
        return "not_rechecked", audit.as_of, "本次未能判断该网站或该规则", NO_PROOF
    if audit.cause == "rules":
        if record.sighted == audit.run:  # the same Snapshot yielded it under the old rules
            return "withdrawn", audit.as_of, "规则、配置或解析方法变更后不再认定", NO_PROOF
        return "not_rechecked", audit.as_of, "待下一次检查判断", NO_PROOF
    return _what_changed(record, decide, audit)


def _what_changed(record: IssueRecord, decide: Decide, audit: Audit) -> Missed:
    subject = decide(record.subject) if record.subject in record.cited else None
    if subject and _fell_silent(subject, record.cited[record.subject]):
        return "not_rechecked", audit.as_of, "依据的页面打不开，未能重新判断", _proof_at(record.subject, subject)
    if subject and _decided_differently(subject, record.cited[record.subject], record):
        return "fixed", subject.at, "重新读取后已不存在", _proof_at(record.subject, subject)
    changed: list[tuple[datetime, Proof]] = []
    for url, then in record.cited.items():
        decision = decide(url)
        if not _is_decided(decision):
            return "not_rechecked", audit.as_of, "依据的页面尚未重新读取或已过期", Proof(url)
        if decision and _fell_silent(decision, then):
            return "not_rechecked", audit.as_of, "依据的页面打不开，未能重新判断", _proof_at(url, decision)
        if decision and _decided_differently(decision, then, record):
            changed.append((decision.at, _proof_at(url, decision)))
    if changed:
        at, proof = max(changed, key=lambda row: row[0])
        return "fixed", at, "重新读取后已不存在", proof
    return "withdrawn", audit.as_of, "依据的页面没有变化，判断已更正", NO_PROOF


def _proof_at(url: str, decision: Decision) -> Proof:
    return Proof(url, decision.fetch_id, decision.body_hash)


def _fell_silent(decision: Decision, then: Decision | None) -> bool:
    """A server that is down mended nothing of what its pages showed; a page that is said to be gone is gone."""
    return decision.silent and then is not None and then.state is State.ALIVE


def _is_decided(decision: Decision | None) -> bool:
    return decision is not None and decision.knowledge in {"fresh", "carried"}


def _decided_since(decision: Decision | None, then: Decision | None, record: IssueRecord) -> bool:
    if decision is None or not _is_decided(decision):
        return False
    return decision.at > (then.at if then else record.last_seen)


def _decided_differently(decision: Decision, then: Decision | None, record: IssueRecord) -> bool:
    """Two error pages differ in their bytes and are both dead: only what is alive is compared by its body."""
    if not _decided_since(decision, then, record):
        return False
    if then is None or decision.state is not then.state:
        return True
    return decision.state is State.ALIVE and decision.body_hash != then.body_hash
