"""Hanweb JPaaS: lists filled by list units, described on the page in pseudo-JSON (FIELD 1.2, RULES 8.2)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from crawler.core.facts import Listing, ListUnit
from crawler.parse.lists import plain
from crawler.parse.lists.page import ListAnswer, ListPage, fragment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

ORDER: Final = 10
MAX_PAGES: Final = 500
_ROWS: Final = 15  # of one page, where nobody says

_ENDPOINT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAIR: Final = re.compile(r"""['"]?([\w$-]+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"{}\s]+))""")
_LISTS: Final = re.compile(r"list|列表|信息|分页|文章|目录|正文", re.IGNORECASE)
_NOT_LISTS: Final = re.compile(
    r"导航|底部|头部|页脚|页头|位置|友情|链接|banner|foot|head|nav|菜单|面包屑|搜索|检索|标题|统计|轮播|图片",
    re.IGNORECASE,
)
_BY_PARAMETER: Final = "&paramJson="


def read(page: ListPage) -> Listing | None:
    if "querydata" not in page.source.lower():
        return None
    units = _units(page)
    if not units:
        return None
    # Some pages print the first page of rows, too; its dates vouch for it.
    printed = plain.read(page)
    entries = printed.entries if printed is not None and any(entry.date for entry in printed.entries) else ()
    return Listing(
        reader="jpaas",
        entries=entries,
        total=units[0].total,
        units=units,
        note=f"JPaaS 列表单元 {len(units)} 个（querydata），最可能的在前",
        empty_text=printed.empty_text if printed is not None and not entries else "",
    )


def _units(page: ListPage) -> tuple[ListUnit, ...]:
    """Candidates, the likeliest first; the crawl takes the one whose HTML has dated links (BEHAVIOURS 13)."""
    scored: list[tuple[float, int, ListUnit]] = []
    known: set[int] = set()
    for index, node in enumerate(page.tree.css("[querydata]")[:100]):
        if node.mem_id in known:
            continue
        known.add(node.mem_id)
        attributes = node.attributes
        query = pseudo_json(attributes.get("querydata") or "")
        if not query:
            continue
        pagination = _pagination(node)
        marks = {} if pagination is None else pagination.attributes
        url = page.resolve(attributes.get("url") or marks.get("uniturl") or _ENDPOINT)[0]
        if not url:
            continue
        scored.append((-_likelihood(query, node, pagination), index, _unit(url, query, marks)))
    unique = {unit.url: unit for _, _, unit in sorted(scored, key=lambda item: item[:2])}
    return tuple(unique.values())


def pseudo_json(text: str) -> dict[str, str]:
    """`{'webId':'…','tagId':'信息列表'}`: single quotes, sometimes none, sometimes proper JSON."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        pairs = _PAIR.finditer(text[:5_000])
        return {pair[1]: next((group for group in pair.groups()[1:] if group is not None), "") for pair in pairs}
    if not isinstance(loaded, dict):
        return {}
    return {str(key): "null" if value is None else str(value) for key, value in loaded.items()}


def _pagination(node: LexborNode) -> LexborNode | None:
    """The `div.pagination` that belongs to a unit: beside its script or inside the same block."""
    above = node.parent
    for _ in range(3):
        if above is None or above.tag == "body":
            return None
        found = above.css_first("[rows][count], [uniturl], .pagination[rows]")
        if found is not None:
            return found
        above = above.parent
    return None


def _likelihood(query: Mapping[str, str], node: LexborNode, pagination: LexborNode | None) -> float:
    tag = query.get("tagId", "")
    score = 0.0
    score += 2.0 if _LISTS.search(tag) else 0.0
    score -= 3.0 if _NOT_LISTS.search(tag) else 0.0
    score += 4.0 if pagination is not None else 0.0
    score += 1.0 if query.get("pageType") == "column" else 0.0
    above = node.parent
    for _ in range(10):
        if above is None or above.tag == "body":
            break
        names = f"{above.attributes.get('class') or ''} {above.attributes.get('id') or ''}".lower()
        if above.tag in {"footer", "header", "nav"} or re.search(r"foot|header|\bnav|menu|copyright", names):
            score -= 4.0
            break
        above = above.parent
    return score


def _unit(url: str, query: Mapping[str, str], pagination: Mapping[str, str | None]) -> ListUnit:
    rows, count = _number(pagination.get("rows")), _number(pagination.get("count"))
    parameters = {name: value for name, value in query.items() if name not in {"pageNo", "pageSize", "paramJson"}}
    first = url + ("&" if "?" in url else "?") + urlencode(parameters, quote_via=quote)
    size = f"&pageSize={rows}" if rows else ""
    last = min(-(-count // rows), MAX_PAGES) if rows and count else 1
    pages = tuple(f"{first}&pageNo={number}{size}" for number in range(2, last + 1))
    return ListUnit("jpaas", f"{first}&pageNo=1{size}" if rows else first, pages, count)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() and len(text) < 9 else None


def otherwise(url: str) -> str:
    """The same page asked for by `paramJson`, for servers that ignore `pageNo` (BEHAVIOURS 14); "" if it is already."""
    number, size = re.search(r"[?&]pageNo=(\d+)", url), re.search(r"[?&]pageSize=(\d+)", url)
    if number is None or _BY_PARAMETER in url:
        return ""
    bare = re.sub(r"&page(?:No|Size)=\d+", "", url)
    wanted = {"pageNo": int(number[1]), "pageSize": int(size[1]) if size else _ROWS, "search": ""}
    return bare + _BY_PARAMETER + quote(json.dumps(wanted, separators=(",", ":")), safe="")


def read_answer(answer: ListAnswer) -> Listing:
    """The answer `{"success":true,"data":{"html":"…"}}`. A failure has reader ""; the end of a list has no entries and
    no empty reader (BEHAVIOURS 15)."""
    try:
        said = json.loads(answer.text)
    except (ValueError, RecursionError):
        return Listing(reader="", note="列表单元的应答不是 JSON")
    if not isinstance(said, dict) or said.get("success") is False:
        why = said.get("message") or said.get("msg") or "" if isinstance(said, dict) else ""
        return Listing(reader="", note=f"列表单元报告失败：{str(why)[:100]}".rstrip("："))
    data = said.get("data")
    html = data.get("html") if isinstance(data, dict) else data if isinstance(data, str) else None
    if not isinstance(html, str):
        return Listing(reader="", note="列表单元的应答里没有 data.html")
    if not html.strip():
        return Listing(reader="jpaas", note="列表单元没有更多内容（末页）")
    page = fragment(html, answer.page_url, answer.seen_at)
    entries = plain.rows_of(page)
    node = page.tree.css_first("[count][rows], .pagination[count]")
    total = _number(node.attributes.get("count")) if node is not None else None
    note = f"JPaaS 列表单元：{len(entries)} 行，{sum(entry.date is not None for entry in entries)} 行有日期"
    empty = plain.empty_text(page.text) if not entries else ""
    return Listing(
        reader="jpaas",
        entries=entries,
        next_urls=_following(answer.url, html) if entries else (),
        next_reader="jpaas",
        total=total,
        note=note,
        empty_text=empty,
    )


def _following(url: str, html: str) -> tuple[str, ...]:
    """The page after this one, for units whose page did not say how many there are but that show a pager."""
    packed = re.search(r"%22pageNo%22%3A(\d{1,5})", url)
    number = packed or re.search(r"[?&]pageNo=(\d{1,5})(?!\d)", url)
    if number is not None:
        return (f"{url[: number.start(1)]}{int(number[1]) + 1}{url[number.end(1) :]}",)
    if re.search(r"下一?页|pagination|pageNo", html):
        return (f"{url}&pageNo=2&pageSize={_ROWS}",)
    return ()
