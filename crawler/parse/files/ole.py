"""Compound files: doc and wps, xls and et, ppt and dps. The text of the first is put together by its piece table."""

from __future__ import annotations

import io
import struct
from typing import Any

from crawler.core.facts import FileText
from crawler.parse.files.limits import Text, Unreadable

STREAM = 64 * 1024 * 1024
PIECES = 50_000
_LOCKED = "读不出：文件已加密，需要密码"
_CODE_PAGES = {936: "gb18030", 65001: "utf-8", 1200: "utf-16-le", 1252: "cp1252", 950: "big5"}


def read(body: bytes, text: Text) -> FileText:
    import olefile

    try:
        box = olefile.OleFileIO(io.BytesIO(body), raise_defects=olefile.DEFECT_FATAL)
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise Unreadable("读不出：文件不完整或已损坏") from error
    with box:
        title, made_by = _properties(box)
        if box.exists("EncryptedPackage"):
            raise Unreadable(_LOCKED)
        if box.exists("WordDocument"):
            _word(box, text)
            found = FileText()
        elif box.exists("Workbook") or box.exists("Book"):
            found = _workbook(body, text)
        elif box.exists("PowerPoint Document"):
            found = _slides(_stream(box, "PowerPoint Document"), text)
        else:
            raise Unreadable("不是能读取文字的格式")
        return FileText(pages=found.pages, title=title, made_by=made_by, problem=found.problem)


def _stream(box: Any, name: str) -> bytes:
    return box.openstream(name).read(STREAM)  # type: ignore[no-any-return]


def _properties(box: Any) -> tuple[str, str]:
    """Broken properties hide no text."""
    try:
        meta = box.get_metadata()
        page = _CODE_PAGES.get(meta.codepage or 0, "gb18030")
        words = [meta.title, meta.creating_application]
        title, made_by = (w.decode(page, "replace") if isinstance(w, bytes) else str(w or "") for w in words)
    except Exception:  # noqa: BLE001  olefile raises whatever its arithmetic meets
        return "", ""
    return title, made_by


# ── Word: [MS-DOC] 2.4.1 ─────────────────────────────────────────────────────────────────────────────────────────────


def _word(box: Any, text: Text) -> None:
    document = _stream(box, "WordDocument")
    if len(document) < 68:
        raise Unreadable("读不出：文件不完整或已损坏")
    magic, version = struct.unpack_from("<HH", document, 0)
    flags = struct.unpack_from("<H", document, 10)[0]
    if magic not in {0xA5EC, 0xA5DC}:
        raise Unreadable("读不出：不认识的 WPS/Word 旧格式")
    if flags & 0x0100:
        raise Unreadable(_LOCKED)
    if version < 0xC1:  # Word 6 and 95: one run of bytes in the machine's code page
        start, end = struct.unpack_from("<II", document, 24)
        _add(text, document[start : min(end, len(document))].decode("gb18030", "replace"))
        return
    name = "1Table" if flags & 0x0200 else "0Table"
    table = _stream(box, name) if box.exists(name) else b""
    offset, length = struct.unpack_from("<II", document, 0x01A2) if len(document) >= 0x01AA else (0, 0)
    pieces = _piece_table(table[offset : offset + length]) if length else None
    if pieces is None:
        raise Unreadable("读不出：文件里没有正文的目录（piece table）")
    main = struct.unpack_from("<I", document, 0x4C)[0]  # characters of the main text; notes and headers follow
    for start, end, at in pieces:
        if start >= main > 0 or text.full:
            break
        count = min(end, main or end) - start
        if at & 0x4000_0000:
            first = (at & 0x3FFF_FFFF) // 2
            _add(text, document[first : first + count].decode("cp1252", "replace"))
        else:
            _add(text, document[at : at + 2 * count].decode("utf-16-le", "replace"))


def _piece_table(clx: bytes) -> list[tuple[int, int, int]] | None:
    """(first character, end, position) of each piece; [MS-DOC] 2.9.38 Clx: Prcs first, then one Pcdt."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        if at + 3 > len(clx):
            return None
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        return None
    size = struct.unpack_from("<I", clx, at + 1)[0]
    data = clx[at + 5 : at + 5 + size]
    count = (len(data) - 4) // 12
    if not 0 < count <= PIECES:
        return None
    bounds = struct.unpack_from(f"<{count + 1}I", data, 0)
    found = []
    for number in range(count):
        start, end = bounds[number], bounds[number + 1]
        if end < start or end > STREAM:
            return None
        place = struct.unpack_from("<I", data, 4 * (count + 1) + 8 * number + 2)[0]
        found.append((start, end, place))
    return found


_BREAKS = {7: "\t", 11: "\n", 12: "\n", 13: "\n", 14: "\n", 30: "-", 160: " "}


def _add(text: Text, words: str) -> None:
    """Field codes (between 19 and 20) are instructions, not text."""
    if "\x13" not in words:
        text.add(words.translate(_BREAKS))
        return
    pieces, code = [], 0
    for part in words.replace("\x13", "\0\x13\0").replace("\x14", "\0\x14\0").replace("\x15", "\0\x15\0").split("\0"):
        if part == "\x13":
            code += 1
        elif part in {"\x14", "\x15"}:
            code = max(0, code - 1)
        elif not code:
            pieces.append(part)
    text.add("".join(pieces).translate(_BREAKS))


# ── Excel, by xlrd ───────────────────────────────────────────────────────────────────────────────────────────────────


def _workbook(body: bytes, text: Text) -> FileText:
    import os

    import xlrd

    try:
        with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123
            book = xlrd.open_workbook(file_contents=body, on_demand=True, logfile=silence)
            for name in book.sheet_names():
                sheet = book.sheet_by_name(name)
                for row in range(sheet.nrows):
                    text.add("\t".join(_value(cell) for cell in sheet.row(row)) + "\n")
                    if text.full:
                        break
                book.unload_sheet(name)
                if text.full:
                    break
            return FileText(pages=book.nsheets)
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error).lower()
        raise Unreadable(_LOCKED if locked else "读不出：表格损坏或格式不符") from error


def _value(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e15 and value.is_integer() else str(value)
    return str(value)


# ── PowerPoint: [MS-PPT] 2.9.42, 2.9.43 ──────────────────────────────────────────────────────────────────────────────

_CHARACTERS, _BYTES, _SLIDE = 0x0FA0, 0x0FA8, 0x03EE


def _slides(stream: bytes, text: Text) -> FileText:
    """Records are walked in one line: a container's head is stepped over and its children follow."""
    at = slides = 0
    while at + 8 <= len(stream) and not text.full:
        options, kind, size = struct.unpack_from("<HHI", stream, at)
        at += 8
        slides += kind == _SLIDE
        if options & 15 == 15:
            continue
        if kind == _CHARACTERS:
            text.add(stream[at : at + size].decode("utf-16-le", "replace") + "\n")
        elif kind == _BYTES:
            text.add(stream[at : at + size].decode("cp1252", "replace") + "\n")
        at += size
    return FileText(pages=slides)
