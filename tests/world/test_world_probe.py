"""`govcheck probe` over the misbehaving world (BEHAVIOURS 33, 34, 35, 90)."""

from __future__ import annotations

import json

import pytest

from tests.world.office import CANARY, page
from tests.world.server import answer
from tests.world.shapes import pieces


def probed(office, *words: str) -> dict[str, dict]:
    return {row["site"]: row for row in office.run("probe", "--json", *words)["sites"]}


def test_each_home_page_is_asked_once_and_each_answer_is_named(world, office) -> None:
    for name in ("pgood", "pdown", "pblock", "pgone", "pthrottle"):
        office.site(name)
    world.on("http://www.pdown.gov.cn/", answer("", 500))
    world.on("http://www.pgone.gov.cn/", answer("", 404))
    world.on("http://www.pthrottle.gov.cn/", answer("", 429, Retry_After="1"))
    world.on("http://www.pblock.gov.cn/", answer("", 412, "4hP44ZykCTt5S=60Jx1; path=/"))
    found = probed(office)
    assert {name: row["opens"] for name, row in found.items()} == {
        "pgood": True,
        "pdown": False,
        "pgone": False,
        "pblock": None,
        "pthrottle": None,
    }
    assert office.exit_code == 4  # of two sites nothing could be learnt
    for name in found:
        assert len(world.asked(f"//www.{name}.gov.cn/*")) == 1, name
    assert {visit.method for visit in world.log} == {"GET"}


@pytest.mark.behaviour(34)
def test_slower_than_the_official_clock_is_a_failure_that_is_measured(world, office) -> None:
    """The world's clock is 1 s and listens for 2."""
    office.site("pslow")
    office.site("pbrisk")
    world.on("http://www.pslow.gov.cn/", pieces(1.3, answer(page("慢"))))
    world.on("http://www.pbrisk.gov.cn/", pieces(0.2, answer(page("不慢"))))
    found = probed(office)
    assert office.exit_code == 0
    assert (found["pslow"]["opens"], found["pbrisk"]["opens"]) == (False, True)
    assert found["pslow"]["status"] == 200
    assert 1.3 <= found["pslow"]["seconds"] < 1.9
    assert "超过 1 秒" in found["pslow"]["says"]


@pytest.mark.behaviour(33)
def test_the_other_scheme_is_tried_once_where_the_port_is_shut(world, office) -> None:
    office.site("pmix", scheme="https")
    office.site("pshut", scheme="https")
    world.on("http://www.pmix.gov.cn/", answer(page("首页")))
    world.connect_to["www.pshut.gov.cn:*"] = "refused"
    found = probed(office)
    assert (found["pmix"]["opens"], found["pmix"]["opened"]) == (True, "http://www.pmix.gov.cn/")
    assert found["pshut"]["opens"] is False
    assert len(world.asked("//www.pmix.gov.cn/*")) == 1


def test_a_round_without_a_network_of_our_own_is_void(world, office) -> None:
    office.site("pvoid")
    office.canaries = (CANARY, "http://canary2.test/")
    world.connect_to["canary.test:*"] = world.connect_to["canary2.test:*"] = "refused"
    try:
        told = office.run("probe", "--json")
    finally:
        del world.connect_to["canary.test:*"], world.connect_to["canary2.test:*"]
    assert (office.exit_code, told["sites"]) == (3, [])
    assert "作废" in told["void"]
    assert not world.asked("//www.pvoid.gov.cn/*")


def test_a_probe_runs_beside_a_night(world, office) -> None:
    """The night's lock is its own."""
    from crawler.jobs.places import Places

    office.site("pbeside")
    (office.folder / "data").mkdir()
    with Places(office.folder / "data").lock():
        assert probed(office)["pbeside"]["opens"] is True


def test_an_open_breaker_is_respected(world, office) -> None:
    office.site("pbreak")
    world.on("http://www.pbreak.gov.cn/", answer("", 412, "4hP44ZykCTt5S=60Jx1; path=/"))
    assert probed(office)["pbreak"]["outcome"] == "protected"
    assert probed(office)["pbreak"]["outcome"] == "breaker"
    assert len(world.asked("//www.pbreak.gov.cn/*")) == 1


def test_an_unconfirmed_site_is_never_asked(world, office) -> None:
    office.site("pmaybe")
    config = office.write() / "sites" / "pmaybe.yaml"
    site = json.loads(config.read_text("utf-8"))
    config.write_text(json.dumps(site | {"confirmed": False}, ensure_ascii=False), "utf-8")
    office.sites.clear()
    with pytest.raises(AssertionError, match="exit 2"):
        office.run("probe", "--json")
    assert not world.asked("//www.pmaybe.gov.cn/*")
