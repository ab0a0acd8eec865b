"""The HTML that stands in string literals of a script: read as text, never executed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

# Longer scripts are cut: the largest real footer script seen is under 100 kB, libraries bundle to megabytes.
MAX_SCRIPT = 400_000
MAX_HTML = 300_000

# One pass over strings and comments, so that // in a URL is no comment and a quote in a comment no string. A comment
# that opens a script (<!--) ends with its line. Each alternative is linear: no nested repetition.
_TOKEN = re.compile(
    r'"(?P<double>(?:[^"\\\n]|\\[\s\S])*)"'
    r"|'(?P<single>(?:[^'\\\n]|\\[\s\S])*)'"
    r"|`(?P<back>(?:[^`\\]|\\[\s\S])*)`"
    # A regular expression, told from a division by what stands before it: its quotes open no string.
    r"|(?P<regex>(?<=[=(,:;!&|?{}\[+])/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,60}\]){1,120}/)"
    r"|(?P<dead>/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|//[^\n]*|<!--[^\n]*)",
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_PLACEHOLDER = re.compile(r"\$\{[^{}]{0,200}\}")
_CODES = re.compile(r"fromCharCode\s*\(\s*([\d\s,]{1,20000})\)")
_SELECTOR = re.compile(r"[#.]?[A-Za-z][\w\-#. ]{0,40}\Z", re.ASCII)
_BODY_CODE = re.compile(r"bm\d{8}\Z", re.IGNORECASE)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}


@dataclass(frozen=True, slots=True)
class Script:
    html: str  # string literals in order, decoded and joined
    code: str  # the script without its comments


def _character(number: int) -> str:
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""


def _escape(match: re.Match[str]) -> str:
    braced, four, two, single = match.groups()
    digits = braced or four or two
    if digits:
        return _character(int(digits, 16))
    return _SIMPLE.get(single, single)


def unescape(literal: str) -> str:
    r"""One literal as the browser would see it: \u and \x escapes, then unescape("%3C…")."""
    text = _ESCAPE.sub(_escape, literal) if "\\" in literal else literal
    if "%u" in text:
        text = _PERCENT_U.sub(lambda found: _character(int(found[1], 16)), text)
    if "%3C" in text or "%3c" in text or (len(_PERCENT.findall(text[:2000])) > 5 and "://" not in text):
        text = unquote(text, errors="replace")
    if "${" in text:
        text = _PLACEHOLDER.sub("", text)
    if "&lt;" in text and "<" not in text:
        text = html.unescape(text)
    return text


def read(text: str) -> Script:
    """Strings and living code of a script; JSON answers of list units are read alike."""
    text = text[:MAX_SCRIPT]
    pieces: list[str] = []
    code: list[str] = []
    size = end = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "dead":
            code.append(text[end : token.start()])
            end = token.end()
            continue
        if token.lastgroup == "regex":
            continue
        literal = token[token.lastgroup or 0]
        if not literal or (_SELECTOR.match(literal) and not _BODY_CODE.match(literal)):
            continue
        piece = unescape(literal)
        size += len(piece)
        if size > MAX_HTML:
            break
        pieces.append(piece)
    code.append(text[end:])
    living = "".join(code)
    for found in _CODES.finditer(living):
        numbers = [int(number) for number in found[1].split(",") if number.strip().isdigit()]
        pieces.append("".join(map(_character, numbers)))
    return Script("".join(pieces), living)
