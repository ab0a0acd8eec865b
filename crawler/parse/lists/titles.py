"""The title of a list row: whole, without its date and decoration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.parse.dates import find_dates
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MIN_TITLE: Final = 4
NOT_TITLES: Final = re.compile(
    r"^(?:首页|尾页|末页|上一?页|下一?页|前一页|后一页|更多.{0,2}|more.{0,3}|查看(?:更多|详情|全文)?|详细.{0,2}|\[?详情\]?|返回.{0,4}"
    r"|登录|注册|下载|打印|关闭|附件.{0,3}|\d+|[<>»«›‹]+|English|繁體|简体|网站地图|联系我们|关于我们|设为首页|加入收藏)$",
    re.IGNORECASE,
)
_DECORATION: Final = re.compile(
    r"^(?:[\s·•▪■◆●►▶→※☆★\-–—|>»]+|\[?(?:置顶|顶|热|荐|图文?|new)\]|【(?:置顶|顶)】)+|\s*(?:new!?|热门)$", re.IGNORECASE
)
EDGE_DATE: Final = re.compile(
    r"^\s*[\[【（(]?\s*(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]】）)]?\s*(?=\S)"
    r"|\s*[\[【（(]?\s*(?:20\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]】）)]?\s*$"
)


def title_of(anchor: LexborNode, attribute: str) -> str:
    """The whole title: `title=` where the words are cut or its beginning; a date in the link is no part of it."""
    words = squeeze(anchor.text(separator=" ")) if anchor.child is not None else ""
    attribute = squeeze(attribute)
    if len(words) > 60 or find_dates(words) or anchor.css_first("div, p, dl, h3, h4") is not None:
        words = _card_title(anchor) or words  # a whole card is the link
    else:
        words = squeeze(anchor.text())
    clean = clean_title(words)
    # 标题：…\n日期：… tooltips hold more than the title.
    named = re.match(
        r"(?:标题|文章标题|名称)\s*[:：]\s*(.+?)(?:\s+(?:发布)?(?:日期|时间|作者|来源|点击)\S*[:：].*)?$", attribute
    )
    if named:
        attribute = named[1]
    if attribute and not NOT_TITLES.match(attribute):
        stem = re.sub(r"(?:\.{2,}|…+)$", "", clean).strip()
        if not clean or stem != clean or (len(attribute) > len(clean) and attribute.startswith(stem[:8])):
            return clean_title(attribute)
    return clean


def _card_title(anchor: LexborNode) -> str:
    """The title inside a link that holds date and summary, too: what calls itself one, else the first line of words."""
    for selector in ("h1, h2, h3, h4, h5", ".title, .tit, .bt, [class*=title]", "strong, p", "div, span"):
        for inner in anchor.css(selector)[:8]:
            words = squeeze(inner.text())
            if (
                len(words) >= MIN_TITLE
                and re.search(r"[\u4e00-\u9fff]{3}", words)
                and inner.css_first("div, p") in {None, inner}
            ):
                return words
    return ""


def clean_title(words: str) -> str:
    words = _DECORATION.sub("", words).strip()
    shorter = (
        EDGE_DATE.sub("", words, count=1).strip()
        if words[:1] in "[【（(2" or words[-1:] in "]】）)日0123456789"
        else words
    )
    return shorter if len(shorter) >= MIN_TITLE else words
