"""CSS paths, inline visibility and hosts: what the extractors of marks share about one node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.core.facts import Spot
from crawler.core.hosts import registrable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

__all__ = ["ancestors", "attribute", "css_path", "is_shown", "registrable", "spot", "squeeze"]

# A path deeper than this is cut (it is then relative), and a child later than this carries no number: hostile pages.
MAX_DEPTH = 40
MAX_SIBLINGS = 500
MAX_QUOTE = 120

_IDENT = re.compile(r"[A-Za-z_][\w-]{0,60}\Z", re.ASCII)
_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff\x1f]+")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def squeeze(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def attribute(node: LexborNode, name: str) -> str:
    return node.attrs.sget(name)


def ancestors(node: LexborNode, limit: int = MAX_DEPTH) -> Iterator[LexborNode]:
    """The node itself and what holds it, innermost first, without html and document."""
    current: LexborNode | None = node
    for _ in range(limit):
        if current is None or current.tag in {"html", "-document", "-undef"}:
            return
        yield current
        current = current.parent


def css_path(chain: Iterable[LexborNode]) -> str:
    """From the nearest id (or body) down to the node; `chain` is its `ancestors`."""
    steps: list[str] = []
    for element in chain:
        tag = element.tag or ""
        identity = element.id or ""
        if identity and _IDENT.match(identity):
            steps.append(f"{tag}#{identity}")
            break
        steps.append(tag if tag in {"body", "head"} else f"{tag}{_number(element, tag)}")
    return " > ".join(reversed(steps))


def _number(element: LexborNode, tag: str) -> str:
    place = 1
    sibling = element.prev
    for _ in range(MAX_SIBLINGS):
        if sibling is None:
            return f":nth-of-type({place})"
        if sibling.tag == tag:
            place += 1
        sibling = sibling.prev
    return ""


def spot(node: LexborNode, quote: str = "") -> Spot:
    return Spot(css_path(ancestors(node)), squeeze(quote)[:MAX_QUOTE])


def is_shown(chain: Iterable[LexborNode]) -> bool:
    """Whether neither the node nor what holds it is hidden by its own style or `hidden`; `chain` is its `ancestors`."""
    for element in chain:
        attrs = element.attrs
        style = attrs.sget("style")
        if (style and _INVISIBLE.search(style)) or "hidden" in attrs:
            return False
    return True
