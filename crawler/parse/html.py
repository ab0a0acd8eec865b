"""The tree of a page for rule authors, built when first asked for, and the places of links on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.core.urls import normalise, resolve
from crawler.parse.encoding import decode
from crawler.parse.links import link_text, script_targets
from crawler.parse.text import squeeze, visible
from crawler.parse.tree import build

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_STEPS: Final = 40
_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_LAST_PART: Final = re.compile(r"[^/]/+([A-Za-z0-9][\w.-]{2,200})(?:[?#]|$)", re.ASCII)
_LINKING: Final = (
    "a[href], area[href], img[src], iframe[src], frame[src], script[src], link[href], embed[src], video[src], "
    "audio[src], source[src], object[data], [onclick], [data-href], li[src]"
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element; `path` is a CSS path that leads to it and to nothing else."""

    node: LexborNode = field(repr=False)
    tree: LexborHTMLParser = field(repr=False)

    @property
    def tag(self) -> str:
        return self.node.tag or ""

    @property
    def text(self) -> str:
        return squeeze(visible(self.node))

    @property
    def attrs(self) -> Mapping[str, str]:
        return {name: value or "" for name, value in self.node.attributes.items()}

    @property
    def path(self) -> str:
        return css_path(self.node, self.tree)


class Html:
    """The shared, lazily parsed tree of one body (DESIGN "page.html")."""

    __slots__ = ("_body", "_headers", "_tree")

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._body = body
        self._headers = headers
        self._tree: LexborHTMLParser | None = None

    def css(self, selector: str) -> list[Element]:
        """Elements that match, in document order, each once; ValueError for a selector that is none."""
        if self._tree is None:
            self._tree = build(decode(self._body, self._headers).text)
        tree = self._tree
        found = {node.mem_id: node for node in tree.css(selector)}
        return [Element(node, tree) for node in found.values()]


def css_path(node: LexborNode, tree: LexborHTMLParser) -> str:
    """`#foot > p:nth-of-type(2) > a`: from the nearest id that is unique, else from the top."""
    steps: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag not in {"html", "-document", "-undef"} and len(steps) < _MAX_STEPS:
        own = current.attributes.get("id") or ""
        if own and own[0].isalpha() and set(own) <= _SAFE and _is_unique(tree, own):
            steps.append("#" + own)
            break
        steps.append(_step(current))
        current = current.parent
    else:
        if current is not None and current.tag == "html":
            steps.append("html")
    return " > ".join(reversed(steps))


def _is_unique(tree: LexborHTMLParser, own: str) -> bool:
    return len({node.mem_id for node in tree.css("#" + own)}) == 1


def _step(node: LexborNode) -> str:
    tag = node.tag or "*"
    if tag in {"body", "head"}:
        return tag
    before = 0
    sibling = node.prev
    while sibling is not None:
        before += sibling.tag == tag
        sibling = sibling.prev
    if not before:
        sibling = node.next
        while sibling is not None and sibling.tag != tag:
            sibling = sibling.next
        if sibling is None:
            return tag
    return f"{tag}:nth-of-type({before + 1})"


def locate(
    body: bytes, wanted: str, base_url: str, headers: Mapping[str, str] | None = None, limit: int = 20
) -> list[tuple[str, str]]:
    """(visible text, CSS path) of the links of a page that lead to `wanted`, an absolute URL or an href as written."""
    return locate_all(body, (wanted,), base_url, headers, limit)[wanted]


def locate_all(
    body: bytes, wanted: Collection[str], base_url: str, headers: Mapping[str, str] | None = None, limit: int = 20
) -> dict[str, list[tuple[str, str]]]:
    """`locate` for many URLs of one page, which is read once."""
    decoded = decode(body, headers)
    tree = build(decoded.text)
    base = base_of(tree, base_url)
    found: dict[str, list[tuple[str, str]]] = {}
    for url in wanted:
        # Most links end as their target does: only those are resolved, and all where none of them leads there.
        selector = _ends_as(url)
        few = _leading(tree.css(selector), {url}, base, decoded.used, limit) if selector else {}
        found[url] = [(_words(node), css_path(node, tree)) for node in few.get(url, ())]
    missing = {url for url, places in found.items() if not places}
    if missing:
        for url, nodes in _leading(tree.css(_LINKING), missing, base, decoded.used, limit).items():
            found[url] = [(_words(node), css_path(node, tree)) for node in nodes]
    return found


def _ends_as(url: str) -> str:
    """A selector of the elements whose address holds the last part of the URL's path; "" where that says nothing."""
    last = _LAST_PART.search(url)
    return _LINKING.replace("]", f'*="{last[1]}"]') if last else ""


def _leading(
    nodes: Iterable[LexborNode], wanted: Collection[str], base: str, charset: str, limit: int
) -> dict[str, list[LexborNode]]:
    """The elements that lead to each wanted URL, at most `limit` of each."""
    by_key: dict[str, list[str]] = {}
    for url in wanted:
        by_key.setdefault(normalise(url), []).append(url)
    found: dict[str, list[LexborNode]] = {}
    seen: set[int] = set()
    for node in nodes:
        if node.mem_id in seen:
            continue
        seen.add(node.mem_id)
        attributes = node.attributes
        hrefs = [attributes[name] for name in ("href", "src", "data", "data-href", "data-src") if attributes.get(name)]
        code = (attributes.get("onclick") or "") + ";" + (attributes.get("href") or "")
        reached: set[str] = set()
        for href in [*hrefs, *script_targets(code)]:
            if href:
                reached.update(by_key.get(normalise(resolve(base, href, charset)[0]), ()))
                if href in wanted:
                    reached.add(href)
        for url in reached:
            if len(places := found.setdefault(url, [])) < limit:
                places.append(node)
    return found


def _words(node: LexborNode) -> str:
    attributes = node.attributes
    return link_text(node, attributes) or squeeze(attributes.get("alt") or "")


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """`<base href>` where there is one that means something (BEHAVIOURS 12)."""
    node = tree.css_first("base[href]")
    if node is None:
        return url
    href = (node.attributes.get("href") or "").strip()
    resolved, _ = resolve(url, href) if href else ("", "")
    return resolved or url
