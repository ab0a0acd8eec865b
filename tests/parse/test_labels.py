"""Labelled particulars of document pages, in the layouts they come in."""

from __future__ import annotations

import time

import pytest

from crawler.parse import parse

BODY = "<p>各乡镇人民政府：现将《工作方案》印发给你们，请结合实际认真贯彻执行，执行中的问题及时反馈。</p>" * 3
WANTED = {
    "索引号": "11622900MB1234567/2026-00018",
    "发文字号": "临州府发〔2026〕18号",
    "发文机关": "临夏州人民政府",
    "成文日期": "2026-03-01",
    "主题分类": "农业、林业、水利",
    "有效性": "有效",
}
RAW = {**WANTED, "成文日期": "2026年3月1日"}


def read(block: str, metas: str = "") -> dict[str, str]:
    html = (
        '<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="关于印发工作方案的通知">'
        f"{metas}</head><body>"
        f'{block}<h1>关于印发工作方案的通知</h1><div class="TRS_Editor">{BODY}</div></body></html>'
    )
    return dict(parse(html.encode(), "https://www.lxs.gov.cn/art/1.html").facts.labels)


def spaced(word: str) -> str:
    return "&nbsp;&nbsp;".join(word) if len(word) == 3 else word


LAYOUTS = {
    "table": "<table>" + "".join(f"<tr><td>{k}：</td><td>{v}</td></tr>" for k, v in RAW.items()) + "</table>",
    "two pairs a row": "<table><tr>"
    + "</tr><tr>".join(
        f"<th>{a}</th><td>{RAW[a]}</td><th>{b}</th><td>{RAW[b]}</td>"
        for a, b in zip(list(RAW)[::2], list(RAW)[1::2], strict=True)
    )
    + "</tr></table>",
    "heads above cells": "<table><tr>"
    + "".join(f"<th>{k}</th>" for k in RAW)
    + "</tr><tr>"
    + "".join(f"<td>{v}</td>" for v in RAW.values())
    + "</tr></table>",
    "definition list": "<dl>" + "".join(f"<dt>{k}:</dt><dd>{v}</dd>" for k, v in RAW.items()) + "</dl>",
    "one line": "<p>" + "　".join(f"{k}：{v}" for k, v in RAW.items()) + "</p>",
    "brackets": "<ul>" + "".join(f"<li>【{k}】{v}</li>" for k, v in RAW.items()) + "</ul>",
    "square brackets": "<ul>" + "".join(f"<li>[{k}] <span>{v}</span></li>" for k, v in RAW.items()) + "</ul>",
    "spans": "".join(f"<div><span>{spaced(k)} ：</span><span>{v}</span></div>" for k, v in RAW.items()),
    "bars": "<p>" + " | ".join(f"{k}: {v}" for k, v in RAW.items()) + "</p>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(layout: str) -> None:
    assert read(LAYOUTS[layout]) == WANTED


def test_metas_are_particulars_too() -> None:
    metas = '<meta name="fileNum" content="临州府发〔2026〕18号"><meta name="发文机关" content="临夏州人民政府">'
    assert read("", metas) == {"发文字号": "临州府发〔2026〕18号", "发文机关": "临夏州人民政府"}


def test_an_empty_label_takes_nothing_from_below() -> None:
    found = read("<table><tr><td>有效性：</td><td></td></tr><tr><td>发文字号：</td><td> </td></tr></table>")
    assert found == {"有效性": "", "发文字号": ""}, "the title below is no validity"


def test_prose_has_no_particulars() -> None:
    words = "采取有效措施，废止旧办法。本办法有效期五年。成文日期以印发为准，发文机关应当清理。发文字号由办公室编排。"
    found = read(f"<p>{words}</p>")
    assert "有效性" not in found
    assert not found.get("发文字号")
    assert not found.get("成文日期")


def test_chinese_dates_and_other_words() -> None:
    block = (
        "<p>发文日期：二〇二六年三月一日</p><p>发布机构：州教育局</p><p>效力状态：现行有效</p><p>公开日期：2026/3/9</p>"
    )
    assert read(block) == {
        "成文日期": "2026-03-01",
        "发文机关": "州教育局",
        "有效性": "现行有效",
        "发布日期": "2026-03-09",
    }


@pytest.mark.parametrize(
    "unit", ["索引号：", "索 引 号 ", "文 ", "发文字号：〔", "【有效性】", "（", "第1号\n成文日期："]
)
def test_time_is_bounded(unit: str) -> None:
    begun = time.perf_counter()
    read(f"<pre>{unit * 20_000}</pre>")
    assert time.perf_counter() - begun < 2
