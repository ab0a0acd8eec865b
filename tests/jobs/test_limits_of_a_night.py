"""Budgets, windows, robots.txt and pace, counted in the server's own log."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.core.clock import SHANGHAI
from crawler.demo.answer import Answer, page
from crawler.demo.server import Visit
from tests.crawl.small_world import World, html, on, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        yield found


def pages(visits: list[Visit]) -> list[str]:
    return [v.path for v in visits if v.path != "/robots.txt" and "govcheck-" not in v.path]


# ── budgets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_budget_is_hard_and_the_rest_is_listed(world: World) -> None:
    """BEHAVIOURS 5 and 89."""
    site = world.add("aaa", articles=40)
    report = world.report(pages=10)
    assert len(pages(world.log)) == 10
    row = report.coverage[0]
    assert row.pages_fresh == 10
    assert row.pages_unknown > 0
    assert any("10" in note and "没有轮到" in note for note in row.notes), row.notes
    column = row.columns[0]
    assert not column.complete
    asked = set(world.asked())
    world.forget()
    report = world.report(pages=10)
    new = [path for path in pages(world.log) if f"{site.root}{path}" not in asked]
    assert len(new) >= 4, "the next night goes on where this one ended"
    assert report.coverage[0].pages_carried + report.coverage[0].pages_fresh > 10


def test_the_clock_ends_a_night(world: World) -> None:
    world.platform = {"rate": 20}
    world.add("aaa", articles=200)
    end = datetime.now(SHANGHAI) + timedelta(seconds=2)
    report = world.report(until=end)
    assert 5 < len(world.log) < 70
    row = report.coverage[0]
    assert row.pages_unknown > 0
    assert any("没有轮到" in note and "结束时间" in note for note in row.notes), row.notes


def test_a_shut_window_means_no_request(world: World) -> None:
    now = datetime.now(SHANGHAI)
    shut = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    world.platform = {"window": shut}
    world.add("aaa")
    night = world.night()
    assert world.log == []
    assert night.closed == ("aaa",)
    assert night.report is not None
    row = night.report.coverage[0]
    assert not row.judged
    assert row.reason
    code, out, err = world.command("nightly")
    assert code == 4, (out, err)
    assert "时段" in out + err


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────────────────────────────


def robots(world: World, answer: Answer) -> set[str]:
    site = world.add("aaa", articles=8)
    world.pages[f"{site.root}/robots.txt"] = answer
    world.report()
    return set(pages(world.log))


def test_what_robots_txt_forbids_is_not_asked(world: World) -> None:
    """BEHAVIOURS 86."""
    asked = robots(world, page("User-agent: *\nDisallow: /zwgk/zcwj/art_003.html\n", type="text/plain"))
    assert "/zwgk/zcwj/art_003.html" not in asked
    assert "/zwgk/zcwj/art_004.html" in asked


@pytest.mark.parametrize(
    "answer",
    [Answer(status=404), html("首页", "<p>欢迎</p>"), page("", type="text/plain")],
    ids=["404", "html", "empty"],
)
def test_no_rules_forbid_nothing(world: World, answer: Answer) -> None:
    assert "/zwgk/zcwj/art_003.html" in robots(world, answer)


def test_rules_that_nobody_could_read(world: World) -> None:
    """503 is unknown: only the home page and the registered columns are asked, and their pages are no fault."""
    asked = robots(world, Answer(status=503))
    assert "/" in asked
    assert "/zwgk/zcwj/index.html" in asked
    report = world.report()
    assert any("robots.txt" in note for note in report.coverage[0].notes)
    assert not [row for row in report.findings if row.rule.startswith("LK")]


@pytest.mark.behaviour(86)
def test_rules_may_be_ignored_with_an_authorisation_that_is_shown(world: World) -> None:
    words = "临夏州政府办 2026 年第 12 号委托书"
    world.platform = {"robots": "ignore", "authorisation": words}
    asked = robots(world, page("User-agent: *\nDisallow: /\n", type="text/plain"))
    assert "/zwgk/zcwj/art_003.html" in asked
    code, out, _ = world.command("audit", "--json")
    assert code == 0
    assert words in json.loads(out)["run"]["authorisations"][0]
    _, out, err = world.command("audit")
    assert words in out + err


# ── pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fastest(visits: list[Visit], seconds: float) -> int:
    """Most requests in any stretch of so many seconds."""
    times = sorted(visit.time for visit in visits)
    return max(sum(start <= time < start + seconds for time in times) for start in times)


@pytest.mark.behaviour(7, 84)
def test_sites_of_one_platform_share_its_pace_over_two_processes(world: World) -> None:
    """BEHAVIOURS 7 and 84: joint, under retries and redirects too."""
    rate = 20
    world.platform = {"rate": rate, "concurrency": 8}
    for name in ("aaa", "bbb", "ccc"):
        site = world.add(name, articles=25, home_extra="".join(f'<a href="/r{n}.html">跳</a>' for n in range(6)))
        for n in range(6):
            world.pages[f"{site.root}/r{n}.html"] = Answer(status=302, headers=(("Location", f"/s{n}.html"),))
            world.pages[f"{site.root}/s{n}.html"] = Answer(status=500)
    world.write()
    data = str(world.places.root)
    first = world.start("nightly", "--site", "aaa", "--site", "bbb")
    second = subprocess.Popen(
        world.words("check", "ccc"), env=world.env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    world.wait_for(20)
    while first.poll() is None and second.poll() is None and len(world.log) < 90:
        world.wait_for(len(world.log) + 1)
    for process in (first, second):
        process.kill()
        process.wait()
    assert data
    hosts = Counter(visit.host for visit in world.log)
    assert len(hosts) == 3
    assert fastest(world.log, 1.0) <= rate * 1.25 + 2, "a slot late by the scheduler comes close to the next"


def test_somebody_elses_host_gets_one_request_an_interval(world: World) -> None:
    world.external = {"rate": 2, "attachment_rate": 2}
    links = "".join(f'<a href="http://ext.example.cn/{n}.html">外{n}</a>' for n in range(4))
    world.add("aaa", articles=3, home_extra=links)
    world.report()
    times = [visit.time for visit in world.log if visit.host == "ext.example.cn"]
    assert len(times) == 4
    assert min(b - a for a, b in pairwise(times)) > 0.4


def test_a_host_that_defends_itself_is_left_alone(world: World) -> None:
    """BEHAVIOURS 28: not one more request in the pause, and nothing is called broken."""
    world.platform = {"breaker_pause": "300s", "concurrency": 1}
    site = world.add("aaa", articles=20)
    world.add("bbb")
    challenge = Answer(
        b'<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="yR3k.qVt8" r="m"><script>$_ts=window["$_ts"];'
        b'if(!$_ts)$_ts={};$_ts.nsd=71206;$_ts.cd="qEbq";</script></head><body></body></html>',
        status=412,
        headers=(("Set-Cookie", "4hP44ZykCTt5S=60Jx1; path=/; HttpOnly"),),
    )
    world.pages[f"{site.root}/*"] = challenge
    report = world.report()
    assert len([visit for visit in world.log if visit.host == site.host]) <= 2
    assert not [row for row in report.findings if row.site == "aaa" and row.certainty.value == "confirmed"]
    row = next(row for row in report.coverage if row.site == "aaa")
    assert row.home in {"blocked", "unknown"}
    rest = next(row for row in report.coverage if row.site == "bbb")
    assert rest.pages_fresh == 9


def test_retry_after_binds_the_host(world: World) -> None:
    """BEHAVIOURS 85."""
    site = world.add("aaa", articles=6)
    url = site.article(6)
    world.pages[url] = Answer(status=503, headers=(("Retry-After", "1"),))
    report = world.report()
    times = [visit.time for visit in world.log if visit.host == site.host]
    told = [visit.time for visit in world.log if visit.path.endswith("art_006.html")]
    for moment in told:
        after = [time for time in times if moment + 0.05 < time < moment + 0.9]
        assert after == [], "requests under way are answered, none is sent"
    assert on(report, url) is None or report.findings
