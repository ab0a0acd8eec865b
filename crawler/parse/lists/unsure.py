"""Whether a list may go on in a way that only a script knows: signs in the HTML that no reader could follow."""

# ruff: noqa: E501 -- a pattern cut in pieces is read by nobody

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

    from crawler.core.facts import Entry
    from crawler.parse.lists.page import ListPage

UNSURE: Final = "后面的页由脚本翻出"  # begins what is noted; the crawl says `stalled` instead of `ended`

_RECENT: Final = 45  # days: a full page that reaches no further back is hardly all of a column
_FULL: Final = 10  # rows: fewer are no full page anywhere, bar cards
_SIZES: Final = frozenset({12, 14, 16, 18, 22, 24, 28, 32, 36})  # page sizes that are no multiple of five
_CONTAINER: Final = (
    "[class*=pagination], [id*=pagination], [class*=paging], [id*=paging], [class*=pager], [id*=pager], [class*=fenye],"
    "[id*=fenye], [class*=laypage], [id*=laypage], [class*=page-nav], [id*=pageNav], [class*=pagenav], [class*=page_nav],"
    "[class*=pagebar], [id*=pagebar], [id*=pageBar], [class*=page-bar], [class*=turnpage], [id*=turnpage], [id*=pageDiv],"
    "[id*=page_div], [class*=pagesize], [class*=page-list], [class*=pages], [id*=pages], [class*=loadmore], [class*=load-more]"
)
_MORE: Final = re.compile(
    r"(?:点击|上拉|下拉|滚动)?(?:加载|查看|显示|阅读)?更多(?:内容|信息|文章)?(?:\.{2,3}|…)?|加载(?:中|下一页)[.…]*"
)
_MORE_BOXES: Final = "[onclick], [class*=more], [id*=more], [class*=load], [id*=load], button"
# A call that draws a pager: showPages(12, 0, "list"), fenYe({total: 57}), $("#p").pagination(57, …), laypage.render({…}).
_CALL: Final = re.compile(
    r"(?<![\w$])(?!function\b)((?:[\w$]{1,30}\.){0,3}[\w$]{0,30}(?:page|pager|paging|pagination|fenye|turnto)[\w$]{0,30}(?:\.\w{1,20})?)\s*\(\s*([^;]{0,300})",
    re.IGNORECASE,
)
_DEFINED: Final = re.compile(r"function\s*$")
_PAGES: Final = re.compile(r"^\s*['\"]?(\d{1,6})['\"]?\s*(?:,|\))")
_NAMED: Final = re.compile(
    r"(page_?counts?|total_?pages?|pages|page_?total|total_?page_?count)['\"]?\s*[:=]\s*['\"]?(\d{1,6})"
    r"|(total_?(?:count|records?|rows?|num)?|counts?|record_?counts?|total_?elements)['\"]?\s*[:=]\s*['\"]?(\d{1,7})",
    re.IGNORECASE,
)
# They turn nothing: counters, prints, sizes of windows, somebody's page view.
_OTHER: Final = re.compile(
    r"homepage|page(?:view|print|load|size|scroll|show|hide|y|x)?offset|printpage|pageview|onpage|setpage(?:title|size)|startpage"
    r"|pageinit|initpage$|pageload|ispage|webpage|getelementsby|fullpage|gopageup|trackpage|page_?(?:width|height|x|y)$",
    re.IGNORECASE,
)
# Of these the first number is the count of pages or rows; openPage(12345) opens an article.
_DRAWS: Final = re.compile(
    r"create|show|draw|make|render|init|set|build|turn|nav|write|pager$|paging|pagination|fenye", re.IGNORECASE
)
_SOURCE: Final = 400_000  # characters of the page that are gone through


def unsure(page: ListPage, entries: Sequence[Entry]) -> str:
    """Why a page without any way on may be only the first; "" where nothing speaks for it."""
    rows = len(entries)
    if not page.column or not rows:
        return ""
    called, declared = _called(page.source[:_SOURCE], rows)
    if called and declared:
        return f"{UNSURE}（页面脚本 {called} 声明{declared}），没有读到"
    if not (_is_full(rows) or (rows >= _FULL and _is_recent(page, entries))):
        return ""
    if called and declared is None:
        return f"{UNSURE}（页面脚本 {called}），不知道还有没有"
    if box := _container(page):
        return f"{UNSURE}（{box}），不知道还有没有"
    return ""


def _called(source: str, rows: int) -> tuple[str, str | None]:
    """The call that draws a pager and what it declares: "共 5 页"; "" where it says that this is all; None where neither."""
    best: tuple[str, str | None] = "", None
    for found in _CALL.finditer(source):
        name, arguments = found[1], found[2]
        before = source[max(0, found.start() - 12) : found.start()]
        if (
            not _DRAWS.search(name)
            or _OTHER.search(name)
            or _DEFINED.search(before)
            or _is_declared(source, found.end())
        ):
            continue
        said = _declared(arguments, rows)
        if said:
            return name, said
        best = (name, said) if not best[0] or said == "" else best
    return best


def _is_declared(source: str, end: int) -> bool:
    """`showPage(n) {` in a class or an object is its own definition."""
    return re.match(r"\s*\{", source[end : end + 3]) is not None


def _declared(arguments: str, rows: int) -> str | None:
    if found := _PAGES.match(arguments):
        pages = int(found[1])
        # The first number is a count of pages, or of rows where it is too large to be one.
        return f"共 {pages} 页" if 1 < pages < rows else (f"{pages} 条" if pages > rows else "")
    if found := _NAMED.search(arguments):
        if found[2]:
            return f"共 {found[2]} 页" if int(found[2]) > 1 else ""
        return f"共 {found[4]} 条" if int(found[4]) > rows else ""
    return None


def _is_full(rows: int) -> bool:
    return rows >= _FULL and (rows % 5 == 0 or rows in _SIZES)


def _is_recent(page: ListPage, entries: Sequence[Entry]) -> bool:
    dated = [entry.date for entry in entries if entry.date]
    return bool(page.seen_at and dated and len(dated) == len(entries)) and (page.seen_at - min(dated)).days < _RECENT  # type: ignore[operator]


def _container(page: ListPage) -> str:
    """An empty box made for a pager, or a button "more" that leads nowhere by itself."""
    body = page.tree.body
    if body is None:
        return ""
    for node in body.css(_CONTAINER)[:40]:
        words = squeeze(_shown(node))
        if (
            node.tag in {"div", "span", "ul", "p", "nav", "table", "td", "ol"}
            and not words
            and not node.css_first("a[href], img")
        ):
            return f"翻页位置 {_name(node.attributes)} 是空的"
    for node in body.css(_MORE_BOXES)[-60:]:
        words = squeeze(node.text())
        if len(words) <= 12 and _MORE.fullmatch(words) and _leads_nowhere(node):
            return f"“{words}”按钮"
    return ""


def _shown(node: LexborNode) -> str:
    words = node.text()
    for code in node.css("script, style")[:5]:
        words = words.replace(code.text(), "")
    return words


def _leads_nowhere(node: LexborNode) -> bool:
    anchor = node if node.tag == "a" else node.css_first("a[href]") or node
    href = (anchor.attributes.get("href") or "").strip().lower()
    return not href or href[0] == "#" or href.startswith("javascript:")


def _name(attributes: dict[str, str | None]) -> str:
    return (f"#{attributes['id']}" if attributes.get("id") else f".{(attributes.get('class') or '').strip()}")[:40]
