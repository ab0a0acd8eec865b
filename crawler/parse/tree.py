"""The lexbor tree of a page, bounded: hostile nesting is cut before it costs minutes."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

# A page of 50 kB has 1,500 "<"; above this many it is looked at before lexbor is.
_BRACKETS: Final = 20_000
_UNBALANCED: Final = 3_000
# 10,000 nested <div> take lexbor 0.15 s, 40,000 take 3 s: it looks through all open elements for each new one.
_DEPTH: Final = 10_000
# Open formatting elements are opened again in each paragraph: n of them and m paragraphs make n × m elements.
_FORMATTING: Final = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_FORMATTING_DEPTH: Final = 400
# These end by themselves, or hold nothing.
_NOT_NESTING: Final = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "option",
        "optgroup",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "col",
        "colgroup",
        "area",
        "base",
        "br",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "!doctype",
        "html",
        "head",
        "body",
        "frame",
        "rp",
        "rt",
    ]
)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,20})")
# lexbor compares each attribute of a tag with all before it: 200,000 of them take two minutes.
_ATTRIBUTES: Final = 2_000
_LONG_TAG: Final = 20_000
_ATTRIBUTE: Final = re.compile(r"[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_SIZE: Final = 20_000_000  # characters; the fetcher's cap is lower


def build(text: str, exact: bytes = b"") -> LexborHTMLParser:
    """The tree of a page; its text is cut where nesting gets absurd, so time is bounded on any input.

    `exact`: the UTF-8 form of the text where it is at hand.
    """
    whole = len(text)
    if len(text) > _SIZE:
        text = text[:_SIZE]
    opening = text.count("<")
    if opening > _BRACKETS or (opening > _UNBALANCED and opening - 2 * text.count("</") > _UNBALANCED):
        text = text[: _sane_length(text)]
    if len(text) > 3 * _LONG_TAG:
        text = _without_endless_tags(text)
    if exact and len(text) == whole:
        return LexborHTMLParser(exact)
    # lexbor refuses lone surrogates; a decoder leaves none, a JS string may.
    return LexborHTMLParser(text.encode("utf-8", "replace"))


def _sane_length(text: str) -> int:
    depth = formatting = 0
    open_tags: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _NOT_NESTING:
            continue
        if tag[1]:
            if open_tags.get(name, 0) > 0:
                open_tags[name] -= 1
                depth -= 1
                formatting -= name in _FORMATTING
            continue
        if name == "a" and open_tags.get("a", 0) > 0:  # a link inside a link ends the first
            continue
        open_tags[name] = open_tags.get(name, 0) + 1
        depth += 1
        formatting += name in _FORMATTING
        if depth > _DEPTH or formatting > _FORMATTING_DEPTH:
            return tag.start()
    return len(text)


def _without_endless_tags(text: str) -> str:
    at = 0
    for piece in text.split("<"):
        if len(piece) > _LONG_TAG and piece[0].isalpha() and piece.find(">", 0, _LONG_TAG) < 0:
            for attributes, _ in enumerate(_ATTRIBUTE.finditer(piece)):
                if attributes > _ATTRIBUTES:
                    return text[: max(at - 1, 0)]
        at += len(piece) + 1
    return text
