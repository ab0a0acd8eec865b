"""What single elements of a page add to its facts: links, scripts, metas."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from crawler.core.facts import Link, LinkKind
from crawler.core.urls import Resolved
from crawler.parse.attachments import classify
from crawler.parse.link_attributes import references
from crawler.parse.text import squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_LINKS: Final = 20_000
MAX_TEXT: Final = 200
_MAX_HREF: Final = 4_096  # longer ones are no addresses; data: pictures are not links at all

Resolver = Callable[[str], Resolved]
Attributes = dict[str, str | None]


@dataclass(slots=True)
class Seen:
    """What the walk came across, in document order."""

    links: list[Link] = field(default_factory=list)
    odd: list[Link] = field(default_factory=list)
    dropped: int = 0  # references beyond MAX_LINKS
    metas: list[tuple[str, str]] = field(default_factory=list)
    refresh: str = ""  # content of <meta http-equiv=refresh>
    title: str = ""
    headings: list[LexborNode] = field(default_factory=list)  # h1, and what calls itself the title
    scripts: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    frames: list[Link] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # visible text; "\n" where a block begins
    anchors: int = 0
    contents: dict[str, slice] = field(default_factory=dict)  # which pieces stand in a known container, by selector
    footer: LexborNode | None = None  # the last element named like one that held a footer of this site
    site_code: LexborNode | None = None  # <meta name=SiteIDCode>
    footerish: list[tuple[int, str]] = field(default_factory=list)  # of what may be an item of a footer: place, HTML
    fields: bool = False  # whether there is something to write into
    searching: bool = False  # whether a link may lead to a search


_LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-url", "original", "lazy-src", "data-echo", "_src")
# Words without which footer_links takes a link, a picture or a handler for nothing; all are lower-case.
FOOTER_LINK: Final = re.compile(
    r"conac|jiucuo|exposure|check_web|errorinfo|beian|registersysteminfo|websearch|地\s*[图圖]|site_?\s?map|webmap|wzdt|zddt"
    r"|wangzhanditu|[导導][航覽览]\s*<|联系我们|联系方式|联系本站|联络我们|联系网站|聯繫我們|联系电话|contact|mailto:|tel:|\blink\s*\("
)

# ── Elements ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(  # called a dozen times in one line each
    seen: Seen, resolve: Resolver, href: str, text: str, kind: LinkKind, origin: str
) -> Link | None:
    if len(seen.links) >= MAX_LINKS:
        seen.dropped += 1
        return None
    if len(href) > _MAX_HREF:
        return None
    url, fault = resolve(href)
    if fault == "unfetchable":
        return None
    if kind == "page" and url:
        found, _ = classify(url, text)
        kind = found  # type: ignore[assignment]  # classify names members of LinkKind only
    link = Link(url, href, text, kind, origin, fault)
    if url:
        seen.links.append(link)
    if fault:
        seen.odd.append(link)
    return link


def link_text(node: LexborNode, attributes: Attributes) -> str:
    """What a reader sees of a link: its words, else the words of its picture, else its title."""
    text = squeeze(node.text())[:MAX_TEXT]
    if text:
        return text
    picture = node.css_first("img")
    if picture is not None:
        described = picture.attributes
        text = squeeze(described.get("alt") or described.get("title") or "")
    return (text or squeeze(attributes.get("title") or ""))[:MAX_TEXT]


def _anchor(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    attributes = node.attributes
    href = attributes.get("href")
    seen.anchors += 1
    if not href:
        return
    if href[:11].lower().lstrip().startswith("javascript"):
        for target in script_targets(href):
            _add(seen, resolve, target, link_text(node, attributes), "page", "a")
        return
    if href[0] == "#":
        return
    _add(seen, resolve, href, link_text(node, attributes), "page", node.tag or "a")
    _viewer_file(seen, resolve, href)


def _frame(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    href = node.attributes.get("src")
    if href:
        link = _add(seen, resolve, href, "", "page", node.tag or "iframe")
        if link is not None:
            seen.frames.append(link)
        _viewer_file(seen, resolve, href)


_VIEWER: Final = re.compile(r"[?&#]file=([^&#]+)", re.IGNORECASE)


def _viewer_file(seen: Seen, resolve: Resolver, href: str) -> None:
    """The file a PDF viewer is asked to show (BEHAVIOURS 52)."""
    found = _VIEWER.search(href) if "file=" in href else None
    if found:
        target = unquote(found[1])
        if "/" in target or "." in target:
            _add_if_file(seen, resolve, target, "viewer")


def _add_if_file(seen: Seen, resolve: Resolver, target: str, origin: str) -> None:
    url, _ = resolve(target)
    if url and classify(url, "")[0] == "attachment":
        _add(seen, resolve, target, "", "attachment", origin)


def _image(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    attributes = node.attributes
    text = squeeze(attributes.get("alt") or attributes.get("title") or "")[:MAX_TEXT]
    source = attributes.get("src")
    if source and source[:5] != "data:":
        _add(seen, resolve, source, text, "image", "img")
    for name in _LAZY:
        lazy = attributes.get(name)
        if lazy and lazy != source and lazy[:5] != "data:":
            _add(seen, resolve, lazy, text, "image", name)
            break


def _script(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    attributes = node.attributes
    source = attributes.get("src")
    if source:
        link = _add(seen, resolve, source, "", "script", "script")
        if link is not None and link.url:
            seen.scripts.append(link.url)
        return
    kind = (attributes.get("type") or "").lower()
    if not kind or "javascript" in kind or "ecmascript" in kind or kind == "module":
        text = node.text()
        if text.strip():
            seen.inline.append(text)


def _sheet(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    attributes = node.attributes
    relation = (attributes.get("rel") or "").lower()
    href = attributes.get("href")
    # An icon of the tab that is missing is seen by nobody: no inspector would call it a dead link.
    if href and "stylesheet" in relation:
        _add(seen, resolve, href, "", "style", "link")


def _media(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    attributes = node.attributes
    href = attributes.get("data") if node.tag == "object" else attributes.get("src")
    if href:
        url, _ = resolve(href)
        kind: LinkKind = "attachment" if url and classify(url, "")[0] == "attachment" else "media"
        _add(seen, resolve, href, "", kind, node.tag or "media")
        _viewer_file(seen, resolve, href)
    poster = attributes.get("poster")
    if poster:
        _add(seen, resolve, poster, "", "image", "poster")


def _list_items(seen: Seen, tree: LexborHTMLParser, resolve: Resolver) -> None:
    for node in each(tree, "li[src]"):  # <li src=…> opened by script (BEHAVIOURS 22)
        href = node.attributes.get("src")
        if href:
            _add(seen, resolve, href, squeeze(node.text())[:MAX_TEXT], "page", "li")


def _input(seen: Seen, node: LexborNode, resolve: Resolver) -> None:
    seen.fields = True
    if node.tag == "textarea":
        return
    attributes = node.attributes
    if (attributes.get("type") or "").lower() == "image" and attributes.get("src"):
        _add(seen, resolve, attributes["src"] or "", attributes.get("alt") or "", "image", "input")


def _meta(seen: Seen, node: LexborNode, _: Resolver) -> None:
    attributes = node.attributes
    content = attributes.get("content") or ""
    name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
    if name:
        seen.metas.append((name.strip()[:200], content.strip()[:2000]))
        if name.lower() == "siteidcode":
            seen.site_code = node
    elif (attributes.get("http-equiv") or "").strip().lower() == "refresh" and not seen.refresh:
        seen.refresh = content


def _title(seen: Seen, node: LexborNode, _: Resolver) -> None:
    parent = node.parent
    if not seen.title and (parent is None or parent.tag != "svg"):
        seen.title = squeeze(node.text())[:500]


def _heading(seen: Seen, node: LexborNode, _: Resolver) -> None:
    if len(seen.headings) < 20:
        seen.headings.append(node)


READERS: Final[dict[str, Callable[[Seen, LexborNode, Resolver], None]]] = {
    "a": _anchor,
    "area": _anchor,
    "iframe": _frame,
    "frame": _frame,
    "img": _image,
    "script": _script,
    "link": _sheet,
    "video": _media,
    "audio": _media,
    "source": _media,
    "embed": _media,
    "object": _media,
    "input": _input,
    "textarea": _input,
    "meta": _meta,
    "title": _title,
    "h1": _heading,
}

# ── Attributes ───────────────────────────────────────────────────────────────────────────────────────────────────────

_QUOTED: Final = r"\s*(?:'([^']{1,2000})'|\"([^\"]{1,2000})\")"
_TARGETS: Final = re.compile(
    rf"(?:location(?:\.href)?\s*=(?!=)|location\.(?:assign|replace)\s*\(|window\.open\s*\(|\bopen\s*\("
    rf"|\b(?:link|golink|gourl|goto|jump|jumpurl|openurl|toUrl|openwin|openwindow|showurl|view)\s*\(){_QUOTED}"
    rf"|\bisDownLoad\s*\(\s*this\s*,{_QUOTED}"
    rf"|\b(?:down|download|downfile|downloadfile|openfile|preview|viewpdf|showpdf)\s*\({_QUOTED}",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"\s*\+")
# Any function that is handed a page or a file as a whole word: showDetail('/a/b.html'), toPage(this,"https://…/x.pdf").
_WHOLE: Final = (
    r"(?:https?://[\w.:-]{4,200}|)/[^'\"\s<>]{0,1000}\.(?:[sxj]?html?|jspx?|aspx?|php|pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar)"
    r"(?:\?[^'\"\s<>]{0,500})?"
)
_CALLS: Final = re.compile(
    rf"([A-Za-z_$][\w$.]{{0,60}})\s*\((?:\s*[\w.$]{{1,40}}\s*,)?\s*(?:'({_WHOLE})'|\"({_WHOLE})\")(?!\s*\+)",
    re.IGNORECASE,
)
# What a call like these is handed is no place the reader goes to.
_OTHER_CALLS: Final = re.compile(
    r"ajax|\bget\w*|post|load|fetch|share|track|count|hits?\b|click|favou?rite|home|copy|alert|confirm|submit|del|push|remove"
    r"|save|vote|login|comment|replace$|indexof|match|split|test$|import|require",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"^(?:https?:|/|\.{1,2}/|\?)|^[\w%./-]+\.(?:[sxj]?html?|aspx?|jspx?|do|php|pdf|docx?|xlsx?|wps|zip)\b",
    re.IGNORECASE,
)
_STORED: Final = ("data-href", "data-link", "data-value", "data-pdf", "data-file")


def script_targets(code: str) -> list[str]:
    """Addresses a line of script leads to: location.href='…', window.open('…'), Link('…') (BEHAVIOURS 22)."""
    code = code[:5000]
    found = [
        next((group for group in match.groups() if group), "")
        for match in _TARGETS.finditer(code)
        if not _GOES_ON.match(code, match.end())  # '/view.do?id=' + id is half an address
    ]
    found += [match[2] or match[3] for match in _CALLS.finditer(code) if not _OTHER_CALLS.search(match[1])]
    return list(dict.fromkeys(target for target in found if _ADDRESS.match(target.strip())))


def attributes_that_link(
    seen: Seen, tree: LexborHTMLParser, resolve: Resolver, source: str, clicks: Sequence[LexborNode]
) -> None:
    _list_items(seen, tree, resolve)
    for node in clicks:
        attributes = node.attributes
        click = attributes.get("onclick") or ""
        if FOOTER_LINK.search(click.lower()):
            seen.footerish.append((-1, click))
        for target in script_targets(click):
            if target != attributes.get("href"):
                _add(seen, resolve, target, link_text(node, attributes), "page", "onclick")
    _stored(seen, tree, resolve, source)
    for found in references(tree, source, seen.refresh):
        text = link_text(found.node, found.node.attributes) if found.node is not None and found.kind == "page" else ""
        kind: LinkKind = found.kind  # type: ignore[assignment]  # link_attributes names members of LinkKind only
        if found.href:
            _add(seen, resolve, found.href, text, kind, found.origin)


def _stored(seen: Seen, tree: LexborHTMLParser, resolve: Resolver, source: str) -> None:
    for name in _STORED if "data-" in source else ():
        if name not in source:
            continue
        for node in each(tree, f"[{name}]"):
            attributes = node.attributes
            value = (attributes.get(name) or "").strip()
            if not _ADDRESS.match(value) or value == (attributes.get("href") or "").strip():
                continue
            if name in {"data-href", "data-link"}:
                _add(seen, resolve, value, link_text(node, attributes), "page", name)
            else:
                _add_if_file(seen, resolve, value, name)


def each(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Matches, each once: lexbor may give a node twice. One of these costs less than a search of the source does."""
    done: set[int] = set()
    nodes: list[LexborNode] = []
    for node in tree.css(selector)[: 2 * MAX_LINKS]:
        if node.mem_id not in done:
            done.add(node.mem_id)
            nodes.append(node)
    return nodes
