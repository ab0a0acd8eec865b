"""Titles that a list shortens, and bodies that are nothing but a viewer of a file (BEHAVIOURS 25, 52)."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.world.office import Office, page
from tests.world.server import World, answer

ITEM = "国务院办公厅关于进一步做好农村公路养护管理有关工作的通知"
OTHER = "国务院办公厅关于进一步做好农村公路养护管理经费保障若干事项的公告"
CUT = "国务院办公厅关于进一步做好农村公路养护管理…"
FILE = answer(b"%PDF-1.4\n" + b"0" * 9000, Content_Type="application/pdf")


def _day(ago: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=8) - timedelta(days=ago)).strftime("%Y-%m-%d")


def _article(title: str, head: str = "") -> bytes:
    return answer(page(title, head=f'<meta name="PubDate" content="{_day(4)} 09:00">{head}'))


@pytest.mark.behaviour(25)
def test_a_shortened_title_is_judged_by_the_article_itself(world: World, office: Office) -> None:
    feed = [
        {"TITLE": ITEM, "URL": "https://www.upper.test/1.htm", "DOCRELPUBTIME": _day(5)},
        {"TITLE": "今日要闻一则", "URL": "https://www.upper.test/2.htm", "DOCRELPUBTIME": _day(0)},
    ]
    world.on(
        "http://feed.test/list.json", answer(json.dumps(feed, ensure_ascii=False), Content_Type="application/json")
    )
    office.sources = [
        {"id": "up", "name": "上级网站", "level": "central", "format": "gov-json", "feed": "http://feed.test/list.json",
         "deadline_hours": 24, "owed_by": ["portal"]},
    ]  # fmt: skip
    articles = {
        "whole": _article("某市人民政府", f'<meta name="ArticleTitle" content="{ITEM}">'),  # by its tag alone
        "heading": _article(ITEM),
        "other": _article(OTHER),  # the twin: the same beginning, another matter
    }
    for name, article in articles.items():
        host = f"http://www.{name}25.gov.cn"
        column = {"id": "gwy", "name": "国务院信息", "kind": "国务院信息", "url": f"{host}/gwy/"}
        office.site(f"{name}25", "/gwy/", columns=[column])
        rows = "".join(
            f'<li><a href="/gwy/{n}.html">{CUT if n == 1 else f"关于第{n}项其他工作的通知"}</a><span>{_day(3 + n)}</span></li>'
            for n in range(1, 9)
        )
        world.on(f"{host}/gwy/", answer(page("国务院信息", body=f"<ul>{rows}</ul>")))
        world.on(f"{host}/gwy/1.html", article)
        for n in range(2, 9):
            world.on(f"{host}/gwy/{n}.html", _article(f"关于第{n}项其他工作的通知"))
    told = office.nightly()
    missing = {row["site"] for row in told.findings(rules=("RP-02",)) if "农村公路" in row["message"]}
    assert missing == {"other25"}


VIEWERS = {
    "pdfshow": '<div id="pdfshow" data-value="/files/{}.pdf"></div>',
    "viewer": '<iframe src="/pdfjs/web/viewer.html?file=/files/{}.pdf"></iframe>',
    "encoded": '<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2F{}.pdf#page=1"></iframe>',
    "absolute": '<iframe src="/generic/web/viewer.html?file=http://www.absolute.gov.cn/files/{}.pdf"></iframe>',
    "embed": '<embed src="/files/{}.pdf" type="application/pdf">',
    "object": '<object data="/files/{}.pdf" type="application/pdf"></object>',
    "frame": '<iframe src="/files/{}.pdf"></iframe>',
    "script": "<div id='pdf'></div><script>PDFObject.embed('/files/{}.pdf', '#pdf');</script>",
}


@pytest.mark.behaviour(52)
@pytest.mark.parametrize("name", VIEWERS)
def test_the_file_behind_a_viewer_is_an_attachment(world: World, office: Office, name: str) -> None:
    host = f"http://www.{name}.gov.cn"
    office.site(name, "/art/here.html", "/art/gone.html")
    for file in ("here", "gone"):
        body = f'<div class="TRS_Editor">{VIEWERS[name].replace("{}", file)}</div>'
        html = (
            f"<html><head><title>关于印发规划的通知</title></head><body><h1>关于印发规划的通知</h1>{body}</body></html>"
        )
        world.on(f"{host}/art/{file}.html", answer(html))
    world.on(
        f"//www.{name}.gov.cn/*", lambda v: answer("<p>viewer</p>") if "viewer.html" in v.target else answer("", 404)
    )
    world.on(f"{host}/files/here.pdf", FILE)
    told = office.nightly()
    assert world.asked(f"{host}/files/here.pdf")
    rows = told.findings(name)
    assert [(row["rule"], row["target"]) for row in rows] == [("LK-03", f"{host}/files/gone.pdf")], rows
    assert rows[0]["parents"][0]["url"] == f"{host}/art/gone.html"


@pytest.mark.behaviour(52)
def test_a_value_that_is_no_file_is_not_asked(world: World, office: Office) -> None:
    body = '<ul><li data-value="3">三</li><li data-value="/tab/2">二</li></ul><iframe src="/map/viewer.html?id=7"></iframe>'
    office.site("novalue", "/art/1.html")
    world.on("http://www.novalue.gov.cn/art/1.html", answer(page("办事地图", body=body)))
    world.on("//www.novalue.gov.cn/*", lambda v: answer("<p>图</p>") if "viewer" in v.target else answer("", 404))
    told = office.nightly()
    assert not world.asked("http://www.novalue.gov.cn/tab/*")
    assert not told.findings("novalue", rules=("LK-03",))
