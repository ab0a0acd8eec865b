"""One walk over the tree of a page: links, scripts, metas and visible text; nothing is looked at twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crawler.core.facts import Link
from crawler.parse.attachments import PAGES, classify
from crawler.parse.blocks import Block, Recording, recognise, replay
from crawler.parse.links import FOOTER_LINK, MAX_LINKS, MAX_TEXT, READERS, Seen, attributes_that_link, each
from crawler.parse.memory import Part
from crawler.parse.text import CONTENT, squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.parse.memory import Page

_BLOCKS: Final = (
    "p div li ul ol dl dt dd tr td th table h1 h2 h3 h4 h5 h6 br section article header footer nav form center hr "
    "pre blockquote fieldset option tbody thead body aside main figure"
).split()
_MUTE: Final = ("script", "style", "title", "textarea", "option", "noscript", "iframe", "noframes", "xmp")
# Never the container of a content or a footer; of all others id and class are looked at.
_NO_HOLDERS: Final = (
    "p span font li br hr option optgroup h1 h2 h3 h4 h5 h6 a area img script style link meta title head html "
    "input textarea select button strong b em i u base iframe noscript tr -comment -doctype"
).split()
_BLOCK, _READ, _SILENT, _HOLDS, _KNOWN = 1, 2, 4, 8, 16

_FOOTER_PICTURE: Final = re.compile(r"conac|jiucuo|地图|党政机关|事业单位|(?:red|blue)\.(?:png|gif|jpe?g)")
_SEARCH_LINK: Final = re.compile(r"搜|检索|search|sousuo|jrobot|irs-c|/igs/|/so/")
# Of these, what may stand in an address.
_TELLING: Final = (
    "conac", "jiucuo", "exposure", "check_web", "errorinfo", "beian", "system", "search", "map", "wzdt", "zddt",
    "wangzhanditu", "contact", "mailto", "tel:", "link", "sousuo", "jrobot", "irs-c", "/igs/", "/so/", "搜", "检", "地",
)  # fmt: skip
# What an address of ASCII characters has in it where one of the two may be found; literals only, as it runs over most.
_TELLING_HREF: Final = re.compile(
    r"conac|jiucuo|exposure|check_web|errorinfo|beian|registersys|site|webmap|wzdt|zddt|wangzhanditu|contact|mailto:|tel:"
    r"|link|search|sousuo|jrobot|irs-c|/igs/|/so/"
)
_SHORT_HREF: Final = 1_000
_HEADLINE: Final = 20  # characters; a link with more words is none of those, whatever its words are (see footer_links)
# An old editor's <span id="zoom">; there are too many spans to look at each.
_INLINE_CONTENT: Final = re.compile(
    r"<(?:p|span|font) (?:id|class)=[\"']?(?:[zZ]oom|TRS_|UCAP|vsb_|[\w-]*(?:content|article))"
)
_CONTENT_CLASSES: Final = frozenset(name[1:] for name in CONTENT if name[0] == ".")
_CONTENT_IDS: Final = frozenset(name[1:] for name in CONTENT if name[0] == "#")
_STEPS: Final = {
    tag: (tag in _BLOCKS) * _BLOCK
    | (tag in _MUTE) * _SILENT
    | (tag not in _NO_HOLDERS) * _HOLDS
    | (tag in READERS) * _READ
    | (tag in {"a", "area", "img"}) * _KNOWN
    for tag in (*_BLOCKS, *_MUTE, *_NO_HOLDERS, *READERS)
}


def walk(tree: LexborHTMLParser, page: Page, source: str) -> Seen:  # noqa: C901, PLR0912, PLR0915 - one loop over a thousand nodes: a call each would cost as much as the tree
    """`source` is the text the tree was built from; it says cheaply what need not be searched for."""
    seen = Seen()
    root = tree.root
    if root is None:
        return seen
    pieces = seen.pieces
    write = pieces.append
    steps = _STEPS
    if _INLINE_CONTENT.search(source):
        steps = steps | {"p": steps["p"] | _HOLDS, "span": _HOLDS, "font": _HOLDS}
    resolve, names = page.resolve, page.site.footer_names
    open_contents: dict[int, list[str]] = {}  # by what follows the container
    mute: LexborNode | None = None
    clicks = each(tree, "[onclick]")
    skip = 0  # what follows a block that was replayed
    recording: Recording | None = None
    for node in root.traverse(include_text=True):
        if skip:
            if node.mem_id != skip:
                continue
            skip = 0
        tag = node.tag or ""
        if mute is not None and not _inside(node, mute):
            mute = None
        if recording is not None and node.mem_id == recording.end:
            recording.finish(seen, page)
            recording = None
        if open_contents and (ended := open_contents.pop(node.mem_id, None)) is not None:
            _end_contents(seen, ended)
        if tag == "-text":
            if mute is None:
                write(node.text_content or "")
            continue
        step = steps.get(tag, _HOLDS)
        if step & _BLOCK:
            write("\n")
        if step & _KNOWN:
            _read_known(seen, page, node, tag, clicks)
        elif step & _READ:
            READERS[tag](seen, node, resolve)
        elif step & _HOLDS:
            attributes = node.attrs
            style, identity = attributes.sget("class"), attributes.sget("id")
            if (style or identity) and (identity, style) in names:
                seen.footer = node
            if (
                (style or identity or tag == "article")
                and (found := _content_names(tag, identity, style))
                and (fresh := [name for name in found if name not in seen.contents])
            ):
                seen.contents.update(dict.fromkeys(fresh, slice(len(pieces), None)))
                open_contents.setdefault(_following(node), []).extend(fresh)
            elif mute is None and recording is None and (style or identity) and seen.footer is not node:
                block = recognise(seen, page, node, (identity, style))
                if isinstance(block, Block):
                    replay(seen, block)
                    skip = _following(node)
                    if not skip:
                        break
                elif block is not None:
                    recording = Recording(seen, (identity, style), block, _following(node))
        if mute is None and step & _SILENT:
            mute = node
    if recording is not None:
        recording.finish(seen, page)
    attributes_that_link(seen, tree, resolve, source, clicks)
    return seen


def _read_known(seen: Seen, page: Page, node: LexborNode, tag: str, clicks: Sequence[LexborNode]) -> None:
    """A link or a picture: from memory where the site has the same elsewhere."""
    if tag == "a" and len(words := node.text()) > _HEADLINE and _headline(seen, node, page, words, clicks=bool(clicks)):
        return
    html = node.html or ""
    part = page.everywhere.get(html) or page.here.get(html)
    if part is None or len(seen.links) > MAX_LINKS - 100:
        part = _learn(seen, page, node, tag, html)
    else:
        seen.links += part.links
        seen.anchors += part.anchors
        if part.odd:
            seen.odd += part.odd
    if part.footer:
        seen.footerish.append((len(seen.pieces), html))
    if part.search:
        seen.searching = True


def _headline(seen: Seen, node: LexborNode, page: Page, words: str, *, clicks: bool) -> bool:
    """Reads a link of many words with an ordinary address at once; False leaves the link to the others.

    Such a link is on few pages, and is no item of a footer: reading it costs less than remembering it does. Its
    address is on many, with other words.
    """
    attributes = node.attrs
    href = attributes.sget("href")
    text = squeeze(words)[:MAX_TEXT]
    if len(text) <= _HEADLINE or (clicks and "onclick" in attributes) or len(seen.links) > MAX_LINKS - 100:
        return False
    url, kind = page.plain.get(href) or page.plain_here.get(href) or _plain(page, href)
    if not url:
        return False
    seen.links.append(Link(url, href, text, kind or classify(url, text)[0], "a"))  # type: ignore[arg-type]  # classify names members of LinkKind only
    seen.anchors += 1
    return True


def _plain(page: Page, href: str) -> tuple[str, str]:
    """The URL of an ordinary address, and its kind where that does not depend on the words; "" for all others."""
    if len(href) > _SHORT_HREF or href[:1] not in {"/", "h", "."} or not href.isascii() or "file=" in href:
        return "", ""
    if _TELLING_HREF.search(href.lower()):
        return "", ""
    url, fault = page.resolve(href)
    if fault or not url:
        return "", ""
    kind = "page" if url.endswith(PAGES) else ""
    page.learn_plain(href, url, kind)
    return url, kind


def _learn(seen: Seen, page: Page, node: LexborNode, tag: str, html: str) -> Part:
    """Reads an element whose like was not seen on this site."""
    links, odd, anchors = len(seen.links), len(seen.odd), seen.anchors
    READERS[tag](seen, node, page.resolve)
    found = tuple(seen.links[links:])
    telling = html.lower()
    if tag == "a" and len(found) == 1 and len(found[0].text) > _HEADLINE and "onclick" not in telling:
        telling = found[0].href.lower()
        # Words are found ten times as fast as patterns, and most links of a page are such.
        plain = not [word for word in _TELLING if word in telling]
    else:
        plain = False
    part = Part(
        found,
        tuple(seen.odd[odd:]) if len(seen.odd) > odd else (),
        seen.anchors - anchors,
        not plain and (_FOOTER_PICTURE if tag == "img" else FOOTER_LINK).search(telling) is not None,
        not plain and tag == "a" and _SEARCH_LINK.search(telling) is not None,
    )
    if not seen.dropped:
        page.learn(html, part)
    return part


@lru_cache(maxsize=4096)
def _content_names(tag: str, identity: str, style: str) -> tuple[str, ...]:
    """Selectors of `CONTENT` that an element fits."""
    found = ["." + name for name in style.split() if name in _CONTENT_CLASSES]
    if identity in _CONTENT_IDS:
        found.append("#" + identity)
    if tag == "article":
        found.append(tag)
    return tuple(found)


def _following(node: LexborNode) -> int:
    """What comes after an element and all it holds; 0 where nothing does."""
    above: LexborNode | None = node
    while above is not None:
        after = above.next
        if after is not None:
            return after.mem_id
        above = above.parent
    return 0


def _end_contents(seen: Seen, names: list[str]) -> None:
    for name in names:
        seen.contents[name] = slice(seen.contents[name].start, len(seen.pieces))
    seen.pieces.append("\n")


def _inside(node: LexborNode, ancestor: LexborNode) -> bool:
    above: LexborNode | None = node.parent
    wanted = ancestor.mem_id
    for _ in range(50):
        if above is None:
            return False
        if above.mem_id == wanted:
            return True
        above = above.parent
    return False
