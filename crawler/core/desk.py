"""Where the work on an issue stands: what people decided, folded with what the machine saw since; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from crawler.core.report import Change, IssueState

Work = Literal[
    "pending", "confirmed", "notified", "working", "answered", "mended", "unmended", "recurred", "dismissed", "excepted"
]
Seen = Literal["present", "absent", "not_looked", "withdrawn"]
Action = Literal["confirm", "dismiss", "except", "notify", "work", "answer", "reopen", "note"]
Reach = Literal["issue", "target", "phrase", "prefix"]  # what one decision speaks of
Part = Literal["reason", "basis", "until", "deadline", "reach"]  # of a decision, for whoever says where it is wrong

WORK: Final = MappingProxyType[Work, str](
    {
        "pending": "待核实",
        "confirmed": "已确认",
        "notified": "已通知",
        "working": "整改中",
        "answered": "待复查",
        "mended": "已整改",
        "unmended": "未整改",
        "recurred": "复发",
        "dismissed": "误报",
        "excepted": "例外",
    }
)
SEEN: Final = MappingProxyType[Seen, str](
    {"present": "仍存在", "absent": "已消失", "not_looked": "未复查", "withdrawn": "已撤回"}
)
ACTIONS: Final = MappingProxyType[Action, str](
    {
        "confirm": "确认",
        "dismiss": "误报",
        "except": "例外",
        "notify": "通知",
        "work": "整改中",
        "answer": "已答复",
        "reopen": "重新核实",
        "note": "备注",
    }
)
REACHES: Final = MappingProxyType[Reach, str](
    {"issue": "本问题", "target": "同一目标", "phrase": "同一词语", "prefix": "网址前缀"}
)
# From where each action may be taken, and where it leads. A person can always take a judgement back (reopen).
ALLOWED: Final = MappingProxyType[Action, frozenset[Work]](
    {
        "confirm": frozenset({"pending", "recurred", "unmended"}),
        "dismiss": frozenset({"pending", "confirmed", "notified", "working", "answered", "unmended", "recurred"}),
        "except": frozenset({"pending", "confirmed", "notified", "working", "answered", "unmended", "recurred"}),
        "notify": frozenset({"confirmed", "unmended", "recurred", "notified"}),
        "work": frozenset({"notified", "unmended"}),
        "answer": frozenset({"confirmed", "notified", "working", "unmended", "recurred"}),
        "reopen": frozenset(WORK) - {"pending"},
        "note": frozenset(WORK),
    }
)
LEADS_TO: Final = MappingProxyType[Action, Work](
    {
        "confirm": "confirmed",
        "dismiss": "dismissed",
        "except": "excepted",
        "notify": "notified",
        "work": "working",
        "answer": "answered",
        "reopen": "pending",
    }
)
# What a look of the machine makes of the work, where it makes anything: all else stays as people left it.
BY_MACHINE: Final = MappingProxyType[tuple[Work, Seen], Work](
    {
        **{
            (work, "absent"): "mended"
            for work in ("pending", "confirmed", "notified", "working", "answered", "unmended", "recurred")
        },
        ("mended", "present"): "recurred",
        ("mended", "not_looked"): "recurred",  # it is yielded again, and rests on what was read before
        ("answered", "present"): "unmended",  # only by a look after the answer
    }
)
# What both fields together say, by what the machine saw: present, absent, not looked, withdrawn; "" cannot be.
# `fold` comes to no other pair, whatever happened (tests/core/test_life.py).
LIFE: Final = MappingProxyType[Work, tuple[str, str, str, str]](
    {
        "pending": ("等人核实", "重新核实中，机器已看不到", "等人核实，最近没有看到那里", "不再认定，不必核实"),
        "confirmed": ("属实，还没有通知单位", "", "属实，最近没有看到那里", "人已确认而机器撤回，请核对"),
        "notified": ("等单位整改", "", "等单位整改，最近没有看到那里", "已通知而机器撤回，请核对后告知单位"),
        "working": ("单位在整改", "", "单位在整改，最近没有看到那里", "整改中而机器撤回，请核对后告知单位"),
        "answered": ("单位已答复，答复后还没有看过", "", "单位已答复，等机器复查", "单位已答复而机器撤回，不必复查"),
        "mended": ("", "机器复查确认已消失", "", ""),
        "unmended": ("答复后复查仍在", "", "答复后复查仍在，此后没有再看到那里", "答复后曾仍在而机器撤回，请核对"),
        "recurred": ("整改后又出现", "", "整改后又出现，最近没有看到那里", "复发后机器撤回，请核对"),
        "dismissed": ("人认定为误报，不计", "误报，现已看不到", "人认定为误报，不计", "误报，机器也已撤回"),
        "excepted": ("经批准的例外，到期前不计", "例外，现已看不到", "经批准的例外，到期前不计", "例外，机器也已撤回"),
    }
)
OPTIONS: Final = MappingProxyType[Part, str](
    {
        "reason": "--reason",
        "basis": "--basis",
        "until": "--until",
        "deadline": "--deadline 或 --workdays",
        "reach": "--scope",
    }
)
# Nothing the machine sees moves these: a person said so (BEHAVIOURS 94).
HELD: Final = frozenset[Work]({"dismissed", "excepted"})
_ORDER: Final[tuple[Seen, ...]] = ("present", "absent", "not_looked", "withdrawn")
_DUE: Final = frozenset[Work]({"notified", "working", "unmended"})  # a deadline runs

_SEEN: Final[Mapping[IssueState, Seen]] = MappingProxyType(
    {
        "open": "present",
        "exempt": "present",
        "not_rechecked": "not_looked",
        "sampled": "not_looked",
        "fixed": "absent",
        "withdrawn": "withdrawn",
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a person decided."""

    at: datetime
    who: str
    action: Action
    reason: str = ""
    basis: str = ""  # of an exception: the document that allows it
    until: datetime | None = None  # an exception's or a dismissal's last moment
    deadline: datetime | None = None  # of a notice
    reach: Reach = "issue"
    value: str = ""  # the target, the number of a phrase in its context, or the beginning of an address
    notice: str = ""  # the number that the issues notified together share


@dataclass(frozen=True, slots=True)
class Seeing:
    """One step of the machine, as issue_events keeps it."""

    at: datetime
    change: Change
    state: IssueState
    run: int = 0
    url: str = ""  # the fetch it rests on
    fetch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Both fields of an issue as of a moment, and what goes with them."""

    work: Work
    seen: Seen
    since: datetime | None = None  # of the work field
    by: str = ""  # who decided last, "" for the machine
    reason: str = ""
    deadline: datetime | None = None
    until: datetime | None = None
    lapsed: bool = False  # an exception that ran out

    def overdue(self, as_of: datetime) -> bool:
        return self.runs and self.deadline is not None and as_of > self.deadline

    @property
    def runs(self) -> bool:
        """Whether a deadline runs: not once the unit answered, nor where the machine sees nothing to mend any more."""
        return self.work in _DUE and self.deadline is not None and self.seen not in {"absent", "withdrawn"}

    @property
    def says(self) -> str:
        """Both fields in one phrase."""
        return LIFE[self.work][_ORDER.index(self.seen)]

    @property
    def excuse(self) -> str:
        """Why it counts as no problem; "" where it counts."""
        if self.work not in HELD:
            return ""
        until = f"，到 {self.until:%Y-%m-%d}" if self.until else ""
        return f"{WORK[self.work]}：{self.reason or '未写理由'}（{self.by}{until}）"


def seen_of(state: IssueState) -> Seen:
    return _SEEN[state]


def allowed(work: Work) -> list[Action]:
    return [action for action, before in ALLOWED.items() if work in before]


def refusal(action: Action, standing: Standing, decision: Decision, as_of: datetime) -> str:
    """Why a decision cannot be taken now, in Chinese; "" where it can."""
    if why := barred(action, standing):
        return why
    says = [f"{words}（{OPTIONS[part]}）" for part, words in faults(action, decision, as_of)]
    return f"“{ACTIONS[action]}”{'；'.join(says)}" if says else ""


def barred(action: Action, standing: Standing) -> str:
    """Why this action cannot be taken from where the work stands."""
    if standing.seen == "withdrawn" and action not in {"note", "reopen"}:
        return "机器已撤回这个问题，不需要再决定"
    if standing.seen == "absent" and action not in {"note", "reopen"}:
        return f"机器复查时问题已消失（{WORK[standing.work]}），不能“{ACTIONS[action]}”（可以：重新核实、备注）"
    if standing.work not in ALLOWED[action]:
        can = "、".join(ACTIONS[name] for name in allowed(standing.work))
        return f"现在是“{WORK[standing.work]}”，不能“{ACTIONS[action]}”（可以：{can}）"
    return ""


def faults(action: Action, decision: Decision, as_of: datetime) -> list[tuple[Part, str]]:
    """What a decision lacks, has and cannot have, or has for a day that is over; every fault with its part."""
    holds = action in {"dismiss", "except"}
    wide = decision.reach != "issue"
    checks: tuple[tuple[bool, Part, str], ...] = (
        ((holds or action == "note") and not decision.reason.strip(), "reason", "要写明理由"),
        (action == "except" and not decision.basis.strip(), "basis", "要写明依据"),
        (action == "except" and decision.until is None, "until", "要写明截止日期"),
        (action == "notify" and decision.deadline is None, "deadline", "要写明期限"),
        (decision.until is not None and not holds, "until", "没有截止日期，请去掉"),
        (decision.deadline is not None and action not in {"notify", "work"}, "deadline", "没有期限，请去掉"),
        (wide and not holds, "reach", "只能针对本问题；只有误报和例外可以有更大的范围"),
        # what reaches issues nobody has seen yet may not last for ever
        (wide and action == "dismiss" and decision.until is None, "until", "的范围大于本问题，要写明截止日期"),
    )
    found = [(part, says) for wrong, part, says in checks if wrong]
    ends: tuple[tuple[datetime | None, Part, str], ...] = (
        (decision.deadline, "deadline", "期限"),
        (decision.until, "until", "截止日期"),
    )
    past = [(part, f"的{name} {at:%Y-%m-%d} 已经过去") for at, part, name in ends if at is not None and at <= as_of]
    return found + past


def fold(
    steps: Iterable[Seeing], decisions: Iterable[Decision], state: IssueState, last_seen: datetime, as_of: datetime
) -> Standing:
    """Where the work stands as of a moment. No state is kept in place: the same history says the same again."""
    seen = seen_of(state)
    standing = beneath = Standing(
        "pending", seen
    )  # beneath: where the machine alone would have it while people hold it
    told: list[tuple[datetime, int, Seeing | Decision]] = _in_order(step for step in steps if step.at <= as_of)
    told += [(decision.at, 1, decision) for decision in decisions if decision.at <= as_of]
    for at, _, event in sorted(told, key=lambda row: row[:2]):
        standing = _lapsed(standing, beneath, at)
        if isinstance(event, Seeing):
            if standing.work in HELD:
                beneath = _moved(beneath, event)
            else:
                standing = _moved(standing, event)
        elif event.action != "note":
            if standing.work not in HELD:
                beneath = standing
            standing = _decided(standing, event)
    return _squared(_lapsed(standing, beneath, as_of), last_seen)


def _in_order(steps: Iterable[Seeing]) -> list[tuple[datetime, int, Seeing | Decision]]:
    """Steps bear the time of their fetch, which may lie before that of an elder step; as told they are in order."""
    rows: list[tuple[datetime, int, Seeing | Decision]] = []
    for step in steps:
        rows.append((max(step.at, rows[-1][0]) if rows else step.at, 0, step))
    return rows


def _lapsed(standing: Standing, beneath: Standing, at: datetime) -> Standing:
    if standing.work not in HELD or standing.until is None or at <= standing.until:
        return standing
    says = f"“{WORK[standing.work]}”的期限 {standing.until:%Y-%m-%d} 已过"
    return replace(beneath, since=standing.until, by="", reason=says, until=None, lapsed=True)


def _decided(standing: Standing, decision: Decision) -> Standing:
    work = LEADS_TO[decision.action]
    deadline = decision.deadline or (standing.deadline if work in _DUE or work == "answered" else None)
    reason = f"{decision.reason}（依据：{decision.basis}）" if decision.basis else decision.reason
    return Standing(work, standing.seen, decision.at, decision.who, reason, deadline, decision.until)


def _moved(standing: Standing, step: Seeing) -> Standing:
    """What a step of the machine makes of work that nobody holds."""
    if step.change == "recurred":  # also where a decision fell between the fetch that closed it and its audit
        return Standing("recurred", standing.seen, step.at)
    work = BY_MACHINE.get((standing.work, seen_of(step.state)))
    if work is None or (standing.work == "answered" and work == "unmended"):  # weighed against the newest look below
        return standing
    return Standing(work, standing.seen, step.at)


def _squared(standing: Standing, last_seen: datetime) -> Standing:
    """What the machine saw last has the last word: a step bears the time of its fetch, and is told hours later."""
    if standing.work in HELD:
        return standing
    looked_since = standing.since is not None and last_seen > standing.since
    if standing.work == "answered":
        # A night that did not look, or another rule, does not take back what an earlier one saw.
        if standing.seen != "absent" and looked_since:
            return replace(standing, work="unmended", since=last_seen, by="", reason="答复后复查仍存在")
        return replace(standing, work="mended") if standing.seen == "absent" else standing
    if standing.seen == "absent" and standing.work == "pending":
        return standing  # a person took the machine's word back, or it never was anything else
    work = BY_MACHINE.get((standing.work, standing.seen))
    return standing if work is None else Standing(work, standing.seen, last_seen if looked_since else standing.since)


def printed(standing: Standing, as_of: datetime) -> str:
    """Both fields in the words of a list: 已通知，期限 2026-12-01（逾期）；机器：仍存在."""
    words = WORK[standing.work]
    if standing.deadline and standing.runs:
        words += f"，期限 {standing.deadline:%Y-%m-%d}" + ("（逾期）" if standing.overdue(as_of) else "")
    return f"{words}；机器：{SEEN[standing.seen]}"


def is_vouched(decisions: Iterable[Decision], as_of: datetime) -> bool:
    """Whether people stand for it as a problem: the newest word that is no note and lets nobody off."""
    said = (d for d in decisions if d.at <= as_of and d.action != "note" and LEADS_TO[d.action] not in HELD)
    last = max(enumerate(said), key=lambda row: (row[1].at, row[0]), default=None)
    return last is not None and last[1].action != "reopen"


def is_impossible(work: Work, seen: Seen) -> bool:
    """Pairs that no history can come to; the property test holds `fold` to it."""
    return not LIFE[work][_ORDER.index(seen)]
