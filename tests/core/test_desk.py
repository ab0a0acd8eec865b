"""What people decided beats what the machine sees, over any history (BEHAVIOURS 94)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.desk import HELD, Action, Decision, Seeing, Standing, fold, is_impossible, printed, refusal
from crawler.core.report import Change, IssueState

START = datetime(2026, 3, 1, tzinfo=UTC)
STATES: list[IssueState] = ["open", "not_rechecked", "sampled", "fixed", "withdrawn", "exempt"]
# From each state of the machine, what crawler/core/issues.py may come to next.
CLOSED = ("fixed", "withdrawn")
AFTER_CLOSED: list[IssueState] = ["open", "not_rechecked", "exempt"]

Event = tuple[str, int]
events = st.lists(st.tuples(st.sampled_from(["see", *get_args(Action)]), st.integers(0, 5)), max_size=25)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def decision(action: Action, hour: float, *, days: float | None = None, **more: str) -> Decision:
    until = at(hour) + timedelta(days=days) if days and action in {"dismiss", "except"} else None
    deadline = at(hour) + timedelta(days=3) if action == "notify" else None
    return Decision(at(hour), "王", action, more.get("reason", "理由"), "文件", until, deadline)


def seeing(state: IssueState, hour: float, change: Change = "known") -> Seeing:
    return Seeing(at(hour), change, state)


class History:
    """A history as the store can hold it: refused decisions are not in it."""

    def __init__(self, told: list[Event]) -> None:
        self.steps = [seeing("open", 0, "new")]
        self.decisions: list[Decision] = []
        self.state: IssueState = "open"
        self.last_seen = at(0)
        self.hour = 0
        for kind, number in told:
            self.hour += 12
            before = self.standing()
            if kind == "see":
                self.see(number)
            else:
                self.decide(kind, number)  # type: ignore[arg-type]
            self.check(before, kind)

    def see(self, number: int) -> None:
        choice = AFTER_CLOSED if self.state in CLOSED else STATES
        self.state = choice[number % len(choice)]
        if self.state not in CLOSED:
            self.last_seen = at(self.hour)
        self.steps.append(seeing(self.state, self.hour))

    def decide(self, action: Action, number: int) -> None:
        wanted = decision(action, self.hour, days=number or (None if action == "dismiss" else 1))
        if not refusal(action, self.standing(), wanted, at(self.hour)):
            self.decisions.append(wanted)

    def standing(self) -> Standing:
        return fold(self.steps, self.decisions, self.state, self.last_seen, at(self.hour))

    def check(self, before: Standing, kind: str) -> None:
        after = self.standing()
        assert not is_impossible(after.work, after.seen)
        if kind == "see" and before.work in HELD:
            ran_out = before.until is not None and at(self.hour) > before.until
            assert (after.work == before.work) is not ran_out
            assert after.lapsed is ran_out or after.work in {"mended", "recurred", "unmended"}
        if kind == "see" and before.work == "mended" and after.seen == "present":
            assert after.work == "recurred"


@given(events)
def test_no_history_undoes_a_decision_or_comes_to_an_impossible_pair(told: list[Event]) -> None:
    History(told)


def stands(*told: Seeing | Decision, state: IssueState = "open", seen: float = 0, now: float = 1000) -> Standing:
    steps = [row for row in told if isinstance(row, Seeing)]
    return fold(steps, [row for row in told if isinstance(row, Decision)], state, at(seen), at(now))


def test_a_recurrence_after_it_was_mended() -> None:
    first, mended, back = seeing("open", 0, "new"), seeing("fixed", 24, "fixed"), seeing("open", 48, "recurred")
    notified = decision("notify", 5)
    assert stands(first, notified, mended, state="fixed").work == "mended"
    assert stands(first, notified, mended, back, seen=48).work == "recurred"
    assert stands(first, decision("dismiss", 5), mended, back, seen=48).work == "dismissed"


def test_an_exception_that_ran_out_counts_again_and_says_so() -> None:
    first, allowed = seeing("open", 0, "new"), decision("except", 5, days=2)
    assert "例外：理由" in stands(first, allowed, now=20).excuse
    late = stands(first, decision("confirm", 2), allowed, now=500)
    assert (late.work, late.lapsed, late.excuse) == ("confirmed", True, "")
    assert "已过" in late.reason
    assert stands(first, allowed, seeing("fixed", 24, "fixed"), state="fixed", now=500).work == "mended"


def test_an_answer_is_looked_at_again() -> None:
    told = seeing("open", 0, "new"), decision("notify", 5), decision("answer", 30)
    assert stands(*told, seen=20).work == "answered"
    again = stands(*told, seen=40)
    assert again.work == "unmended"
    assert again.overdue(at(1000))
    assert "逾期" in printed(again, at(1000))


def test_a_fetch_told_late_still_closes() -> None:
    """The step bears the time of its fetch, before the decision that did not know of it."""
    assert stands(seeing("open", 0), decision("confirm", 5), seeing("fixed", 4), state="fixed").work == "mended"


@pytest.mark.parametrize(
    ("action", "wanted", "says"),
    [
        ("dismiss", decision("dismiss", 5, reason=" "), "理由"),
        ("except", Decision(at(5), "王", "except", "理由"), "依据"),
        ("work", decision("work", 5), "不能"),
        ("confirm", Decision(at(5), "王", "confirm", until=at(50)), "--until"),
        ("dismiss", decision("dismiss", 5, days=-1), "已经过去"),
    ],
)
def test_refusals_are_sentences(action: Action, wanted: Decision, says: str) -> None:
    assert says in refusal(action, Standing("pending", "present"), wanted, at(5))
