"""The life of issues: each sentence of DESIGN "Fixed means looked at since", then random worlds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.core.issues import CLOSED, Audit, Decision, IssueRecord, Move, Sighting, move, recheck_first
from crawler.core.model import State

START = datetime(2026, 3, 1, 14, tzinfo=UTC)


def night(run: int) -> datetime:
    return START + timedelta(days=run)


def read(run: int, body: str = "", state: str = "alive", knowledge: Any = "carried") -> Decision:
    return Decision(run * 100, night(run) + timedelta(hours=1), run, State(state), body, knowledge)


def answers(**known: Decision) -> Callable[[str], Decision | None]:
    return known.get


def audit(run: int, **more: Any) -> Audit:
    return Audit(run, night(run), **more)


FOOTER = Sighting("f", "FT-01", "lxs", ("a", "b", "c"))
PAGE = Sighting("p", "PF-01", "lxs", ("a", "js"), subject="a")


class Book:
    """Known issues between audits."""

    def __init__(self) -> None:
        self.known: dict[str, IssueRecord] = {}

    def audit(self, said: Audit, decide: Callable[[str], Decision | None], *seen: Sighting) -> list[Move]:
        moves = move(self.known, {s.fingerprint: s for s in seen}, decide, said, next_number=len(self.known) + 1)
        self.known |= {step.record.fingerprint: step.record for step in moves}
        return moves

    def only(self, said: Audit, decide: Callable[[str], Decision | None], *seen: Sighting) -> tuple[str, str]:
        (step,) = self.audit(said, decide, *seen)
        return step.record.state, step.change


@pytest.fixture
def book() -> Book:
    return Book()


def first_night(run: int = 1) -> dict[str, Decision]:
    return {url: read(run, "bad", knowledge="fresh") for url in ("a", "b", "c", "js")}


def test_yielded_from_carried_fetches_only_stays_open_not_rechecked(book: Book) -> None:
    assert book.only(audit(1), answers(**first_night()), FOOTER) == ("open", "new")
    carried = {url: read(1, "bad") for url in "abc"}
    assert book.only(audit(2), answers(**carried), FOOTER) == ("not_rechecked", "not_rechecked")
    assert book.known["f"].last_seen == read(1).at
    assert book.only(audit(3), answers(**carried | {"b": read(3, "bad", knowledge="fresh")}), FOOTER) == (
        "open",
        "known",
    )
    assert (book.known["f"].last_seen, book.known["f"].times) == (read(3).at, 2)


def test_its_own_subject_decided_differently_is_fixed_at_that_time(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), PAGE)
    (step,) = book.audit(audit(4), answers(a=read(3, "good")))
    assert (step.change, step.at) == ("fixed", read(3).at)


def test_a_cited_url_expired_or_unknown_keeps_it_open(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    half = {"a": read(2, "good"), "b": read(2, "good")}
    assert book.only(audit(2), answers(**half)) == ("not_rechecked", "not_rechecked")
    assert book.only(audit(60), answers(**half, c=read(1, "bad", knowledge="expired"))) == (
        "not_rechecked",
        "not_rechecked",
    )
    assert book.only(audit(61), answers(**half, c=read(61, "good"))) == ("fixed", "fixed")


def test_nothing_changed_is_our_change_and_withdrawn(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    unchanged = {url: read(2, "bad") for url in "abc"}
    assert book.only(audit(2), answers(**unchanged)) == ("withdrawn", "withdrawn")


def test_two_error_pages_with_different_bytes_are_no_repair(book: Book) -> None:
    dead = Sighting("d", "LK-02", "lxs", ("t",), subject="t", parents=("a",))
    book.audit(audit(1), answers(t=read(1, "404 at 22:00", "dead"), a=read(1, "bad")), dead)
    assert book.only(audit(2), answers(t=read(2, "404 at 22:01", "dead"), a=read(1, "bad"))) == ("withdrawn",) * 2


def test_a_fixed_one_that_is_back_recurred_under_its_number(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), PAGE)
    book.audit(audit(2), answers(a=read(2, "good")))
    assert book.only(audit(3), answers(a=read(3, "bad", knowledge="fresh")), PAGE) == ("open", "recurred")
    back = book.known["p"]
    assert (back.number, back.reopened, back.first_seen) == (1, 1, read(1).at)


def test_a_withdrawn_one_that_is_back_never_was_mended(book: Book) -> None:
    book.audit(audit(1, digest="1"), answers(**first_night()), PAGE)
    book.audit(audit(1, digest="2", cause="rules"), answers(**first_night()))
    assert book.known["p"].state == "withdrawn"
    again = book.only(audit(1, digest="3", cause="rules"), answers(**first_night()), PAGE)
    assert (again, book.known["p"].reopened) == (("open", "new_rule"), 0)


def test_a_new_rule_finds_nothing_new_about_the_site(book: Book) -> None:
    assert book.only(audit(1, cause="rules"), answers(**first_night()), PAGE) == ("open", "new_rule")


@pytest.mark.parametrize(
    "blind",
    [
        {"crashed": frozenset({("FT-01", "lxs")})},
        {"crashed": frozenset({("FT-02", "lxs")}), "kin": {"FT-01": frozenset({"FT-02"})}},
        {"unjudged": frozenset({"lxs"})},
    ],
)
def test_who_did_not_look_closes_nothing(book: Book, blind: dict[str, Any]) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    good = answers(**{url: read(2, "good") for url in "abc"})
    assert book.only(audit(2, **blind), good) == ("not_rechecked", "not_rechecked")
    assert book.only(audit(3), good) == ("fixed", "fixed")


@pytest.mark.parametrize(
    "narrow",
    [
        {"rules": frozenset({"LK-02"})},
        {"sites": frozenset({"hz"})},
        {"rules": frozenset({"FT-01"}), "kin": {"FT-01": frozenset({"FT-01", "FT-02"})}},
    ],
)
def test_a_filtered_audit_moves_nothing_outside_its_filter(book: Book, narrow: dict[str, Any]) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    assert book.audit(audit(2, **narrow), answers(**{url: read(2, "good") for url in "abc"})) == []


def test_a_mended_template_is_sampled_and_its_other_pages_go_first(book: Book) -> None:
    pages = [f"p{n}" for n in range(50)]
    bad = {url: read(1, "bad") for url in pages}
    template = replace(FOOTER, cites=tuple(pages))
    book.audit(audit(1), answers(**bad), template)
    good = bad | {url: read(2, "good", knowledge="fresh") for url in pages[:19]}
    assert book.only(audit(2), answers(**good), replace(template, cites=tuple(pages[19:])))[0] == "not_rechecked"
    good = bad | {url: read(2, "good") for url in pages[:19]} | {"p19": read(3, "good", knowledge="fresh")}
    rest = replace(template, cites=tuple(pages[20:]))
    assert book.only(audit(3), answers(**good), rest) == ("sampled", "sampled")
    assert recheck_first(book.known.values()) == pages[20:]
    assert book.only(audit(4), answers(**good), rest) == ("sampled", "not_rechecked")
    failing = good | {"p20": read(5, "bad", knowledge="fresh")}
    assert book.only(audit(5), answers(**failing), rest) == ("open", "known")
    assert book.known["f"].passed == 0


def test_pages_that_died_are_no_sample(book: Book) -> None:
    pages = [f"p{n}" for n in range(50)]
    bad = {url: read(1, "bad") for url in pages}
    book.audit(audit(1), answers(**bad), replace(FOOTER, cites=tuple(pages)))
    gone = bad | {url: read(2, "", "dead") for url in pages[:30]}
    rest = replace(FOOTER, cites=tuple(pages[30:]))
    assert book.only(audit(2), answers(**gone), rest)[0] == "not_rechecked"


def test_pages_of_an_earlier_sighting_stay_cited_until_they_are_decided(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    expired = answers(a=read(60, "bad", knowledge="fresh"), b=read(1, "bad", knowledge="expired"), c=read(50, "good"))
    book.audit(audit(60), expired, replace(FOOTER, cites=("a",)))
    assert set(book.known["f"].cited) == {"a", "b"}
    mended = {"a": read(61, "good"), "b": read(1, "bad", knowledge="expired")}
    assert book.only(audit(61), answers(**mended)) == ("not_rechecked", "not_rechecked")


def test_a_template_seen_on_one_page_only_is_not_settled_by_that_page(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    seen = answers(a=read(60, "bad", knowledge="fresh"), b=read(1, "bad", knowledge="expired"))
    book.audit(audit(60), seen, replace(FOOTER, cites=("a",), subject="a"))
    assert book.only(audit(61), answers(a=read(61, "good")))[0] == "not_rechecked"


def test_a_subject_that_moved_to_https_is_the_same_subject(book: Book) -> None:
    plain, safe = "http://www.lxs.gov.cn/x.html", "https://www.lxs.gov.cn/x.html"
    book.audit(audit(1), answers(**{plain: read(1, "bad")}), replace(PAGE, cites=(plain,), subject=plain))
    book.audit(audit(2), answers(**{safe: read(2, "bad")}), replace(PAGE, cites=(safe,), subject=safe))
    assert set(book.known["p"].cited) == {safe}
    assert book.only(audit(3), answers(**{safe: read(3, "good")})) == ("fixed", "fixed")


def test_an_exempt_one_is_not_fixed_by_its_window(book: Book) -> None:
    window = replace(PAGE, exempt=True)
    assert book.only(audit(1), answers(**first_night()), window) == ("exempt", "new")
    assert book.only(audit(2), answers()) == ("exempt", "not_rechecked")
    assert book.only(audit(3), answers(**first_night(3)), PAGE) == ("open", "known")


def test_a_suspicion_that_was_not_confirmed_is_no_repair(book: Book) -> None:
    down = Sighting("s", "AV-08", "lxs", ("home",), subject="home", fresh=True, at=night(2) + timedelta(hours=2))
    assert book.only(audit(2), answers(home=read(1, "same")), down) == ("open", "new")
    assert book.only(audit(3), answers(home=read(3, "same"))) == ("withdrawn", "withdrawn")


def test_a_retired_rule_takes_its_issues_with_it(book: Book) -> None:
    book.audit(audit(1), answers(**first_night()), FOOTER)
    assert book.only(audit(2, existing=frozenset({"LK-02"})), answers()) == ("withdrawn", "withdrawn")


# ── Random worlds ────────────────────────────────────────────────────────────────────────────────────────────────────

SITES = ("hz", "lxs")
URLS = tuple((site, f"{site}/{name}") for site in SITES for name in ("0", "1", "2", "3", "t"))
EXPIRE = timedelta(days=45)


@dataclass(frozen=True)
class Row:
    at: datetime
    run: int
    state: str
    body: int


@dataclass
class World:
    """What is on the web, and what nights read of it. Bodies are numbers from 0 to 3; targets may die."""

    truth: dict[str, tuple[str, int]] = field(default_factory=lambda: {url: ("alive", 0) for _, url in URLS})
    log: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    now: datetime = START
    run: int = 0

    def decision(self, url: str, run: int, as_of: datetime) -> Decision | None:
        rows = [row for row in self.log[url] if row.run <= run]
        if not rows:
            return None
        row = rows[-1]
        knowledge: Any = "fresh" if row.run == run else "expired" if as_of - row.at > EXPIRE else "carried"
        return Decision(hash((url, row.at)), row.at, row.run, State(row.state), str(row.body), knowledge)


def fails(rule: str, version: int, body: int) -> bool:
    """Two rules, each of which changes its mind with the version."""
    return (
        body in {("page", 0): {1, 3}, ("page", 1): {1, 2}, ("template", 0): {2, 3}, ("template", 1): {3}}[rule, version]
    )


def judge(
    decide: Callable[[str], Decision | None], version: int, blind: frozenset[str], crashed: frozenset[tuple[str, str]]
) -> dict[str, Sighting]:
    """What an engine yields: from fresh and carried pages only, nothing for void sites and crashed rules."""
    known = {(s, u): d for s, u in URLS if (d := decide(u)) and d.knowledge in {"fresh", "carried"} and s not in blind}
    alive = {key: int(d.body_hash) for key, d in known.items() if d.state is State.ALIVE and not key[1].endswith("t")}
    seen: list[Sighting] = [
        Sighting(f"page {url}", "page", site, (url,), subject=url)
        for (site, url), body in alive.items()
        if fails("page", version, body)
    ]
    for site in SITES:
        failing = tuple(u for (s, u), body in alive.items() if s == site and fails("template", version, body))
        if failing:
            subject = failing[0] if len(failing) == 1 else ""
            seen.append(Sighting(f"template {site}", "template", site, failing, subject=subject))
        target = known.get((site, f"{site}/t"))
        parents = tuple(u for (s, u), body in alive.items() if s == site and body != 0)  # page 0 links to nothing
        if target and target.state is State.DEAD and parents:
            seen.append(Sighting(f"dead {site}", "dead", site, (f"{site}/t",), subject=f"{site}/t", parents=parents))
    return {s.fingerprint: s for s in seen if (s.rule, s.site) not in crashed}


urls = st.sets(st.sampled_from([url for _, url in URLS]), max_size=len(URLS))
nights = st.fixed_dictionaries(
    {
        "changes": st.dictionaries(st.sampled_from([u for _, u in URLS]), st.integers(0, 3), max_size=5),
        "reads": urls,
        "days": st.sampled_from([1, 1, 1, 2, 30, 50]),
        "void": st.sets(st.sampled_from(SITES), max_size=1),
        "crashed": st.sets(st.sampled_from([(r, s) for r in ("page", "template", "dead") for s in SITES]), max_size=2),
        "skipped": st.booleans(),
        "rules": st.sampled_from([0, 0, 0, 1]),
        "only": st.sampled_from([None, None, None, frozenset({"page"}), frozenset({"template", "dead"})]),
    }
)


class Witness:
    """Remembers everything and judges each move by the definition, never by the code under test."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.raised: set[str] = set()
        self.history: dict[str, list[tuple[Sighting, dict[str, Decision | None]]]] = defaultdict(list)

    def sees(self, sightings: dict[str, Sighting], decide: Callable[[str], Decision | None]) -> None:
        for seen in sightings.values():
            self.raised.add(seen.fingerprint)
            self.history[seen.fingerprint].append((seen, {u: decide(u) for u in (*seen.cites, *seen.parents)}))

    def differs(self, now: Decision | None, then: Decision | None) -> bool:
        if now is None or then is None or now.knowledge == "expired" or now.at <= then.at:
            return False
        return now.state != then.state or (now.state is State.ALIVE and now.body_hash != then.body_hash)

    def checks(self, step: Move, decide: Callable[[str], Decision | None], version: int) -> None:
        seen, cited = self.history[step.record.fingerprint][-1]
        if step.change == "fixed":
            ever = {u: then for _, then_cited in self.history[seen.fingerprint] for u, then in then_cited.items()}
            decided = [url for url, then in ever.items() if self.differs(decide(url), then)]
            assert step.at in [row.at for url in decided for row in self.world.log[url]], "somebody looked, just then"
            assert step.at > step.record.last_seen or seen.rule == "dead"  # a parent is read apart from its target
            if seen.rule == "template":
                for _, then_cited in self.history[seen.fingerprint]:
                    for url in then_cited:
                        last = self.world.log[url][-1]
                        assert last.state == "dead" or not fails("template", version, last.body), "still believed bad"
        if step.change == "withdrawn":
            assert not any(self.differs(decide(url), then) for url, then in cited.items())
        if step.change == "recurred":
            assert step.before == "fixed"


def tonight(world: World, plan: dict[str, Any]) -> None:
    world.run += 1
    world.now += timedelta(days=plan["days"])
    for url, body in plan["changes"].items():
        world.truth[url] = ("dead" if url.endswith("t") and body % 2 else "alive", body)
    for place, (site, url) in enumerate(URLS):
        if url in plan["reads"] and site not in plan["void"]:  # rows of void sites count for nothing
            world.log[url].append(Row(world.now + timedelta(minutes=place), world.run, *world.truth[url]))


def judged_again(world: World, book: Book, witness: Witness, version: int, last: tuple[int, datetime]) -> None:
    """The last audited Snapshot under other rules: nothing is new, recurs or is fixed, since nobody looked."""
    run, as_of = last

    def decide(url: str) -> Decision | None:
        return world.decision(url, run, as_of)

    sightings = judge(decide, version, frozenset(), frozenset())
    moves = book.audit(Audit(run, as_of, f"{run} {version}", "rules"), decide, *sightings.values())
    # What a filtered audit of a later run saw is the newer sighting.
    witness.sees({f: s for f, s in sightings.items() if book.known[f].run <= run}, decide)
    assert {step.change for step in moves} <= {"new_rule", "withdrawn", "known", "not_rechecked", "sampled"}
    # but for what a filtered audit of a later run has already settled
    assert not [f for f in sightings if book.known[f].state in CLOSED and book.known[f].run <= run]


def steps_are_right(
    moves: list[Move], before: dict[str, IssueRecord], sightings: dict[str, Sighting], said: Audit
) -> None:
    for step in moves:
        record, elder = step.record, before.get(step.record.fingerprint)
        if step.change == "recurred":
            assert elder is not None
            assert elder.state == "fixed"
        if step.change == "new":
            assert elder is None or elder.state == "withdrawn"
        if record.fingerprint not in sightings:
            blind = record.site in said.unjudged or (record.rule, record.site) in said.crashed
            assert not (blind and step.change in CLOSED)
            assert said.rules is None or record.rule in said.rules


def nothing_is_lost(book: Book, witness: Witness, sightings: dict[str, Sighting]) -> None:
    # never a contradiction: what is yielded is open
    assert not [f for f in sightings if book.known[f].state in CLOSED]
    # never a silent loss: every issue ever raised is in some state, under a number of its own
    assert witness.raised == set(book.known)
    assert len({record.number for record in book.known.values()}) == len(book.known)


def nothing_haunts(
    book: Book, witness: Witness, sightings: dict[str, Sighting], said: Audit, decide: Callable[[str], Decision | None]
) -> None:
    """What was looked at through and through and is not yielded is closed."""
    for fingerprint, record in book.known.items():
        if fingerprint in sightings or not said.covers(record) or not said.judged(record):
            continue
        everything = [decide(url) for _, cited in witness.history[fingerprint] for url in cited]
        if all(decision and decision.knowledge == "fresh" for decision in everything):
            assert record.state in CLOSED


@given(st.lists(nights, min_size=2, max_size=12))
@settings(deadline=None, max_examples=300)
def test_any_world_any_night(plans: list[dict[str, Any]]) -> None:
    world, book, version = World(), Book(), 0
    witness = Witness(world)
    last: tuple[int, datetime] | None = None

    def decide(url: str) -> Decision | None:
        return world.decision(url, world.run, world.now)

    for plan in plans:
        if plan["rules"] and last is not None:
            version = 1 - version
            judged_again(world, book, witness, version, last)
        tonight(world, plan)
        if plan["skipped"]:
            continue
        void, crashed, only = frozenset(plan["void"]), frozenset(plan["crashed"]), plan["only"]
        sightings = judge(decide, version, void, crashed)
        sightings = {f: s for f, s in sightings.items() if only is None or s.rule in only}
        said = Audit(world.run, world.now, f"n {version}", rules=only, crashed=crashed, unjudged=void)
        before = dict(book.known)
        moves = book.audit(said, decide, *sightings.values())
        for step in moves:
            if step.record.fingerprint not in sightings:
                witness.checks(step, decide, version)
        steps_are_right(moves, before, sightings, said)
        witness.sees(sightings, decide)
        nothing_is_lost(book, witness, sightings)
        nothing_haunts(book, witness, sightings, said, decide)
        after = dict(book.known)
        assert book.audit(said, decide, *sightings.values()) == [], "the same audit again moves nothing"
        assert move(book.known, {}, decide, replace(said, run=world.run - 1, digest="older")) == []
        assert book.known == after
        if only is None:
            last = (world.run, world.now)
