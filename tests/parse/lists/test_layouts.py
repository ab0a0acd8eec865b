"""Lists in plain HTML as they are laid out: titles, addresses and dates of every row (BEHAVIOURS 26, 61, 62)."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import pytest

from tests.parse.lists.pages import TITLES, days, listing, titles

WANTED = [f"2025-05-{day:02d}" for day in range(20, 14, -1)]
ROWS = [(n, title, 20 - n) for n, title in enumerate(TITLES)]


def each(pattern: str) -> str:
    return "".join(pattern.replace("@n", str(n)).replace("@t", t).replace("@d", f"{d:02d}") for n, t, d in ROWS)


A = "<a href='a@n.html' target=_blank>@t</a>"
LAYOUTS = {
    "brackets month day": f"<ul>{each(f'<li>{A}<span>[05-@d]</span></li>')}</ul>",
    "month day before": f"<ul>{each(f'<li><span>05-@d</span>{A}</li>')}</ul>",
    "month.day": f"<ul>{each(f'<li><i>05.@d</i>{A}</li>')}</ul>",
    "slash month day": f"<ul>{each(f'<li>{A}<em>(5/@d)</em></li>')}</ul>",
    "chinese month day": f"<ul>{each(f'<li>{A}<em>5月@d日</em></li>')}</ul>",
    "full width brackets": f"<ul>{each(f'<li>{A}<em>（2025-05-@d）</em></li>')}</ul>",
    "time of day": f"<ul>{each(f'<li>{A}<em>2025-05-@d 16:34:05</em></li>')}</ul>",
    "day over year.month": f"<ul>{each(f'<li><div class=date><h4>@d</h4><p>2025.05</p></div><div class=txt>{A}<p>摘要文字摘要文字摘要文字。</p></div></li>')}</ul>",
    "day over year-month in spans": f"<ul>{each(f'<li><span class=t><b>@d</b><br>2025-05</span>{A}</li>')}</ul>",
    "month-day over year": f"<ul>{each(f'<li><span class=t><b>05-@d</b><i>2025</i></span>{A}</li>')}</ul>",
    "year over month-day": f"<ul>{each(f'<li><span class=t><i>2025</i><b>05-@d</b></span>{A}</li>')}</ul>",
    "day over month without year": f"<ul>{each(f'<li><div class=dt><b>@d</b><span>5月</span></div>{A}</li>')}</ul>",
    "month over day without year": f"<ul>{each(f'<li><div class=dt><span>05月</span><b>@d</b></div>{A}</li>')}</ul>",
    "date split over lines": f"<ul>{each(f'<li>{A}<span>2025-' + chr(10) + '05-' + chr(10) + '@d</span></li>')}</ul>",
    "nested spans": f"<ul>{each(f'<li><span><span><font>{A}</font></span></span><span><span>2025-05-@d</span></span></li>')}</ul>",
    "dl of all": f"<dl>{each(f'<dd><span>2025-05-@d</span>{A}</dd>')}</dl>",
    "div rows in div": f"<div class=con>{each(f'<div class=row><span>2025-05-@d</span><p>{A}</p></div>')}</div>",
    "section article time": f"<section>{each(f'<article><h3>{A}</h3><time datetime=2025-05-@d>2025-05-@d</time></article>')}</section>",
    "table three cells": f"<table>{each(f'<tr><td width=10><img src=dot.gif></td><td>{A}</td><td>2025-05-@d</td></tr>')}</table>",
    "table with spacers": f"<table>{each(f'<tr><td>{A}</td><td>2025-05-@d</td></tr><tr><td colspan=2 height=1></td></tr>')}</table>",
    "table number in cell": f"<table><tr><th>序号</th><th>标题</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>{each(f'<tr><td>@n</td><td>{A}</td><td>临市府发〔2025〕@n号</td><td>2024-12-31</td><td>2025-05-@d</td></tr>')}</table>",
    "table heads as td": f"<table><tr><td>文件名称</td><td>文号</td><td>生成日期</td><td>公开日期</td></tr>{each(f'<tr><td>{A}</td><td>临市府发〔2025〕@n号</td><td>2025年6月1日</td><td>2025年5月@d日</td></tr>')}</table>",
    "index number like a date": f"<ul>{each(f'<li>{A}<span>2026-02-00018</span><span>2025-05-@d</span></li>')}</ul>",
    "index number alone": f"<ul>{each(f'<li><span>620-/2026-0200018</span>{A}<span>2025-05-@d</span></li>')}</ul>",
    "written and published labelled": f"<ul>{each(f'<li>{A}<p>成文日期：2025-06-30</p><p>发布日期：2025-05-@d</p></li>')}</ul>",
    "published then written": f"<ul>{each(f'<li>{A}<p>发布时间：2025-05-@d 成文时间：2025-06-30</p></li>')}</ul>",
    "effective date beside": f"<ul>{each(f'<li>{A}<p>施行日期：2025-09-01</p><span>2025-05-@d</span></li>')}</ul>",
    "source beside": f"<ul>{each(f'<li>{A}<div>来源：市政府办公室　时间：2025-05-@d　浏览：1@d</div></li>')}</ul>",
    "pinned first": f"<ul><li class=top><a href=top.html>[置顶]关于做好元旦春节期间有关工作的通知</a><span>2024-12-20</span></li>{each(f'<li>{A}<span>2025-05-@d</span></li>')}</ul>",
    "h3 and p": f"<div>{each(f'<h3>{A}</h3><p>2025-05-@d</p>')}</div>",
    "h4 in li": f"<ul>{each(f'<li><h4>{A}</h4><p>摘要文字，摘要文字，<a href=a@n.html>详情</a></p><p>2025-05-@d</p></li>')}</ul>",
    "h3 in div": f"<div>{each(f'<div class=i><h3>{A}</h3><div class=d>2025-05-@d</div></div>')}</div>",
    "dt dd flat with summaries": f"<dl>{each(f'<dt>{A}</dt><dd>摘要文字，摘要文字。</dd><dd>2025-05-@d</dd>')}</dl>",
    "td columns of headings": f"<table>{each(f'<tr><td><h3>{A}</h3></td><td>2025-05-@d</td></tr>')}</table>",
    "number and title and date in li": f"<ul>{each(f'<li><span>@n</span><span>{A}</span><span>临市府发〔2024〕12号</span><span>2025-05-@d</span></li>')}</ul>",
    "implementation and validity": f"<ul>{each(f'<li>{A}<p>有效期至：2030-05-01</p><p>公开日期：2025-05-@d</p></li>')}</ul>",
    "deadline beside": f"<ul>{each(f'<li>{A}<p>截止时间：2025-06-30</p><span>2025-05-@d</span></li>')}</ul>",
    "views like a date": f"<ul>{each(f'<li>{A}<span>浏览 12</span><span>2025-05-@d</span></li>')}</ul>",
    "separators": f"<ul>{each(f'<li>{A}<span>2025-05-@d</span></li><li class=line></li>')}</ul>",
    "whole card linked": each("<a class=card href='a@n.html'><img src=p.jpg><h3>@t</h3><p>摘要文字，摘要文字。</p><span>2025-05-@d</span></a>").join(("<div class=cards>", "</div>")),
    "li whole linked": f"<ul>{each('<a href=a@n.html><li><p>@t</p><span>2025-05-@d</span></li></a>')}</ul>",
    "title attribute only": f"<ul>{each('<li><a href=a@n.html title=@t><img src=new.gif></a><span>2025-05-@d</span></li>')}</ul>",
    "cut titles": f"<ul>{each('<li><a href=a@n.html title=@t>关于开展第…</a><span>2025-05-@d</span></li>')}</ul>",
    "category and title": f"<ul>{each(f'<li><a href=/c/>【通知】</a>{A}<span>2025-05-@d</span></li>')}</ul>",
    "new mark": f"<ul>{each(f'<li>{A}<img src=new.gif><sup>NEW</sup><span>2025-05-@d</span></li>')}</ul>",
    "date before in text": f"<div>{each(f'<div>2025-05-@d&nbsp;&nbsp;{A}</div>')}</div>",
    "br separated": f"<div>{each(f'· {A} [2025-05-@d]<br/>')}</div>",
    "p separated, date in next p": f"<div>{each(f'<p>{A}</p><p class=date>2025-05-@d</p>')}</div>",
    "h2 and span": f"<div>{each(f'<h2>{A}</h2><span>2025-05-@d</span>')}</div>",
    "dot date short": f"<ul>{each(f'<li>{A}<span>25.05.@d</span></li>')}</ul>",
    "unclosed li": f"<ul>{each(f'<li>{A}<span>2025-05-@d</span>')}</ul>",
    "upper case tags": each(f"<LI>{A}<SPAN>2025-05-@d</SPAN></LI>").join(("<UL>", "</UL>")),
    "date in data attribute and text": f"<ul>{each(f'<li data-time=2025-05-@d>{A}<span>2025-05-@d</span></li>')}</ul>",
    "hidden year": f"<ul>{each(f'<li>{A}<span>2025年05月@d日</span></li>')}</ul>",
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_row_of(name: str) -> None:
    found = listing(f"<div class=main><div class=list>{LAYOUTS[name]}</div></div>")
    shown = list(zip(titles(found), days(found), strict=True))
    assert [pair for pair in shown if "元旦春节" not in pair[0]] == list(zip(TITLES, WANTED, strict=True))
    assert found.entries[-1].url.endswith("/a5.html")
