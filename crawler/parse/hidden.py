"""Links that a reader cannot see and that leave the site: facts for a score, no judgement (FIELD 4.4)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.core import harmful, hosts
from crawler.core.facts import Link
from crawler.core.urls import resolve
from crawler.parse.hiding import SHOWN, Hiding, How, Sheet, paints, sets_letters
from crawler.parse.lures import strings
from crawler.parse.spot import ancestors, attribute, registrable, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

MAX_LINKS: Final = 200
MAX_ANCHORS: Final = 5_000
MAX_COMMENT: Final = 20_000
MAX_SOURCE: Final = 2_000_000
MAX_PIECES: Final = 200
LONGEST_SCRIPT: Final = 100_000
CONTEXT: Final = 500  # characters of a hidden block; a longer one is a whole pane of a page

# What menus, tabs, layers and notices call themselves.
_MENUS: Final = re.compile(
    r"menu|nav|tab|drop|down|select|sub|pop|layer|dialog|modal|mask|tip|toggle|slide|swiper|carousel|banner|focus"
    r"|share|weixin|wechat|qrcode|ewm|erweima|"
    r"links?|youqing|yqlj|friend|bdsharebuttonbox|ie[6-9]?\b|browser|update|upgrade|leave|outlink|jump|"
    r"mobile|phone|wap|m-|pc|collapse|accordion|more|search|login|user|float|piaofu|old|elder|lang|print|template|tpl"
    r"|site(?:list|map|group)|zhanqun",
    re.IGNORECASE,
)
# What stands aside until its turn comes: position and size are how it waits.
_MOVING: Final = re.compile(
    r"slide|swiper|carousel|banner|focus|scroll|roll|marquee|slick|owl|drawer|offcanvas|panel", re.IGNORECASE
)
_FOR_EARS: Final = re.compile(
    r"sr-?only|skip|visually-?hidden|screen-?reader|wza|barrier|accessib|blind|guide", re.IGNORECASE
)
_WRITES: Final = re.compile(
    r"document\.write|innerHTML|insertAdjacentHTML|\.(?:append|prepend|html|after|before)\s*\(", re.IGNORECASE
)
# Only what a script writes of these can hide or lead away.
_WRITTEN: Final = re.compile(r"<(?:a|area|div|span|p|ul|marquee|style|font|table|section)\b", re.IGNORECASE)


def read(tree: LexborHTMLParser, url: str, links: Sequence[Link], source: str = "") -> tuple[Link, ...]:
    """Off-site anchors that style, size, position or a script hides; menus and the like only where they advertise."""
    own = registrable(urlsplit(url).hostname or "")
    found: dict[str, Link] = {}
    if any(_leaves(link.url, own) for link in links if link.kind == "page" and not link.url.startswith("/")):
        for link in _of_tree(tree, url, own):
            found.setdefault(link.url, link)
    for link in _unseen(source, url, own):
        if len(found) >= MAX_LINKS:
            break
        found.setdefault(link.url, link)
    return tuple(list(found.values())[:MAX_LINKS])


def _leaves(url: str, own: str) -> bool:
    """To a host that is neither the site's own nor an office's nor a known vendor's."""
    if not url.startswith(("http://", "https://")):
        return False
    host = url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].rstrip(".").lower()
    return bool(host) and not hosts.is_trusted(host) and registrable(host) != own


def _of_tree(tree: LexborHTMLParser, url: str, own: str, way: str = "") -> Iterator[Link]:
    """`way`: the whole tree was written by a script or stands in a comment."""
    sheet: Sheet | None = None
    known: dict[int, Hiding] = {}
    resolved: dict[str, str] = {}
    for anchor in tree.css("a[href],area[href]")[:MAX_ANCHORS]:
        href = attribute(anchor, "href")[:4_096]
        if href not in resolved:
            target = resolve(url, href)[0]
            resolved[href] = target if _leaves(target, own) else ""
        if not resolved[href]:
            continue
        sheet = sheet or Sheet(tree)
        link = _hidden(anchor, resolved[href], href, sheet, known)
        if link is not None:
            yield replace(link, origin=f"hidden:{way}") if way else link


def _hidden(anchor: LexborNode, url: str, href: str, sheet: Sheet, known: dict[int, Hiding]) -> Link | None:
    """The link as a fact; None where it is seen, or waits in a menu and advertises nothing."""
    hiding, block, named, moving = _on_the_way(anchor, sheet, known)
    if hiding.how is How.SHOWN:
        return None
    text = squeeze(anchor.text())[:200] or squeeze(attribute(anchor, "title"))[:200]
    advertises = harmful.weight(text) > 0 or harmful.is_bad_host(url.split("/", 3)[2].lower())
    if not advertises and block is not None and not harmful.is_about(text):
        around = squeeze(block.text()[: 4 * CONTEXT])
        if len(around) <= CONTEXT and harmful.weight(around) >= harmful.ENOUGH:
            text, advertises = f"{text} （{around[:150]}）", True
    if hiding.way in {"tiny", "offscreen"} and anchor.css_first("img") is not None and not advertises:
        return None  # a picture in place of words
    if not advertises and (named if hiding.how is How.WAITING else moving):
        return None
    return Link(url, href, text, "page", f"hidden:{hiding.way}")


def _on_the_way(
    anchor: LexborNode, sheet: Sheet, known: dict[int, Hiding]
) -> tuple[Hiding, LexborNode | None, bool, bool]:
    """The strongest hiding of the anchor and what holds it, the block that has it, and what they call themselves."""
    best, block, named, moving = SHOWN, None, False, False
    letters = colour = False
    for place, element in enumerate(ancestors(anchor, 60)):
        key = element.mem_id
        if key not in known:
            known[key] = sheet.of(element)
        hiding = known[key]
        style = attribute(element, "style")[:5_000]
        if place and hiding.way == "colour" and colour:
            hiding = SHOWN  # the letters of a link have a colour of their own
        if place and hiding.way == "tiny" and letters:
            hiding = SHOWN
        if place and not hiding.inherits and hiding is not SHOWN:
            hiding = Hiding(How.WAITING, f"{hiding.way}-around")
        if style:
            letters = letters or sets_letters(style)
            own, _ = paints(style)
            colour = colour or bool(own)
        if hiding.how > best.how:
            best, block = hiding, element
        if element.tag == "body":
            continue
        name = f"{element.id or ''} {attribute(element, 'class')}"
        ears = bool(_FOR_EARS.search(name))
        named = named or ears or element.tag in {"nav", "select", "header", "template"} or bool(_MENUS.search(name))
        moving = moving or ears or bool(_MOVING.search(name))
    return best, block, named, moving


def _unseen(source: str, url: str, own: str) -> Iterator[Link]:
    """Links that stand in comments or are written by scripts: only where they advertise, or where many are written."""
    for start, end in _between(source, "<!--", "-->"):
        body = source[start:end]
        if "href" in body.lower() and "//" in body and len(body) <= MAX_COMMENT:
            for link in _all(LexborHTMLParser(body), url, own, "comment"):
                if harmful.weight(link.text) >= harmful.ENOUGH:
                    yield link
    if _WRITES.search(source):
        spliced = _written_out(source)
        if spliced:
            yield from _of_tree(LexborHTMLParser(spliced), url, own, "written")


def _all(tree: LexborHTMLParser, url: str, own: str, way: str) -> Iterator[Link]:
    for anchor in tree.css("a[href]")[:MAX_LINKS]:
        href = attribute(anchor, "href")[:4_096]
        target = resolve(url, href)[0]
        if _leaves(target, own):
            yield Link(target, href, squeeze(anchor.text())[:200], "page", f"hidden:{way}")


def _written_out(source: str) -> str:
    """The page with what its scripts write in their place; "" where they write nothing that hides or leads away."""
    pieces: list[str] = []
    end = 0
    for start, close in _between(source, "<script", "</script"):
        code = source[source.find(">", start, close) + 1 : close]
        if len(code) > LONGEST_SCRIPT or not _WRITES.search(code):
            continue
        html = strings(code)
        if not _WRITTEN.search(html) and "</" not in html:
            continue
        pieces += [source[end : start - len("<script")], html]
        end = source.find(">", close) + 1 or len(source)
    return "".join([*pieces, source[end:]]) if pieces else ""


def _between(source: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where the first some hundred such pieces of a page begin and end; each character is looked at once."""
    lower = source[:MAX_SOURCE].lower()
    at = 0
    for _ in range(MAX_PIECES):
        start = lower.find(opening, at)
        end = lower.find(closing, start + len(opening)) if start >= 0 else -1
        if end < 0:
            return
        yield start + len(opening), end
        at = end + len(closing)
