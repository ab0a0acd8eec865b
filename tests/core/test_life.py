"""Both fields of an issue over random nights, partial crawls, crashes, rule changes and decisions (issue 5, item 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.desk import (
    ALLOWED,
    BY_MACHINE,
    HELD,
    LEADS_TO,
    LIFE,
    Action,
    Decision,
    Seeing,
    Seen,
    Standing,
    Work,
    fold,
    is_impossible,
    refusal,
)
from crawler.core.issues import CLOSED, Audit, IssueRecord, Move
from tests.core.test_issues import Book, Witness, World, judge, nights, tonight

PAIRS = [(work, seen) for work in get_args(Work) for seen in get_args(Seen)]


def test_the_table_is_whole() -> None:
    assert set(LIFE) == set(get_args(Work))
    assert set(ALLOWED) == set(get_args(Action))
    possible = {pair for pair in PAIRS if not is_impossible(*pair)}
    for (work, seen), after in BY_MACHINE.items():
        assert (after, seen) in possible
        assert work not in HELD, "nothing the machine sees moves what a person holds"
    # Every state can be come to, and no state but a person's word is a dead end for the machine.
    assert set(LEADS_TO.values()) | set(BY_MACHINE.values()) == set(LIFE)
    assert {work for work in LIFE if (work, "absent") not in BY_MACHINE} == {"mended", *HELD}


class Office:
    """What the store keeps of each issue, and people who decide whatever comes to their mind."""

    def __init__(self) -> None:
        self.steps: dict[str, list[Seeing]] = {}
        self.decided: dict[str, list[Decision]] = {}
        self.numbers: dict[str, int] = {}
        self.recurred: dict[str, int] = {}
        self.stood: dict[str, tuple[Standing, int]] = {}

    def tell(self, moves: list[Move]) -> None:
        for step in moves:
            name = step.record.fingerprint
            assert self.numbers.setdefault(name, step.record.number) == step.record.number
            self.recurred[name] = self.recurred.get(name, 0) + (step.change == "recurred")
            assert step.record.reopened == self.recurred[name]
            assert step.reason
            if step.change in {"new", "fixed", "recurred"}:
                assert step.proof.url, "what anybody can look up"
                assert step.proof.fetch_id is not None
            if step.worth_telling:
                proof = step.proof.url, step.proof.fetch_id
                self.steps.setdefault(name, []).append(
                    Seeing(step.at, step.change, step.record.state, step.record.run, *proof)
                )

    def standing(self, record: IssueRecord, now: datetime) -> Standing:
        name = record.fingerprint
        return fold(self.steps[name], self.decided.get(name, []), record.state, record.last_seen, now)

    def decide(self, record: IssueRecord, action: Action, days: int, now: datetime) -> None:
        until = now + timedelta(days=days) if action in {"dismiss", "except"} and days else None
        until = until or (now + timedelta(days=1) if action == "except" else None)
        deadline = now + timedelta(days=3) if action == "notify" else None
        wanted = Decision(now, "王", action, "理由", "文件", until, deadline)
        before = self.standing(record, now)
        if not refusal(action, before, wanted, now):
            assert before.work in ALLOWED[action]
            self.decided.setdefault(record.fingerprint, []).append(wanted)
            after = self.standing(record, now)
            assert after.work == LEADS_TO.get(action, before.work)

    def check(self, record: IssueRecord, now: datetime) -> None:
        after, count = self.standing(record, now), len(self.decided.get(record.fingerprint, []))
        assert not is_impossible(after.work, after.seen), (after.work, after.seen)
        assert (after.seen in {"absent", "withdrawn"}) == (record.state in CLOSED)
        before, then = self.stood.get(record.fingerprint, (None, 0))
        self.stood[record.fingerprint] = after, count
        if before is None or then != count:
            return
        if before.work in HELD:
            ran_out = before.until is not None and now > before.until
            assert after.work == before.work or ran_out, "what a person decided stands until its term"
        elif after.work != before.work:  # the machine's doing, and only its
            came = {BY_MACHINE.get((before.work, seen)) for seen in get_args(Seen)}
            twice = {BY_MACHINE.get(("mended", seen)) for seen in get_args(Seen)}  # gone and back since
            # A repair told after the decision it precedes, then a new rule: the decision stands again.
            said = {LEADS_TO[d.action] for d in self.decided.get(record.fingerprint, []) if d.action != "note"}
            said |= {"unmended"} if "answered" in said else set()  # and was looked at since
            assert after.work in came | twice | (said if before.work == "mended" else set())
            if after.work == "mended":
                assert record.state == "fixed", "nothing unseen is ever closed"


actions = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(get_args(Action)), st.integers(0, 3), st.booleans()), max_size=4
)


@given(st.lists(st.tuples(nights, actions), min_size=2, max_size=10))
@settings(deadline=None, max_examples=120)
def test_any_nights_any_decisions(plans: list[tuple[dict[str, Any], list[tuple[int, Action, int, bool]]]]) -> None:
    world, book, office, version, last = World(), Book(), Office(), 0, None
    witness = Witness(world)

    def audit(said: Audit, void: frozenset[str] = frozenset()) -> None:
        def decide(url: str) -> Any:
            return world.decision(url, said.run, said.as_of)

        sightings = judge(decide, version, void, said.crashed)
        sightings = {f: s for f, s in sightings.items() if said.rules is None or s.rule in said.rules}
        moves = book.audit(said, decide, *sightings.values())
        for step in moves:
            if step.record.fingerprint not in sightings and said.cause == "site":
                witness.checks(step, decide, version)
        witness.sees({f: s for f, s in sightings.items() if book.known[f].run <= said.run}, decide)
        office.tell(moves)

    for plan, decisions in plans:
        if plan["rules"] and last is not None:
            version = 1 - version
            audit(Audit(*last, f"{last[0]} {version}", "rules"))
        tonight(world, plan)
        people(office, book, decisions, world.now + timedelta(minutes=3), early=True)  # amid the crawl
        if not plan["skipped"]:  # a night that crashed before its audit
            void = frozenset(plan["void"])
            said = {"rules": plan["only"], "crashed": frozenset(plan["crashed"]), "unjudged": void}
            audit(Audit(world.run, world.now, f"n {version}", **said), void)
            last = (world.run, world.now) if plan["only"] is None else last
        people(office, book, decisions, world.now + timedelta(hours=2), early=False)
        for record in book.known.values():
            office.check(record, world.now + timedelta(hours=3))
    assert set(book.known) == set(office.steps), "every issue ever raised has a history"


def people(
    office: Office, book: Book, decisions: list[tuple[int, Action, int, bool]], now: datetime, *, early: bool
) -> None:
    numbered = sorted(book.known.values(), key=lambda record: record.number)
    for place, action, days, before in decisions:
        if before is early and place < len(numbered):
            office.decide(numbered[place], action, days, now)
