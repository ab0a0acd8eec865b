"""Which stretch of the page is the footer: organiser and contact count there only, articles speak of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.parse.footer_words import STRONG
from crawler.parse.spot import ancestors, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from crawler.parse.flow import Flow

FOOTER_NAME = re.compile(
    r"foot|bottom|copy-?_?right|dibu|yejiao|banquan|\bfter\b|\bft\b|btm|\bdb\b|wzdb|(?<!de)tail", re.IGNORECASE
)
NAMED = (
    "footer,[id*=foot i],[class*=foot i],[id*=bottom i],[class*=bottom i],[id*=copyright i],[class*=copyright i],"
    "[id*=dibu i],[class*=dibu i],[id*=yejiao i],[class*=yejiao i]"
)
_MAIN = (
    "h1,article,[id*=zoom i],[class*=article i],[class*=TRS_Editor i],[id*=UCAP i],[class*=UCAP i],"
    "[class*=pages_content],[id*=vsb_content],[class*=v_news_content],[class*=detail i],[class*=neirong i]"
)
_LABELLED = re.compile(
    r"(?:主\s{0,10}办|主\s{0,10}管|电\s{0,6}话|地\s{0,6}址|邮\s{0,4}[编箱]|热线|联系|[Ee]-?mail)[^\n]{0,12}[：:∶﹕︰]"
)

GAP = 800  # characters without any code between two footers
NAMED_LIMIT = 6_000  # friend links stand in many footers
UNNAMED_LIMIT = 1_000
WINDOW = 300
MAX_CLIMBS = 5


class Stretch(NamedTuple):
    start: int
    end: int
    strict: bool  # no element bounds it: only labelled words count


def find(tree: LexborHTMLParser, flow: Flow, *, whole: bool) -> Sequence[Sequence[Stretch]]:
    """Groups of stretches, likeliest group first: a footer may stand twice. `whole`: a script wrote nothing else."""
    if not flow.text:
        return ()
    if whole:
        return ((Stretch(0, len(flow.text), strict=False),),)
    clusters = _clusters(flow)
    if not clusters:
        return [[stretch] for stretch in _named(tree, flow)]
    exact: list[Stretch] = []
    wider: list[Stretch] = []
    for first, last in reversed(clusters):
        stretches = list(_around(flow, first, last))
        exact += stretches[:1]
        wider += stretches[1:]
    return [exact, *([stretch] for stretch in wider)]


def is_labelled(words: str) -> bool:
    return bool(_LABELLED.search(words))


def _clusters(flow: Flow) -> list[tuple[int, int]]:
    """First and last code of each footer, in order."""
    clusters: list[tuple[int, int]] = []
    for match in STRONG.finditer(flow.text):
        if clusters and match.start() - clusters[-1][1] <= GAP:
            clusters[-1] = (clusters[-1][0], match.start())
        else:
            clusters.append((match.start(), match.start()))
    return clusters[-4:]


def _around(flow: Flow, first: int, last: int) -> Iterator[Stretch]:
    """The smallest element that holds the codes, then what holds it while that still is footer."""
    inner, outer = flow.holder(first), flow.holder(last)
    if inner is None or outer is None:
        return
    above = {element.mem_id for element in ancestors(outer)}
    chain = [element for element in ancestors(inner) if element.mem_id in above]
    bounded = False
    named = [place for place, element in enumerate(chain) if element.tag != "body" and _is_named(element)]
    for place, element in enumerate(chain[: MAX_CLIMBS + 1]):
        if element.tag in {"body", "form"} and place >= 0:
            break
        start, end = flow.span(element, first)
        size = end - start
        within_named = any(place <= other for other in named)
        if size > (NAMED_LIMIT if within_named else UNNAMED_LIMIT) or (not within_named and _holds_main(element)):
            break
        bounded = True
        yield Stretch(start, end, strict=False)
    if not bounded or not named:
        yield Stretch(max(0, first - WINDOW), min(len(flow.text), last + GAP), strict=True)


def _is_named(element: LexborNode) -> bool:
    return element.tag == "footer" or bool(FOOTER_NAME.search(f"{element.id or ''} {attribute(element, 'class')}"))


def _holds_main(element: LexborNode) -> bool:
    return element.css_first(_MAIN) is not None


def _named(tree: LexborHTMLParser, flow: Flow) -> Iterator[Stretch]:
    """No code anywhere: the last element that calls itself footer, else the last words of the page."""
    known = {node.mem_id: place for place, node in enumerate(flow.nodes)}
    named = [element for element in tree.css(NAMED) if element.tag not in {"script", "link", "a", "img", "body"}]
    for element in reversed(named[-12:]):
        inside = next(
            (known[node.mem_id] for node in element.traverse(include_text=True) if node.mem_id in known), None
        )
        if inside is None:
            continue
        start, end = flow.span(element, flow.starts[inside])
        if 0 < end - start <= NAMED_LIMIT and not _holds_main(element):
            yield Stretch(start, end, strict=False)
    if not named and tree.css_first(_MAIN) is None:
        yield Stretch(max(0, len(flow.text) - WINDOW), len(flow.text), strict=True)
