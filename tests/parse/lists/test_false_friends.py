"""What looks like a list and is not the column's: tabs, menus, tickers, related news, friend links (FIELD 1.8)."""
# ruff: noqa: E501  # markup reads best in one line

from __future__ import annotations

import pytest

from tests.parse.lists.pages import ROOT, ROWS, TITLES, facts, listing, titles


def dated(prefix: str, count: int, day: str = "2025-12-%02d", item: str = "li") -> str:
    return "".join(
        f"<{item}><a href=/{prefix}/{i}.html>{prefix}栏目新闻标题第{i}条</a><span>{day % i}</span></{item}>"
        for i in range(1, count + 1)
    )


FRIENDS = {
    "hot list beside": f"<div class=right><div class=hot><h3>热点推荐</h3><ul>{dated('hot', 10)}</ul></div></div>",
    "hot list by its words": f"<div class=x><div class=tit>点击排行</div><ul>{dated('rank', 10)}</ul></div>",
    "related after": f"<div class=xgwz><h3>相关文章</h3><ul>{dated('rel', 9)}</ul></div>",
    "ticker": f"<div class=gundong><marquee><ul>{dated('tick', 12)}</ul></marquee></div>",
    "ticker by tag": "<marquee>" + "".join(f"<a href=/t/{i}.html>滚动新闻标题第{i}条内容 2025-12-{i:02d}</a>" for i in range(1, 9)) + "</marquee>",
    "pictures": "<div class=swiper-container>" + "".join(f"<div class=swiper-slide><a href=/p/{i}.html>图片新闻标题第{i}条</a><em>2025-12-{i:02d}</em></div>" for i in range(1, 9)) + "</div>",
    "friend links": "<div class=yqlj>" + "".join(f"<a href=https://s{i}.gov.cn>友好政府网站的名称{i}</a>" for i in range(20)) + "</div>",
    "friend links in a select": "<select>" + "".join(f"<option value=https://s{i}.gov.cn>市州政府{i}</option>" for i in range(20)) + "</select>",
    "menu": "<div class=leftnav><ul>" + "".join(f"<li><a href=/m{i}/>政府信息公开目录第{i}项</a></li>" for i in range(20)) + "</ul></div>",
    "footer": "<footer><ul>" + "".join(f"<li><a href=/f{i}.html>网站使用说明第{i}条</a> 2024-01-{i:02d}</li>" for i in range(1, 9)) + "</footer>",
    "calendar": "<table class=rili><tr>" + "".join(f"<td><a href='?date=2025-12-{i:02d}'>{i}</a></td>" for i in range(1, 31)) + "</tr></table>",
    "search words": "<div class=hotword>热词：<a href=/s?q=1>营商环境</a><a href=/s?q=2>公务员考试</a><a href=/s?q=3>高考查分时间</a></div>",
    "years": "<ul class=year>" + "".join(f"<li><a href=/y/{y}/>{y}年度政府公报目录</a></li>" for y in range(2010, 2026)) + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("friend", FRIENDS)
@pytest.mark.parametrize("place", ["before", "after"])
def test_the_column_s_own_list_wins(friend: str, place: str) -> None:
    main = f"<div class=main>{ROWS}</div>"
    found = listing(FRIENDS[friend] + main if place == "before" else main + FRIENDS[friend])
    assert titles(found) == TITLES


@pytest.mark.parametrize("friend", ["friend links", "friend links in a select", "menu", "calendar", "search words"])
def test_alone_it_is_no_list(friend: str) -> None:
    assert not any(entry.date for entry in listing(FRIENDS[friend]).entries)


RELATED = f"<div><h3>相关新闻</h3><ul>{dated('rel', 8)}</ul></div>"
LONG = "".join(
    f"<p>一、各乡镇人民政府，县政府各部门：现将有关事项第{i}项通知如下，请认真贯彻执行。</p>" for i in range(12)
)


@pytest.mark.parametrize(
    ("url", "head", "body"),
    [
        (f"{ROOT}/lxs/zwgk/202506/t20250603_123456.html", "", LONG + RELATED),
        (f"{ROOT}/lxs/a/123.html", "<meta name=ArticleTitle content=通知>", LONG + RELATED),
        (
            f"{ROOT}/lxs/a/123.html",
            "<meta name='articletitle' content='通知'><meta name=ColumnName content=通知公告>",
            LONG + ROWS,
        ),
        (
            f"{ROOT}/lxs/a/123.html",
            "",
            f"<h1>关于开展检查的通知</h1><div class=info>发布时间：2025-06-03 来源：市政府办 字体：[大 中 小] 打印</div>{LONG}{RELATED}",
        ),
        (
            f"{ROOT}/lxs/a/123.html",
            "",
            f"<h1>关于开展检查的通知</h1><p>来源：市政府办 时间：2025-06-03 浏览：12</p>{LONG}<div>上一篇：无</div><div><ul>{dated('rel', 8)}</ul></div>",
        ),
        (f"{ROOT}/art/2025/6/3/art_12_34.html", "", LONG + f"<ul>{dated('x', 12)}</ul>"),
    ],
)
def test_an_article_with_a_list_beside_it_is_no_column_behaviour_23(url: str, head: str, body: str) -> None:
    found = facts(body, url, head)
    assert found.kind == "article"
    assert not found.listing.entries


def test_a_column_that_speaks_of_its_sources_stays_one() -> None:
    rows = (
        "<ul>"
        + "".join(
            f"<li><a href=a{i}.html>{t}</a><p>来源：市政府办 时间：2025-05-{i:02d}</p></li>"
            for i, t in enumerate(TITLES, 1)
        )
        + "</ul>"
    )
    found = facts(f"<div>字体：大 中 小</div>{rows}<a href=javascript:window.print()>打印</a>", head="")
    assert found.kind == "list"
    assert titles(found.listing) == TITLES
