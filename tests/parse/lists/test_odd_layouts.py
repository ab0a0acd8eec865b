"""Layouts that hide rows: columns side by side, links by script, dates in attributes, one row, overviews."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import pytest

from tests.parse.lists.pages import days, listing, titles

LI = "<li><a href=a@n.html>@t</a><span>2025-05-@d</span></li>"


def rows(pattern: str = LI, count: int = 6, after: int = 0) -> str:
    numbers = range(after + 1, after + count + 1)
    return "".join(
        pattern.replace("@n", str(n)).replace("@t", f"关于开展第{n}次政务公开检查的通知").replace("@d", f"{28 - n:02d}")
        for n in numbers
    )


PAIR = "<td><a href=a{0}.html>关于第{0}次检查的通知</a></td><td>2025-05-{1:02d}</td>"
TWELVE = {
    "halves in boxes": f"<div class=con><div class=left><ul>{rows()}</ul></div><div class=right><ul>{rows(LI, 6, 6)}</ul></div></div>",
    "halves named apart": f"<div class=con><ul class=l>{rows()}</ul><ul class=r>{rows(LI, 6, 6)}</ul></div>",
    "halves in cells": f"<table><tr><td><ul>{rows()}</ul></td><td><ul>{rows(LI, 6, 6)}</ul></td></tr></table>",
    "two entries a row": "<table>" + "".join(f"<tr>{PAIR.format(n, 28 - n)}{PAIR.format(n + 6, 22 - n)}</tr>" for n in range(1, 7)) + "</table>",
    "blocks": "<div class=list>" + "".join(f"<div><ul>{rows(LI, 4, k)}</ul></div>" for k in (0, 4, 8)) + "</div>",
    "blocks by year": "<ul>" + "".join(f"<li><h3>{y}年</h3><ul>{rows(LI.replace('2025', y), 4, k)}</ul></li>" for y, k in (("2025", 0), ("2024", 4), ("2023", 8))) + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("name", TWELVE)
def test_a_list_in_parts_is_read_whole(name: str) -> None:
    found = listing(f"<div class=main>{TWELVE[name]}</div>")
    assert len(found.entries) == len({entry.url for entry in found.entries}) == 12
    assert all(days(found))


def test_tabs_of_other_subjects_are_no_halves() -> None:
    tabs = "".join(f"<div class=tab><ul>{rows(LI.replace('a@n', f't{k}@n'))}</ul></div>" for k in range(3))
    assert len(listing(f"<div class=main>{tabs}</div>").entries) == 6


def test_another_heading_begins_another_list() -> None:
    body = f"<div><div><ul>{rows()}</ul></div><div><p>历史文件</p><ul>{rows(LI, 4, 6)}</ul></div></div>"
    assert len(listing(f"<div class=main>{body}</div>").entries) == 6


@pytest.mark.parametrize("heading", ["最新发布", "热门文章", "阅读排行", "推荐", "点击排行榜"])
def test_a_longer_list_of_the_side_is_not_the_columns(heading: str) -> None:
    side = f"<div class=r><h3>{heading}</h3><ul>{rows(LI.replace('a@n', 'b@n'), 10)}</ul></div>"
    assert len(listing(f"<div class=main><ul>{rows()}</ul></div>{side}").entries) == 6


SIX = {
    "opened by script": "<li onclick=\"window.open('a@n.html')\"><b>@t</b><span>2025-05-@d</span></li>",
    "link by script": "<li><a href='javascript:void(0)' onclick=\"openInfo('/x/a@n.html')\">@t</a><span>2025-05-@d</span></li>",
    "src of li": "<li src=a@n.html>@t<span>2025-05-@d</span></li>",
    "data-href": "<li><p data-href=a@n.html>@t</p><span>2025-05-@d</span></li>",
    "day, month, year": "<li><em>@d</em><span>05月</span><span>2025年</span><a href=a@n.html>@t</a></li>",
    "English month": "<li><em>@d</em><span>May 2025</span><a href=a@n.html>@t</a></li>",
    "time element": "<li><a href=a@n.html>@t</a><time datetime='2025-05-@d'></time></li>",
    "data-time": "<li><a href=a@n.html>@t</a><i data-time='2025-05-@d 10:00'></i></li>",
    "hidden input": "<li><a href=a@n.html>@t</a><input type=hidden value='2025-05-@d'></li>",
}


@pytest.mark.parametrize("name", SIX)
def test_rows_are_read_though(name: str) -> None:
    found = listing(f"<div class=main><ul>{rows(SIX[name])}</ul></div>")
    assert titles(found) == [f"关于开展第{n}次政务公开检查的通知" for n in range(1, 7)]
    assert days(found) == [f"2025-05-{28 - n:02d}" for n in range(1, 7)]


@pytest.mark.parametrize(
    "body",
    [
        f"<ul class=list>{rows(LI, 1)}</ul>",
        "<div class=list><div class=i><div class=t><a href=a1.html>关于开展第1次政务公开检查的通知</a></div><div>2025-05-27</div></div></div>",
    ],
)
def test_a_list_of_one_entry(body: str) -> None:
    found = listing(f"<div class=main>{body}</div>")
    assert (titles(found), days(found)) == (["关于开展第1次政务公开检查的通知"], ["2025-05-27"])


def test_an_overview_says_what_it_is() -> None:
    parts = "".join(
        f"<div class=s><h2>子栏目{k}</h2><a href=/c{k}/>更多</a><ul>{rows(LI.replace('a@n', f'c{k}a@n'), 5)}</ul></div>"
        for k in range(4)
    )
    found = listing(f"<div class=main>{parts}</div>")
    assert len(found.entries) == 20
    assert "栏目概览页" in found.note
    assert "概览" not in listing(f"<div class=main><ul>{rows()}</ul><a href=/all/>更多</a></div>").note
