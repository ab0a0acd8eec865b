"""Lists that stand in the HTML: the group of alike rows that is the column's list, by dates, titles and place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Entry, Listing
from crawler.parse.dates import complete, row_date
from crawler.parse.lists import rowless, twins
from crawler.parse.lists.groups import ASIDE, CHROME_TAGS, Group, Row, place_weight, score, words_before
from crawler.parse.lists.pager import next_pages
from crawler.parse.lists.titles import EDGE_DATE, MIN_TITLE, NOT_TITLES, title_of
from crawler.parse.lists.unsure import unsure
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from selectolax.lexbor import LexborNode

    from crawler.parse.lists.page import ListPage

ORDER: Final = 100  # after the readers that know their CMS

_MAX_ANCHORS: Final = 3_000
_CLIMB: Final = 7
_ROW_TEXT: Final = 600  # a row with more words is no row
_LONE_TEXT: Final = 200
_FOOTER_WORDS: Final = re.compile(r"主办|ICP|备案|标识码|版权|今天是|星期")
_FLAT: Final = frozenset({"a", "dt", "p", "h2", "h3", "h4", "h5"})  # rows whose date may stand after them
_EMPTY: Final = re.compile(
    r"(?:暂无|没有|无)(?:相关|任何|查询到)?(?:数据|信息|内容|记录|文章|文件|公告)|栏目(?:正在)?(?:建设|完善|更新|维护)中?|(?:正在)?(?:建设|升级|改版)中"
)
_DATE_HEADS: Final = re.compile(
    r"发布(?:时间|日期)|公开(?:时间|日期)|发文(?:时间|日期)|公布(?:时间|日期)|^(?:日期|时间|更新时间)$"
)
_WRITTEN_HEADS: Final = re.compile(r"成文(?:时间|日期)|生成(?:时间|日期)|印发(?:时间|日期)")


def read(page: ListPage) -> Listing | None:
    groups = _groups(page)
    best = max(groups, key=lambda group: score(group, page), default=None)
    empty = empty_text(page.text)
    if (best is None or score(best, page) <= 0) and page.column and not empty:
        best = _lone(page)
        groups = [best] if best is not None else []
    if best is None or score(best, page) <= 0:
        if not page.column:
            return None
        return Listing(reader="", note="" if empty else _why_unread(page), empty_text=empty)
    lists = [group for group in groups if score(group, page) > 0]
    rows, blocks = twins.whole(best, lists, words_before)
    shown = f"，分 {blocks} 块排列" if blocks > 1 else ""
    parts = twins.sections(best, lists) if blocks == 1 and page.column else []
    if len(parts) > 1:
        rows = [row for part in parts for row in part.rows]
        shown = f"；{twins.OVERVIEW}：{len(parts)} 组列表各有“更多”，请登记各子栏目的地址"
    entries = to_entries(rows, page.seen_at)
    found = next_pages(page)
    dated = sum(entry.date is not None for entry in entries)
    note = f"网页中的列表：{len(entries)} 行，{dated} 行有日期{shown}" + best.note
    if found.note:
        note += "；" + found.note
    elif not found.urls and (found.total is None or found.total > len(entries)) and (doubt := unsure(page, entries)):
        note += "；" + doubt
    return Listing(reader="plain", entries=entries, next_urls=found.urls, total=found.total, note=note)


def rows_of(page: ListPage) -> tuple[Entry, ...]:
    """The rows of a fragment that is nothing but a list, dated or not (the answer of a list unit)."""
    groups = _groups(page)
    if not groups:
        return ()
    best = max(groups, key=lambda group: (group.dated, len(group.rows)))
    return to_entries(twins.whole(best, groups, words_before)[0], page.seen_at)


def to_entries(rows: Sequence[Row], seen_at: datetime | None) -> tuple[Entry, ...]:
    dates = complete([row.date for row in rows], [row.url for row in rows], seen_at)
    return tuple(Entry(row.title, row.url, date, row.href) for row, date in zip(rows, dates, strict=True))


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
    for anchor, href in rowless.leading(body, page.source, _MAX_ANCHORS):
        attributes = anchor.attributes
        if anchor.mem_id in seen:
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
        if tag == "td" and twins.paired(node) and parent.parent is not None:
            return node, parent.parent
        if tag in {"td", "th", "span", "em", "b", "strong", "font", "i"} or (
            tag == "a" and parent.tag in {"li", "td", "dd", "dt"}
        ):
            node = parent
            continue
        count = _alike(parent, tag, holds, alike)
        needed = 3 if tag == "a" else 2
        # Navigation, content and footer under one roof are alike, too, but no rows.
        roof = tag in {"div", "section"} and (single is not None or parent.tag == "body" or _is_part(node))
        if count >= needed and not (tag == "div" and _is_card_part(node)) and not (roof and not _kin(node, holds)):
            return node, parent
        if single is None and tag in {"li", "tr", "dd", "dt"}:
            single = node, parent
        node = parent
    return single


def _is_part(node: LexborNode) -> bool:
    """Whether an element stands beside the chrome of the page."""
    for beside in ("prev", "next"):
        sibling: LexborNode | None = getattr(node, beside)
        while sibling is not None and sibling.tag in {"-text", "-comment"}:
            sibling = getattr(sibling, beside)
        if sibling is not None:
            names = f"{sibling.attributes.get('class')} {sibling.attributes.get('id')}"
            if sibling.tag in CHROME_TAGS or ASIDE.search(names):
                return True
    return False


def _kin(node: LexborNode, holds: set[int]) -> bool:
    """A brother that holds a title and is called alike: `row1` and `row2`, both nothing."""
    own, parent = _names(node), node.parent
    child = parent.first_child if parent is not None else None
    for _ in range(500):
        if child is None:
            return False
        if child.mem_id != node.mem_id and child.tag == node.tag and child.mem_id in holds:
            theirs = _names(child)
            if own & theirs or own == theirs:
                return True
        child = child.next
    return False


def _names(node: LexborNode) -> set[str]:
    return {name.rstrip("0123456789_-") for name in (node.attributes.get("class") or "").split()}


def _lone(page: ListPage) -> Group | None:
    """A list of one entry: the only link of the page's middle with a date beside it."""
    found: list[Group] = []
    for row in _title_anchors(page.tree.body, page) if page.tree.body is not None else []:
        node: LexborNode | None = row.anchor
        for _ in range(4):
            parent = node.parent if node is not None else None
            if node is None or parent is None or parent.tag in {"body", "html"} or len(node.text()) > _LONE_TEXT:
                break
            row.node = node
            if date := row_date(_around(row)):
                row.date = date
                group = Group(parent, [row])
                if place_weight(group) == 1 and not _FOOTER_WORDS.search(node.text()):
                    found.append(group)
                break
            node = parent
    return found[0] if len(found) == 1 else None


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
            row.date = rowless.date_in_attributes(row.node)
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
    if row.node.tag in _FLAT or row.node.tag == "td":
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


# ── Without a list ────────────────────────────────────────────────────────────────────────────────────────────────────


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
