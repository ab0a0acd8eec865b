"""The end of a page in reading order: its text, and which element every stretch of it stands in."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TAG_BORDER = "\x1f"
BLOCK_BORDER = "\x1f\n"
MAX_NODES = 30_000  # hostile pages; a long real one has 8,000
_CLOSED = frozenset({"script", "style", "template", "noscript", "textarea", "svg", "option", "title", "object"})
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "body",
    }
)


@dataclass(slots=True)
class Flow:
    """Filled from the end of the page towards its start, because footers stand there; `settle` turns it round."""

    pieces: list[str] = field(default_factory=list)
    nodes: list[LexborNode] = field(default_factory=list)  # the text node of each piece
    elements: list[LexborNode] = field(default_factory=list)
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def settle(self) -> None:
        self.pieces.reverse()
        self.nodes.reverse()
        self.elements.reverse()
        self.starts = list(itertools.accumulate(map(len, self.pieces), initial=0))[:-1]
        self.text = "".join(self.pieces)

    def index(self, offset: int) -> int:
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def holder(self, offset: int) -> LexborNode | None:
        """The element whose text stands at the offset."""
        return self.nodes[self.index(offset)].parent if self.nodes else None

    def span(self, element: LexborNode, inside: int) -> tuple[int, int]:
        """Where the element's text begins and ends, from an offset that is known to stand in it."""
        first = last = self.index(inside)
        while first > 0 and _within(self.nodes[first - 1], element):
            first -= 1
        while last + 1 < len(self.nodes) and _within(self.nodes[last + 1], element):
            last += 1
        return self.starts[first], self.starts[last] + len(self.pieces[last])


def _within(node: LexborNode, element: LexborNode) -> bool:
    current: LexborNode | None = node
    wanted = element.mem_id
    for _ in range(60):
        if current is None:
            return False
        if current.mem_id == wanted:
            return True
        current = current.parent
    return False


def from_end(body: LexborNode, enough: int) -> Flow:
    """The page read backwards until `enough` characters of text were seen; 0 reads all of it."""
    flow = Flow()
    pieces, nodes, elements = flow.pieces, flow.nodes, flow.elements
    root = body.mem_id
    seen = 0
    border = TAG_BORDER
    node = body.last_child
    for _ in range(MAX_NODES):
        if node is None:
            break
        tag = node.tag or "-"
        if tag == "-text":
            text = node.text_content or ""
            if not text.isspace():
                pieces.append(text + border)
                nodes.append(node)
                border = TAG_BORDER
                seen += len(text)
                if enough and seen >= enough:
                    break
        elif tag[0] != "-":
            elements.append(node)
            if tag in _BLOCKS:
                border = BLOCK_BORDER
            if tag not in _CLOSED and (inner := node.last_child) is not None:
                node = inner
                continue
        node, crossed = _step_back(node, root)
        if crossed:
            border = BLOCK_BORDER
    flow.settle()
    return flow


def _step_back(node: LexborNode, root: int) -> tuple[LexborNode | None, bool]:
    """The sibling before the node or its nearest ancestor that has one; whether the start of a block was passed."""
    crossed = False
    current: LexborNode | None = node
    while current is not None:
        sibling = current.prev
        if sibling is not None:
            return sibling, crossed
        current = current.parent
        if current is None or current.mem_id == root:
            return None, crossed
        crossed = crossed or current.tag in _BLOCKS
    return None, crossed
