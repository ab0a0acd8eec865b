"""Which group of alike rows is the column's list: by dates, titles and place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.core.urls import host_of
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.parse.dates import RowDate
    from crawler.parse.lists.page import ListPage

_HEADING: Final = 24
_CHROME_WEIGHT: Final = 0.2  # below it, a group stands in navigation, footer, a list beside the list
_FEWEST_IN_CHROME: Final = 3
CHROME_TAGS: Final = frozenset({"nav", "footer", "header", "marquee"})
ASIDE: Final = re.compile(
    r"(?:^|[-_\s])(?:foot|footer|bottom|copyright|nav|navbar|menu|topnav|subnav|leftnav|crumbs?|breadcrumbs?|dqwz|position"
    r"|weizhi|related|xgwz|xglj|xgxx|xgyd|hot|rank|phb|rdxw|recommend|tuijian|ticker|scroll|roll|gundong|marquee|slide\w*|swiper\w*"
    r"|banner|focus|friend\w*|yqlj|links?|sitemap|pagination|pager|pages?|fenye|share|search|hotword\w*|side|sidebar|aside|tags?)"
    r"(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_ASIDE_WORDS: Final = re.compile(
    r"^(?:相关(?:链接|文章|新闻|信息|阅读|推荐|政策|文件|解读)|热点(?:推荐|新闻|信息|排行)?|热门\w*|(?:点击|阅读|浏览|本周|本月|热度)(?:量|率)?排行\w*"
    r"|排行榜|推荐(?:阅读|信息|文章)?$|友情链接|图片新闻|最新(?:推荐|发布|信息|文章|动态|新闻|资讯|更新|公开|内容)?$|为您推荐|猜你喜欢|您可能)"
)


@dataclass(slots=True)
class Row:
    anchor: LexborNode
    node: LexborNode  # of the row; the anchor itself in a flat run
    title: str
    url: str
    href: str
    date: RowDate | None = None


@dataclass(slots=True)
class Group:
    """Rows of one kind under one parent."""

    container: LexborNode
    rows: list[Row] = field(default_factory=list)
    note: str = ""

    @property
    def dated(self) -> int:
        return sum(row.date is not None for row in self.rows)


def score(group: Group, page: ListPage) -> float:
    rows = group.rows
    count, dated = len(rows), group.dated
    titles = sum(min(len(row.title), 40) for row in rows) / count
    if dated:
        if dated * 3 < count and dated < 5:
            return 0.0
        points = 10.0 * dated + titles
    else:
        host = host_of(page.url)
        own = sum(host_of(row.url) == host for row in rows)
        # Undated rows may be a list, too (BEHAVIOURS 65); menus and friend links have short titles.
        if not page.column or count < 3 or titles < 9 or own * 2 < count:
            return 0.0
        points = min(count, 30) / 2 + titles / 4
    weight = place_weight(group)
    # A date in the footer makes no list of the links beside it.
    if (weight < 1 and not dated) or (weight < _CHROME_WEIGHT and dated < _FEWEST_IN_CHROME):
        return 0.0
    return points * weight


def place_weight(group: Group) -> float:
    node: LexborNode | None = group.container
    first = group.rows[0].node
    if len(group.rows) < _FEWEST_IN_CHROME and first.tag not in {"a", "li", "tr", "dd", "dt"}:
        node = first  # a "row" may be the whole footer, the other one the menu
    for level in range(8):
        if node is None or node.tag in {"body", "html"}:
            break
        if node.tag in CHROME_TAGS:
            return 0.1
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if len(names) > 1 and ASIDE.search(names):
            return 0.15 if level < 4 else 0.5
        node = node.parent
    return 0.15 if _ASIDE_WORDS.match(words_before(group.container)) else 1.0


def words_before(container: LexborNode) -> str:
    """The heading over a block: the last words before it."""
    node: LexborNode | None = container
    for _ in range(3):
        if node is None:
            return ""
        sibling = node.prev
        for _ in range(4):
            if sibling is None:
                break
            words = squeeze(sibling.text_content or "" if sibling.tag == "-text" else sibling.text())
            if words and sibling.tag != "-comment":
                return words if len(words) <= _HEADING else ""  # a block before it heads nothing
            sibling = sibling.prev
        node = node.parent
    return ""
