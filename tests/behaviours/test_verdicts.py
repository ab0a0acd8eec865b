"""What is said of a site: six kinds of verdict, what was not looked at, our own faults (BEHAVIOURS 1–5, 92)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from crawler.core.clock import SHANGHAI
from crawler.crawl.intake import Intake
from tests.world import vendors
from tests.world.office import Office, page
from tests.world.server import World, answer

LIST = '<li><a href="/zw/{n}.html">关于第{n}项工作的通知</a><span>2026-11-{n:02}</span></li>'


@pytest.mark.behaviour(1)
def test_six_sites_have_six_different_verdicts(world: World, office: Office) -> None:
    now = datetime.now(SHANGHAI)
    window = {"from": now - timedelta(hours=30), "to": now + timedelta(hours=30)}
    outage = {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in window.items()} | {"number": "报备2026-7"}
    office.site("fine")
    office.site("down")
    office.site("sick", platform={"second_round_after": "30m"})
    office.site("walled")
    office.site("waiting", more={"confirmed": False})
    office.site("announced", more={"outages": [outage]})
    world.connect_to |= {"www.down.gov.cn:80": "refused", "www.announced.gov.cn:80": "refused"}
    world.on("http://www.sick.gov.cn/", answer("boom", 500))
    world.on("http://www.walled.gov.cn/", vendors.REFUSALS["瑞数412"])
    told = office.nightly()
    said = {name: told.result(name, "AV-08") for name in office.sites}
    assert {name: row["verdict"] for name, row in said.items()} == {
        "fine": "passed",
        "down": "failed",
        "sick": "unverified",  # with a suspicion of its own total
        "walled": "unverified",
        "waiting": "not_configured",
        "announced": "exempt",
    }
    assert said["sick"]["counts"] == {"confirmed": 0, "suspected": 1, "proposed": 0}
    assert said["walled"]["counts"] == {"confirmed": 0, "suspected": 0, "proposed": 0}
    assert len({row["reason"] for name, row in said.items() if name not in {"fine", "down"}}) == 4
    assert told.exit_code == 4, "a home page that could not be judged is no clean night"
    assert not told.asked("www.waiting.gov.cn")
    summary = office.text("audit")
    assert "确认（国家指标）" in summary
    assert "疑似 1" in summary
    assert "豁免 1" in summary
    assert "互不相加" in summary


@pytest.mark.behaviour(1)
def test_a_night_over_one_good_site_ends_well(world: World, office: Office) -> None:
    """The twin: nothing doubtful is said, and the exit code is 0."""
    office.site("calm")
    told = office.nightly()
    assert told.exit_code == 0
    assert told.result("calm", "AV-08")["verdict"] == "passed"
    assert not [row for row in told.document["findings"] if row["certainty"] == "suspected" or row["exempt"]]


@pytest.mark.behaviour(2)
def test_what_is_not_registered_is_not_zero(world: World, office: Office) -> None:
    office.site("bare")
    told = office.nightly()
    for rule in ("RP-02", "PF-01", "AV-05"):
        row = told.result("bare", rule)
        assert (row["verdict"], row["examined"]) == ("not_configured", 0)
        assert row["reason"]
    shown = office.text("audit")
    assert "未配置" in shown


@pytest.mark.behaviour(2)
def test_a_registered_column_is_examined(world: World, office: Office) -> None:
    """The twin."""
    host = "http://www.kept.gov.cn"
    office.site("kept", columns=[{"id": "zw", "name": "政策文件", "kind": "政策文件", "url": f"{host}/zw/"}])
    world.on(f"{host}/zw/", answer(page("政策文件", *(LIST.format(n=n) for n in range(1, 9)))))
    for n in range(1, 9):
        world.on(f"{host}/zw/{n}.html", answer(page(f"关于第{n}项工作的通知")))
    row = office.nightly().result("kept", "AV-05")
    assert (row["verdict"], row["examined"]) == ("passed", 1)


@pytest.mark.behaviour(3)
def test_findings_and_trend_carry_the_version_of_the_rules(world: World, office: Office) -> None:
    office.site("edition", "/gone.html")
    rules = {"packages": ["rules"], "options": {}, "site_options": {}, "retired": {}}
    office.files["rules.yaml"] = {**rules, "edition": "甲版", "disabled": []}
    first = office.nightly().document
    same = office.nightly().document
    office.files["rules.yaml"] = {**rules, "edition": "乙版", "disabled": ["FT-01"]}
    later = office.nightly().document
    assert [d["run"]["edition"] for d in (first, same, later)] == ["甲版", "甲版", "乙版"]
    assert first["run"]["config_digest"] == same["run"]["config_digest"] != later["run"]["config_digest"]
    assert all(row["rule_version"] for document in (first, same, later) for row in document["findings"])
    assert not same["closed"]
    assert not later["closed"], "we changed, not the site: that is no news of the night"
    with closing(sqlite3.connect(office.data / "findings.db")) as stored:
        kept = stored.execute("SELECT run, edition FROM audits WHERE run IN (1, 3) ORDER BY id").fetchall()
        states = dict(stored.execute("SELECT rule, state FROM issues WHERE rule IN ('FT-01', 'FT-02')").fetchall())
    assert states == {"FT-01": "withdrawn", "FT-02": "open"}
    assert (1, "甲版") in kept
    assert (3, "乙版") in kept


@pytest.mark.behaviour(4)
def test_a_silent_canary_voids_the_night(world: World, office: Office) -> None:
    office.site("dark", "/gone.html")
    world.connect_to["canary.dark.test:80"] = "refused"
    office.canaries = ("http://canary.dark.test/",)
    told = office.nightly()
    assert told.document["run"]["void"] is True
    assert told.document["findings"] == told.document["results"] == []
    assert told.exit_code == 3
    assert not told.asked("www.dark.gov.cn")
    office.canaries = ("http://canary.test/",)  # the twin: the canary sings
    told = office.nightly()
    assert told.document["run"]["void"] is False
    assert [row["change"] for row in told.findings("dark")] == ["new"]


@pytest.mark.behaviour(5)
def test_a_cap_is_said_with_what_it_left(world: World, office: Office) -> None:
    host = "http://www.capped.gov.cn"
    column = {"id": "zw", "name": "政策文件", "kind": "政策文件", "url": f"{host}/zw/"}
    office.site("capped", *(f"/art/{n}.html" for n in range(80)), columns=[column])
    world.on(f"{host}/zw/", answer(page("政策文件", *(LIST.format(n=n) for n in range(1, 9)))))
    for n in range(1, 9):
        world.on(f"{host}/zw/{n}.html", answer(page(f"关于第{n}项工作的通知")))
    for n in range(80):
        world.on(f"{host}/art/{n}.html", answer(page(f"通知{n}号")))
    told = office.nightly("--max-pages", "50")
    row = told.coverage("capped")
    assert row["pages"]["fresh"] == 50
    assert row["pages"]["known"] >= 80
    assert row["pages"]["known"] == row["pages"]["fresh"] + row["pages"]["unknown"]
    assert any("50" in note and "没有轮到" in note for note in row["notes"]), row["notes"]
    assert row["columns"][0]["entries"] == 8
    asked = [v for v in told.asked("www.capped.gov.cn") if "robots" not in v.target and "govcheck-" not in v.target]
    assert len(asked) == 50
    whole = office.nightly().coverage("capped")  # the twin: without a cap nothing is left, and nothing said of it
    assert whole["pages"]["unknown"] == 0
    assert whole["notes"] == []


@pytest.mark.behaviour(92)
def test_a_rule_that_raises_is_a_crash_and_no_pass(world: World, office: Office, monkeypatch) -> None:
    package = office.folder / "office_rules" / "own"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").write_text("")
    (package / "broken_rule.py").write_text(
        "from crawler.api import Severity, cite, page_rule\n"
        "@page_rule('ZZ-01', severity=Severity.HINT, basis=(cite('guobanfa-2017-47', 'links.patrol'),))\n"
        "def broken_rule(page):\n"
        '    """自己的规则\n\n    为什么: 试。\n\n    看什么: 试。\n\n    怎么改: 试。\n    """\n'
        "    raise RuntimeError('boom')\n    yield\n"
    )
    monkeypatch.syspath_prepend(office.folder)
    office.site("crashing")
    rules = {"edition": "试", "options": {}, "site_options": {}, "retired": {}, "disabled": []}
    office.files["rules.yaml"] = {**rules, "packages": ["rules", "office_rules"]}
    told = office.nightly()
    assert told.exit_code == 3
    assert told.result("crashing", "ZZ-01")["verdict"] == "crashed"
    assert told.result("crashing", "AV-08")["verdict"] == "passed", "the others are judged"
    office.files["rules.yaml"] = {**rules, "packages": ["rules"]}  # the twin
    assert office.audit().exit_code == 0


@pytest.mark.behaviour(92)
def test_a_page_our_own_program_stumbles_over_is_an_error_of_ours(world: World, office: Office, monkeypatch) -> None:
    host = "http://www.stumble.gov.cn"
    office.site("stumble", "/art/1.html", "/art/2.html")
    for n in (1, 2):
        world.on(f"{host}/art/{n}.html", answer(page(f"通知{n}号")))
    whole = Intake.rows

    def broken(self, target, *more):
        if target.url.endswith("/art/1.html"):
            raise RuntimeError("boom")
        return whole(self, target, *more)

    monkeypatch.setattr(Intake, "rows", broken)
    told = office.nightly()
    assert told.exit_code == 3
    assert "checker error" in office.said
    assert world.asked(f"{host}/art/2.html"), "the night goes on"
    assert not told.findings("stumble", target=f"{host}/art/1.html")
    monkeypatch.undo()
    told = office.nightly()  # the twin, and BEHAVIOURS 91: it is asked again
    assert told.exit_code == 0
    assert world.asked(f"{host}/art/1.html")
