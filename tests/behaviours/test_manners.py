"""Manners, counted and timed in the log of the world that was asked (BEHAVIOURS 7, 53, 84 to 86, 88)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.world.office import Office, page
from tests.world.server import Visit, World, answer, redirect, standing

ROOT = Path(__file__).resolve().parents[2]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with standing() as made:
        yield made


@pytest.fixture
def office(world, tmp_path) -> Office:
    return Office(world, tmp_path)


def of(world: World, *sites: str) -> list[Visit]:
    hosts = {f"www.{site}.gov.cn" for site in sites}
    return [visit for visit in world.log if visit.host in hosts]


def fastest(visits: list[Visit], seconds: float) -> int:
    """Most requests in any stretch of so many seconds."""
    times = sorted(visit.at for visit in visits)
    return max((sum(start <= moment < start + seconds for moment in times) for start in times), default=0)


def start(office: Office, *words: str) -> subprocess.Popen[bytes]:
    folders = ("--config", str(office.write()), "--data", str(office.folder / "data"))
    return subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", *words, *folders],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(true: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


# ── 7, 84: one limit for a platform ──────────────────────────────────────────────────────────────────────────────────


def family(office: Office, names: list[str], **platform: Any) -> None:
    """Sites of one platform, each with a redirect chain, a page that fails, and a footer in a script."""
    for name in names:
        host = f"www.{name}.gov.cn"
        shared = {"shares": names[0]} if name != names[0] else {"platform": platform}
        bad = ("/bad.html",) if name in names[:2] else ()  # each costs its retries
        office.site(name, "/r1.html", *bad, "/a.html", **shared)
        office.world.on(f"http://{host}/r1.html", redirect("/r2.html"))
        office.world.on(f"http://{host}/r2.html", redirect("/r3.html"))
        office.world.on(f"http://{host}/r3.html", answer(page(f"{name}三")))
        office.world.on(f"http://{host}/bad.html", answer("", 500))
        footer = answer(page(f"{name}甲", body='<div class="footer"><script src="/foot.js"></script></div>'))
        office.world.on(f"http://{host}/a.html", footer)
        office.world.on(f"http://{host}/foot.js", answer("document.write('主办')", Content_Type="text/javascript"))


@pytest.mark.behaviour(7)
@pytest.mark.behaviour(84)
def test_fifteen_sites_of_one_platform_share_its_rate(world, office) -> None:
    """Under retries, redirects and includes, on one port, with all sites at once."""
    names = [f"joint{number:02}" for number in range(15)]
    rate = 60
    family(office, names, rate=rate, concurrency=4)
    office.nightly()
    visits = of(world, *names)
    assert len(visits) > 15 * 6
    assert len(world.asked("http://www.joint00.gov.cn/bad.html")) > 1, "it was tried again"
    assert {visit.host for visit in visits} == {f"www.{name}.gov.cn" for name in names}
    assert fastest(visits, 1.0) <= 1.15 * rate + 2
    assert {visit.method for visit in visits} == {"GET"}


@pytest.mark.behaviour(7)
@pytest.mark.behaviour(84)
def test_two_processes_at_once_share_rate_and_places(world, office) -> None:
    names = ["twin1", "twin2"]
    flying = [0, 0]

    def slow(visit: Visit) -> Any:
        async def run() -> Any:
            import asyncio

            flying[0] += 1
            flying[1] = max(flying)
            await asyncio.sleep(0.25)
            flying[0] -= 1
            yield answer(page(f"通知{visit.target}"))

        return run()

    family(office, names, rate=25, concurrency=2)
    for name in names:
        links = [f"/n/{word}.html" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")]
        world.on(f"http://www.{name}.gov.cn/links.html", answer(page("链接", *links)))
        for link in links:
            world.on(f"http://www.{name}.gov.cn{link}", slow)
    processes = [start(office, "nightly", "--site", "twin1"), start(office, "check", "twin2")]
    assert [process.wait(60) is not None for process in processes] == [True, True]
    visits = of(world, *names)
    assert len(visits) > 20
    assert fastest(visits, 1.0) <= 1.25 * 25 + 2
    assert flying[1] <= 2, "places in flight are joint, too"


@pytest.mark.behaviour(84)
def test_what_is_not_configured_is_one_request_a_second_and_attachments_slower(world, office) -> None:
    """Defaults of a platform that names none: the twin of every fast one above."""
    office.site("calm", "/a.html", "/f1.pdf", "/f2.pdf")
    for path in ("/f1.pdf", "/f2.pdf"):
        world.on(f"http://www.calm.gov.cn{path}", answer(PDF, Content_Type="application/pdf"))
    config = office.write()
    rows = [row for row in json.loads((config / "platforms.yaml").read_text()) if row["id"] != "calm"]
    (config / "platforms.yaml").write_text(json.dumps([*rows, {"id": "calm"}]))
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", "nightly", "--config", str(config), "--data", str(office.folder / "d")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(of(world, "calm")) >= 5)
    finally:
        process.kill()
        process.wait()
    steps = [b.at - a.at for a, b in pairwise(sorted(of(world, "calm"), key=lambda visit: visit.at))]
    assert min(steps) > 0.9
    assert len({round(step, 3) for step in steps}) > 1, "no metronome"


@pytest.mark.behaviour(84)
def test_attachments_are_slower_than_pages(world, office) -> None:
    files = [f"/f{n}.pdf" for n in range(4)]
    pages = [f"/p/{word}.html" for word in ("a", "b", "c", "d")]
    office.site("files", *pages, *files, platform={"rate": 50, "attachment_rate": 4})
    for path in files:
        world.on(f"http://www.files.gov.cn{path}", answer(PDF, Content_Type="application/pdf"))
    for path in pages:
        world.on(f"http://www.files.gov.cn{path}", answer(page(path)))
    office.nightly()
    times = sorted(visit.at for visit in of(world, "files") if visit.target.endswith(".pdf"))
    assert min(b - a for a, b in pairwise(times)) > 0.2


# ── 53, 85: told to wait ─────────────────────────────────────────────────────────────────────────────────────────────


def pause(form: str) -> str:
    return "1" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.behaviour(85)
@pytest.mark.behaviour(53)
@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for_and_is_no_finding(world, tmp_path, form: str, status: int) -> None:
    office, name = Office(world, tmp_path), f"wait{form}{status}"
    office.site(name, "/f.pdf", "/a.html", "/b.html")
    url = f"http://www.{name}.gov.cn/f.pdf"
    good = answer(PDF, Content_Type="application/pdf")
    world.on(url, lambda visit: answer("", status, Retry_After=pause(form)) if visit.turn == 1 else good)
    for path in ("/a.html", "/b.html"):
        world.on(f"http://www.{name}.gov.cn{path}", answer(page(path)))
    told = office.nightly()
    assert told.verdict(name, url) == "alive"
    first, second = (visit.at for visit in world.asked(url))
    assert second - first >= 0.9
    between = [v for v in of(world, name) if first + 0.1 < v.at < first + 0.85]
    assert between == [], "it binds the host, not the address alone"


@pytest.mark.behaviour(53)
def test_a_host_of_attachments_that_throttles_for_ever_is_no_finding(world, office) -> None:
    office.site("quota", *(f"http://files.quota.test/{n}.pdf" for n in range(4)))
    office.site("truly", "http://files.truly.test/1.pdf")
    world.on("//files.quota.test/*", answer("", 429, Retry_After="3600"))
    world.on("http://files.truly.test/1.pdf", answer("", 404))
    told = office.nightly()
    assert not told.findings("quota")
    assert told.result("quota", "LK-03")["unknown"] == 4
    assert len(world.asked("//files.quota.test/*")) <= 2
    assert told.verdict("truly", "http://files.truly.test/1.pdf") == "confirmed"  # the twin


@pytest.mark.behaviour(85)
def test_a_host_that_is_overloaded_is_asked_ever_more_slowly(world, office) -> None:
    """503 without a word of how long; the twin is the same site in good health."""
    for name, reply in (("loaded", answer("", 503)), ("healthy", answer(page("好")))):
        links = [f"/x/{word}.html" for word in ("a", "b", "c", "d")]
        office.site(name, *links, platform={"rate": 20, "second_round_after": "10m"})
        for link in links:
            world.on(f"http://www.{name}.gov.cn{link}", reply)
    office.nightly("--max-time", "9s")

    def median(name: str) -> float:
        times = sorted(v.at for v in of(world, name) if v.target.startswith("/x/"))
        steps = sorted(b - a for a, b in pairwise(times))
        return steps[len(steps) // 2]

    assert median("loaded") > 3 * median("healthy")


@pytest.mark.behaviour(85)
def test_a_host_that_becomes_three_times_slower_is_asked_more_slowly(world, office) -> None:
    import asyncio

    words = [f"{a}{b}" for a in "abcdef" for b in "ghijk"]
    office.site("tired", *(f"/t/{word}/n.html" for word in words), platform={"rate": 30, "concurrency": 1})

    def reply(visit: Visit) -> Any:
        async def run() -> Any:
            await asyncio.sleep(0.001 if visit.serial < 24 else 0.35)
            yield answer(page(f"通知{visit.target}"))

        return run()

    for word in words:
        world.on(f"http://www.tired.gov.cn/t/{word}/n.html", reply)
    office.nightly()
    visits = sorted(of(world, "tired"), key=lambda visit: visit.at)
    late = [b.at - a.at for a, b in pairwise(visits[-8:])]
    assert sum(late) / len(late) > 0.35 + 2 / 30, "the interval is stretched beyond the answer's own time"


# ── 86: robots.txt ───────────────────────────────────────────────────────────────────────────────────────────────────

RULES = answer("User-agent: *\nDisallow: /secret/\n", Content_Type="text/plain")


@pytest.mark.behaviour(86)
@pytest.mark.parametrize(
    ("reply", "platform", "asked"),
    [
        (answer("", 404), {}, True),
        (RULES, {}, False),
        (answer("", 403), {"robots_strict": True}, False),
        (answer("", 403), {}, True),
        (answer("", 500), {}, False),
        (answer("", 500), {"robots_unknown": "all"}, True),
        (answer(page("首页")), {"robots_strict": True}, False),
        (answer(page("首页")), {}, True),
        (RULES, {"robots": "ignore", "authorisation": "州政府办 2026 年第 12 号委托书"}, True),
    ],
    ids=["404", "rules", "403", "403free", "500", "500all", "html", "htmlfree", "owner"],
)
def test_robots(world, tmp_path, request, reply: bytes, platform: dict[str, Any], asked: bool) -> None:
    office, name = Office(world, tmp_path), f"robots{request.node.callspec.id.rpartition('-')[2]}"
    office.site(name, "/secret/a.html", platform=platform)
    world.on(f"http://www.{name}.gov.cn/robots.txt", reply)
    world.on(f"http://www.{name}.gov.cn/secret/a.html", answer(page("内部")))
    if reply == RULES:
        world.on(f"http://www.{name}.gov.cn/", answer(page("首页", "/secret/a.html", "/links.html")))
    told = office.nightly()
    assert world.asked(f"http://www.{name}.gov.cn/"), "the home page is what its owner registered"
    assert bool(world.asked(f"http://www.{name}.gov.cn/secret/a.html")) == asked
    assert not told.findings(name)
    if platform.get("authorisation"):
        assert platform["authorisation"] in told.document["run"]["authorisations"][0]
    if not asked:
        notes = next(row["notes"] for row in told.document["coverage"] if row["site"] == name)
        assert any("robots.txt" in note for note in notes)


# ── 88, 89: nothing is sent that changes anything; stop at once ──────────────────────────────────────────────────────


@pytest.mark.behaviour(88)
def test_no_form_is_ever_sent(world, office) -> None:
    form = '<form method="post" action="/mail/send"><input name="title"><button>提交</button></form>'
    office.site("forms", f"<p>{form}</p>", '<a href="/mail/del.do?id=1">删除</a>', "/ok.html")
    world.on("http://www.forms.gov.cn/ok.html", answer(page("好", body=form)))
    office.nightly()
    assert {visit.method for visit in world.log} == {"GET"}
    assert not [v for v in of(world, "forms") if v.target.startswith("/mail/")]
    assert world.asked("http://www.forms.gov.cn/ok.html")


@pytest.mark.behaviour(89)
def test_a_stop_signal_is_heeded_within_five_seconds_and_the_night_goes_on_later(world, office) -> None:
    words = [f"{a}{b}" for a in "abcdef" for b in "ghijkl"]
    office.site("long", *(f"/d/{word}/n.html" for word in words), platform={"rate": 10})
    for word in words:
        world.on(f"http://www.long.gov.cn/d/{word}/n.html", answer(page(f"通知{word}")))
    process = start(office, "nightly")
    until(lambda: len(of(world, "long")) > 8)
    before = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 3
    assert time.monotonic() - before < 5
    half = len(of(world, "long"))
    office.sites["long"].platform = {"rate": 1000}
    told = office.nightly()
    assert told.document["run"]["number"] == 1, "the same run goes on"
    asked = [visit.target for visit in of(world, "long") if visit.target.startswith("/d/")]
    assert len(set(asked)) == len(words)
    assert len(asked) - len(set(asked)) <= 4, "what was finished is not asked again"
    assert half < len(of(world, "long"))
