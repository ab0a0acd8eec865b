"""How styles hide an element: what menus and tabs do while they wait, and the tricks that spammers need."""

# ruff: noqa: E501 -- a pattern cut in pieces is read by nobody

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from crawler.parse.spot import attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_SELECTORS: Final = 200
MAX_STYLE: Final = 200_000
MAX_COMPLEX: Final = 30  # selectors of several names, which lexbor matches
MAX_MATCHES: Final = 500


class How(enum.IntEnum):
    SHOWN = 0
    WAITING = 1
    TRICK = 2


class Hiding(NamedTuple):
    how: How
    way: str = ""  # none | opacity | tiny | offscreen | zero | clip | colour | marquee | noscript …
    inherits: bool = True  # False: letters and colours, which whatever stands inside may set anew


SHOWN: Final = Hiding(How.SHOWN)

# Longer runs than these are nobody's style: the repetitions are bounded.
_WAYS: Final = (
    (
        Hiding(How.TRICK, "tiny", inherits=False),
        re.compile(r"font-size\s*:\s*(?:0(?!\.?[1-9])|1px|0?\.\d)|line-height\s*:\s*0(?:px)?\s*(?:[;!}]|\Z)", re.IGNORECASE),
    ),
    (
        Hiding(How.TRICK, "offscreen"),
        re.compile(
            r"text-indent\s*:\s*-\d{3,}|z-index\s*:\s*-\d{3,}|translate(?:X|Y|3d)?\(\s*(?:0(?:px)?\s*,\s*)?-?\d{4,}"
            r"|(?<![\w-])(?:left|top|right|bottom|margin-left|margin-top|margin)\s*:\s*-\d{3,}"
            r"|(?<![\w-])(?:left|top)\s*:\s*\d{5,}px",
            re.IGNORECASE,
        ),
    ),
    (
        Hiding(How.TRICK, "clip"),
        re.compile(
            r"clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01]|clip-path\s*:\s*inset\(\s*(?:50|100)%"
            r"|clip-path\s*:\s*circle\(\s*0",
            re.IGNORECASE,
        ),
    ),
    (
        Hiding(How.WAITING, "none"),
        re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden", re.IGNORECASE),
    ),
    (
        Hiding(How.WAITING, "opacity"),
        re.compile(
            r"filter\s*:\s*alpha\(opacity=0\)|(?<![\w-])opacity\s*:\s*0?(?:\.0\d*)?%?\s*(?:[;!}]|\Z)|transform\s*:\s*scale\(0(?!\.[1-9])",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
_SIZE: Final = re.compile(
    r"(?<![\w-])(?:max-)?(?:width|height)\s*:\s*[01](?:px|em|rem|pt|%)?\s*(?:[;!}]|\Z)", re.IGNORECASE
)
_CLIPPED: Final = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden", re.IGNORECASE)
_PAINT: Final = re.compile(
    r"(?<![\w-])(color|background(?:-color)?)\s*:\s*(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s,.]{5,30}\))", re.IGNORECASE
)
_CLEAR: Final = re.compile(r"(?<![\w-])color\s*:\s*(?:transparent|rgba\([\d\s]{1,9},[\d\s]{1,9},[\d\s]{1,9},\s*0(?:\.0\d?)?\s*\))", re.IGNORECASE)  # fmt: skip
_LETTERS: Final = re.compile(r"font-size\s*:\s*(?!0(?!\.?[1-9])|1px|0?\.\d)", re.IGNORECASE)
_NAMES: Final = {"#fff": "white", "#ffffff": "white", "#000": "black", "#000000": "black", "rgb(255,255,255)": "white"}

_RULE: Final = re.compile(r"([^{}]{1,400})\{([^{}]{1,2000})\}")
_SIMPLE: Final = re.compile(r"[.#][A-Za-z_][\w-]{0,60}\Z")
_COMPOUND: Final = re.compile(r"(?:[a-z][a-z0-9]{0,9})?(?:[.#][A-Za-z_][\w-]{0,60}){0,5}\Z|>\Z")
_COMMENT: Final = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_MEDIA: Final = re.compile(r"@(?:media|supports|keyframes|-webkit-keyframes|font-face|import|page)", re.IGNORECASE)
# A script that hides what stands in the page.
_BY_SCRIPT: Final = re.compile(
    r"getElementById\(\s*[\"']([\w-]{1,60})[\"']\s*\)\s*\.style\.(?:display\s*=\s*[\"']none|visibility\s*=\s*[\"']hidden"
    r"|(?:height|width|opacity)\s*=\s*[\"']?0|(?:left|top|textIndent)\s*=\s*[\"']-\d{3,})"
    r"|\$\(\s*[\"']#([\w-]{1,60})[\"']\s*\)\.(?:hide\(|css\(\s*[\"']display[\"']\s*,\s*[\"']none)"
)


def of_style(style: str) -> Hiding:
    """The strongest way in which one block of declarations hides its element."""
    best = SHOWN
    for hiding, pattern in _WAYS:
        if hiding.how > best.how and pattern.search(style):
            best = hiding
    if best.how is How.TRICK:
        return best
    paint = {name.lower()[:5]: _colour(value) for name, value in _PAINT.findall(style)}
    if ("color" in paint and paint.get("backg") == paint["color"]) or _CLEAR.search(style):
        return Hiding(How.TRICK, "colour", inherits=False)
    if best is SHOWN and _SIZE.search(style) and _CLIPPED.search(style):
        return Hiding(How.WAITING, "zero")
    return best


def sets_letters(style: str) -> bool:
    """Whether it gives letters a size that can be read, whatever stands around."""
    return _LETTERS.search(style) is not None


def paints(style: str) -> tuple[str, str]:
    """Colour of letters and of ground."""
    paint = {name.lower()[:5]: _colour(value) for name, value in _PAINT.findall(style)}
    return paint.get("color", ""), paint.get("backg", "")


def _colour(value: str) -> str:
    plain = value.lower().replace(" ", "")
    return _NAMES.get(plain, plain)


class Sheet:
    """What the <style> blocks and scripts of a page hide on every screen."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.simple: dict[str, Hiding] = {}
        self.matched: dict[int, Hiding] = {}
        self._complex: dict[str, Hiding] = {}
        for style in tree.css("style")[:40]:
            self._read(_COMMENT.sub("", style.text()[:MAX_STYLE]))
        for script in tree.css("script:not([src])")[:60]:
            for found in _BY_SCRIPT.findall(script.text()[:MAX_STYLE])[:50]:
                self.simple.setdefault(f"#{found[0] or found[1]}", Hiding(How.WAITING, "script"))
        for selector, hiding in self._complex.items():
            for node in tree.css(selector)[:MAX_MATCHES]:
                self.matched[node.mem_id] = max(hiding, self.matched.get(node.mem_id, SHOWN))

    def _read(self, text: str) -> None:
        for names, body in _RULE.findall(_without_media(text)):
            hiding = of_style(body)
            if hiding.how is How.SHOWN:
                continue
            for name in (one.strip() for one in names.split(",")[:MAX_SELECTORS]):
                if _SIMPLE.match(name):
                    self.simple[name] = hiding
                elif len(self._complex) < MAX_COMPLEX and _is_plain(name):
                    self._complex[name] = hiding
            if len(self.simple) > MAX_SELECTORS:
                return

    def of(self, element: LexborNode) -> Hiding:
        """How an element hides by itself: its style, its attributes, its names."""
        style = attribute(element, "style")[:5_000]
        best = of_style(style) if style else SHOWN
        tag = element.tag
        if tag == "noscript":
            return Hiding(How.TRICK, "noscript")
        if tag == "marquee" and any(
            attribute(element, side).strip() in {"0", "1", "0px", "1px"} for side in ("height", "width")
        ):
            return Hiding(How.TRICK, "marquee")
        if "hidden" in element.attrs:
            best = max(best, Hiding(How.WAITING, "none"))
        if self.simple or self.matched:
            best = max(
                [best, self.matched.get(element.mem_id, SHOWN), *(self.simple.get(n, SHOWN) for n in _names(element))]
            )
        return best


def _is_plain(selector: str) -> bool:
    """Names, classes and ids that stand in each other: what lexbor matches in no time."""
    parts = selector[:200].replace(">", " > ").split()
    plain = len(selector) < 150 and 0 < len(parts) <= 8 and parts[0] != ">" and parts[-1] != ">"
    return plain and all(_COMPOUND.match(part) for part in parts)


def _names(element: LexborNode) -> Iterator[str]:
    if element.id:
        yield f"#{element.id}"
    for part in attribute(element, "class").split()[:20]:
        yield f".{part}"


def _without_media(text: str) -> str:
    """Rules for phones or print hide a lot and mean nothing."""
    kept: list[str] = []
    position = 0
    while found := _MEDIA.search(text, position):
        kept.append(text[position : found.start()])
        depth, place = 0, found.end()
        for brace in re.finditer(r"[{};]", text[found.end() :]):
            place = found.end() + brace.end()
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth <= 0:
                break
        position = max(place, found.end())
    kept.append(text[position:])
    return "".join(kept)
