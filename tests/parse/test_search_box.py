"""Search boxes in forms, in scripts and as links; and inputs that search nothing."""
# ruff: noqa: E501 - fixtures stand on the lines that sites write them on

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parse import search_box

DATES = "".join(f"<li><a href='art_{i}.html'>通知{i}</a><span>2022-0{i}-01</span></li>" for i in range(1, 7))


def read(html: str) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(f"<html><body>{html}</body></html>")
    return [(box.kind, box.scope) for box in search_box.read(tree, "http://www.lxs.gov.cn/a/")]


@pytest.mark.parametrize(
    ("html", "kind", "scope"),
    [
        (
            "<div class=header><form action='/jsearchfront/search.do'><input name=q><input type=submit value=搜索></form></div>",
            "form",
            "site",
        ),
        (
            "<form action='/search' method=get><input type=text name=keyword placeholder=请输入关键字><button>搜索</button></form>",
            "form",
            "site",
        ),
        (
            "<div class='top'><input type='text' id='searchWord' placeholder='请输入关键词'><div class='btn' onclick='doSearch()'></div></div>",
            "script",
            "site",
        ),
        (
            "<div class=head_box><input id=qt value='请输入您要搜索的内容'><img src='images/ss.png' onclick='so()'></div>",
            "script",
            "site",
        ),
        (
            "<div class='search-box'><input class='inp' type='text'><span class='icon-search'></span></div>",
            "script",
            "site",
        ),
        (
            "<div><input type='text' placeholder='站内搜索'><a href='javascript:;' class='sbtn'>搜索</a></div>",
            "script",
            "site",
        ),
        ("<div class='logo'><input name='keywords'><input type='button' value='搜 索'></div>", "script", "site"),
        (
            "<div class=header><input type='text' id='q' placeholder='请输入'><button type='button'><i></i></button></div>",
            "script",
            "site",
        ),
        (
            "<form name='dataForm' action='/was5/web/search' target='_blank'><input type='hidden' name='channelid' value='252'><input name='searchword'></form>",
            "form",
            "column",
        ),
        (
            f"<div class='list'><div class='ss'><input id='keyword' placeholder='本栏检索'><button>检索</button></div><ul>{DATES}</ul></div>",
            "script",
            "column",
        ),
        (
            f"<div class='main'><form target='DataList' action='search.jsp'><input name=key><input type=submit value=查询></form><ul>{DATES}</ul></div>",
            "form",
            "column",
        ),
        (
            "<div class='con'><input id='bt' placeholder='请输入文件标题'><input id='wh' placeholder='文号'><select><option>年份</option></select><a class='btn'>检索</a></div>",
            "script",
            "column",
        ),
        (
            "<form action='/col/search'><input type=hidden name=columnid value=12><input type=text name=title><input type=image src=go.gif alt=搜索></form>",
            "form",
            "column",
        ),
        (
            f"<div class='content'><div class='gk_search'><input placeholder='请输入关键字'><span>搜索</span></div><ul>{DATES}</ul></div>",
            "script",
            "column",
        ),
        ("<a href='/jsearchfront/search.do?websiteid=1'>搜索</a>", "link", "site"),
        ("<a href='/sousuo/index.html' title='搜索'><img src=so.png></a>", "link", "site"),
        (
            "<form id=aspnetForm action='default.aspx'><div class=header><input type=text name='ctl00$txtKey' placeholder='请输入搜索关键字'><a onclick='s()'>搜索</a></div></form>",
            "script",
            "site",
        ),
    ],
)
def test_search_box(html: str, kind: str, scope: str) -> None:
    assert read(html) == [(kind, scope)]


@pytest.mark.parametrize(
    "html",
    [
        "<form action='/login'><input name=username placeholder=用户名><input type=password name=pwd><button>登录</button></form>",
        "<div class=page>共10页 跳转到<input type=text id=pageNo>页<button>GO</button></div>",
        "<div class=pager><input type='text' class='pageInput'><a href='javascript:go()'>确定</a></div>",
        "<form action='/comment'><input name=nick placeholder=姓名><textarea name=content></textarea><input name=yzm placeholder=验证码></form>",
        "<div>验证码 <input name=captcha><img src='/captcha'></div>",
        "<div><input type=text class=laydate-icon id=start placeholder=开始时间><input id=end placeholder=结束时间></div>",
        "<div class=hot>热门搜索：<a href='/search?q=医保'>医保</a><a href='/search?q=社保'>社保</a></div>",
        "<div class='cx'>企业名称：<input name=qymc placeholder='请输入企业名称'><button>查询</button></div>",
        "<div>办件查询 <input placeholder='请输入办件编号'><input placeholder=查询密码><button>查询</button></div>",
        "<select onchange='location=this.value'><option>友情链接</option></select>",
        "<input type=hidden name=keyword value=1>",
        "<!-- <form action='/search'><input name=q></form> -->",
        "<form><input type=text name=email placeholder='请输入邮箱'><button>订阅</button></form>",
        "<a href='/a.html'>我局开展搜索引擎广告检查</a>",
    ],
)
def test_no_search(html: str) -> None:
    assert read(html) == []


def test_a_box_inside_everything_is_unclear() -> None:
    assert read(
        f"<div class=wrap><div class=search><input name=keyword><img src=ss.png onclick=so()></div><ul>{DATES}</ul></div>"
    ) == [("script", "unknown")]


def test_site_box_and_column_box_are_two() -> None:
    """PATTERNS: a column's own search stands beside the site's."""
    html = f"<div class=header><form action='/jsearch/s.do'><input name=q placeholder=站内搜索><button>搜索</button></form></div><div class=main><div><input id=kw placeholder='请输入标题或文号'><button>检索</button></div><ul>{DATES}</ul></div>"
    assert read(html) == [("form", "site"), ("script", "column")]


def test_one_box_for_computer_and_phone_is_one() -> None:
    form = "<div class='{}header'><form action='/jsearch/s.do'><input name=q placeholder=搜索><button>搜索</button></form></div>"
    assert read(form.format("") + form.format("m-")) == [("form", "site")]


def test_a_policy_query_of_many_inputs_is_one_column_box() -> None:
    html = "<div class=main><div class=query><p>标题 <input name=title></p><p>文号 <input name=wenhao></p><p>发文机关 <input name=jg></p><p>成文日期 <input name=rq class=Wdate></p><button>查询</button></div></div>"
    assert read(html) == [("script", "column")]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + "<input name=q>",
        "<input name=q>" * 20_000,
        "<form>" + "<input name=keyword>" * 20_000,
        "<a href='/search'>搜索</a>" * 50_000,
    ],
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    began = time.perf_counter()
    read(html)
    assert time.perf_counter() - began < 2
