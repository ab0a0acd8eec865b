"""Column pages of many makes: which rows are the list, and where it goes on."""
# ruff: noqa: E501  # markup reads best in one line

from datetime import date

import pytest

from crawler.parse import parse, read_unit
from crawler.parse.lists import jpaas

URL = "https://www.lxs.gov.cn/lxs/zwgk/tzgg/index.html"
SEEN = {"date": "Fri, 02 Jan 2026 02:00:00 GMT"}
NAV = (
    "<div class=nav><ul>"
    + "".join(f"<li><a href=/c{i}/index.html>导航栏目第{i}</a></li>" for i in range(12))
    + "</ul></div>"
)
TITLES = [f"关于开展第{i}次政务公开检查的通知" for i in range(1, 7)]


def page(body: str, head: str = "<meta name=ColumnName content=通知公告>") -> bytes:
    return f"<html><head><title>通知公告</title>{head}</head><body>{NAV}{body}</body></html>".encode()


def listing(body: str, url: str = URL, headers: dict[str, str] | None = None):
    return parse(page(body), url, SEEN if headers is None else headers).facts.listing


def days(found) -> list[str]:
    return [entry.date.date().isoformat() if entry.date else "" for entry in found.entries]


ROWS = {
    "li span after": "<ul>"
    + "".join(f"<li><a href=a{i}.html>{t}</a><span>2025-05-{i:02d}</span></li>" for i, t in enumerate(TITLES, 1))
    + "</ul>",
    "li span before, brackets": "<ul>"
    + "".join(f"<li><span>[2025-05-{i:02d}]</span><a href=a{i}.html>·{t}</a></li>" for i, t in enumerate(TITLES, 1))
    + "</ul>",
    "date inside the link": "<ul>"
    + "".join(f"<li><a href=a{i}.html><em>2025-05-{i:02d}</em>{t}</a></li>" for i, t in enumerate(TITLES, 1))
    + "</ul>",
    "day and month apart": "<ul>"
    + "".join(
        f"<li><div class=d><em>{i:02d}</em><b>2025-05</b></div><div class=t><a href=a{i}.html>{t}</a></div></li>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</ul>",
    "dl dt dd": "<dl>"
    + "".join(f"<dt><a href=a{i}.html>{t}</a></dt><dd>2025-05-{i:02d}</dd>" for i, t in enumerate(TITLES, 1))
    + "</dl>",
    "dl each": "<div class=l>"
    + "".join(f"<dl><dt><a href=a{i}.html>{t}</a></dt><dd>2025年5月{i}日</dd></dl>" for i, t in enumerate(TITLES, 1))
    + "</div>",
    "div rows": "<div class=l>"
    + "".join(
        f"<div class=r><div class=t><a href=a{i}.html>{t}</a></div><div class=d>2025/05/{i:02d}</div></div>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</div>",
    "p rows": "<div class=l>"
    + "".join(f"<p><a href=a{i}.html>{t}</a> 2025.05.{i:02d}</p>" for i, t in enumerate(TITLES, 1))
    + "</div>",
    "flat with br": "<div class=l>"
    + "".join(f"<a href=a{i}.html>{t}</a> <font>(2025-05-{i:02d})</font><br>" for i, t in enumerate(TITLES, 1))
    + "</div>",
    "nested tables": "<table><tr><td>"
    + "</td></tr><tr><td>".join(
        f"<table><tr><td>·</td><td><a href=a{i}.html>{t}</a></td><td>2025-05-{i:02d}</td></tr></table>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</td></tr></table>",
    "blocks of two": "".join(
        "<ul class=b>"
        + "".join(f"<li><a href=a{i}.html>{TITLES[i - 1]}</a><span>2025-05-{i:02d}</span></li>" for i in pair)
        + "</ul>"
        for pair in ((1, 2), (3, 4), (5, 6))
    ),
    "card": "<ul>"
    + "".join(
        f"<li><a href=a{i}.html><h3>{t}</h3><p>各乡镇人民政府，各有关单位：现将有关事项通知如下，请遵照执行。</p><span>2025-05-{i:02d}</span></a></li>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</ul>",
    "card without a list": "<div class=box>"
    + "".join(
        f"<a class=row href=a{i}.html><div class=day>{i:02d}</div><div class=ym>2025-05</div><div class=words>{t}</div></a>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</div>",
    "category link": "<ul>"
    + "".join(
        f"<li><a href=/c/>[通知公告]</a><a href=a{i}.html>{t}</a><span>2025-05-{i:02d}</span></li>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</ul>",
    "picture link": "<ul>"
    + "".join(
        f"<li><a href=a{i}.html><img src=p.jpg></a><div><a href=a{i}.html>{t}</a><p>摘要</p><i>2025-05-{i:02d} 10:20</i></div></li>"
        for i, t in enumerate(TITLES, 1)
    )
    + "</ul>",
}


@pytest.mark.parametrize("shape", ROWS)
def test_rows_of_all_shapes(shape: str) -> None:
    aside = (
        "<div class=hot><h3>热点推荐</h3><ul>"
        + "".join(
            f"<li><a href=h{i}.html>热点新闻标题第{i}条内容</a><span>2025-12-{i:02d}</span></li>" for i in range(1, 10)
        )
        + "</ul></div>"
    )
    found = listing(f"<div class=main>{ROWS[shape]}</div>{aside}")
    assert [entry.title for entry in found.entries] == TITLES
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]
    assert found.entries[0].url == "https://www.lxs.gov.cn/lxs/zwgk/tzgg/a1.html"
    assert found.reader == "plain"


def test_a_table_tells_its_columns_apart() -> None:
    head = "<tr><th>序号</th><th>标题</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>"
    rows = "".join(
        f"<tr><td>{i}</td><td><a href=a{i}.html>{t}</a></td><td>临市府发〔2025〕{i}号</td><td>2025-04-01</td><td>2025-05-{i:02d}</td></tr>"
        for i, t in enumerate(TITLES, 1)
    )
    found = listing(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")
    assert days(found) == [f"2025-05-{i:02d}" for i in range(1, 7)]
    only_written = listing(
        f"<table>{head.replace('<th>发布日期</th>', '')}{rows.replace('<td>2025-05-', '<td>x')}</table>"
    )
    assert days(only_written) == ["2025-04-01"] * 6
    assert "成文日期" in only_written.note


def test_month_and_day_only_behaviour_61() -> None:
    rows = "".join(
        f"<li><a href=a{d}.html>关于元旦假期安排的通知{d}</a><span>[{d}]</span></li>"
        for d in ("01-02", "12-31", "12-30", "01-05")
    )
    assert days(listing(f"<ul>{rows}</ul>")) == ["2026-01-02", "2025-12-31", "2025-12-30", "2025-01-05"]
    # Without any clock the year is not guessed.
    assert days(listing(f"<ul>{rows}</ul>", headers={})) == [""] * 4
    assert days(listing(f"<ul>{rows.replace('href=a', 'href=/lxs/art/2024/art_')}</ul>", headers={}))[0] == "2024-01-02"


def test_full_titles_behaviour_26() -> None:
    rows = "".join(
        f"<li><a href=a{i}.html title='{t}全文'>{t[:8]}...</a><span>2025-05-0{i}</span></li>"
        for i, t in enumerate(TITLES, 1)
    )
    assert [entry.title for entry in listing(f"<ul>{rows}</ul>").entries] == [t + "全文" for t in TITLES]


def test_dates_in_titles_and_index_numbers_are_no_dates_behaviour_62() -> None:
    rows = "".join(
        f"<li><a href=a{i}.html>关于2023年5月{i}日停电的公告说明</a> 620-2026-02-00018 <span>2025-05-0{i}</span></li>"
        for i in range(1, 4)
    )
    found = listing(f"<ul>{rows}</ul>")
    assert days(found) == ["2025-05-01", "2025-05-02", "2025-05-03"]
    assert found.entries[0].title == "关于2023年5月1日停电的公告说明"


def test_one_row_is_a_list_too() -> None:
    found = listing("<div><ul><li><a href=a.html>临夏市规章制定程序规定全文</a><span>2020-01-01</span></li></ul></div>")
    assert days(found) == ["2020-01-01"]


def test_empty_and_unreadable_lists_are_told_apart_behaviour_66() -> None:
    assert listing("<div class=list><p>暂无数据</p></div>").empty_text == "暂无数据"
    script = listing("<ul id=list></ul><script>$.ajax({url:'/api/x',success:function(d){}})</script>")
    assert not script.entries
    assert not script.empty_text
    assert "脚本" in script.note


def test_navigation_alone_is_no_list() -> None:
    assert not listing("<p>欢迎</p>").entries


@pytest.mark.parametrize(
    ("pager", "wanted"),
    [
        (
            "<a href=index_1.html>2</a><a href=index_2.html>3</a><a href=index_1.html>下一页</a>",
            ["index_1.html", "index_2.html"],
        ),
        ("<a href='?page=2'>下页</a> 共 853 条", ["index.html?page=2"]),
        ("<ul><li data-page='index_2.html'>下一页</li></ul>", ["index_2.html"]),
        ("<ul><li onclick=\"location.href='index_2.html'\">&gt;</li></ul>", ["index_2.html"]),
        ("<a href='javascript:void(0)' onclick=\"window.location='index_2.html'\">下一页</a>", ["index_2.html"]),
        ("<script>createPageHTML(4, 0, 'index', 'html');</script>", ["index_1.html", "index_2.html", "index_3.html"]),
        ('<script><!--\ncreatePageHTML(3,1,"index","html")\n//--></script>', ["index_2.html"]),
        ("<!--<script>createPageHTML(9,0,'index','html')</script>-->", []),
        ("<a href='index/230.htm'>下页</a>", ["index/230.htm"]),
        ("<a href='/other/2024/'>2024</a>", []),
    ],
)
def test_pagers_behaviours_17_19(pager: str, wanted: list[str]) -> None:
    found = listing(ROWS["li span after"] + f"<div class=pages>{pager}</div>")
    assert [url.removeprefix("https://www.lxs.gov.cn/lxs/zwgk/tzgg/") for url in found.next_urls] == wanted
    assert found.total == (853 if "853" in pager else None)


def test_a_pager_without_data_says_so_behaviour_19() -> None:
    found = listing(ROWS["li span after"] + "<div><a href='javascript:void(0)'>下一页</a></div>")
    assert "无法翻页" in found.note
    last = listing(ROWS["li span after"] + "<div>第3/3页<a href='javascript:void(0)'>下一页</a></div>")
    assert "无法翻页" not in last.note


UNIT = """<div class=%s><script src=/unitbuild.js url="/api-gateway/jpaas-publish-server/front/page/build/unit"
 queryData="{'webId':'w1','pageId':'p1','parseType':'bulidstatic','pageType':'column','tagId':'%s','tplSetId':'t1'}"></script>%s</div>"""


def test_jpaas_units_behaviour_13() -> None:
    pagination = '<div class="pagination" rows="15" count="40" unitUrl="/api-gateway/jpaas-publish-server/front/page/build/unit"></div>'
    body = UNIT % ("nav", "导航", "") + UNIT % ("main", "信息列表", pagination) + UNIT % ("footer", "底部信息", "")
    found = listing(body)
    assert found.reader == "jpaas"
    assert len(found.units) == 3
    best = found.units[0]
    assert "tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8" in best.url
    assert best.total == 40
    assert [url.partition("pageNo=")[2] for url in (best.url, *best.pages)] == [
        "1&pageSize=15",
        "2&pageSize=15",
        "3&pageSize=15",
    ]
    other = jpaas.otherwise(best.pages[0])
    assert "paramJson=%7B%22pageNo%22%3A2" in other
    assert "pageNo=" not in other
    assert not jpaas.otherwise(other)


def test_unit_answers_behaviour_15() -> None:
    html = (
        "<ul class='ajax-ul'>"
        + "".join(
            f"<li class='cf'><a class='fl' href='/lxz/art/2026/art_{i}.html'>{t}...</a><span class='fr'>2026-05-{i:02d}</span></li>"
            for i, t in enumerate(TITLES, 1)
        )
        + "</ul>"
    )
    import json

    def read(answer: object):
        return read_unit(json.dumps(answer).encode(), "jpaas", "https://www.lxs.gov.cn/api", URL)

    full = read({"success": True, "data": {"html": html}})
    assert [entry.date.date() for entry in full.entries] == [date(2026, 5, i) for i in range(1, 7)]
    assert full.entries[0].url == "https://www.lxs.gov.cn/lxz/art/2026/art_1.html"
    end = read({"success": True, "data": {"html": ""}})
    failed = read({"success": False, "message": "参数错误"})
    assert (end.reader, failed.reader) == ("jpaas", "")
    assert "参数错误" in failed.note
    assert read([]).reader == ""
    assert read_unit(b"<html>", "jpaas", URL, URL).reader == ""


def test_an_article_is_no_column_behaviour_23() -> None:
    body = page(ROWS["li span after"], "<meta name=ArticleTitle content=什么是规范性文件？>")
    facts = parse(body, "https://www.lxs.gov.cn/lxs/art/2025/art_0123456789abcdef.html").facts
    assert facts.kind == "article"
    assert not facts.listing.entries
