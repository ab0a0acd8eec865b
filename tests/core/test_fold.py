"""Folding the fetch log, against a slow model that asks the definition of every pair of rows."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.fold import UNKNOWN, Folded, LogRow, fold, fold_all
from crawler.core.model import State

START = datetime(2026, 3, 1, 14, tzinfo=UTC)
GAP = timedelta(minutes=30)
MINUTE, DAY = 60, 86_400


def rows(*said: tuple[float, int, str], url_id: int = 1) -> list[LogRow]:
    """(seconds since the start, run, state) in time order."""
    start = START.timestamp()
    return [LogRow(url_id, n, start + after, run, state) for n, (after, run, state) in enumerate(said, 1)]


def known(*said: tuple[float, int, str], run: int = 1, after: timedelta = timedelta(hours=8)) -> Folded:
    return fold(rows(*said), as_of=START + after, second_round_after=GAP, run=run)


def test_nothing_was_ever_read() -> None:
    assert known() == UNKNOWN


def test_a_server_that_fails_once_is_not_dead() -> None:
    """BEHAVIOURS 40: no problem in the final list."""
    flapping = known((0, 1, "suspect"), (31 * MINUTE, 1, "alive"))
    assert (flapping.state, flapping.pending) == (State.ALIVE, None)


def test_one_suspect_waits_and_leaves_what_was_known() -> None:
    waiting = known((0, 1, "alive"), (DAY, 2, "suspect"), run=2, after=timedelta(days=1))
    assert waiting.state is State.ALIVE
    assert waiting.knowledge == "carried"
    assert waiting.pending is not None
    assert waiting.pending.fetch_id == 2


def test_two_suspects_half_an_hour_apart_are_a_dead() -> None:
    dead = known((0, 1, "alive"), (DAY, 2, "suspect"), (DAY + 30 * MINUTE, 2, "suspect"), run=2)
    assert dead.state is State.DEAD
    assert [row.fetch_id for row in dead.rests_on] == [2, 3]
    assert dead.pending is None


def test_two_suspects_of_one_moment_are_one() -> None:
    hurried = known((0, 1, "suspect"), (29 * MINUTE, 1, "suspect"))
    assert hurried.state is None
    assert hurried.knowledge == "unknown"
    assert hurried.pending is not None
    assert hurried.pending.fetch_id == 1, "the second round is due half an hour after the first"


def test_later_suspects_keep_it_dead_with_the_latest_deciding_and_young_evidence() -> None:
    dead = known(*((n * DAY, n, "suspect") for n in range(1, 61)), run=60, after=timedelta(days=60))
    assert dead.state is State.DEAD
    assert dead.knowledge == "fresh"
    assert [row.run for row in dead.rests_on] == [59, 60]
    burst = known((0, 1, "suspect"), (31 * MINUTE, 1, "suspect"), (32 * MINUTE, 1, "suspect"))
    assert burst.state is State.DEAD
    assert [row.fetch_id for row in burst.rests_on] == [1, 3]


def test_blocked_changes_nothing_and_is_told_while_it_is_the_newest() -> None:
    barred = known((0, 1, "dead"), (DAY, 2, "blocked"), run=2, after=timedelta(days=1))
    assert (barred.state, barred.knowledge) == (State.DEAD, "carried")
    assert barred.blocked is not None
    assert known((0, 1, "blocked"), (DAY, 2, "alive"), run=2).blocked is None
    # neither does it keep two suspects apart
    assert known((0, 1, "suspect"), (MINUTE, 1, "blocked"), (31 * MINUTE, 1, "suspect")).state is State.DEAD


def test_a_dead_url_that_came_back_is_alive() -> None:
    """BEHAVIOURS 91: down in run 1, up in run 2."""
    assert known((0, 1, "dead"), (DAY, 2, "alive"), run=2).state is State.ALIVE


def test_knowledge_expires_after_45_days() -> None:
    said = ((0, 1, "alive"),)
    assert known(*said, run=2, after=timedelta(days=45)).knowledge == "carried"
    expired = known(*said, run=2, after=timedelta(days=45, seconds=1))
    assert (expired.knowledge, expired.state) == ("expired", State.ALIVE)


def test_an_older_run_says_the_same_after_a_later_one() -> None:
    night = ((0, 1, "alive"), (DAY, 2, "suspect"))
    later = (*night, (2 * DAY, 3, "suspect"), (3 * DAY, 4, "dead"))
    assert known(*night, run=2) == known(*later, run=2)


# ── Random worlds ────────────────────────────────────────────────────────────────────────────────────────────────────

worlds = st.lists(
    st.tuples(
        st.sampled_from(["alive", "dead", "suspect", "suspect", "suspect", "blocked"]),
        st.sampled_from([1, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, DAY, 20 * DAY, 46 * DAY]),
        st.booleans(),  # a new run begins here
    ),
    max_size=14,
)


def logged(world: list[tuple[str, int, bool]], url_id: int = 1) -> list[LogRow]:
    at, run, log = START.timestamp(), 1, []
    for number, (state, after, new_run) in enumerate(world, 1):
        at, run = at + after, run + new_run
        log.append(LogRow(url_id, number, at, run, state))
    return log


def deciding_in(log: list[LogRow]) -> tuple[str | None, LogRow | None]:
    """The definition, read aloud: the newest row that decides by itself or has an earlier partner."""
    for index in range(len(log) - 1, -1, -1):
        row = log[index]
        if row.state in {"alive", "dead"}:
            return row.state, row
        if row.state == "suspect":
            for elder in reversed(log[:index]):
                if elder.state in {"alive", "dead"}:
                    break
                if elder.state == "suspect" and row.at - elder.at >= GAP.total_seconds():
                    return "dead", row
    return None, None


@given(worlds, st.integers(0, 60))
@settings(deadline=None, max_examples=400)
def test_agrees_with_the_definition_in_any_world(world: list[tuple[str, int, bool]], later: int) -> None:
    log = logged(world)
    last_run = log[-1].run if log else 1
    as_of = datetime.fromtimestamp(log[-1].at if log else 0, UTC) + timedelta(days=later)
    for run in range(1, last_run + 2):
        got = fold(log, as_of=as_of, second_round_after=GAP, run=run)
        heard = [row for row in log if row.run <= run]
        state, row = deciding_in(heard)
        assert (got.state, got.deciding) == (state, row)
        if row is None:
            assert got.knowledge == "unknown"
        else:
            old = as_of.timestamp() - row.at > timedelta(days=45).total_seconds()
            assert got.knowledge == ("fresh" if row.run == run else "expired" if old else "carried")
            assert got.rests_on[-1] is row
        if len(got.rests_on) == 2:
            elder, younger = got.rests_on
            between = [r.state for r in heard if elder.at < r.at < younger.at]
            assert younger.at - elder.at >= GAP.total_seconds()
            assert "alive" not in between
        assert (got.blocked is not None) == bool(heard and heard[-1].state == "blocked")
        if got.pending:
            assert "alive" not in [r.state for r in heard if r.at > got.pending.at]


@given(st.lists(worlds, max_size=5))
@settings(deadline=None)
def test_a_stream_of_urls_says_what_each_says_alone(several: list[list[tuple[str, int, bool]]]) -> None:
    logs = {number: logged(world, number) for number, world in enumerate(several) if world}
    stream = [row for log in logs.values() for row in log]
    asked = {"as_of": START + timedelta(days=50), "second_round_after": GAP, "run": 3}
    together = dict(fold_all(stream, **asked))
    for number, log in logs.items():
        assert together.get(number, UNKNOWN) == fold(log, **asked)


@pytest.mark.parametrize("urls", [20_000])
def test_folding_costs_little(urls: int) -> None:
    """An audit folds a million rows; measured 0.3 µs a row, and ten times that would be noticed at night."""
    states = ("alive", "suspect", "alive", "dead", "blocked")
    log = [
        LogRow(url, url * 5 + n, START.timestamp() + n * DAY, n + 1, state)
        for url in range(urls)
        for n, state in enumerate(states)
    ]
    began = time.process_time()
    count = sum(1 for _ in fold_all(log, as_of=START, second_round_after=GAP, run=5))
    assert count == urls
    assert (time.process_time() - began) / len(log) < 5e-6
