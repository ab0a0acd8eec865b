"""The desk in findings.db: what people decided about issues, read with their history and written all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, or_, select

from crawler.core.clock import SHANGHAI
from crawler.core.covered import Wide, last_word, reaching
from crawler.core.desk import HELD, LEADS_TO, Decision, Seeing, Standing, fold, is_vouched, refusal
from crawler.core.model import Certainty, Verdict
from crawler.core.precision import measured
from crawler.core.report import DecisionRow, DeskRow, FindingRow, IssueState, Precision, ResultRow
from crawler.store.findings_rows import finding_row, moment, to_moment, to_text
from crawler.store.findings_schema import decisions, findings, issue_events, issues

__all__ = [
    "Case",
    "Decision",
    "Judged",
    "cases",
    "decide",
    "decided_on",
    "discounted",
    "excused",
    "judged",
    "noticed",
    "restore",
    "standings",
    "wide_ones",
]


@dataclass(frozen=True, slots=True)
class Case:
    """One issue on the desk: both fields, how it was last described, and everything that ever happened to it."""

    number: int
    fingerprint: str
    rule: str
    site: str
    state: IssueState
    standing: Standing
    first_seen: datetime
    last_seen: datetime
    reopened: int
    told: FindingRow | None  # None where no audit kept a description
    steps: tuple[tuple[Seeing, str], ...]  # with the machine's reason
    decisions: tuple[Decision, ...]
    reached: tuple[Decision, ...] = ()  # taken on other issues, and speaking of this one


def cases(
    db: Connection,
    as_of: datetime,
    *,
    number: int | None = None,
    numbers: Collection[int] | None = None,
    prefix: str = "",
    site: str = "",
) -> list[Case]:
    """By number or numbers, by the head of the fingerprint, of a site, or all."""
    wanted = select(issues).order_by(issues.c.number)
    if numbers is not None and len(numbers) <= _FEW:
        wanted = wanted.where(issues.c.number.in_(list(numbers)))
    elif number is not None:
        wanted = wanted.where(issues.c.number == number)
    elif prefix:
        wanted = wanted.where(issues.c.fingerprint.startswith(prefix, autoescape=True))
    elif site:
        wanted = wanted.where(issues.c.site == site)
    found = [row for row in db.execute(wanted).mappings() if numbers is None or row["number"] in numbers]
    few = {row["number"] for row in found} if len(found) <= _FEW else None
    steps, decided, told, wide = _steps(db, few), _decisions(db, few), _descriptions(db, few), wide_ones(db, as_of)
    return [
        _case(row, steps.get(row["number"], []), decided.get(row["number"], []), told.get(row["number"]), as_of, wide)
        for row in found
    ]


_FEW = 500  # bound parameters of one statement


def _case(
    row: RowMapping,
    steps: list[tuple[Seeing, str]],
    decided: list[Decision],
    told: FindingRow | None,
    as_of: datetime,
    wide: list[Wide],
) -> Case:
    last_seen = moment(row["last_seen"])
    reached = reaching(wide, told, decided, moment(row["first_seen"]))
    return Case(
        row["number"],
        row["fingerprint"],
        row["rule"],
        row["site"],
        row["state"],
        fold([step for step, _ in steps], [*reached, *decided], row["state"], last_seen, as_of),
        moment(row["first_seen"]),
        last_seen,
        row["reopened"],
        told,
        tuple(steps),
        tuple(decided),
        tuple(reached),
    )


def wide_ones(db: Connection, as_of: datetime) -> list[Wide]:
    """Decisions that reach further than their issue, while they are the last word on it: to take one back, reopen."""
    origins = set(db.execute(select(decisions.c.issue).where(decisions.c.reach != "issue")).scalars())
    if not origins:
        return []
    few = origins if len(origins) <= _FEW else None
    said, told = _decisions(db, few), _descriptions(db, few)
    rules = {row.number: row.rule for row in db.execute(select(issues.c.number, issues.c.rule))}
    found = []
    for number in sorted(origins):
        last = last_word(said[number], as_of)
        if last is not None and last.reach != "issue" and LEADS_TO[last.action] in HELD:
            also = told[number].also if number in told else ()
            found.append(Wide(number, frozenset({rules[number], *also}), last))
    return found


def _steps(db: Connection, numbers: Collection[int] | None) -> dict[int, list[tuple[Seeing, str]]]:
    wanted = select(issue_events).order_by(issue_events.c.id)
    if numbers is not None:
        wanted = wanted.where(issue_events.c.issue.in_(list(numbers)))
    found: dict[int, list[tuple[Seeing, str]]] = defaultdict(list)
    for row in db.execute(wanted).mappings():
        proof = row["run"], row["url"], row["fetch_id"]
        found[row["issue"]].append((Seeing(moment(row["at"]), row["change"], row["state"], *proof), row["reason"]))
    return found


def _decisions(db: Connection, numbers: Collection[int] | None) -> dict[int, list[Decision]]:
    wanted = select(decisions).order_by(decisions.c.id)
    if numbers is not None:
        wanted = wanted.where(decisions.c.issue.in_(list(numbers)))
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in db.execute(wanted).mappings():
        found[row["issue"]].append(
            Decision(
                moment(row["at"]),
                row["who"],
                row["decision"],
                row["note"],
                row["basis"],
                to_moment(row["until"]),
                to_moment(row["deadline"]),
                row["reach"],
                row["value"],
                row["notice"],
            )
        )
    return found


def _descriptions(db: Connection, numbers: Collection[int] | None) -> dict[int, FindingRow]:
    shown = (findings.c.audit == issues.c.audit) & (findings.c.fingerprint == issues.c.fingerprint)
    wanted = select(findings, issues.c.number).join(issues, shown)
    if numbers is not None:
        wanted = wanted.where(issues.c.number.in_(list(numbers)))
    return {row["number"]: finding_row(row) for row in db.execute(wanted).mappings()}


def decide(
    db: Connection, decided: Mapping[int, Decision], as_of: datetime, *, known: Mapping[int, int] | None = None
) -> list[str]:
    """Writes every decision, or none; returns the refusals. The caller's transaction holds the lock meanwhile.

    `known` says how many decisions there were on an issue when somebody made up their mind.
    """
    found = {case.number: case for case in cases(db, as_of, numbers=decided.keys())}
    refusals: list[str] = []
    for number, decision in decided.items():
        case = found.get(number)
        if case is None:
            why = "没有这个编号"
        elif known is not None and len(case.decisions) != known[number]:
            why = "刚刚有人作了新的决定"
        else:
            why = refusal(decision.action, case.standing, decision, as_of)
        if why:
            refusals.append(f"问题 {number}：{why}")
    if decided and not refusals:
        decided = _numbered(db, decided)
        db.execute(insert(decisions), [_values(number, decision) for number, decision in decided.items()])
    return refusals


def _numbered(db: Connection, decided: Mapping[int, Decision]) -> dict[int, Decision]:
    """Issues notified together get one number, T20261124-1, unless somebody gave them one."""
    numbered = dict(decided)
    bare = {number: d for number, d in decided.items() if d.action == "notify" and not d.notice}
    if bare:
        head = f"T{min(d.at for d in bare.values()).astimezone(SHANGHAI):%Y%m%d}-"
        given = db.execute(select(decisions.c.notice).distinct().where(decisions.c.notice.startswith(head))).scalars()
        serials = [int(tail) for name in given if (tail := name.removeprefix(head)).isdecimal()]
        notice = f"{head}{max(serials, default=0) + 1}"
        numbered |= {number: replace(d, notice=notice) for number, d in bare.items()}
    return numbered


def noticed(db: Connection, notice: str) -> list[int]:
    """The issues of one notice."""
    wanted = select(decisions.c.issue).distinct().where(decisions.c.notice == notice, decisions.c.decision == "notify")
    return sorted(db.execute(wanted).scalars()) if notice else []


def restore(db: Connection, kept: Iterable[tuple[int, Decision]]) -> None:
    """Puts decisions back as they were taken, with their own time and author; nobody judges them again."""
    values = [_values(number, decision) for number, decision in kept]
    if values:
        db.execute(insert(decisions), values)


def _values(number: int, decision: Decision) -> dict[str, object]:
    return {
        "issue": number,
        "at": to_text(decision.at),
        "who": decision.who,
        "decision": decision.action,
        "until": to_text(decision.until),
        "note": decision.reason,
        "reach": decision.reach,
        "value": decision.value,
        "basis": decision.basis,
        "deadline": to_text(decision.deadline),
        "notice": decision.notice,
    }


# ── What decisions do to a report ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Judged:
    """What people made of one issue, as of a moment."""

    number: int
    fingerprint: str
    standing: Standing
    vouched: bool  # they stand for it as a problem, however sure the machine was
    notified: bool


def judged(db: Connection, as_of: datetime) -> list[Judged]:
    """Of the issues that anybody decided on, and of those such a decision reaches."""
    own = _decisions(db, None)
    if not own:
        return []
    said: dict[int, list[Decision]] = own | _reached(db, own, as_of)
    steps = _steps(db, said if len(said) <= _FEW else None)
    found = []
    for row in db.execute(select(issues).order_by(issues.c.number)).mappings():
        if (number := row["number"]) in said:
            seen = [step for step, _ in steps.get(number, [])]
            standing = fold(seen, said[number], row["state"], moment(row["last_seen"]), as_of)
            notified = any(d.action == "notify" and d.at <= as_of for d in said[number])
            found.append(Judged(number, row["fingerprint"], standing, is_vouched(said[number], as_of), notified))
    return found


def standings(db: Connection, as_of: datetime) -> dict[str, Standing]:
    """By fingerprint."""
    return {one.fingerprint: one.standing for one in judged(db, as_of)}


def decided_on(db: Connection, as_of: datetime) -> tuple[tuple[DeskRow, ...], tuple[Precision, ...]]:
    """What people decided, by issue, and what that says of the rules."""
    decided = _decisions(db, None)
    if not decided:
        return (), ()
    standing = standings(db, as_of)
    rows = [row for row in db.execute(select(issues)).mappings() if row["number"] in decided]
    desk = tuple(
        _desk_row(row["number"], standing[row["fingerprint"]], decided[row["number"]], as_of)
        for row in sorted(rows, key=lambda row: row["number"])
    )
    return desk, measured((row["rule"], decided[row["number"]]) for row in rows)


def _desk_row(number: int, standing: Standing, decided: Iterable[Decision], as_of: datetime) -> DeskRow:
    return DeskRow(
        number,
        standing.work,
        standing.since,
        standing.by,
        standing.reason,
        standing.deadline,
        standing.until,
        standing.overdue(as_of),
        tuple(
            DecisionRow(d.at, d.who, d.action, d.reason, d.basis, d.until, d.deadline, d.reach, d.value, d.notice)
            for d in decided
        ),
    )


def _reached(db: Connection, decided: Mapping[int, list[Decision]], as_of: datetime) -> dict[int, list[Decision]]:
    wide = wide_ones(db, as_of)
    if not wide:
        return {}
    codes = {code for one in wide for code in one.rules}
    shown = (findings.c.audit == issues.c.audit) & (findings.c.fingerprint == issues.c.fingerprint)
    alike = or_(findings.c.rule.in_(codes), findings.c.also != "[]")
    wanted = select(findings, issues.c.number, issues.c.first_seen.label("since")).join(issues, shown).where(alike)
    found = {}
    for row in db.execute(wanted).mappings():
        own = decided.get(row["number"], [])
        if said := reaching(wide, finding_row(row), own, moment(row["since"])):
            found[row["number"]] = [*said, *own]
    return found


def excused(row: FindingRow, standing: Standing | None) -> FindingRow:
    """A finding that a person dismissed or excepted counts no more; one whose term ran out says so."""
    if standing is None:
        return row
    if standing.lapsed:
        return replace(row, evidence=dict(row.evidence) | {"人工决定": f"{standing.reason}，重新计入"})
    return replace(row, exempt=row.exempt or standing.excuse)


def discounted(result: ResultRow, raised: Iterable[tuple[FindingRow, FindingRow]]) -> ResultRow:
    """The figures of a rule on a site without what people excused; `raised` is each finding before and after."""
    gone = [then for then, now in raised if now.exempt and not then.exempt]
    if not gone:
        return result
    left = {
        certainty: max(0, figure - sum(row.certainty is certainty for row in gone))
        for certainty, figure in (
            (Certainty.CONFIRMED, result.confirmed),
            (Certainty.SUSPECTED, result.suspected),
            (Certainty.PROPOSED, result.proposed),
        )
    }
    verdict, reason = result.verdict, result.reason
    if verdict is Verdict.FAILED and not left[Certainty.CONFIRMED]:
        rest = any(left.values())
        verdict = Verdict.UNVERIFIED if rest else Verdict.EXEMPT
        reason = "已确认的均经人工认定不计，其余待核实" if rest else "均经人工认定为误报或例外"
    return replace(
        result,
        verdict=verdict,
        reason=reason,
        confirmed=left[Certainty.CONFIRMED],
        suspected=left[Certainty.SUSPECTED],
        proposed=left[Certainty.PROPOSED],
    )
