"""Hidden links: every way of hiding is seen, menus and notices are not (BEHAVIOURS 74, FIELD 4)."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.core.facts import Link
from crawler.parse import hidden

BAD = "<a href='http://www.bet-xyz.com/'>娱乐城</a>"


def read(html: str, head: str = "") -> list[str]:
    tree = LexborHTMLParser(f"<html><head>{head}</head><body>{html}</body></html>")
    links = [
        Link(url=href, href=href, text=node.text()) for node in tree.css("a[href]") if (href := node.attributes["href"])
    ]
    source = f"<html><head>{head}</head><body>{html}</body></html>"
    return [link.url for link in hidden.read(tree, "http://www.lxs.gov.cn/a.html", links, source)]


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE",
        "visibility:hidden",
        "opacity:0",
        "opacity: 0.01;",
        "font-size:0px",
        "font-size:1px",
        "line-height:0",
        "width:1px;height:1px;overflow:hidden",
        "height:0;overflow:hidden",
        "text-indent:-9999px",
        "position:absolute;left:-9999px",
        "position:absolute;top:-1000px",
        "position:absolute;z-index:-999",
        "clip:rect(0,0,0,0)",
        "transform:translateX(-9999px)",
        "color:#fff;background-color:#fff",
        "margin-left:-5000px",
    ],
)
@pytest.mark.parametrize("where", ["inline", "ancestor", "class", "id"])
def test_hidden_by_style(style: str, where: str) -> None:
    html = {
        "inline": f"<a style='{style}' href='http://www.bet-xyz.com/'>x</a>",
        "ancestor": f"<div style='{style}'><p>{BAD}</p></div>",
        "class": f"<div class='a1 zz'>{BAD}</div>",
        "id": f"<div id='zz'>{BAD}</div>",
    }[where]
    head = f"<style>/* .x{{}} */ .zz, #zz {{ {style} }}</style>"
    assert read(html, head if where in {"class", "id"} else "") == ["http://www.bet-xyz.com/"]


@pytest.mark.parametrize(
    "html",
    [
        f"<marquee height=1 width=1 scrollamount=3000>{BAD}</marquee>",
        f"<noscript>{BAD}</noscript>",
        f"<div hidden>{BAD}</div>",
    ],
)
def test_hidden_by_element(html: str) -> None:
    assert read(html) == ["http://www.bet-xyz.com/"]


@pytest.mark.parametrize(
    "html",
    [
        "<div class=menu><ul style='display:none'><a href='http://www.some-hotel.com/'>x</a></ul></div>",
        "<div class='tabCon' style='display:none'><a href='http://www.some-hotel.com/'>x</a></div>",
        "<div id='ie6-warning' style='display:none'><a href='http://browsehappy.com/'>x</a></div>",
        "<div class='yqlj_drop' style='display:none'><a href='http://www.some-hotel.com/'>x</a></div>",
        "<div style='display:none'><a href='http://www.gansu.gov.cn/'>x</a><a href='http://www.hanweb.com'>x</a><a href='http://jyj.linxia.gov.cn/'>x</a></div>",
        "<div style='display:none'><a href='/b.html'>x</a><a href='http://jyj.lxs.gov.cn/b.html'>x</a></div>",
        "<a class=sr-only style='position:absolute;left:-9999px' href='http://www.some-hotel.com/'>x</a>",
        "<div style='color:#333;background:#fff'><a href='http://www.some-hotel.com/'>x</a></div>",
        "<div style='display:block;opacity:0.9;font-size:12px;left:-10px'><a href='http://www.some-hotel.com/'>x</a></div>",
        "<p style='line-height:0.8;height:100px;overflow:hidden'><a href='http://www.some-hotel.com/'>x</a></p>",
        "<a href='http://www.some-hotel.com/'>x</a><div style='display:none'>nothing</div>",
        "<!-- <div style='display:none'><a href='http://www.bet-xyz.com/'>x</a></div> -->",
    ],
)
def test_benign(html: str) -> None:
    assert read(html) == []


def test_a_trick_needs_no_excuse() -> None:
    assert read(f"<div class='links' style='position:absolute;left:-9999px'>{BAD}</div>") == ["http://www.bet-xyz.com/"]


def test_rules_for_phones_hide_nothing_here() -> None:
    assert (
        read(
            f"<div class=zz>{BAD}</div>",
            "<style>@media (max-width:600px){ .zz{display:none} .y{color:red} } .q{color:red}</style>",
        )
        == []
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>" * 10_000 + BAD,
        f"<p style='display:none'>{BAD}" * 20_000,
        "<p style='" + "width:1px;" * 50_000 + f"'>{BAD}",
        f"<style>{'.a{' * 50_000}</style>{BAD}",
        f"<style>{'@media{' * 30_000}</style>{BAD}",
        "<!--" * 300_000 + BAD,
        "<script>document.write(" * 60_000 + BAD,
        f"<style>a{' ' * 300}!{{display:none}}.x{' >' * 60}{{display:none}}</style>{BAD}",
        "<title" * 50_000 + "<meta " * 50_000 + BAD,
    ],
    ids=range(9),
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    began = time.perf_counter()
    read(html)
    assert time.perf_counter() - began < 2
