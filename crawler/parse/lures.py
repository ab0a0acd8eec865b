"""What the head of a page advertises: titles and keywords of gambling, however they are disguised (BEHAVIOURS 75)."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal

from crawler.core import harmful
from crawler.core.facts import Lure
from crawler.parse import script_strings
from crawler.parse.spot import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

Where = Literal["title", "keywords", "description", "heading"]

_HEAD: Final = 100_000  # characters of the source in which titles and metas stand
_MOST: Final = 12
_TEXT: Final = 300
_RAW_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{1,4000})", re.IGNORECASE)
_RAW_META: Final = re.compile(r"<meta\b[^>]{1,3000}>", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&#(?:x[0-9a-f]{2,6}|\d{2,7});?", re.IGNORECASE)
_NAMED: Final[dict[str, Where]] = {
    "keywords": "keywords", "description": "description", "og:title": "title", "og:description": "description",
    "keyword": "keywords", "twitter:title": "title",
}  # fmt: skip
_SETS_TITLE: Final = re.compile(r"document\.title|document\[[\"']title[\"']\]|<title|getElementsByTagName\(.title")
_BASE64: Final = re.compile(r"atob\s*\(\s*[\"']([A-Za-z0-9+/=\s]{8,20000})[\"']\s*\)")
_CODES: Final = re.compile(r"(?:String\.)?fromCharCode\s*\(\s*([\d\s,]{1,20000})\)")
_LONGEST_SCRIPT: Final = 100_000


def read(
    tree: LexborHTMLParser, source: str, metas: Iterable[tuple[str, str]], headings: Sequence[LexborNode],
    scripts: Iterable[str],
) -> tuple[Lure, ...]:  # fmt: skip
    """Each text of the head that advertises, once, and how its writer hid it."""
    found: dict[tuple[str, str], Lure] = {}
    head = source[:_HEAD]
    for where, text, disguise in _texts(tree, head, metas, headings, scripts):
        if len(found) >= _MOST:
            break
        shown = _advert(text, where, hidden=bool(disguise))
        if shown:
            found.setdefault((where, shown), Lure(where, shown, disguise))
    return tuple(found.values())


def _advert(text: str, where: Where, *, hidden: bool) -> str:
    """A title is read piece by piece: the name of an office behind a dash excuses nothing. Keywords are read whole."""
    if not text.strip():
        return ""
    if where in {"title", "heading"}:
        shown = harmful.lure(text)
        if shown or not hidden:
            return shown
    weight = harmful.weight(text)
    # One word among the keywords is a topic; a row of them is an advertisement, and so is one that was hidden.
    return squeeze(text)[:_TEXT] if weight >= (harmful.ENOUGH if hidden or where == "title" else 3) else ""


def _texts(
    tree: LexborHTMLParser, head: str, metas: Iterable[tuple[str, str]], headings: Sequence[LexborNode],
    scripts: Iterable[str],
) -> Iterator[tuple[Where, str, str]]:  # fmt: skip
    raw_titles = " ".join(_RAW_TITLE.findall(head)[:20])
    for node in tree.css("title")[:20]:
        if node.parent is None or node.parent.tag != "svg":
            text = node.text()[:4000]
            yield "title", text, _disguise(raw_titles, text)
    raw_metas = " ".join(_RAW_META.findall(head)[:60])
    for name, content in metas:
        if where := _NAMED.get(name.lower()):
            yield where, content, _disguise(raw_metas, content)
    for heading in headings:
        yield "heading", heading.text()[:1000], ""
    for script in scripts:
        if len(script) < _LONGEST_SCRIPT and _SETS_TITLE.search(script):
            yield "title", strings(script)[:4000], "script"


def _disguise(raw: str, text: str) -> str:
    """How a text was written in the source; a CMS that writes all Chinese so is told by the words alone."""
    if any(unicodedata.category(c) == "Cf" for c in text):
        return "invisible"
    if len(_ENTITY.findall(raw)) >= 2 and not text.isascii() and text.strip()[:6] not in raw:
        return "entities"
    if any("\uff21" <= c <= "\uff5a" or "\uff10" <= c <= "\uff19" for c in text):
        return "fullwidth"
    return ""


def strings(script: str) -> str:
    """The text in a script's literals: escapes, fromCharCode and atob read in their places, nothing executed."""
    if "fromCharCode" in script:
        script = _CODES.sub(lambda found: _literal(_characters(found[1])), script)
    if "atob" in script:
        script = _BASE64.sub(lambda found: _literal(_decoded(found[1])), script)
    return script_strings.read(script).html


def _characters(numbers: str) -> str:
    codes = (int(number) for number in numbers.split(",") if number.strip().isdigit())
    return "".join(chr(code) for code in codes if code < 0xD800 or 0xDFFF < code <= 0x10FFFF)


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode("".join(encoded.split()), validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
