"""Links that stand in rarer places than href and src: jump menus, srcset, CSS, SVG, backgrounds, refresh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_NODES: Final = 2_000
_MAX_RULES: Final = 300
_MAX_STYLE: Final = 300_000  # characters of one <style>
_MAX_CANDIDATES: Final = 20

# A menu that leaves the page when something is chosen: window.open(this.value), location=…options[…].value.
_JUMPS: Final = re.compile(
    r"(?:location|\bopen|jump\w*|go\w*|link\w*|\w*url|select\w*|\w*href)\b.{0,200}?(?:\bvalue\b|selectedIndex|\bthis\b)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS: Final = re.compile(
    r"(?:https?:)?//[^/\s]|/[^/\s]|\.{1,2}/|\?\w|[\w%-][\w%/.-]*\.(?:[sxj]?html?|jspx?|aspx?|php|do)\b"
)
_WHOLE: Final = re.compile(r"https?://[\w.-]+\.[a-z]{2,}", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_BLOCK: Final = 5_000  # characters of a rule, and of its selector
# `*background` and `_background` are for browsers that nobody has; fonts come in chains of which one is loaded.
_PROPERTY: Final = re.compile(
    r"\s*((?:-webkit-)?(?:background|list-style|border-image|mask)(?:-image|-source)?|content)\s*:", re.IGNORECASE
)
_URL: Final = re.compile(r"\burl\(\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\"'()\s]{1,2000}))\s*\)", re.IGNORECASE)
_IMPORT: Final = re.compile(
    r"@import\s+(?:url\(\s*)?(?:\"([^\"]{1,1000})\"|'([^']{1,1000})'|([^\"'()\s;]{1,1000}))", re.IGNORECASE
)
_PSEUDO: Final = re.compile(r":{1,2}[a-z-]+(?:\([^()]*\))?", re.IGNORECASE)
_REFRESH: Final = re.compile(r"^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s][^\"']{0,2000})", re.IGNORECASE)


class Reference(NamedTuple):
    href: str
    node: LexborNode | None
    kind: str  # page | image | style
    origin: str


def references(tree: LexborHTMLParser, source: str, refresh: str) -> Iterator[Reference]:
    """What `source`, the text of the tree, has of them; each kind is looked for only where its words stand."""
    if refresh and (found := _REFRESH.match(refresh)):
        yield Reference(found[1].strip(), None, "page", "refresh")
    if "<option" in source or "<OPTION" in source:
        yield from _menus(tree)
    if "srcset" in source:
        yield from _srcsets(tree)
    if "url(" in source or "URL(" in source or "@import" in source:
        yield from _styles(tree)
    if "background=" in source or "BACKGROUND=" in source:
        for node in _each(tree, "[background]"):
            yield Reference(node.attributes.get("background") or "", node, "image", "background")
    if "<svg" in source:
        yield from _drawings(tree)


def _each(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    return list({node.mem_id: node for node in tree.css(selector)[:_MAX_NODES]}.values())


def _menus(tree: LexborHTMLParser) -> Iterator[Reference]:
    for menu in _each(tree, "select"):
        options = [
            (node, value)
            for node in menu.css("option")[:_MAX_NODES]
            if _ADDRESS.match(value := (node.attributes.get("value") or "").strip())
        ]
        if not options:
            continue
        code = menu.attributes.get("onchange") or ""
        # Friend links without a handler of their own have one in a script; their values say what they are.
        if _JUMPS.search(code[:2_000]) or (len(options) > 1 and all(_WHOLE.match(value) for _, value in options)):
            for node, value in options:
                yield Reference(value, node, "page", "option")
            continue
        for node, value in options:
            if "open(" in (node.attributes.get("onclick") or ""):
                yield Reference(value, node, "page", "option")


def candidates(srcset: str) -> list[str]:
    """The addresses of a srcset: "a.png 1x, b.png 2x"; a comma inside an address does not part two."""
    found: list[str] = []
    at = 0
    for _ in range(_MAX_CANDIDATES):
        word = re.compile(r"[\s,]*([^\s]{1,2000})").match(srcset, at)
        if word is None:
            break
        address, at = word[1], word.end()
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            comma = srcset.find(",", at)
            at = comma + 1 if comma >= 0 else len(srcset)
        if address and not address.startswith("data:"):
            found.append(address)
    return found


def _srcsets(tree: LexborHTMLParser) -> Iterator[Reference]:
    for name in ("srcset", "data-srcset"):
        for node in _each(tree, f"img[{name}], source[{name}]"):
            for address in candidates(node.attributes.get(name) or ""):
                yield Reference(address, node, "image", name)


def _addresses(declarations: str) -> list[str]:
    """The pictures of a block of CSS: of a property that stands twice only the last is shown."""
    last: dict[str, str] = {}
    for declaration in declarations[:_BLOCK].replace(";base64,", " base64,").split(";"):
        if found := _PROPERTY.match(declaration):
            last[found[1].lower()] = declaration
    urls = (next(filter(None, url.groups()), "") for value in last.values() for url in _URL.finditer(value))
    return [url for url in urls if not url.startswith(("data:", "#", "about:")) and "{" not in url]


def _styles(tree: LexborHTMLParser) -> Iterator[Reference]:
    for node in _each(tree, "[style*='url(' i]"):
        for url in _addresses(node.attributes.get("style") or ""):
            yield Reference(url, node, "image", "style")
    for sheet in _each(tree, "style"):
        text = _COMMENT.sub("", sheet.text()[:_MAX_STYLE])
        for found in _IMPORT.finditer(text[:20_000]):
            yield Reference(next(filter(None, found.groups()), ""), sheet, "style", "import")
        for selector, block in _rules(text):
            if urls := _addresses(block):
                shown = _shown(tree, selector)
                for url in urls if shown is not None else ():
                    yield Reference(url, shown, "image", "css")


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selector and block of the rules that name a picture."""
    at = 0
    for _ in range(_MAX_RULES):
        at = text.find("url(", at)
        if at < 0:
            return
        opened = text.rfind("{", max(0, at - _BLOCK), at)
        closed = text.find("}", at, at + _BLOCK)
        if opened < 0 or closed < 0:
            at += 4
            continue
        before = text[max(0, opened - 500) : opened]
        start = max(before.rfind(mark) for mark in "{};") + 1
        yield before[start:].strip(), text[opened + 1 : closed]
        at = closed


def _shown(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    """An element the rule is for: a browser loads no picture of a rule that fits nothing."""
    if not selector or selector.startswith("@") or ":hover" in selector:
        return None
    try:
        return tree.css_first(_PSEUDO.sub("", selector))
    except Exception:  # noqa: BLE001  lexbor's own error for what it takes for no selector
        return None


def _drawings(tree: LexborHTMLParser) -> Iterator[Reference]:
    for node in _each(tree, "svg a, svg image, svg use"):
        attributes = node.attributes
        href = attributes.get("xlink:href") or (attributes.get("href") if node.tag != "a" else None) or ""
        if href and href[0] != "#" and href[:5] != "data:":
            yield Reference(href, node, "page" if node.tag == "a" else "image", "svg")
