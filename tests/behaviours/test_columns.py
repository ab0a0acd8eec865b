"""`govcheck check` over columns of every make, `govcheck facts` and two nights: how far each list was read, and why."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import main
from tests.crawl.columns_world import (
    HOST,
    JSON,
    UNIT,
    Office,
    Reply,
    configure,
    day,
    jpaas,
    office,
    page,
    row,
    rows,
    served,
    title,
)

SHIPPED = Path(__file__).parents[2] / "config"


def run(*words: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue()


def unit(made: Office, name: str, answers: dict[str, object], *, tags: str = "信息列表", count: str = "") -> None:
    """A JPaaS column whose units answer what is given by tag."""
    scripts = "".join(
        f"<div><script src=/u.js url={UNIT} queryData=\"{{'webId':'w','pageId':'{name}','pageType':'column','tagId':'{tag}'}}\"></script>{count if tag == tags else ''}</div>"
        for tag in answers
    )
    made.put(name, f"/{name}/index.html", page(scripts))
    before = made.pages.get(UNIT)

    def answer(asked: dict[str, str]) -> Reply:
        if asked.get("pageId") != name:
            assert callable(before)
            return before(asked)
        return 200, JSON, json.dumps(answers[asked["tagId"]])

    made.pages[UNIT] = answer


def more(made: Office) -> None:
    """Columns the office of tests/crawl has not."""
    good = {"success": True, "data": {"html": rows("threeunits", range(5))}}
    nav = {"success": True, "data": {"html": "<ul>" + "".join(f"<li><a href=/n{n}/>栏目导航第{n}项</a></li>" for n in range(6)) + "</ul>"}}  # fmt: skip
    unit(
        made, "threeunits", {"导航": nav, "信息列表": good, "底部": {"success": True, "data": {"html": "<p>底部</p>"}}}
    )
    unit(made, "unitempty", {"信息列表": {"success": True, "data": {"html": ""}}})
    unit(made, "unitfails", {"信息列表": {"success": False, "message": "系统繁忙"}})
    pager = "<ul class=p><li data-page='index_%d.html'>%d</li><li data-page='index_%d.html'>下一页</li></ul>"
    made.put("lipager", "/lipager/index.html", page(rows("lipager", range(10)) + pager % (2, 2, 2)),
             {"/lipager/index_2.html": page(rows("lipager", range(10, 20)) + pager % (3, 3, 3)),
              "/lipager/index_3.html": page(rows("lipager", range(20, 25)))})  # fmt: skip
    made.put(
        "voidpager",
        "/voidpager/index.html",
        page(rows("voidpager", range(10)) + "<a href='javascript:void(0)'>下一页</a>"),
    )
    made.put(
        "badcall",
        "/badcall/index.html",
        page(rows("badcall", range(10)) + "<script>createPageHTML(total(), cur(), f, x)</script>"),
    )
    half = "<div class=main><div class=l><ul>%s</ul></div><div class=r><ul>%s</ul></div></div>"
    both = ("".join(row("halves", n) for n in span) for span in (range(8), range(8, 16)))
    made.put("halves", "/halves/index.html", page(half % tuple(both)))
    clicked = "".join(
        f"<li onclick=\"window.open('/x/clicked/a{n}.htm')\"><b>{title('clicked', n)}</b><i>{day(n)}</i></li>"
        for n in range(6)
    )
    made.put("clicked", "/clicked/index.html", page(f"<ul class=list>{clicked}</ul>"))
    escaped = rows("escaped", range(6)).replace("关于escaped第1号", "关于&amp;ldquo;第1号&amp;rdquo;")
    made.put("escaped", "/escaped/index.html", page(escaped))
    made.put(
        "once", "/once/index.html", page(rows("once", range(6)).replace("关于once第1号", "关于&ldquo;第1号&rdquo;"))
    )
    parts = "".join(
        f"<div><h2>子栏目{k}</h2><a href=/c{k}/>更多</a>{rows(f'part{k}', range(5))}</div>" for k in range(3)
    )
    made.put("overview", "/overview/index.html", page(f"<div class=main>{parts}</div>"))
    made.put("alone", "/alone/index.html", page(f"<div class=main>{rows('alone', range(1))}</div>"))
    jpaas(made, "long", 3000, "pageNo")


Checked = tuple[dict[str, dict[str, Any]], Office, dict[str, Any], Path]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("columns")
    made = office()
    more(made)
    with served(made):
        config = configure(made, SHIPPED, folder / "config")
        asked = [
            "check",
            "lists",
            "--format",
            "json",
            "--max-pages",
            "5000",
            "--config",
            str(config),
            "--data",
            str(folder / "data"),
        ]
        _, told = run(*asked)
        document = json.loads(told)
    return {column["id"]: column for column in document["coverage"][0]["columns"]}, made, document, folder


CASES = [
    pytest.param(name, end, entries, words, id=f"{number}-{name}", marks=pytest.mark.behaviour(number))
    for number, name, end, entries, words in [
        (13, "threeunits", "ended", 5, ""),
        (14, "jpaasparam", "ended", 40, ""),
        (14, "jpaasstalled", "stalled", 15, "停在第 1 页"),
        (15, "unitempty", "ended", 0, "空"),
        (15, "unitfails", "failed", 0, "系统繁忙"),
        (16, "jpage", "ended", 853, ""),
        (16, "jpagehollow", "failed", 45, "不完整 45/853"),
        (17, "trs", "ended", 50, ""),
        (17, "trsgap", "failed", 40, "index_3.html"),
        (17, "trsstub", "failed", 40, "残页"),
        (17, "badcall", "failed", 10, "无法翻页"),
        (18, "vsb", "ended", 40, ""),
        (19, "lipager", "ended", 25, ""),
        (19, "voidpager", "failed", 10, "无法翻页"),
        (20, "gkmlpt", "ended", 230, ""),
        (21, "atob", "ended", 14, ""),
        (22, "clicked", "ended", 6, ""),
        (23, "article", "failed", 0, "配置有误：登记的地址是一篇文章"),
        (24, "moved", "failed", 0, "www.upper.gov.cn/zcwjk/"),
        (26, "escaped", "ended", 6, "重复转义"),
        (26, "once", "ended", 6, ""),
        (66, "empty", "ended", 0, "暂无数据"),
        (66, "blank", "failed", 0, "没有"),
        (66, "epoint", "failed", 0, "Epoint"),
        (19, "halves", "ended", 16, ""),
        (5, "overview", "failed", 15, "栏目概览页"),
        (19, "alone", "ended", 1, ""),
    ]
]


@pytest.mark.parametrize(("name", "end", "entries", "words"), CASES)
def test_how_far_a_list_was_read_is_said(checked: Checked, name: str, end: str, entries: int, words: str) -> None:
    column = checked[0][name]
    assert (column["end"], column["entries"]) == (end, entries), column
    assert column["complete"] == (end in {"ended", "joined"})
    assert words in column["note"] if words else not column["note"]


@pytest.mark.behaviour(18)
def test_pages_numbered_backwards_are_asked_in_reading_order(checked: Checked) -> None:
    asked = [target for target in checked[1].asked if target.startswith("/zwgk/vsb/")]
    assert asked[0] == "/zwgk/vsb/3.htm"
    assert sorted(asked) == [f"/zwgk/vsb/{n}.htm" for n in (1, 2, 3)]


@pytest.mark.behaviour(20)
def test_page_0_is_not_asked_beside_page_1(checked: Checked) -> None:
    asked = [target for target in checked[1].asked if "/gkmlpt/api/" in target]
    assert sorted(asked) == [f"/gkmlpt/api/all/8039?page={n}&sid=755" for n in (1, 2, 3)]


@pytest.mark.behaviour(22)
def test_links_of_handlers_are_followed(checked: Checked) -> None:
    assert {f"/x/clicked/a{n}.htm" for n in range(6)} <= set(checked[1].asked)


@pytest.mark.behaviour(23, 24)
def test_doctor_names_what_must_be_registered_anew(tmp_path: Path) -> None:
    made = Office()
    made.put(
        "article",
        "/article/index.html",
        page("<div class=TRS_Editor><p>正文</p></div>", "<meta name=ArticleTitle content=什么是规范性文件>"),
    )
    made.put("moved", "/moved/index.html", (302, "http://www.upper.gov.cn/zcwjk/", ""))
    made.put("trs", "/trs/index.html", page(rows("trs", range(10))))
    with served(made):
        folders = ("--config", str(configure(made, SHIPPED, tmp_path / "config")), "--data", str(tmp_path / "data"))
        run("nightly", "--json", *folders)
        assert any(target.startswith("/moved/") for target in made.asked)
    code, told = run("doctor", "--json", *folders)
    says = {line["name"]: line["says"] for line in json.loads(told) if line["ok"] is False}
    assert code != 0
    assert "一篇文章" in says["栏目 lists/article"]
    assert "www.upper.gov.cn" in says["栏目 lists/moved"]
    assert "栏目 lists/trs" not in says


@pytest.mark.behaviour(19)
def test_facts_say_which_reader_was_used_and_why(tmp_path: Path) -> None:
    saved = tmp_path / "list.html"
    saved.write_text(
        f"<html><head><title>x</title><meta name=ColumnName content=x></head><body>{rows('x', range(9))}"
        "<script>createPageHTML(3, 0, 'index', 'html')</script></body></html>",
        encoding="utf-8",
    )
    _, told = run("facts", str(saved), "--as", f"http://{HOST}/x/index.html")
    found = json.loads(told)
    assert found["list"]["reader"] == "trs"
    assert "共 3 页" in found["list"]["note"]
    assert found["list"]["next_reader"] == ""
    assert found["links_dropped"] == 0


@pytest.mark.behaviour(99)
def test_the_second_day_of_a_long_column_costs_three_requests(tmp_path: Path) -> None:
    made = Office()
    jpaas(made, "long", 3000, "pageNo")
    with served(made):
        config = configure(made, SHIPPED, tmp_path / "config")
        words = ["nightly", "--json", "--config", str(config), "--data", str(tmp_path / "data")]
        first = json.loads(run(*words)[1])
        days = [len([t for t in made.asked if t.startswith((UNIT, "/long/"))])]
        made.asked.clear()
        second = json.loads(run(*words)[1])
        days.append(len([t for t in made.asked if t.startswith((UNIT, "/long/"))]))
    ends = [told["coverage"][0]["columns"][0]["end"] for told in (first, second)]
    assert ends == ["ended", "joined"]
    assert days[0] >= 200
    assert days[1] <= 3
