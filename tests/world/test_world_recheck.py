"""`govcheck recheck`: one issue or one site looked at now, and nothing else (BEHAVIOURS 96)."""

from __future__ import annotations

import pytest

from tests.world.office import page
from tests.world.server import answer


def night(world, office, name: str) -> dict:
    """A site with two dead links, one dead attachment and a living page; its issues by target."""
    host = f"http://www.{name}.gov.cn"
    office.site(name, "/gone.html", "/lost.html", "/good.html")
    world.on(f"{host}/good.html", answer(page("好")))
    told = office.nightly()
    found = {row["target"]: row for row in told.findings(name, ["LK-01", "LK-02"])}
    assert set(found) == {f"{host}/gone.html", f"{host}/lost.html"}
    world.log.clear()
    return found


def states(told: dict) -> dict[int, tuple[str, str]]:
    return {row["number"]: (row["before"], row["after"]) for row in told["issues"]}


@pytest.mark.behaviour(96)
def test_a_mended_link_is_fixed_and_only_its_urls_are_asked(world, office) -> None:
    found = night(world, office, "remend")
    gone = "http://www.remend.gov.cn/gone.html"
    number = found[gone]["issue"]
    world.on(gone, answer(page("又有了")))
    told = office.run("recheck", "--json", str(number))
    assert office.exit_code == 0
    assert states(told) == {number: ("open", "fixed")}
    assert {visit.url for visit in world.log} <= set(found[gone].get("cites", [])) | {gone} | {
        parent["url"] for parent in found[gone]["parents"]
    } | {found[gone]["place"]["url"]}
    assert gone in {visit.url for visit in world.log}
    # The other issue was not looked at and keeps its state; the next night agrees and reopens nothing.
    after = office.nightly()
    targets = {row["target"]: row["state"] for row in after.findings("remend", ["LK-01", "LK-02"])}
    assert targets == {"http://www.remend.gov.cn/lost.html": "open"}
    assert not [row for row in after.document["findings"] if row["change"] == "recurred"]


@pytest.mark.behaviour(96)
def test_the_twin_a_link_still_dead_stays_open(world, office) -> None:
    found = night(world, office, "restay")
    gone = found["http://www.restay.gov.cn/gone.html"]
    told = office.run("recheck", "--json", gone["fingerprint"][:12])
    assert states(told) == {gone["issue"]: ("open", "open")}
    assert told["run"] == 2


def test_a_blocked_answer_decides_nothing(world, office) -> None:
    found = night(world, office, "reblock")
    gone = "http://www.reblock.gov.cn/gone.html"
    for url in (gone, "http://www.reblock.gov.cn/links.html"):
        world.on(url, answer("", 412, "4hP44ZykCTt5S=60Jx1; path=/"))
    told = office.run("recheck", "--json", str(found[gone]["issue"]))
    assert office.exit_code == 4
    assert [row["after"] for row in told["issues"]] != ["fixed"]


def test_a_site_is_looked_at_by_its_open_issues(world, office) -> None:
    night(world, office, "resite")
    for name in ("gone", "lost"):
        world.on(f"http://www.resite.gov.cn/{name}.html", answer(page(name)))
    told = office.run("recheck", "--json", "resite")
    dead = [row for row in told["issues"] if row["rule"] in {"LK-01", "LK-02"}]
    assert [row["after"] for row in dead] == ["fixed", "fixed"]
    assert {visit.url for visit in world.log if visit.host != "canary.test"} == {r["url"] for r in told["requests"]}


def test_a_recheck_beside_a_night_takes_no_lock_and_loses_none_of_its_pages(world, office) -> None:
    """The page changed: the night that follows must still meet the link that the recheck saw first."""
    from crawler.jobs.places import Places

    found = night(world, office, "rebeside")
    parent = "http://www.rebeside.gov.cn/links.html"
    world.on(parent, answer(page("换了", "/gone.html", "/fresh-dead.html")))
    with Places(office.folder / "data").lock():
        office.run("recheck", "--json", str(found["http://www.rebeside.gov.cn/gone.html"]["issue"]))
    assert office.exit_code == 0
    targets = {row["target"] for row in office.nightly().findings("rebeside", ["LK-01", "LK-02"])}
    assert "http://www.rebeside.gov.cn/fresh-dead.html" in targets


def test_the_next_audit_is_of_the_night_and_not_of_the_recheck(world, office) -> None:
    found = night(world, office, "reaudit")
    office.run("recheck", "--json", str(next(iter(found.values()))["issue"]))
    assert office.run("audit", "--json")["run"]["number"] == 1


@pytest.mark.parametrize("what", ["99999", "abcdef12", "没有", "-1"])
def test_what_nobody_knows_is_one_sentence(world, office, what: str) -> None:
    name = f"rewhat{abs(hash(what)) % 9999}"
    night(world, office, name)
    with pytest.raises(AssertionError, match="exit 2"):
        office.run("recheck", "--json", "--", what)
