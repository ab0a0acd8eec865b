"""Old Hanweb: records in a script, windows from dataproxy.jsp (BEHAVIOURS 16, FIELD 1.1)."""
# ruff: noqa: E501  # markup reads best in one line

import pytest

from crawler.parse import otherwise, read_unit
from tests.parse.lists.pages import ROOT, TITLES, days, listing, titles

COLUMN = f"{ROOT}/col/col1234/index.html"


def li(number: int, title: str) -> str:
    return f'<li><a href="/art/2025/5/{number}/art_1234_{number}.html" title="{title}" target="_blank">{title[:8]}...</a><span>2025-05-{number:02d}</span></li>'


def store(records: list[str], total: int = 853, extra: str = "", wrap: str = "<record><![CDATA[%s]]></record>") -> str:
    inside = "".join(wrap % record for record in records)
    return f"<datastore>{extra}<totalrecord>{total}</totalrecord><totalpage>57</totalpage><recordset>{inside}</recordset></datastore>"


SIX = [li(i, title) for i, title in enumerate(TITLES, 1)]
PROXY = '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;appid=1&webid=3&path=/&columnid=1234&unitid=5678&webname=%E4%B8%B4%E5%A4%8F&permissiontype=0"></a>]]></nextgroup>'


@pytest.mark.parametrize(
    "opened",
    [
        '<script type="text/xml">',
        "<script type='text/xml'>",
        "<SCRIPT TYPE=text/xml>",
        '<script language="x" type = "text/xml" >',
    ],
)
def test_records_of_the_first_page(opened: str) -> None:
    found = listing(f'<div id="5678">{opened}{store(SIX, extra=PROXY)}</script></div>', COLUMN)
    assert (found.reader, found.total) == ("jpage", 853)
    assert titles(found) == TITLES
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]
    assert found.entries[0].url == f"{ROOT}/art/2025/5/1/art_1234_1.html"
    assert found.next_reader == "jpage"
    query = found.next_urls[0]
    assert query.startswith(f"{ROOT}/module/web/jpage/dataproxy.jsp?startrecord=7&endrecord=21&")
    for part in ("columnid=1234", "unitid=5678", "webid=3", "permissiontype=0", "webname=%E4%B8%B4%E5%A4%8F"):
        assert part in query


@pytest.mark.parametrize(
    "record",
    [
        '<tr><td>·</td><td><a href="/art/{n}.html">{t}</a></td><td>2025-05-{n:02d}</td></tr>',
        '<table width="100%"><tr><td><a href="/art/{n}.html">{t}</a></td><td>[2025-05-{n:02d}]</td></tr></table>',
        '<li><a href="/art/{n}.html">{t}</a><span>2025-\n05-{n:02d}</span></li>',
        "<li>\n<a href='/art/{n}.html'>{t}</a>\n<b>2025年5月{n}日</b></li>",
        '<a href="/art/{n}.html">{t}</a><span>2025-05-{n:02d}</span>',
        "<td><a href='/art/{n}.html'>{t}</a></td><td>发布日期：2025-05-{n:02d}</td>",
        '<div class="item"><p class=bt><a href="/art/{n}.html">{t}</a></p><p>索引号：620000/2026-02-00018</p><p>发布日期：2025-05-{n:02d}</p></div>',
    ],
)
def test_records_of_all_shapes(record: str) -> None:
    records = [record.format(n=n, t=t) for n, t in enumerate(TITLES, 1)]
    found = listing(f'<script type="text/xml">{store(records, 6)}</script>', COLUMN)
    assert titles(found) == TITLES
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]
    assert found.next_urls == ()


def test_escaped_records_and_titles() -> None:
    import html

    wrap = "<record>%s</record>"
    records = [html.escape(record) for record in SIX]
    assert titles(listing(f'<script type="text/xml">{store(records, 6, wrap=wrap)}</script>', COLUMN)) == TITLES
    quoted = li(1, "&ldquo;放管服&rdquo;改革工作要点")
    assert titles(listing(f'<script type="text/xml">{store([quoted], 1)}</script>', COLUMN)) == ["“放管服”改革工作要点"]


@pytest.mark.parametrize(
    "script",
    [
        "$('#5678').jpage({{perpage:15,proxyUrl:'/module/jpage/dataproxy.jsp',data:{{'col':1,'appid':1,'webid':'3','path':'/','columnid':'1234','unitid':'5678'}}}})",
        'var url = "/module/web/jpage/dataproxy.jsp?col=1&webid=3&columnid=1234&unitid=5678&permissiontype=0";',
        'var proxy="/module/web/jpage/dataproxy.jsp"; var param="appid=1&webid=3&columnid=1234&unitid=5678&webname=x";',
    ],
)
def test_where_the_parameters_stand(script: str) -> None:
    body = f'<div id="5678"><script type="text/xml">{store(SIX)}</script></div><script>{script}</script>'
    query = listing(body, COLUMN).next_urls[0]
    assert "/dataproxy.jsp?startrecord=7" in query
    for part in ("columnid=1234", "unitid=5678", "webid=3"):
        assert part in query


def test_without_parameters_the_list_cannot_be_turned() -> None:
    found = listing(f'<script type="text/xml">{store(SIX)}</script>', COLUMN)
    assert not found.next_urls
    assert "无法翻页" in found.note


def test_the_list_is_chosen_among_several_stores() -> None:
    hot = [f'<li><a href="/art/h{i}.html">热点新闻标题第{i}条</a></li>' for i in range(9)]
    body = f'<script type="text/xml">{store(hot, 9)}</script><script type="text/xml">{store(SIX, 6)}</script>'
    assert titles(listing(body, COLUMN)) == TITLES


ASKED = f"{ROOT}/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&columnid=1234&unitid=5678"


def test_the_next_window_follows_what_came_not_what_was_asked() -> None:
    answer = read_unit(store(SIX).encode(), "jpage", ASKED, COLUMN)
    assert titles(answer) == TITLES
    assert "startrecord=52&endrecord=96&" in answer.next_urls[0]
    last = read_unit(store(SIX, 51).encode(), "jpage", ASKED, COLUMN)
    assert last.next_urls == ()


@pytest.mark.parametrize(
    "body", ["", "<datastore></datastore>", "<?xml version='1.0'?><datastore><recordset></recordset></datastore>"]
)
def test_an_empty_answer_is_the_end_and_an_error_page_is_not(body: str) -> None:
    assert read_unit(body.encode(), "jpage", ASKED, COLUMN).reader == "jpage"
    assert read_unit(b"<html>404</html>", "jpage", ASKED, COLUMN).reader == ""


def test_the_other_way_is_by_page() -> None:
    other = otherwise("jpage", ASKED)
    assert "startrecord" not in other
    assert other.endswith("&page=4")
    assert otherwise("jpage", other) == ""


def test_hostile_stores_cost_bounded_time() -> None:
    import time

    start = time.perf_counter()
    for body in ("<record>" * 100_000, "<record><![CDATA[" * 50_000, "<record " * 100_000, "dataproxy.jsp?a=" * 50_000):
        listing(f'<script type="text/xml">{body}</script>', COLUMN)
    assert time.perf_counter() - start < 10
