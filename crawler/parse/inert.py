"""A stored page as evidence: rebuilt from allowed parts only, so that nothing in it runs or asks, its place marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.parse.encoding import decode
from crawler.parse.html import locate_all
from crawler.parse.text import squeeze
from crawler.parse.tree import build

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

SOURCE_SHOWN: Final = 2_000  # characters of the marked element as it stands
_MOST: Final = 4_000_000  # characters written; the rest of a page is cut, and said
_DEEPEST: Final = 200  # below this only text is written: a browser needs long for hostile nesting
_SEARCHED: Final = 60  # levels followed down to a quote
_QUOTE: Final = 300

_KEPT: Final = frozenset(
    "p div span br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th colgroup col b i u "
    "s strong em small big sub sup font center pre code blockquote section article header footer nav main aside "
    "address figure figcaption label fieldset legend details summary q cite del ins abbr time ruby rt rp tt strike "
    "nobr".split()
)
_EMPTY: Final = frozenset({"br", "hr", "col"})
# What is not shown: it runs, loads, or is no content.
_DROPPED: Final = frozenset(
    "script style link meta base title noscript template param source track noframes xmp plaintext frameset".split()
)
# What is shown as a box with a name.
_BOXES: Final[Mapping[str, str]] = {
    "img": "图片", "iframe": "框架", "frame": "框架", "object": "嵌入对象", "embed": "嵌入对象", "applet": "嵌入对象",
    "video": "视频", "audio": "音频", "input": "输入框", "select": "下拉框", "textarea": "文本框", "button": "按钮",
    "svg": "图形", "canvas": "画布", "math": "公式", "area": "图片热区",
}  # fmt: skip
_LEAVES: Final = frozenset(_BOXES) - {"button"}
_NUMBERS: Final = frozenset({"colspan", "rowspan", "width", "height", "start", "border", "cellpadding", "cellspacing"})
_WORDS: Final = frozenset({"align", "valign", "dir", "lang", "color", "bgcolor"})
_NUMBER: Final = re.compile(r"\d{1,4}%?\Z", re.ASCII)
_WORD: Final = re.compile(r"#?[\w-]{1,30}\Z", re.ASCII)
_PROPERTY: Final = re.compile(
    r"(?:color|background-color|font(?:-(?:size|weight|style|family))?|text-(?:align|decoration|indent)|line-height|"
    r"(?:max-|min-)?(?:width|height)|(?:margin|padding|border)(?:-(?:top|right|bottom|left|color|style|width))?|display|"
    r"float|clear|vertical-align|white-space|overflow|visibility)\Z",
    re.ASCII,
)
_VALUE: Final = re.compile(r"[\w\s#.,%+'\"\-]{1,200}\Z")  # no brackets: nothing that could name an address
_HIDES: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.)|opacity\s*:\s*0(?!\.[1-9])|:\s*-\d{3,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """The inside of a page for evidence; `how` says in words where the mark is, "" where the place was not found."""

    inner: str
    how: str
    source: str
    title: str
    charset: str
    declared: str
    cut: bool


def marked(
    body: bytes, url: str, headers: Mapping[str, str] | None = None, *, css: str = "", quote: str = "", target: str = ""
) -> Marked:
    """The page, marked where `css` leads to, else at the link to `target`, else at the element with the quote."""
    decoded = decode(body, headers)
    tree = build(decoded.text)
    node, how = _find(tree, body, url, headers, css, quote, target)
    writer = _Writer(node, quote)
    inner = writer.write(tree)
    if not css and not quote and not target:
        how = "这个问题说的是整个页面或缺少的内容，没有可标注的位置"
    if node is not None and writer.revealed:
        how += "；原网页用样式把这里藏了起来，此处特意显示"
    return Marked(
        inner,
        how,
        (node.html or "")[:SOURCE_SHOWN] if node is not None else "",
        squeeze(title.text() if (title := tree.css_first("title")) else "")[:200],
        decoded.used,
        decoded.declared,
        writer.cut,
    )


# ── Where the place is ───────────────────────────────────────────────────────────────────────────────────────────────


def _find(
    tree: LexborHTMLParser, body: bytes, url: str, headers: Mapping[str, str] | None, css: str, quote: str, target: str
) -> tuple[LexborNode | None, str]:
    node = _first(tree, css)
    if node is not None:
        narrow = _holding(node, quote) if quote and node.tag in {"body", "html"} else None
        return narrow or node, "按记录的 CSS 路径标注"
    if target:
        for _, path in locate_all(body, [target], url, headers, 1).get(target, []):
            if (node := _first(tree, path)) is not None:
                return node, "按指向该地址的链接标注"
    root = tree.body or tree.root
    if quote and root is not None and (node := _holding(root, quote)) is not None:
        return node, "按引用的文字标注"
    return None, ""


def _first(tree: LexborHTMLParser, css: str) -> LexborNode | None:
    if not css or len(css) > 4_000:
        return None
    try:
        return tree.css_first(css)
    except Exception:  # noqa: BLE001  a path of an older program may be none that lexbor reads
        return None


def _pattern(quote: str) -> re.Pattern[str]:
    """A quote as it may stand in the page: blanks of any kind, and what privacy rules have masked with asterisks."""
    pieces = re.split(r"(\*+|\s+)", squeeze(quote)[:_QUOTE].rstrip("…."))
    words = [rf"\S{{{len(p)}}}" if p.startswith("*") else r"\s+" if p.isspace() else re.escape(p) for p in pieces if p]
    return re.compile("".join(words))


def _holding(root: LexborNode, quote: str) -> LexborNode | None:
    """The smallest element that holds the whole quote."""
    wanted = _pattern(quote)
    if not wanted.pattern or not wanted.search(squeeze(root.text(deep=True))):
        return None
    node = root
    for _ in range(_SEARCHED):
        inside = next(
            (
                child
                for child in _children(node)
                if _is_element(child) and child.tag not in _DROPPED and wanted.search(squeeze(child.text(deep=True)))
            ),
            None,
        )
        if inside is None:
            break
        node = inside
    return node


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_element(node: LexborNode) -> bool:
    return bool(node.tag) and not str(node.tag).startswith("-")


# ── What is written ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Writer:
    """Writes start tags, text and end tags itself: what it does not name is not there."""

    found: LexborNode | None
    quote: str
    revealed: bool = False
    cut: bool = False
    _out: list[str] = field(default_factory=list)
    _size: int = 0
    _chain: frozenset[int] = frozenset()

    def write(self, tree: LexborHTMLParser) -> str:
        self._chain = frozenset(_upwards(self.found))
        root = tree.root
        # What waits: a node with its depth, or an end tag.
        waiting: list[tuple[LexborNode | str, int, bool]] = [(root, 0, False)] if root is not None else []
        while waiting:
            node, depth, within = waiting.pop()
            if isinstance(node, str):
                self._put(node)
                continue
            if self._size > _MOST:
                self.cut = True
                continue
            tag = str(node.tag or "")
            if tag == "-text":
                self._text(node.text_content or "", within)
            elif tag == "-document" or (tag in {"html", "head"} and not self._is_found(node)):
                waiting += [(child, depth, within) for child in reversed(list(_children(node)))]
            elif _is_element(node):
                waiting += self._element(node, tag, depth, within)
        return "".join(self._out)

    def _element(
        self, node: LexborNode, tag: str, depth: int, within: bool
    ) -> list[tuple[LexborNode | str, int, bool]]:
        here = self._is_found(node)
        if tag in _DROPPED and node.mem_id not in self._chain:
            return []
        children: list[tuple[LexborNode | str, int, bool]] = [
            (child, depth + 1, within or here) for child in reversed(list(_children(node)))
        ]
        if tag in _DROPPED or tag == "head":  # the mark is on what is never shown: its source is
            mark = ' id="gc-mark" class="gc-box gc-mark"' if here else ' class="gc-box"'
            self._put(f"<span{mark}>[{html.escape(tag)}] ")
            if here:
                self._put(html.escape(squeeze(node.html or "")[:SOURCE_SHOWN]))
                children = []
            return [("</span>", 0, False), *children]
        if depth > _DEEPEST and node.mem_id not in self._chain:
            return children
        name, close, attributes = self._shape(node, tag)
        marks = ' id="gc-mark"' if here else ""
        classes = " ".join(
            filter(None, (_CLASSES.get(name, "gc-box" if tag in _BOXES else ""), "gc-mark" if here else ""))
        )
        classes = f' class="{classes}"' if classes else ""
        self._put(f"<{close}{marks}{classes}{attributes}>")
        if tag in _BOXES:
            self._put(html.escape(_label(node, tag)))
            if tag in _LEAVES and (here or node.mem_id not in self._chain):
                children = []
        return children if close in _EMPTY else [(f"</{close}>", 0, False), *children]

    def _is_found(self, node: LexborNode) -> bool:
        return self.found is not None and node.mem_id == self.found.mem_id

    def _shape(self, node: LexborNode, tag: str) -> tuple[str, str, str]:
        """What it is, the tag that is written for it, and its attributes."""
        written = []
        for name, value in node.attributes.items():
            text = (value or "").strip()
            if (name in _NUMBERS and _NUMBER.match(text)) or (name in _WORDS and _WORD.match(text)):
                written.append(f' {name}="{html.escape(text)}"')
            elif name == "style":
                if node.mem_id in self._chain:
                    self.revealed = self.revealed or bool(_HIDES.search(text))
                elif kept := _style(text):
                    written.append(f' style="{html.escape(kept)}"')
            elif name == "hidden":
                if node.mem_id in self._chain:
                    self.revealed = True
                else:
                    written.append(" hidden")
        if tag == "a":
            href = squeeze(node.attributes.get("href") or "")[:500]
            hint = f' title="{html.escape("链接（已停用）：" + href)}"' if href else ""
            return "a", "span", "".join(written) + hint
        if tag in _BOXES:
            return tag, "span", ""
        return tag, tag if tag in _KEPT else "div" if tag in {"body", "form"} else "span", "".join(written)

    def _text(self, text: str, within: bool) -> None:
        found = _pattern(self.quote).search(text) if within and self.quote else None
        if found is None or not found[0]:
            self._put(html.escape(text))
            return
        start, end = found.span()
        self._put(f"{html.escape(text[:start])}<mark>{html.escape(text[start:end])}</mark>{html.escape(text[end:])}")

    def _put(self, piece: str) -> None:
        self._out.append(piece)
        self._size += len(piece)


_CLASSES: Final[Mapping[str, str]] = {"a": "gc-link"}


def _upwards(node: LexborNode | None) -> Iterator[int]:
    for _ in range(10_000):
        if node is None:
            return
        yield node.mem_id
        node = node.parent


def _label(node: LexborNode, tag: str) -> str:
    attributes = node.attributes
    words = next(
        (
            squeeze(attributes.get(name) or "")
            for name in ("alt", "placeholder", "value", "title")
            if attributes.get(name)
        ),
        "",
    )
    address = squeeze(attributes.get("src") or attributes.get("data") or "")
    if address.lower().startswith("data:"):
        address = "（内嵌数据）"
    parts = (_BOXES[tag], words[:100], address[:200] if tag not in {"input", "button"} else "")
    return f"[{' '.join(part for part in parts if part)}]"


def _style(text: str) -> str:
    """Declarations that only move or colour; a backslash could spell anything."""
    if "\\" in text or "/*" in text or len(text) > 2_000:
        return ""
    kept = []
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip()
        if _PROPERTY.match(name) and _VALUE.match(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)
