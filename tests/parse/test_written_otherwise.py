"""Footers and dates as some templates write them: each was read wrongly once (PATTERNS "The footer", "Dates")."""

from __future__ import annotations

import pytest

from crawler.parse.page import parse

URL = "http://www.linxia.gov.cn/lxz/zwgk/art/2024/art_0123456789abcdef0123456789abcdef.html"


def facts(info: str, *, head: str = "", foot: str = ""):
    text = "各乡镇人民政府，县直各部门：请认真贯彻执行，现将有关事项通知如下。"
    return parse(
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>关于印发方案的通知</title>{head}</head><body>"
        f"<div class=article><h1>关于印发方案的通知</h1>{info}<div id=zoom><p>{text}</p></div></div>"
        f"<div class=footer>{foot}</div></body></html>".encode(),
        URL,
    ).facts


@pytest.mark.parametrize("label", ["[主办单位]", "【主办单位】", "主办单位]"])
def test_an_organizer_behind_a_bracketed_label(label) -> None:
    marks = facts("", foot=f"<p>{label}临夏州人民政府办公室 网站标识码：6229000001</p>").footer.organizer
    assert [mark.value for mark in marks] == ["临夏州人民政府办公室"]


def test_a_map_of_this_site_is_a_site_map() -> None:
    assert facts("", foot='<a href="/map.html">本站地图</a>').footer.sitemap
    assert not facts("", foot='<a href="/map.html">临夏地图</a>').footer.sitemap


@pytest.mark.parametrize(
    ("info", "head"),
    [
        ("<div>发布时间：２０２４－０９－１０</div>", ""),
        ("<div>发布时间：２０２４年９月１０日</div>", ""),
        ("", '<meta name="PubDate" content="Tue Sep 10 09:24:00 CST 2024">'),
        ("", '<meta name="PubDate" content=" 20240910 ">'),
    ],
)
def test_a_date_in_wide_digits_or_as_a_machine_prints_it(info, head) -> None:
    published = facts(info, head=head).published
    assert published is not None
    assert f"{published.value:%F}" == "2024-09-10"


@pytest.mark.parametrize("content", ["20241340", "Tue Foo 10 09:24:00 CST 2024", "1234567"])
def test_what_is_no_date_gives_none(content) -> None:
    assert facts("", head=f'<meta name="PubDate" content="{content}">').published is None


def jump(script: str) -> str:
    return parse(
        f"<html><head><title>x</title></head><body><p>短</p>{script}</body></html>".encode(), URL
    ).facts.redirect


@pytest.mark.parametrize(
    "script",
    [
        'document.getElementById("b").onclick = function () { location.href = "/y" }',
        '$(function(){ $(".btn").click(function(){ window.location.href="/y" }) })',
        'b.addEventListener("click", (e) => { location.assign("/y") })',
    ],
)
def test_what_waits_for_a_click_sends_nobody_away(script) -> None:
    assert not jump(f"<script>{script}</script>")


@pytest.mark.parametrize(
    "script",
    [
        '$(function(){ window.location.href="/y" })',
        'window.onload = function () { location.href = "/y" }',
        'function go() { location.href = "/y" } go();',
        '(function(){ if (true) { location.replace("/y") } })()',
    ],
)
def test_what_runs_at_once_does(script) -> None:
    assert jump(f"<script>{script}</script>").endswith("/y")


def soft_error(title: str, words: str) -> str:
    menu = "<a href=/>首页</a><a href=/a>政务</a><a href=/b>互动</a>"
    page = f"<html><head><title>{title}</title></head><body>{menu}<h1>{title}</h1><p>{words}</p></body></html>"
    return parse(page.encode(), URL).facts.soft_error


def test_a_short_notice_about_missing_pages_is_a_page() -> None:
    words = "因服务器迁移，部分页面不存在，现已恢复，请网民放心访问。特此说明。"
    assert not soft_error("关于我局网站部分页面不存在问题的说明", words)
    assert soft_error("提示", "抱歉，您访问的页面不存在")
