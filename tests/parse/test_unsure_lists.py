"""Lists that a script may prolong without a word on the page, and their twins that are simply whole."""

# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import pytest

from crawler.parse import UNSURE, parse

URL = "https://www.lxs.gov.cn/lxs/zwgk/tzgg/index.html"


def noted(rows: int, after: str = "", head: str = "", year: int = 2023) -> bool:
    """Whether the list is doubted. Entries are a month apart, the newest of January 2026."""
    written = "".join(
        f"<li><a href=a{n}.html>关于开展第{n}次政务公开检查的通知</a><span>{year - n // 12}-{12 - n % 12:02d}-03</span></li>"
        for n in range(rows)
    )
    nav = "".join(f"<li><a href=/c{n}/index.html>导航栏目第{n}</a></li>" for n in range(12))
    html = (
        f"<html><head><title>通知公告</title><meta name=ColumnName content=通知公告>{head}</head><body>"
        f"<div class=nav><ul>{nav}</ul></div><div class=list><ul>{written}</ul></div>{after}</body></html>"
    )
    listing = parse(html.encode(), URL, {"date": "Fri, 02 Jan 2026 02:00:00 GMT"}).facts.listing
    assert len(listing.entries) == rows
    return UNSURE in listing.note


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        (15, "<div id='pagination'></div><script src='/js/list.js'></script>"),
        (20, "<div class='page-nav'><script>fy('cid', 33)</script></div>"),
        (15, "<script>drawPager('#p', {pages: 4})</script>"),
        (7, "<script>drawPager('#p', {pages: 4})</script>"),  # it says itself that there are more
        (10, "<script>$('#p').pagination(57, {items_per_page: 10})</script>"),
        (10, "<script>laypage.render({elem: 'p', count: 57, limit: 10})</script>"),
        (12, "<script>new Pager({container: 'p', pageCount: 3})</script>"),
        (20, "<script>createPageHTML(pageTotal, pageIndex, 'index', 'html')</script>"),
        (10, "<div class='btn' onclick='more()'>加载更多</div>"),
        (10, "<a class='more' href='javascript:;'>查看更多</a>"),
    ],
)
def test_a_list_that_a_script_may_prolong_is_no_end(rows: int, after: str) -> None:
    assert noted(rows, after)


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        (15, ""),  # full, and nothing that turns pages
        (4, "<div id='pagination'></div><script src='/js/list.js'></script>"),  # no page has only four rows
        (13, "<div id='pagination'></div>"),  # nobody's page size, years deep
        (15, "<div class='pagination'>共 1 页</div>"),
        (15, "<div class='pagination'>共 15 条</div><div id='pager'></div>"),
        (15, "<script>createPageHTML(1, 0, 'index', 'html')</script><div id='pager'></div>"),
        (15, "<script>drawPager('#p', {pages: 1})</script>"),
        (10, "<script>laypage.render({elem: 'p', count: 10, limit: 10})</script>"),
        (10, "<script>function drawPager(n, i) { document.write(n) }</script>"),
        (10, "<script>openPage(12345); trackPageView(); window.print()</script>"),
        (10, "<h3>图片新闻 <a class='more' href='/tpxw/index.html'>更多</a></h3>"),
    ],
)
def test_a_list_that_is_whole_stays_whole(rows: int, after: str) -> None:
    assert not noted(rows, after)


def test_a_page_that_reaches_back_a_month_only_is_doubted_whatever_its_size() -> None:
    rows = "".join(
        f"<li><a href=a{n}.html>关于第{n}次检查的通知</a><span>2025-12-{30 - n}</span></li>" for n in range(13)
    )
    html = f"<title>通知</title><meta name=ColumnName content=通知公告><div><ul>{rows}</ul></div><div id=pager></div>"
    facts = parse(html.encode(), URL, {"date": "Fri, 02 Jan 2026 02:00:00 GMT"}).facts
    assert UNSURE in facts.listing.note
