"""How a night is run: stopped, killed, resumed, over one slow site among many (BEHAVIOURS 87–91, 93, 100)."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from itertools import pairwise

import pytest

from tests.world.office import Office, page
from tests.world.server import World, answer
from tests.world.shapes import endless

ARTICLES = 60


def articles(world: World, office: Office, name: str, count: int = ARTICLES, **more) -> str:
    host = f"www.{name}.gov.cn"
    office.site(name, *(f"/art/{n}.html" for n in range(count)), "/gone.html", **more)
    for n in range(count):
        world.on(f"http://{host}/art/{n}.html", answer(page(f"通知{n}号", f"/art/{(n + 1) % count}.html")))
    return host


def said(told) -> set[tuple[str, str, str]]:
    return {(row["rule"], row["site"], row["fingerprint"]) for row in told.document["findings"]}


def runs(office: Office) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(office.data / "crawl.db")) as stored:
        return stored.execute("SELECT number, kind, status FROM runs ORDER BY number").fetchall()


@pytest.mark.behaviour(87)
def test_every_request_says_who_asks(world: World, office: Office) -> None:
    articles(world, office, "agent", 5)
    told = office.nightly()
    agents = {visit.headers.get("user-agent", "") for visit in told.log}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("govcheck/")
    assert "contact" in agent
    assert "Mozilla" not in agent
    assert not {name for visit in told.log for name in visit.headers if name.startswith("sec-")}


@pytest.mark.behaviour(87)
def test_the_contact_is_what_the_office_set(world: World, office: Office, monkeypatch) -> None:
    monkeypatch.setenv("GOVCHECK_CONTACT", "0930-6210000")
    office.site("contact")
    assert {"0930-6210000" in visit.headers["user-agent"] for visit in office.nightly().log} == {True}


@pytest.mark.behaviour(89)
def test_a_stop_ends_within_five_seconds_and_the_next_start_goes_on(world: World, office: Office) -> None:
    host = articles(world, office, "stopped", platform={"rate": 60, "concurrency": 2})
    process = office.start("nightly", "--json")
    office.wait_for(25, host)
    code, seconds = office.end(process)
    assert code == 3
    assert seconds < 5
    assert runs(office) == [(1, "nightly", "open")]
    told = office.nightly()
    assert runs(office) == [(1, "nightly", "sealed")]
    asked = Counter(v.target for v in world.log if v.host == host and v.target.startswith("/art/"))
    assert len(asked) == ARTICLES
    assert sum(times - 1 for times in asked.values()) <= 2, "what was under way, no more"
    assert [f["target"] for f in told.findings("stopped")] == [f"http://{host}/gone.html"]


@pytest.mark.behaviour(89)
def test_a_crawl_by_hand_leaves_a_stopped_night_alone(world: World, office: Office) -> None:
    host = articles(world, office, "byhand", platform={"rate": 60, "concurrency": 2})
    process = office.start("nightly", "--json")
    office.wait_for(20, host)
    before = len(world.log)
    office.text("crawl", "--all")  # while it runs
    assert office.exit_code == 3
    assert process.poll() is None
    office.end(process)
    before = len(world.log)
    assert office.text("crawl", "byhand", "--json") == ""
    assert office.exit_code == 3
    assert "govcheck nightly" in office.said
    assert len(world.log) == before
    assert runs(office) == [(1, "nightly", "open")]
    assert office.nightly().document["run"]["number"] == 1
    assert office.crawl("byhand")["run"] == 2, "the twin: after the night it may"


@pytest.mark.behaviour(89)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_night_stopped_while_it_judges_is_judged_before_the_next(world: World, office: Office, number: int) -> None:
    """A rule of the office's own that takes its time: the signal comes while it thinks."""
    package = office.folder / "slow_rules" / "own"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").write_text("")
    started = office.folder / "started"
    (package / "slow_rule.py").write_text(
        "import pathlib, time\n"
        "from crawler.api import Severity, cite, page_rule\n"
        "@page_rule('ZZ-02', severity=Severity.HINT, basis=(cite('guobanfa-2017-47', 'links.patrol'),))\n"
        "def slow_rule(page):\n"
        '    """自己的规则\n\n    为什么: 试。\n\n    看什么: 试。\n\n    怎么改: 试。\n    """\n'
        f"    mark = pathlib.Path({str(started)!r})\n"
        "    if not mark.exists():\n"
        "        mark.write_text('1')\n"
        "        time.sleep(60)\n"
        "    return\n    yield\n"
    )
    rules = {"edition": "试", "options": {}, "site_options": {}, "retired": {}, "disabled": []}
    office.files["rules.yaml"] = {**rules, "packages": ["rules", "slow_rules"]}
    host = articles(world, office, f"judged{int(number)}", 5)
    process = office.start("nightly", "--json", env={"PYTHONPATH": str(office.folder)})
    for _ in range(600):
        if started.exists():
            break
        time.sleep(0.05)
    code, seconds = office.end(process, number)
    assert code == (3 if number == signal.SIGTERM else -signal.SIGKILL)
    assert seconds < 5
    assert runs(office) == [(1, "nightly", "sealed")]
    office.files["rules.yaml"] = {**rules, "packages": ["rules"]}
    told = office.nightly()
    assert told.document["run"]["number"] == 2
    found = told.findings(target=f"http://{host}/gone.html")
    assert [row["change"] for row in found] == ["known"], "it was new in the night that is judged late"
    with closing(sqlite3.connect(office.data / "findings.db")) as stored:
        assert {run for (run,) in stored.execute("SELECT run FROM audits")} == {1, 2}


@pytest.mark.behaviour(89)
def test_a_budget_of_requests_is_hard(world: World, office: Office) -> None:
    host = articles(world, office, "thrifty")
    told = office.nightly("--max-requests", "20")
    assert len([visit for visit in told.asked(host) if visit.target != "/robots.txt"]) <= 20
    assert any("没有轮到" in note for note in told.coverage("thrifty")["notes"])


@pytest.mark.behaviour(91)
def test_what_failed_once_is_asked_again_the_next_night(world: World, office: Office) -> None:
    host = articles(world, office, "healed", 5)
    flaky, gone = f"http://{host}/art/3.html", f"http://{host}/gone.html"
    good = world.routes[flaky]
    world.on(flaky, answer("", 404))
    told = office.nightly()
    assert {row["target"] for row in told.findings("healed")} == {flaky, gone}
    world.on(flaky, good)
    told = office.nightly()
    assert "/art/3.html" in {v.target for v in told.asked(host)}
    assert {row["target"] for row in told.findings("healed")} == {gone}, "the twin is still gone"
    assert [row["state"] for row in told.document["closed"] if row["target"] == flaky] == ["fixed"]


@pytest.mark.behaviour(93)
def test_fifty_workers_ask_for_a_url_once(world: World, office: Office) -> None:
    host = "www.crowd.gov.cn"
    everywhere = [f"/art/{n}.html" for n in range(100)] + ["/same.html", "/SAME.html"]
    office.site("crowd", *everywhere, platform={"concurrency": 50})
    for path in everywhere:
        world.on(
            f"http://{host}{path}", answer(page(f"通知{path[1:-5]}", *everywhere[:40], "/same.html", "/SAME.html"))
        )
    told = office.nightly()
    asked = Counter(visit.target for visit in told.asked(host))
    assert {path: times for path, times in asked.items() if times > 1} == {}
    assert asked["/same.html"] == asked["/SAME.html"] == 1, "the twin: two paths are two pages"


@pytest.mark.behaviour(100)
def test_a_tar_pit_among_fifteen_sites_holds_up_nobody(world: World, office: Office) -> None:
    for n in range(14):
        articles(world, office, f"well{n}", 4)
    office.site("tarpit", platform={"timeout": "2s"})
    slowly = endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x", 0.2, 300)
    world.on("http://www.tarpit.gov.cn/", slowly)
    office.site("mangled", "/odd.html")
    world.on("http://www.mangled.gov.cn/odd.html", answer("<div>" * 20_000 + "\0<a href='\0'" + "<![CDATA[" * 500))
    start = time.monotonic()
    told = office.nightly()
    assert time.monotonic() - start < 60
    for n in range(14):
        assert told.coverage(f"well{n}")["pages"]["unknown"] == 0
        assert [row["target"] for row in told.findings(f"well{n}")] == [f"http://www.well{n}.gov.cn/gone.html"]
    assert told.coverage("mangled")["home"] == "alive"
    assert told.result("tarpit", "AV-08")["verdict"] in {"failed", "unverified"}
    assert {told.result(f"well{n}", "AV-08")["verdict"] for n in range(14)} == {"passed"}


@pytest.mark.behaviour(100)
def test_a_site_has_a_deadline_of_its_own(world: World, office: Office) -> None:
    host = articles(world, office, "plodding", platform={"rate": 5, "concurrency": 1})
    quick = articles(world, office, "quick", 20)
    told = office.nightly("--site-time", "2s")
    assert len(told.asked(host)) < 30
    assert any("没有轮到" in note for note in told.coverage("plodding")["notes"])
    assert told.coverage("quick")["pages"]["unknown"] == 0
    assert len(told.asked(quick)) >= 20


@pytest.mark.behaviour(7)
def test_three_hosts_of_one_platform_share_its_pace(world: World, office: Office) -> None:
    first = articles(world, office, "lane0", 12, platform={"rate": 20, "concurrency": 4})
    hosts = {first, *(articles(world, office, f"lane{n}", 12, shares="lane0") for n in (1, 2))}
    apart = articles(world, office, "ownlane", 12, platform={"rate": 20, "concurrency": 4})
    told = office.nightly()
    times = sorted(visit.at for visit in told.log if visit.host in hosts)
    assert len(times) > 40
    assert max(sum(start <= t < start + 1 for t in times) for start in times) <= 20 * 1.25 + 2
    own = sorted(visit.at for visit in told.asked(apart))
    together = sorted([*times, *own])
    # The twin: a platform of its own does not wait for the others.
    assert own[-1] < times[-1]
    assert max(sum(start <= t < start + 1 for t in together) for start in together) > 22
    assert all(b >= a for a, b in pairwise(times))
