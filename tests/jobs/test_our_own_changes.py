"""A rule, a column or an outage that we change between two nights mends nothing and breaks nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.core.clock import SHANGHAI
from tests.crawl.small_world import World, on, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        found.add("aaa", home_extra='<a href="/gone.html">旧页</a>')
        found.add("bbb")
        yield found


def states(world: World) -> dict[str, tuple[str, str]]:
    """State and last change of every issue after one more night."""
    world.report()
    with closing(sqlite3.connect(world.places.findings_db)) as connection:
        rows = connection.execute("SELECT rule, site, state, change FROM issues").fetchall()
    return {f"{rule} {site}": (state, change) for rule, site, state, change in rows}


def test_a_rule_switched_off_and_on_again(world: World) -> None:
    assert states(world)["FT-01 aaa"] == ("open", "new")
    world.disabled = ["FT-01"]
    off = states(world)
    assert off["FT-01 aaa"][0] == "withdrawn"
    assert off["FT-02 aaa"] == ("open", "known")
    world.disabled = []
    on_again = states(world)
    assert on_again["FT-01 aaa"][0] == "open"
    assert on_again["FT-01 aaa"][1] in {"new_rule", "known"}, "never new, never recurred: nobody broke anything"
    assert {change for state, change in states(world).values() if state == "open"} == {"known"}


def test_a_rule_of_a_later_edition_finds_what_was_there_before(world: World) -> None:
    world.disabled = ["FT-02"]
    assert "FT-02 aaa" not in states(world)
    world.disabled = []
    found = world.report()
    row = next(row for row in found.findings if row.rule == "FT-02" and row.site == "aaa")
    assert row.change in {"new_rule", "known"}
    assert not found.closed


def test_a_column_that_is_no_longer_registered(world: World) -> None:
    assert states(world)["PF-01 aaa"][0] == "open"
    world.sites["aaa"].has_column = False
    later = states(world)
    assert later["PF-01 aaa"][0] == "withdrawn"
    assert later["PF-01 bbb"] == ("open", "known")


def test_a_site_that_is_no_longer_registered(world: World) -> None:
    states(world)
    del world.sites["bbb"]
    later = states(world)
    assert {state for name, (state, _) in later.items() if name.endswith("bbb")} <= {"withdrawn", "not_rechecked"}


def test_an_announced_outage_is_exempt_and_stays_recorded(world: World) -> None:
    """BEHAVIOURS 90."""
    now = datetime.now(SHANGHAI)
    window = {
        "from": f"{now - timedelta(hours=2):%Y-%m-%d %H:%M}",
        "to": f"{now + timedelta(hours=2):%Y-%m-%d %H:%M}",
        "number": "报备2026-7",
    }
    world.report()
    world.sites["bbb"].more = {"outages": [window]}
    world.connect_to = {"www.bbb.gov.cn:80": "refused"}
    report = world.report()
    home = on(report, "http://www.bbb.gov.cn/")
    assert home is not None
    assert home.rule == "AV-08"
    assert home.exempt
    verdict = next(row for row in report.results if row.rule == "AV-08" and row.site == "bbb")
    assert verdict.verdict.value == "exempt"
    assert not [row for row in report.closed if row.state == "fixed"]


def test_a_dark_site_mends_nothing_and_its_return_is_no_news(world: World) -> None:
    before = {row.fingerprint for row in world.report().findings}
    world.connect_to = {"www.bbb.gov.cn:80": "refused"}
    dark = world.report()
    assert not dark.closed
    world.connect_to = {}
    back = world.report()
    assert {row.fingerprint for row in back.findings} == before
    assert {row.change for row in back.findings} <= {"known"}
    assert {row.rule for row in back.closed} == {"AV-08"}
    assert {row.state for row in back.closed} == {"fixed"}
