"""Further pages of a list: TRS page scripts, links by words and numbers, data attributes; bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.parse.links import script_targets
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.parse.lists.page import ListPage

MAX_PAGES: Final = 500

_NEXT: Final = re.compile(
    r"^(?:[\[(（]?\s*(?:下一?页|后一?页|下页|next(?:\s*page)?|[>›»＞]{1,2}|下一页\s*[>›»＞]+)\s*[\])）]?)$",
    re.IGNORECASE,
)
# createPageHTML(57, 0, "index", "html"): pages, current (from 0), name, suffix (FIELD 1.3); some put a count first.
_TRS: Final = re.compile(
    r"\bcreatePage(?:HTML)?\s*\(\s*(?:['\"][\w-]*['\"]\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*['\"]([\w./-]{1,100})['\"]\s*,\s*['\"](\w{2,6})['\"]"
)
_TOTAL: Final = re.compile(
    r"(?:共|总计|合计)(?:有|计)?\s*[:：]?\s*(\d{1,7})\s*(?:条|篇|个?记录|项|件)|(?:总记录数?|总条数|记录总数|总数)\s*[:：]?\s*(\d{1,7})"
)
_ATTRIBUTES: Final = ("data-url", "data-href", "data-page", "data-link", "data-src", "tagname", "value")
_TURNS: Final = re.compile(
    r"\w\s*\(\s*[\"']([\w./-]{1,200}\.(?:[sxj]?html?|jsp|aspx?|php)(?:\?[\w=&%-]{0,200})?)[\"']\s*[,)]"
)
_ADDRESS: Final = re.compile(r"^(?:https?://|/|\.|\?|[\w-]+\.)[\w%./?=&-]+$")


@dataclass(frozen=True, slots=True)
class Pager:
    urls: tuple[str, ...] = ()
    total: int | None = None
    note: str = ""


def next_pages(page: ListPage) -> Pager:
    total = _total(page.text)
    by_script = _from_trs(page)
    if by_script is not None:
        return Pager(by_script[0], total, by_script[1])
    urls, stuck = _from_elements(page)
    if not urls:
        urls = _from_marks(page)
    return Pager(urls, total, "有“下一页”，但它只由脚本响应，无法翻页" if stuck and not urls else "")


def _total(text: str) -> int | None:
    found = None
    for found in _TOTAL.finditer(text[-200_000:]):  # noqa: B007  # the last stands under the list
        pass
    return int(found[1] or found[2]) if found else None


def _from_trs(page: ListPage) -> tuple[tuple[str, ...], str] | None:
    if "createPage" not in page.source:
        return None
    calls = [call for call in _TRS.finditer(page.source) if not _in_comment(page.source, call.start())]
    if not calls:
        return None
    call = calls[-1]
    pages, current, name, suffix = int(call[1]), int(call[2]), call[3], call[4]
    last = min(pages, MAX_PAGES)
    urls = [page.resolve(f"{name}_{number}.{suffix}")[0] for number in range(current + 1, last)]
    note = f"页面脚本声明共 {pages} 页"
    if pages > MAX_PAGES:
        note += f"，只列出前 {MAX_PAGES} 页"
    return tuple(url for url in urls if url), note


def _in_comment(source: str, at: int) -> bool:
    """Whether the call is commented out; `<script><!-- … -->` is no comment."""
    line = source[source.rfind("\n", 0, at) + 1 : at]
    opened = source.rfind("<!--", 0, at)
    closed = source.rfind("-->", 0, at)
    script = source.rfind("<script", 0, at)
    return line.lstrip().startswith("//") or (closed < opened < script)


def _from_elements(page: ListPage) -> tuple[tuple[str, ...], bool]:
    body = page.tree.body
    if body is None:
        return (), False
    following: list[str] = []
    numbered: dict[int, str] = {}
    stuck = False
    current = _current(page.url)
    for node in _candidates(body):
        label = (
            squeeze(node.text())[:16]
            or squeeze(node.attributes.get("title") or node.attributes.get("value") or "")[:16]
        )
        is_next = _NEXT.match(label) is not None
        number = int(label) if label.isdecimal() and len(label) < 5 else 0
        if not is_next and not number:
            continue
        url = _target(node, page)
        if is_next:
            if url and url != page.url:
                following.append(url)
            elif not url and "disabled" not in (node.attributes.get("class") or "") and not _is_last(node):
                stuck = True
        elif url and url != page.url and number > current and _same_list(url, page.url):
            numbered.setdefault(number, url)
    # A lone number may be a year in a menu; pages come in company.
    later = [numbered[number] for number in sorted(numbered)] if following or len(numbered) > 1 else []
    if following and later and not _same_list(following[0], page.url):
        following = []
    return tuple(dict.fromkeys([*following[:1], *later]))[:MAX_PAGES], stuck


_LABELS: Final = re.compile(r"下一?页|后一?页|next", re.IGNORECASE)


def _from_marks(page: ListPage) -> tuple[str, ...]:
    """What says of itself without words that it leads on: rel=next, aria-label, a class; else a menu of pages."""
    head = page.tree.css_first("link[rel=next], a[rel=next]")
    if head is not None and (url := page.resolve(head.attributes.get("href") or "")[0]) and url != page.url:
        return (url,)
    body = page.tree.body
    for node in (
        body.css("a[aria-label], a[title], a.next, a.Next, li.next a, span.next a, a:has(img)")[-60:] if body else []
    ):
        own = node.attributes
        picture = node.css_first("img")
        words = " ".join(
            value or "" for value in (own.get("aria-label"), own.get("title"), own.get("class"),
                                      picture.attributes.get("alt") if picture else "",
                                      node.parent.attributes.get("class") if node.parent else "")
        )  # fmt: skip
        if len(words) < 60 and _LABELS.search(words) and (url := _target(node, page)) and url != page.url:
            if _same_list(url, page.url) and not squeeze(node.text()):
                return (url,)
            if _same_list(url, page.url) and _LABELS.fullmatch(
                squeeze(own.get("aria-label") or own.get("title") or "")
            ):
                return (url,)
    return _from_menu(page)


def _from_menu(page: ListPage) -> tuple[str, ...]:
    """<select onchange="location=this.value"><option value=index_1.html>2: a jump to every page."""
    for menu in page.tree.css("select")[:20]:
        found: list[tuple[int, str]] = []
        for option in menu.css("option")[: MAX_PAGES + 1]:
            label = re.fullmatch(r"第?\s*(\d{1,4})\s*页?(?:\s*/\s*\d+\s*页?)?", squeeze(option.text()))
            value = (option.attributes.get("value") or "").strip()
            url = page.resolve(value)[0] if label and _ADDRESS.match(value) else ""
            if label and url and _same_list(url, page.url):
                found.append((int(label[1]), url))
        if len(found) > 1:
            here = next((number for number, url in found if url == page.url), _current(page.url))
            return tuple(url for number, url in sorted(found) if number > here and url != page.url)
    return ()


def _candidates(body: LexborNode) -> list[LexborNode]:
    anchors = body.css("a")[-400:]
    others = body.css(
        "li[onclick], span[onclick], div[onclick], input[onclick], button[onclick], img[onclick], td[onclick], "
        "label[onclick], [data-page], [data-url], [data-href], [paged], [data-page-index], li[href], span[href]"
    )
    known: dict[int, LexborNode] = {node.mem_id: node for node in [*anchors, *others[-200:]]}
    return list(known.values())


def _target(node: LexborNode, page: ListPage) -> str:
    attributes = node.attributes
    href = (attributes.get("href") or "").strip()
    code = (attributes.get("onclick") or "") + ";" + (href if href[:11].lower() == "javascript:" else "")
    if href and href[0] != "#":
        url = page.resolve(href)[0]
        if url:
            return url
    for name in _ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if value and _ADDRESS.match(value) and not value.isdecimal():
            return page.resolve(value)[0]
    for target in script_targets(code) or [found[1] for found in _TURNS.finditer(code[:2_000])]:
        url = page.resolve(target)[0]
        if url:
            return url
    return ""


def _is_last(node: LexborNode) -> bool:
    """第 3/3 页: the last page keeps a dead "next"."""
    parent = node.parent
    around = squeeze(parent.parent.text())[:300] if parent is not None and parent.parent is not None else ""
    found = re.search(r"(\d+)\s*/\s*(\d+)", around) or re.search(r"第\s*(\d+)\s*页.{0,6}共\s*(\d+)\s*页", around)
    single = re.search(r"共\s*1\s*页", around)
    return bool(single) or (found is not None and int(found[1]) >= int(found[2]))


def _current(url: str) -> int:
    found = re.search(
        r"(?:[?&](?:page|pageno|pagenum|pageindex|p|curpage|currentpage)=|_)(\d{1,4})(?=\.\w+$|&|$)", url, re.IGNORECASE
    )
    return int(found[1]) if found else 1


def _same_list(url: str, other: str) -> bool:
    """Pages of one list stand in one folder, or in one named after the list (VSB: x.htm, x/230.htm)."""
    here, there = urlsplit(other), urlsplit(url)
    if here.netloc != there.netloc:
        return False
    folder = here.path.rpartition("/")[0]
    return there.path.startswith(folder) or folder.startswith(there.path.rpartition("/")[0] or "/-")
