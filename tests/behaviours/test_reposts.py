"""What is owed a repost, and what became of it (BEHAVIOURS 69–73)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.core.clock import SHANGHAI
from tests.world.office import Office, Told, page
from tests.world.server import World, answer

OWN = [f"本县召开第{n}次重点工作调度会" for n in "一二三四"]
RULES = ("RP-02", "RP-03", "RP-04")
TITLES = {
    "a": "国务院常务会议研究部署持续优化营商环境有关举措",
    "b": "国务院办公厅关于印发《县域公共服务均衡发展行动方案》的通知（国办发〔2026〕31号）",
    "c": "全国秋冬种和农田水利建设工作视频会议在京召开",
    "d": "三部门联合部署做好困难群众冬季取暖救助工作",
    "e": "中国气象局发布汛期气候趋势会商意见",
    "f": "长江流域水生生物保护条例修订草案征集社会意见",
}


def ago(days: float) -> datetime:
    return datetime.now(SHANGHAI).replace(microsecond=0) - timedelta(days=days)


def source(world: World, office: Office, name: str, rows: list[dict[str, str]], **more: Any) -> str:
    """A feed of one level up, as the State Council's: JSON with a byte order mark."""
    feed = f"http://feed.{name}.gov.cn/yw.json"
    world.on(
        feed, answer(b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False).encode(), Content_Type="application/json")
    )
    told = {"id": f"s-{name}", "name": "中国政府网", "level": "central", "format": "gov-json", "feed": feed}
    office.sources.append(told | {"deadline_hours": 24, "owed_by": [name]} | more)
    return feed


def row(key: str, days: float, clock: bool = False) -> dict[str, str]:
    shown = ago(days).strftime("%Y-%m-%d %H:%M" if clock else "%Y-%m-%d")
    return {"TITLE": TITLES[key], "URL": f"http://www.gov.cn/yw/{key}.htm", "DOCRELPUBTIME": shown}


def fresh() -> dict[str, str]:
    return {
        "TITLE": "今日要闻一览与权威解答",
        "URL": "http://www.gov.cn/yw/z.htm",
        "DOCRELPUBTIME": f"{ago(0):%Y-%m-%d}",
    }


def article(world: World, name: str, key: str, when: datetime, title: str = "", label: str = "来源：中国政府网") -> str:
    head = f'<meta name="ArticleTitle" content="{title or TITLES[key]}">'
    body = f'<div class="info">发布时间：{when:%Y-%m-%d %H:%M} {label}</div>'
    url = f"http://www.{name}.gov.cn/gwy/art_{key}.html"
    world.on(url, answer(page(title or TITLES[key], head=head, body=body)))
    return f'<li><a href="/gwy/art_{key}.html">{title or TITLES[key]}</a><span>{when:%Y-%m-%d}</span></li>'


def column(world: World, office: Office, name: str, rows: list[str], pager: str = "") -> None:
    """One registered column whose list these rows are, below two of its own."""
    own = [f'<li><a href="/gwy/own{n}.html">{OWN[n]}</a><span>{ago(n + 1):%Y-%m-%d}</span></li>' for n in range(4)]
    for n in range(4):
        head = f'<meta name="ArticleTitle" content="{OWN[n]}">'
        world.on(f"http://www.{name}.gov.cn/gwy/own{n}.html", answer(page(f"本县调度会{n}", head=head)))
    block = f'<h2>国务院信息</h2><ul class="list">{"".join(own + rows)}</ul>{pager}'
    listed = f'<html><head><meta charset="utf-8"><title>国务院信息</title></head><body>{block}</body></html>'
    world.on(f"http://www.{name}.gov.cn/gwy/index.html", answer(listed))
    columns = [
        {"id": "gwy", "name": "国务院信息", "kind": "国务院信息", "url": f"http://www.{name}.gov.cn/gwy/index.html"}
    ]
    office.site(name, "/gwy/index.html", columns=columns)


def said(told: Told, name: str) -> dict[tuple[str, str], str]:
    """(rule, last part of the item's address) -> message."""
    return {
        (one["rule"], one["target"].rpartition("/")[2].partition(".")[0]): one["message"]
        for one in told.findings(name, rules=RULES)
    }


@pytest.mark.behaviour(69)
def test_a_feed_with_holes_is_read_and_a_stale_one_suspends(world: World, office: Office) -> None:
    holes = [
        {"TITLE": "", "URL": "http://www.gov.cn/yw/"},
        {"TITLE": "图解：安全提示", "DOCRELPUBTIME": f"{ago(3):%Y-%m-%d}"},
    ]
    source(
        world, office, "holes", [fresh(), *holes, row("a", 4), {**row("d", 4), "URL": "http://www.elsewhere.com/d.htm"}]
    )
    column(world, office, "holes", [])
    told = office.nightly()
    assert {key for key in said(told, "holes") if key[0] == "RP-02"} == {("RP-02", "a"), ("RP-02", "d")}
    source(world, office, "stale", [row("a", 4), row("d", 5)])
    column(world, office, "stale", [])
    told = office.nightly()
    assert not said(told, "stale"), "the twin: the same items of a feed that stopped three days ago"
    result = told.result("stale", "RP-02")
    assert (result["verdict"], "暂停比对" in result["reason"]) == ("unverified", True)


@pytest.mark.behaviour(70)
@pytest.mark.behaviour(71)
def test_six_articles_come_out_six_ways(world: World, office: Office) -> None:
    source(world, office, "sixways", [fresh(), *(row(key, 6) for key in "abcdef")])
    rows = [
        article(world, "sixways", "a", ago(5.9)),
        article(world, "sixways", "b", ago(5.9), "县域公共服务均衡发展行动方案印发（国办发〔2026〕31号）"),
        f'<li><a href="http://www.gov.cn/yw/c.htm">秋冬种会议</a><span>{ago(6):%Y-%m-%d}</span></li>',
        article(world, "sixways", "d", ago(2)),
        f'<li><a href="/gwy/art_e.html">{TITLES["e"]}</a><span>{ago(5):%Y-%m-%d}</span></li>',
    ]
    world.on("http://www.gov.cn/yw/c.htm", answer(page(TITLES["c"])))
    head = f'<meta name="ArticleTitle" content="{TITLES["e"]}">'
    world.on(
        "http://www.sixways.gov.cn/gwy/art_e.html", answer(page(TITLES["e"], head=head, body="<p>来源：中国政府网</p>"))
    )
    column(world, office, "sixways", rows)
    told = office.nightly()
    found = said(told, "sixways")
    assert set(found) == {("RP-03", "d"), ("RP-02", "f")}, "copied, retitled, linked and undecided ones are no finding"
    (missing,) = told.findings("sixways", rules=["RP-02"])
    tally = {line["label"]: line["value"] for line in missing["evidence"]}["同期应转"]
    for words in ("原题转载 1", "标题有改动 1", "直接链接到原文 1", "滞后 1", "漏转 1", "说不准 1"):
        assert words in tally, tally


@pytest.mark.behaviour(71)
@pytest.mark.parametrize(("hours", "late"), [(8, True), (12, False), (24, False)])
def test_the_deadline_is_a_setting(world: World, office: Office, hours: int, late: bool) -> None:
    name = f"deadline{hours}"
    source(world, office, name, [fresh(), row("a", 3, clock=True)], deadline_hours=hours)
    column(world, office, name, [article(world, name, "a", ago(3) + timedelta(hours=10))])
    told = office.nightly()
    assert (("RP-03", "a") in said(told, name)) is late


@pytest.mark.behaviour(71)
def test_a_source_with_a_day_only_gives_a_range(world: World, office: Office) -> None:
    source(world, office, "range", [fresh(), row("a", 5), row("d", 5)])
    nextday = (ago(5) + timedelta(days=1)).replace(hour=9, minute=5)
    column(
        world,
        office,
        "range",
        [article(world, "range", "a", nextday), article(world, "range", "d", nextday + timedelta(days=2))],
    )
    told = office.nightly()
    assert set(said(told, "range")) == {("RP-03", "d")}, "33 hours after midnight may be 10 hours after the source"
    assert "说不准" in told.result("range", "RP-03")["reason"] or told.result("range", "RP-03")["unknown"] == 1


@pytest.mark.behaviour(72)
def test_a_stalled_list_makes_unknown_and_not_missing(world: World, office: Office) -> None:
    pager = '<div class="page">共40条 1/4 <a href="/gwy/index_2.html">下一页</a></div>'
    source(world, office, "halfread", [fresh(), row("a", 6)])
    column(world, office, "halfread", [], pager)
    world.on("http://www.halfread.gov.cn/gwy/index_2.html", world.routes["http://www.halfread.gov.cn/gwy/index.html"])
    told = office.nightly()
    assert not said(told, "halfread")
    assert told.result("halfread", "RP-02")["verdict"] == "unverified"
    source(world, office, "wholeread", [fresh(), row("a", 6), row("d", 6)])
    column(world, office, "wholeread", [])
    article(world, "wholeread", "d", ago(5.9))  # outside the column, and linked from elsewhere
    columns = office.sites["wholeread"].columns
    world.on("http://www.wholeread.gov.cn/links.html", answer(page("相关链接", "/gwy/art_d.html")))
    assert columns
    told = office.nightly()
    assert {key for key in said(told, "wholeread") if key[0] == "RP-02"} == {("RP-02", "a")}, (
        "d stands elsewhere on the site"
    )


@pytest.mark.behaviour(73)
def test_the_source_label_of_a_repost(world: World, office: Office) -> None:
    source(world, office, "labels", [fresh(), *(row(key, 4) for key in "acd")])
    rows = [
        article(world, "labels", "a", ago(3.9), label="来源：本站原创"),
        article(world, "labels", "c", ago(3.9), label="来源：新华社"),
        article(world, "labels", "d", ago(3.9), label=""),
    ]
    column(world, office, "labels", rows)
    told = office.nightly()
    found = {
        (one["target"].rpartition("_")[2], one["certainty"]): one["message"]
        for one in told.findings("labels", rules=["RP-04"])
    }
    assert set(found) == {("a.html", "proposed"), ("d.html", "proposed")}
    assert "本站原创" in found["a.html", "proposed"]
    assert "没有注明来源" in found["d.html", "proposed"]
