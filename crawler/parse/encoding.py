"""Which charset the bytes really are in, whatever header and meta say (LIBRARIES, PATTERNS "Encodings")."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_CHARSET: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
_META_WINDOW: Final = 8192  # browsers look at 1,024 bytes; heads here begin with long comments
_GB: Final = frozenset(
    {"gb2312", "gbk", "gb18030", "gb-2312", "gb_2312-80", "x-gbk", "cp936", "ms936", "hz-gb-2312", "chinese", "936"}
)
_UTF8: Final = frozenset({"utf-8", "utf8", "utf-8-sig", "u8", "unicode-1-1-utf-8"})
# Charsets whose decoders take nearly any bytes: a declaration of these says nothing about a Chinese page.
_EMPTY_WORDS: Final = frozenset({"iso8859-1", "ascii", "cp1252"})
_SAMPLE: Final = 65536


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    declared: str  # header first, else meta; lower-case, as written otherwise
    used: str
    exact: bytes = b""  # the body itself where it is UTF-8 without fault and mark


def decode(body: bytes, headers: Mapping[str, str] | None = None) -> Decoded:
    """Text of a body. Order: BOM, HTTP header, strict UTF-8, meta, GB18030; a declaration has to fit the bytes."""
    header = _from_header(headers)
    meta = _from_meta(body)
    declared = header or meta
    for bom, codec, name in _BOMS:
        if body.startswith(bom):
            return Decoded(body.decode(codec, "replace"), declared, name)
    text = _strict(body, "utf-8")
    if text is not None and (body.isascii() or not _is_foreign(header)):
        return Decoded(text, declared, "utf-8", body)
    for candidate in (header, meta):
        codec = _codec(candidate)
        if not codec or codec in _EMPTY_WORDS or candidate in _UTF8:
            continue
        text = _strict(body, codec)
        if text is not None:
            return Decoded(text, declared, _name(codec))
    text = _strict(body, "gb18030")
    if text is not None:
        return Decoded(text, declared, "gb18030")
    return Decoded(*_least_bad(body, declared))


def _least_bad(body: bytes, declared: str) -> tuple[str, str, str]:
    """Bytes that fit no charset (a page cut inside a character, one block pasted in another charset)."""
    candidates = ["utf-8", "gb18030"]
    codec = _codec(declared)
    if codec and codec not in _EMPTY_WORDS and codec not in {"utf-8", "gb18030", "gbk", "gb2312"}:
        candidates.append(codec)
    best = max(candidates, key=lambda name: _plausibility(body[:_SAMPLE].decode(name, "replace")))
    return body.decode(best, "replace"), declared, _name(best)


def _plausibility(text: str) -> float:
    """Share of everyday Chinese (GB2312 level 1) among what is not ASCII, less what could not be decoded."""
    odd = [char for char in text if char > "\x7f"]
    if not odd:
        return 0.0
    try:
        everyday = sum(b"\xb0" <= char.encode("gb2312", "replace")[:1] <= b"\xd7" for char in odd)
    except UnicodeError:
        return 0.0
    return (everyday - 2 * text.count("\ufffd")) / len(odd)


def _is_foreign(header: str) -> bool:
    """Whether the header names a charset in which valid UTF-8 is improbable, yet possible by accident."""
    return (_codec(header) or "") in {"utf-16", "utf-16-le", "utf-16-be"}


def _from_header(headers: Mapping[str, str] | None) -> str:
    if not headers:
        return ""
    content_type = headers.get("content-type") or headers.get("Content-Type") or ""
    found = _HEADER_CHARSET.search(content_type)
    return found[1].lower() if found else ""


def _from_meta(body: bytes) -> str:
    window = body[:_META_WINDOW]
    found = _META_CHARSET.search(window) or _XML_CHARSET.search(window)
    return found[1].decode("ascii", "replace").lower() if found else ""


def _codec(name: str) -> str:
    if not name:
        return ""
    if name in _GB:
        return "gb18030"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Python's own transforms (rot13, base64 …) are no charsets.
    return info.name if getattr(info, "_is_text_encoding", False) else ""


def _name(codec: str) -> str:
    return {"utf_8": "utf-8", "big5hkscs": "big5"}.get(codec, codec)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeDecodeError, ValueError):
        return None
