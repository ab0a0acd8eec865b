# ruff: noqa: E501 - pages as servers write them
"""Whether a column is up to date, and what its dates are worth (BEHAVIOURS 60–68)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.core.clock import SHANGHAI
from tests.world.office import Office, page
from tests.world.server import World, answer

TODAY = datetime.now(SHANGHAI).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def rows(*days: int | None, base: str = "/yw/") -> list[str]:
    """Rows of a list, so many days old; None: no date beside the title."""
    return [
        f'<li><a href="{base}{n}.html">全县召开第{n}次重点工作推进会议</a>'
        + (f"<span>{ago(day)}</span>" if day is not None else "")
        + "</li>"
        for n, day in enumerate(days)
    ]


def article(n: int, head: str = "", line: str = "") -> bytes:
    return answer(page(f"全县召开第{n}次重点工作推进会议", head=head, body=line))


def news(
    world: World, office: Office, name: str, *listed: str, kind: str = "动态要闻", path: str = "/yw/", **more: object
) -> str:
    """A site with one registered column that holds these rows."""
    host = f"http://www.{name}.gov.cn"
    column = {"id": "lm", "name": "要闻", "kind": kind, "url": f"{host}{path}"}
    world.on(f"{host}{path}", answer(page("要闻", *listed)))
    for n in range(len(listed)):
        world.on(f"{host}/yw/{n}.html", article(n))
    office.site(name, path, columns=[column], **more)
    return host


@pytest.mark.behaviour(60)
def test_dates_are_named_by_their_source_and_a_disagreement_is_noted(world: World, office: Office) -> None:
    host = news(world, office, "differs", *rows(1, 2, 3, 4))
    tag = f'<meta name="ArticleTitle" content="全县会议"><meta name="PubDate" content="{ago(9)} 10:00">'
    world.on(f"{host}/yw/0.html", article(0, tag, f"<p>发布时间：{ago(9)} 10:00</p>"))
    told = office.nightly()
    (found,) = told.findings("differs", ["TG-04"])
    assert f"{ago(1)}" in found["message"]
    assert f"{ago(9)}" in found["message"]
    assert (found["severity"], found["certainty"]) == ("提示", "confirmed")
    facts = office.run("facts", f"{host}/yw/0.html")
    assert facts["published"]["source"] == "meta"
    assert {one["source"] for one in facts["dates"]} >= {"meta", "label"}


@pytest.mark.behaviour(60)
def test_dates_a_day_apart_are_no_note(world: World, office: Office) -> None:
    """The twin."""
    host = news(world, office, "agrees", *rows(1, 2, 3, 4))
    tag = f'<meta name="ArticleTitle" content="全县会议"><meta name="PubDate" content="{ago(2)} 23:50">'
    world.on(f"{host}/yw/0.html", article(0, tag, f"<p>发布时间：{ago(2)} 23:50</p>"))
    assert not office.nightly().findings("agrees", ["TG-04"])


@pytest.mark.behaviour(61)
@pytest.mark.parametrize(
    ("sent", "first", "second"),
    [("Fri, 02 Jan 2026 08:00:00 GMT", "2026-01-02", "2025-12-31"), ("Wed, 01 Jul 2026 08:00:00 GMT", "2026-01-02", "2025-12-31")],
)  # fmt: skip
def test_a_month_and_a_day_get_their_year(world: World, office: Office, sent: str, first: str, second: str) -> None:
    host = news(world, office, "years")
    listed = [f'<li><a href="/yw/{n}.html">全县召开第{n}次重点工作推进会议</a><span>{day}</span></li>'
              for n, day in enumerate(("01-02", "12-31", "12-30", "02-01"))]  # fmt: skip
    world.on(f"{host}/yw/", answer(page("要闻", *listed), Date=sent))
    dates = [entry["date"][:10] for entry in office.run("facts", f"{host}/yw/")["entries"]]
    assert dates == [first, second, "2025-12-30", "2025-02-01"]


@pytest.mark.behaviour(62)
def test_numbers_that_look_like_dates_are_none(office: Office, tmp_path: Path) -> None:
    body = "<p>索引号：2026-02-00018</p><p>联系电话：0930-2026021</p><p>有效期至2028年12月31日</p><p>公示时间：2026-03-01至2026-03-08</p>"
    file = tmp_path / "a.html"
    file.write_text(page("关于发放许可证的公告", body=body), encoding="utf-8")
    assert office.run("facts", str(file), "--as", "http://www.x.gov.cn/tz/content_1.html")["published"] is None
    file.write_text(page("关于发放许可证的公告", body=f"<p>发布时间：2026-02-18</p>{body}"), encoding="utf-8")
    facts = office.run("facts", str(file), "--as", "http://www.x.gov.cn/tz/content_1.html")
    assert facts["published"]["value"].startswith("2026-02-18")


@pytest.mark.behaviour(63)
def test_the_newest_counts_wherever_it_stands(world: World, office: Office) -> None:
    news(world, office, "pinned", *rows(900, 800, 700, 3, 5, 8))
    assert office.nightly().result("pinned", "UP-02")["verdict"] == "passed"


@pytest.mark.behaviour(63)
def test_a_silent_column_is_proposed_with_its_newest_entry(world: World, office: Office) -> None:
    """The twin: nothing new anywhere in the list."""
    host = news(world, office, "silent", *rows(900, 40, 30, 50))
    told = office.nightly()
    (found,) = told.findings("silent", ["UP-02"])
    assert (found["certainty"], found["target"]) == ("proposed", f"{host}/yw/")
    assert f"{ago(30)}" in found["message"]
    (total,) = told.findings("silent", ["UP-04"])
    assert "再有 4 个即触发单项否决" in total["message"]
    assert "要闻" in str(total["evidence"])
    assert told.result("silent", "UP-02")["verdict"] == "unverified"


@pytest.mark.behaviour(64)
def test_a_date_to_come_is_no_update_and_a_person_looks(world: World, office: Office) -> None:
    host = news(world, office, "ahead", *rows(-30, 40, 50))
    tag = f'<meta name="ArticleTitle" content="全县会议"><meta name="PubDate" content="{ago(-30)} 10:00">'
    world.on(f"{host}/yw/0.html", article(0, tag))
    told = office.nightly()
    assert f"{ago(40)}" in told.findings("ahead", ["UP-02"])[0]["message"]
    (found,) = told.findings("ahead", ["UP-10"])
    assert found["certainty"] == "proposed"
    assert "需要核实" in found["message"]


@pytest.mark.behaviour(64)
def test_a_list_that_prints_today_every_night_is_not_believed(world: World, office: Office) -> None:
    news(world, office, "today", *rows(0, 0, 0, 0))
    assert office.nightly().result("today", "UP-02")["verdict"] == "passed", "one night shows nothing"
    with closing(sqlite3.connect(office.data / "crawl.db")) as stored, stored:
        stored.execute("UPDATE entries SET first_seen = first_seen - 40 * 86400")  # as if first met forty days ago
    told = office.audit().result("today", "UP-02")
    assert told["verdict"] == "unverified"
    assert "可疑" in told["reason"]


@pytest.mark.behaviour(65)
def test_no_date_is_neither_fresh_nor_stale(world: World, office: Office) -> None:
    news(world, office, "undated", *rows(None, None, None, None))
    told = office.nightly()
    row = told.result("undated", "UP-02")
    assert (row["verdict"], row["unknown"]) == ("unverified", 1)
    assert "视为未更新" in row["reason"]
    assert not told.findings("undated", ["UP-02"])


@pytest.mark.behaviour(65)
def test_the_date_of_the_article_stands_in(world: World, office: Office) -> None:
    """The twin."""
    host = news(world, office, "dated", *rows(None, None, None, None))
    for n in range(4):
        world.on(f"{host}/yw/{n}.html", article(n, line=f"<p>发布时间：{ago(n + 1)} 10:00 来源：融媒体中心</p>"))
    assert office.nightly().result("dated", "UP-02")["verdict"] == "passed"


@pytest.mark.behaviour(66)
def test_an_empty_list_is_proposed_and_one_filled_by_script_is_unverified(world: World, office: Office) -> None:
    for name, body in (
        ("hollow", "<h1>要闻</h1><div class='list'>暂无数据</div>"),
        ("script", "<h1>要闻</h1><div id='app'></div><script>$.ajax({url:'/x'})</script>"),
    ):
        host = news(world, office, name)
        words = f'<html><head><title>要闻</title></head><body><a href="/">首页</a>{body}</body></html>'
        world.on(f"{host}/yw/", answer(words))
    told = office.nightly()
    assert [row["certainty"] for row in told.findings("hollow", ["UP-06"])] == ["proposed"]
    assert not told.findings("script", ["UP-06"])
    row = told.result("script", "UP-06")
    assert (row["verdict"], row["unknown"]) == ("unverified", 1)


@pytest.mark.behaviour(67)
def test_what_is_due_soon_is_said_with_its_day(world: World, office: Office) -> None:
    news(world, office, "due", *rows(12, 20, 30))
    (found,) = office.nightly().findings("due", ["UP-07"])
    assert f"{ago(12) + timedelta(days=14)}" in found["message"]
    assert "2 天" in found["message"]


@pytest.mark.behaviour(67)
def test_another_limit_is_another_day(world: World, office: Office) -> None:
    """The twins: fresh; and the same age in a column that has half a year."""
    news(world, office, "early", *rows(2, 20, 30))
    news(world, office, "longer", *rows(12, 20, 30), kind="通知公告")
    told = office.nightly()
    assert not told.findings("early", ["UP-07"])
    assert not told.findings("longer", ["UP-07"])


@pytest.mark.behaviour(68)
def test_a_column_under_construction_is_a_problem_unless_announced(world: World, office: Office) -> None:
    now = datetime.now(SHANGHAI)
    window = {"from": now - timedelta(hours=30), "to": now + timedelta(hours=30)}
    outage = {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in window.items()} | {"number": "报备2026-9"}
    for name, more in (("building", {}), ("notified", {"more": {"outages": [outage]}}), ("built", {})):
        host = news(world, office, name, *rows(1, 2, 3), **more)
        if name != "built":
            words = '<html><head><title>要闻</title></head><body><a href="/">首页</a><p>栏目正在建设中，敬请期待！</p></body></html>'
            world.on(f"{host}/yw/", answer(words))
    told = office.nightly()
    (found,) = told.findings("building", ["UP-06"])
    assert (found["certainty"], found["exempt"]) == ("proposed", "")
    assert "建设中" in found["message"]
    assert told.result("notified", "UP-06")["verdict"] == "exempt"
    assert told.result("built", "UP-06")["verdict"] == "passed"
