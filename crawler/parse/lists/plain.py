"""Lists that stand in the HTML: the group of alike rows that is the column's list, by dates, titles and place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Entry, Listing
from crawler.core.urls import host_of
from crawler.parse.dates import RowDate, complete, row_date
from crawler.parse.lists.pager import next_pages
from crawler.parse.lists.titles import EDGE_DATE, MIN_TITLE, NOT_TITLES, title_of
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from datetime import datetime

    from selectolax.lexbor import LexborNode

    from crawler.parse.lists.page import ListPage

ORDER: Final = 100  # after the readers that know their CMS

_MAX_ANCHORS: Final = 3_000
_CLIMB: Final = 7
_ROW_TEXT: Final = 600  # a row with more words is no row
_HEADING: Final = 24
_CHROME_WEIGHT: Final = 0.2  # below it, a group stands in navigation, footer, a list beside the list
_FEWEST_IN_CHROME: Final = 3
_FLAT: Final = frozenset({"a", "dt", "p", "h2", "h3", "h4", "h5"})  # rows whose date may stand after them
_CHROME_TAGS: Final = frozenset({"nav", "footer", "header", "marquee"})
_ASIDE: Final = re.compile(
    r"(?:^|[-_\s])(?:foot|footer|bottom|copyright|nav|navbar|menu|topnav|subnav|leftnav|crumbs?|breadcrumbs?|dqwz|position"
    r"|weizhi|related|xgwz|xglj|xgxx|xgyd|hot|rank|phb|rdxw|recommend|tuijian|ticker|scroll|roll|gundong|marquee|slide\w*|swiper\w*"
    r"|banner|focus|friend\w*|yqlj|links?|sitemap|pagination|pager|pages?|fenye|share|search|hotword\w*|side|sidebar|aside|tags?)"
    r"(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_ASIDE_WORDS: Final = re.compile(
    r"^(?:相关(?:链接|文章|新闻|信息|阅读|推荐)|热点(?:推荐|新闻)?|热门\w*|点击排行|推荐阅读|友情链接|图片新闻|最新推荐)"
)
_EMPTY: Final = re.compile(
    r"(?:暂无|没有|无)(?:相关|任何|查询到)?(?:数据|信息|内容|记录|文章|文件|公告)|栏目(?:正在)?(?:建设|完善|更新|维护)中?|(?:正在)?(?:建设|升级|改版)中"
)
_DATE_HEADS: Final = re.compile(
    r"发布(?:时间|日期)|公开(?:时间|日期)|发文(?:时间|日期)|公布(?:时间|日期)|^(?:日期|时间|更新时间)$"
)
_WRITTEN_HEADS: Final = re.compile(r"成文(?:时间|日期)|生成(?:时间|日期)|印发(?:时间|日期)")


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


def read(page: ListPage) -> Listing | None:
    groups = _groups(page)
    best = max(groups, key=lambda group: _score(group, page), default=None)
    empty = empty_text(page.text)
    if best is None or _score(best, page) <= 0:
        if not page.column:
            return None
        return Listing(reader="", note="" if empty else _why_unread(page), empty_text=empty)
    entries = to_entries(best, page.seen_at)
    found = next_pages(page)
    dated = sum(entry.date is not None for entry in entries)
    note = f"网页中的列表：{len(entries)} 行，{dated} 行有日期" + best.note
    if found.note:
        note += "；" + found.note
    return Listing(reader="plain", entries=entries, next_urls=found.urls, total=found.total, note=note)


def rows_of(page: ListPage) -> tuple[Entry, ...]:
    """The rows of a fragment that is nothing but a list, dated or not (the answer of a list unit)."""
    groups = _groups(page)
    if not groups:
        return ()
    best = max(groups, key=lambda group: (group.dated, len(group.rows)))
    return to_entries(best, page.seen_at)


def to_entries(group: Group, seen_at: datetime | None) -> tuple[Entry, ...]:
    dates = complete([row.date for row in group.rows], [row.url for row in group.rows], seen_at)
    return tuple(Entry(row.title, row.url, date, row.href) for row, date in zip(group.rows, dates, strict=True))


# ── Rows and their groups ────────────────────────────────────────────────────────────────────────────────────────────


def _groups(page: ListPage) -> list[Group]:
    body = page.tree.body
    if body is None:
        return []
    anchors = _title_anchors(body, page)
    holds = _holders(anchors)
    alike: dict[tuple[int, str], int] = {}
    groups: dict[tuple[int, str, str], Group] = {}
    claimed: dict[int, Row] = {}
    for row in anchors:
        placed = _place(row, holds, alike)
        if placed is None:
            continue
        row.node, container = placed
        elder = claimed.get(row.node.mem_id)
        if elder is not None:  # a second link in the row: the longer one is the title, "[通知]" and pictures are not
            if len(row.title) > len(elder.title):
                elder.anchor, elder.title, elder.url, elder.href = row.anchor, row.title, row.url, row.href
            continue
        claimed[row.node.mem_id] = row
        groups.setdefault(_key(container, row.node), Group(container)).rows.append(row)
    for group in groups.values():
        _date_rows(group)
    return list(groups.values())


def _holders(anchors: list[Row]) -> set[int]:
    """All elements that hold a title, a few levels up."""
    holds: set[int] = set()
    for row in anchors:
        node: LexborNode | None = row.anchor
        for _ in range(_CLIMB + 2):
            if node is None or node.mem_id in holds:
                break
            holds.add(node.mem_id)
            node = node.parent
    return holds


def _key(container: LexborNode, row: LexborNode) -> tuple[int, str, str]:
    shape = f"{container.tag}.{container.attributes.get('class') or ''}"
    above = container.parent
    if above is not None and container.tag in {"ul", "ol", "tbody", "dl"}:
        # Lists cut into blocks of five <ul> under one parent are one list.
        return above.mem_id, shape, row.tag or ""
    return container.mem_id, shape, row.tag or ""


def _title_anchors(body: LexborNode, page: ListPage) -> list[Row]:
    rows: list[Row] = []
    seen: set[int] = set()
    for anchor in body.css("a")[:_MAX_ANCHORS]:
        attributes = anchor.attributes
        href = attributes.get("href")
        if not href or anchor.mem_id in seen:
            continue
        seen.add(anchor.mem_id)
        title = title_of(anchor, attributes.get("title") or "")
        if len(title) < MIN_TITLE or NOT_TITLES.match(title):
            continue
        url, _ = page.resolve(href)
        if url:
            rows.append(Row(anchor, anchor, title[:500], url, href))
    return rows


def _place(row: Row, holds: set[int], alike: dict[tuple[int, str], int]) -> tuple[LexborNode, LexborNode] | None:
    """The row an anchor stands in and what holds the rows: the nearest level with brothers of its kind."""
    node = row.anchor
    single: tuple[LexborNode, LexborNode] | None = None
    for _ in range(_CLIMB):
        parent = node.parent
        if parent is None or node.tag in {"body", "html"}:
            break
        tag = node.tag or ""
        if tag in {"td", "th", "span", "em", "b", "strong", "font", "i"} or (
            tag == "a" and parent.tag in {"li", "td", "dd", "dt"}
        ):
            node = parent
            continue
        count = _alike(parent, tag, holds, alike)
        needed = 3 if tag == "a" else 2
        if count >= needed and not (tag == "div" and _is_card_part(node)):
            return node, parent
        if single is None and tag in {"li", "tr", "dd", "dt"}:
            single = node, parent
        node = parent
    return single


def _is_card_part(node: LexborNode) -> bool:
    """A <div> of title beside a <div> of summary, both linked, inside one row."""
    parent = node.parent
    return parent is not None and parent.tag in {"li", "tr", "dd"}


def _alike(parent: LexborNode, tag: str, holds: set[int], known: dict[tuple[int, str], int]) -> int:
    key = (parent.mem_id, tag)
    count = known.get(key)
    if count is None:
        count = 0
        child = parent.first_child
        for _ in range(5_000):
            if child is None:
                break
            count += child.tag == tag and child.mem_id in holds
            child = child.next
        known[key] = count
    return count


# ── Dates of the rows ────────────────────────────────────────────────────────────────────────────────────────────────


def _date_rows(group: Group) -> None:
    column = _date_column(group) if group.rows[0].node.tag == "tr" else None
    for row in group.rows:
        if column is not None:
            row.date = row_date(_cell(row.node, column[0]))
            group.note = column[1]
        if row.date is None:
            row.date = row_date(_around(row))
        if row.date is None:
            words = squeeze(row.anchor.text(separator=" "))
            edge = EDGE_DATE.search(words)
            # A date that ends the link stands in a span of its own, one in the title does not: 关于5月20日….
            rest = words.replace(row.title, " ", 1)
            row.date = row_date(rest) if rest != words else (row_date(edge[0]) if edge else None)


def _around(row: Row) -> str:
    """The words of a row but for its title, and those up to the next row where rows are flat (<dt>, <a>…<br>)."""
    pieces: list[str] = []
    length = 0
    if row.node.mem_id != row.anchor.mem_id:
        words = row.node.text(separator=" ")
        if len(words) > 20_000:  # rows inside one another: each would be gone through as often as it is deep
            words = words[:10_000] + words[-10_000:]
        whole = squeeze(words)
        own = squeeze(row.anchor.text(separator=" "))
        if len(whole) > _ROW_TEXT + len(own):
            whole = own + " " + whole[-120:]
        pieces.append(whole.replace(own, " ", 1) if own else whole)
    if row.node.tag in _FLAT:
        sibling = row.node.next
        for _ in range(6):
            if sibling is None or length > 200 or (sibling.tag == row.node.tag and _leads(sibling)):
                break
            text = (sibling.text_content or "") if sibling.tag == "-text" else sibling.text(separator=" ")
            pieces.append(text[:200])
            length += len(text)
            sibling = sibling.next
    return " ".join(pieces)


def _leads(node: LexborNode) -> bool:
    return node.tag == "a" or node.css_first("a") is not None


def _date_column(group: Group) -> tuple[int, str] | None:
    """Which cell holds the publish date, by the table's own head: 序号 标题 发文字号 成文日期 发布日期."""
    table: LexborNode | None = group.container
    while table is not None and table.tag != "table":
        table = table.parent
    if table is None:
        return None
    head = table.css_first("thead tr") or table.css_first("tr")
    if head is None:
        return None
    names = ["".join(cell.text().split()) for cell in _cells(head)]
    for index, name in enumerate(names):
        if len(name) < 12 and _DATE_HEADS.search(name):
            return index, ""
    for index, name in enumerate(names):
        if len(name) < 12 and _WRITTEN_HEADS.search(name):
            return index, "（只有成文日期，没有发布日期）"
    return None


def _cells(row: LexborNode) -> list[LexborNode]:
    cells: list[LexborNode] = []
    child = row.first_child
    while child is not None and len(cells) < 40:
        if child.tag in {"td", "th"}:
            cells.append(child)
        child = child.next
    return cells


def _cell(row: LexborNode, index: int) -> str:
    cells = _cells(row)
    return squeeze(cells[index].text(separator=" ")) if index < len(cells) else ""


# ── Which group is the list ──────────────────────────────────────────────────────────────────────────────────────────


def _score(group: Group, page: ListPage) -> float:
    rows = group.rows
    count, dated = len(rows), group.dated
    titles = sum(min(len(row.title), 40) for row in rows) / count
    if dated:
        if dated * 3 < count and dated < 5:
            return 0.0
        score = 10.0 * dated + titles
    else:
        host = host_of(page.url)
        own = sum(host_of(row.url) == host for row in rows)
        # Undated rows may be a list, too (BEHAVIOURS 65); menus and friend links have short titles.
        if not page.column or count < 3 or titles < 9 or own * 2 < count:
            return 0.0
        score = min(count, 30) / 2 + titles / 4
    weight = _place_weight(group)
    # A date in the footer makes no list of the links beside it.
    if (weight < 1 and not dated) or (weight < _CHROME_WEIGHT and dated < _FEWEST_IN_CHROME):
        return 0.0
    return score * weight


def _place_weight(group: Group) -> float:
    node: LexborNode | None = group.container
    first = group.rows[0].node
    if len(group.rows) < _FEWEST_IN_CHROME and first.tag not in {"a", "li", "tr", "dd", "dt"}:
        node = first  # a "row" may be the whole footer, the other one the menu
    for level in range(8):
        if node is None or node.tag in {"body", "html"}:
            break
        if node.tag in _CHROME_TAGS:
            return 0.1
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if len(names) > 1 and _ASIDE.search(names):
            return 0.15 if level < 4 else 0.5
        node = node.parent
    return 0.15 if _ASIDE_WORDS.match(_words_before(group.container)) else 1.0


def _words_before(container: LexborNode) -> str:
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


def empty_text(text: str) -> str:
    found = _EMPTY.search(text[:100_000])
    if not found:
        return ""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    line = squeeze(text[start : end if end >= 0 else len(text)])
    # In a long sentence the words speak of something else.
    return line if len(line) <= 40 else ""


_AJAX: Final = re.compile(
    r"\$\.(?:ajax|get|post|getJSON)\s*\(|fetch\s*\(|axios|XMLHttpRequest|new\s+Vue\s*\(|laypage|template\(|querydata",
    re.IGNORECASE,
)


def _why_unread(page: ListPage) -> str:
    if _AJAX.search(page.source[:2_000_000]):
        return "列表由脚本加载，没有适用的读取方式"
    return "没有找到列表"
