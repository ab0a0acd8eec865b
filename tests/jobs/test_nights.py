"""Nights over a web that changes: what is asked, what is known, and what becomes of an issue."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.core.report import FindingRow, Report
from crawler.demo.answer import Answer, missing
from tests.crawl.small_world import World, html, on, standing


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as found:
        yield found


def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(world.places.crawl_db)) as connection:
        return list(connection.execute(sql))


def seen(report: Report, url: str) -> FindingRow:
    found = on(report, url)
    assert found is not None, [(row.rule, row.target) for row in report.findings]
    return found


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_actions_are_never_asked_on_any_night(world: World) -> None:
    """BEHAVIOURS 88. On later nights they come from the list of known URLs, not from a link."""
    actions = ["/login.jsp", "/user/submit.do?id=3", "/user/delete.action?id=4", "/do.jsp?x=1"]
    links = "".join(f'<a href="{path}">页</a>' for path in actions[:-1]) + '<a href="/do.jsp?x=1">我要写信</a>'
    site = world.add("aaa", home_extra=links)
    for _ in range(3):
        report = world.report()
    asked = [url for url in world.asked() if any(url.endswith(path) for path in actions)]
    assert asked == []
    assert not any(on(report, site.root + path) for path in actions)


def test_each_url_is_asked_once_a_night(world: World) -> None:
    """BEHAVIOURS 93: a column, its next pages and its entries are met from several sides."""
    world.add("aaa", articles=25)
    world.add("bbb", articles=12)
    for _ in range(2):
        world.report()
        assert [url for url, times in world.asked().items() if times > 1] == []
        world.forget()


def test_a_second_night_asks_conditionally_and_keeps_what_it_has(world: World) -> None:
    site = world.add("aaa", articles=12)
    world.report()
    before = rows(world, "SELECT id, url_id, body_hash FROM pages ORDER BY id")
    bodies = rows(world, "SELECT count(*) FROM bodies")
    world.forget()
    report = world.report()
    full = {url for url in world.asked(200) if not url.endswith("robots.txt")}
    assert full == {f"{site.root}/"}, "home pages are always read whole; the rest is known"
    assert world.asked(304)[site.column_url] == 1
    assert world.asked(304)[site.article(3)] == 1
    assert rows(world, "SELECT id, url_id, body_hash FROM pages ORDER BY id") == before
    assert rows(world, "SELECT count(*) FROM bodies") == bodies
    column = report.coverage[0].columns[0]
    assert column.complete
    assert column.entries == 12
    assert report.coverage[0].pages_fresh == report.coverage[0].pages_known


def test_an_unconfirmed_site_gets_no_request(world: World) -> None:
    """Not on the second night either, when its addresses are known; nor after it lost its confirmation."""
    world.add("ccc", confirmed=False)
    world.add("ddd")
    world.add("aaa", home_extra='<a href="http://www.ccc.gov.cn/a.html">甲</a><a href="http://www.ddd.gov.cn/">乙</a>')
    world.report()
    world.report()
    assert not any("ccc" in url for url in world.asked())
    world.sites["ddd"].confirmed = False
    world.forget()
    report = world.report()
    assert not any("ddd" in url or "ccc" in url for url in world.asked())
    verdicts = {(row.verdict.value, row.reason) for row in report.results if row.site == "ccc"}
    assert verdicts == {("not_configured", "待确认")}
    assert on(report, "http://www.ccc.gov.cn/a.html") is None
    code, out, _ = world.command("audit")
    assert "已检查 1 / 3 个网站" in out, out
    assert code == 0


def test_a_host_registered_later_is_crawled_as_a_site(world: World) -> None:
    """Until then it was somebody's host, whose front page one of ours linked to."""
    world.add("aaa", home_extra='<a href="http://www.eee.gov.cn/">新站</a>')
    world.report()
    world.add("eee")
    row = next(row for row in world.report().coverage if row.site == "eee")
    assert row.home == "alive"
    assert row.pages_fresh == 9


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_broken_reading_joins_nothing(world: World) -> None:
    """Entries met by a reading that broke off are no sign that everything below them was read (BEHAVIOURS 99)."""
    site = world.add("aaa", articles=20, per_page=10)
    world.report()
    site.articles = 80
    world.pages[site.column_url.replace("index", "index_1")] = missing(500)
    broken = world.report().coverage[0].columns[0]
    world.pages.clear()
    whole = world.report().coverage[0].columns[0]
    assert broken.entries == 30
    assert whole.complete
    assert whole.entries == 80


def test_a_reading_stops_at_known_entries(world: World) -> None:
    """BEHAVIOURS 99: at most three requests of the list on the second day."""
    site = world.add("aaa", articles=200, per_page=10)
    world.report()
    site.articles += 3
    world.forget()
    report = world.report(pages=30)
    column = report.coverage[0].columns[0]
    assert column.end == "joined"
    assert column.entries == 203
    asked = [f"http://{visit.host}{visit.path}" for visit in world.log]
    new = [asked.index(site.article(number)) for number in (203, 202, 201)]
    assert max(new) < 20, "new entries go before what was only unseen for long"
    assert asked.index(site.column_url.replace("index", "index_1")) < 20
    assert site.column_url.replace("index", "index_5") not in asked or asked.index(
        site.column_url.replace("index", "index_5")
    ) > max(new)


# ── the life of an issue ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_issue_from_its_first_night_to_its_return(world: World) -> None:
    """BEHAVIOURS 94: appears, persists, is carried, is mended, comes back under the same number."""
    site = world.add("aaa", articles=30, home_extra='<a href="/gone.html">旧页</a>')
    gone = f"{site.root}/gone.html"
    first = seen(world.report(), gone)
    assert (first.state, first.change) == ("open", "new")
    again = seen(world.report(), gone)
    assert (again.state, again.change, again.issue) == ("open", "known", first.issue)
    assert again.first_seen == first.first_seen
    assert again.last_seen is not None
    assert first.last_seen is not None
    assert again.last_seen > first.last_seen

    world.pages[gone] = html("回来了", "<p>这一页恢复了正常，内容在此。</p>")
    mended = world.report()
    fixed = next((row for row in mended.closed if row.fingerprint == first.fingerprint), None)
    assert on(mended, gone) is None
    assert fixed is not None
    assert fixed.state == "fixed"

    world.pages.clear()
    back = seen(world.report(), gone)
    assert (back.state, back.change, back.issue) == ("open", "recurred", first.issue)
    assert back.first_seen == first.first_seen


def test_what_was_not_read_again_stays_open(world: World) -> None:
    site = world.add("aaa", articles=30, article_extra={2: '<a href="/gone.html">附件</a>'})
    gone = f"{site.root}/gone.html"
    first = seen(world.report(), gone)
    assert first.state == "open"
    world.pages[gone] = html("回来了", "<p>恢复</p>")
    world.pages[f"{site.root}/*"] = Answer(drop="close")
    dark = seen(world.report(), gone)
    assert (dark.state, dark.issue) == ("not_rechecked", first.issue)
    assert dark.last_seen == first.last_seen
