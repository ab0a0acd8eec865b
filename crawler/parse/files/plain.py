"""Texts, tables, RTF, and pages or mails that are offered under a document's suffix."""

from __future__ import annotations

import re

from crawler.core.facts import FileText
from crawler.parse.encoding import decode
from crawler.parse.files.limits import Text, Unreadable

_CAP = 8_000_000  # bytes of a text that are looked at; far above what is kept of it
# One token: a control word with its number, a hex byte, a control symbol, a brace, or plain bytes.
_RTF = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata header footer headerl headerr footerl footerr listtable "
    b"listoverridetable rsidtbl generator themedata colorschememapping datastore latentstyles xmlnstbl fldinst "
    b"filetbl revtbl pgdsctbl bkmkstart bkmkend".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t"}
_MARKS = {
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"
}  # fmt: skip
_DEPTH = 2_000
_CODE_PAGES = {936: "gb18030", 65001: "utf-8", 950: "big5", 1252: "cp1252", 10008: "gb18030", 54936: "gb18030"}


def text(body: bytes, out: Text) -> FileText:
    out.add(decode(body[:_CAP]).text)
    return FileText(problem="文件过大，只读了前面部分" if len(body) > _CAP else "")


def html(body: bytes, out: Text) -> FileText:
    """What export buttons call xls: a page."""
    from crawler.parse.text import lines, visible
    from crawler.parse.tree import build

    decoded = decode(body[:_CAP])
    tree = build(decoded.text, decoded.exact)
    if tree.body is not None:
        out.add(lines(visible(tree.body)))
    return FileText()


def xml(body: bytes, out: Text) -> FileText:
    """WordprocessingML 2003, SpreadsheetML 2003, UOF: all text between the tags."""
    import io

    from defusedxml.ElementTree import iterparse

    depth = 0
    for event, element in iterparse(io.BytesIO(body[:_CAP]), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > 300:
            raise Unreadable("读不出：文件结构嵌套过深")
        if event == "end":
            words = (element.text or "").strip()
            if words:
                out.add(words)
            if str(element.tag).rpartition("}")[2] in {"p", "Row", "Cell"}:
                out.add("\n" if not str(element.tag).endswith("Cell") else "\t")
            element.clear()
        if out.full:
            break
    return FileText()


def mime(body: bytes, out: Text) -> FileText:
    """A page saved as one file (mht): its first part of text."""
    from email import policy
    from email.parser import BytesParser

    message = BytesParser(policy=policy.compat32).parsebytes(body[:_CAP])
    for count, part in enumerate(message.walk()):
        if count > 200:
            break
        if part.get_content_type() in {"text/html", "text/plain"}:
            content = part.get_payload(decode=True)
            return (html if part.get_content_type() == "text/html" else text)(
                content if isinstance(content, bytes) else b"", out
            )
    raise Unreadable("不是能读取文字的格式")


class _Group:
    """What holds between two braces."""

    __slots__ = ("silent", "skip")

    def __init__(self, *, silent: bool, skip: int) -> None:
        self.silent = silent
        self.skip = skip  # characters after \\u that older readers show instead


def rtf(body: bytes, out: Text) -> FileText:  # noqa: C901, PLR0912  one branch for each kind of token
    """One pass over the tokens; bytes of a code page are gathered until something else comes."""
    found = re.search(rb"\\ansicpg(\d{1,5})", body[:4096])
    page = _CODE_PAGES.get(int(found[1]), "gb18030") if found else "gb18030"
    groups = [_Group(silent=False, skip=1)]
    held = bytearray()
    skip = 0

    def flush() -> None:
        if held:
            out.add(bytes(held).decode(page, "replace"))
            held.clear()

    for token in _RTF.finditer(body):
        word, number, hexed, symbol, brace, plain = token.groups()
        group = groups[-1]
        if brace:
            flush()
            skip = 0
            if brace == b"{":
                if len(groups) > _DEPTH:
                    raise Unreadable("读不出：文件结构嵌套过深")
                groups.append(_Group(silent=group.silent, skip=group.skip))
            elif len(groups) > 1:
                groups.pop()
        elif word:
            if (
                word == b"bin" and number
            ) or word in _SILENT:  # raw bytes follow; what they look like as tokens is never text
                group.silent = True
            elif word == b"uc" and number:
                group.skip = min(max(int(number), 0), 8)
            elif word == b"u" and number and not group.silent:
                flush()
                out.add(_character(int(number)))
                skip = group.skip
            elif not group.silent:
                flush()
                out.add(_BREAKS.get(word) or _MARKS.get(word, ""))
        elif symbol == b"*":
            group.silent = True
        elif not group.silent:
            data = bytes([int(hexed, 16)]) if hexed else plain or _symbol(symbol)
            if skip:
                data, skip = data[skip:], max(0, skip - len(data))
            held += data
        if out.full:
            break
    flush()
    return FileText()


def _symbol(symbol: bytes) -> bytes:
    return {b"~": b" ", b"_": b"-"}.get(symbol, symbol if symbol in b"\\{}" else b"")


def _character(number: int) -> str:
    return chr(number & 0xFFFF)
