"""Files that are ZIP archives of XML: docx, xlsx, pptx, ofd, odt; else the names in the archive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from crawler.core.facts import FileText
from crawler.parse.files.archives import listing
from crawler.parse.files.limits import Text, Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEMBERS = 20_000
MEMBER = 64 * 1024 * 1024  # bytes of one part, unpacked
TOTAL = 50_000_000  # unpacked bytes above which a ratio of 100 makes a bomb (LIBRARIES "file types")
RATIO = 100
SHARED = 500_000  # strings of a workbook
DEPTH = 300  # XML elements inside one another
_HELD = frozenset({"v", "t", "is", "r", "rPh"})  # read by the cell or string that holds them
_INLINE = frozenset({"span", "a", "s", "tab", "line-break", "bookmark", "note", "note-body", "ruby", "ruby-base"})
_NUMBER = re.compile(r"\d+")


def read(body: bytes, text: Text) -> FileText:
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable("读不出：压缩结构损坏或文件不完整") from error
    with archive:
        parts = {info.filename: info for info in archive.infolist()[: MEMBERS + 1]}
        _refuse_bomb(parts.values(), len(body))
        if any(info.flag_bits & 1 for info in parts.values()):
            raise Unreadable("读不出：文件已加密，需要密码")
        book = _Parts(archive, list(parts))
        if "word/document.xml" in parts:
            return _word(book, text)
        if "xl/workbook.xml" in parts:
            return _sheets(book, text)
        if "ppt/presentation.xml" in parts:
            return _numbered(book, text, r"ppt/slides/slide\d+\.xml", "t")
        if "OFD.xml" in parts:
            return _ofd(book, text)
        if "content.xml" in parts:
            return _open_document(book, text)
        return listing(list(parts), text)


def _refuse_bomb(parts: Iterable[zipfile.ZipInfo], size: int) -> None:
    infos = list(parts)
    total = sum(info.file_size for info in infos)
    if len(infos) > MEMBERS:
        raise Unreadable(f"读不出：压缩包里的文件超过 {MEMBERS} 个")
    if total > TOTAL and total > RATIO * size:
        raise Unreadable("读不出：解压后大得不正常，疑似压缩炸弹")


class _Parts:
    """The parts of one file; what their headers say of their size is not believed."""

    def __init__(self, archive: zipfile.ZipFile, names: list[str]) -> None:
        self.archive = archive
        self.names = names

    def matching(self, pattern: str) -> list[str]:
        """In the order of their numbers: slide2 before slide10."""
        found = [name for name in self.names if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: [int(number) for number in _NUMBER.findall(name)])

    def events(self, name: str, held: frozenset[str] = _HELD) -> Iterator[tuple[str, Element]]:
        """("start" | "end", element) of one part; elements go once seen, but for those whose parent reads them."""
        from defusedxml.ElementTree import iterparse

        open_elements: list[Element] = []
        with self.archive.open(name) as stream:
            source = _Capped(stream, MEMBER)
            for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    open_elements.append(element)
                    if len(open_elements) > DEPTH:
                        raise Unreadable("读不出：文件结构嵌套过深")
                    yield event, element
                    continue
                open_elements.pop()
                yield event, element
                if open_elements and local(element) not in held:
                    open_elements[-1].remove(element)

    def words(self, name: str, tag: str) -> str:
        """The text of the first element of that name in a small part, "" where there is none."""
        if name not in self.names:
            return ""
        for event, element in self.events(name):
            if event == "end" and local(element) == tag:
                return (element.text or "")[:300]
        return ""


class _Capped:
    """A stream that ends with an error where it has given more than it may."""

    def __init__(self, stream: IO[bytes], cap: int) -> None:
        self._stream = stream
        self._left = cap

    def read(self, size: int = 65_536) -> bytes:
        data = self._stream.read(min(size, 65_536) if size >= 0 else 65_536)
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("读不出：解压后大得不正常，疑似压缩炸弹")
        return data


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _properties(book: _Parts) -> tuple[str, str]:
    title = book.words("docProps/core.xml", "title")
    return title, book.words("docProps/app.xml", "Application") or book.words("docProps/core.xml", "creator")


def _word(book: _Parts, text: Text) -> FileText:
    """Body, then notes; what stands in headers and footers is no text of the document."""
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if name not in book.names:
            continue
        deleted = 0
        for event, element in book.events(name):
            tag = local(element)
            if tag in {"del", "instrText"}:
                deleted += 1 if event == "start" else -1
            elif event == "end" and not deleted:
                if tag == "t":
                    text.add(element.text or "")
                elif tag in {"p", "br", "cr"}:
                    text.add("\n")
                elif tag in {"tab", "tc"}:
                    text.add("\t")
            if text.full:
                break
    title, made_by = _properties(book)
    return FileText(title=title, made_by=made_by)


def _sheets(book: _Parts, text: Text) -> FileText:
    shared = _shared(book)
    sheets = book.matching(r"xl/worksheets/sheet\d+\.xml") or book.matching(r"xl/worksheets/[^/]+\.xml")
    for name in sheets:
        for event, element in book.events(name):
            if event != "end":
                continue
            tag = local(element)
            if tag == "c":
                text.add(_cell(element, shared) + "\t")
            elif tag == "row":
                text.add("\n")
            if text.full:
                break
        if text.full:
            break
    title, made_by = _properties(book)
    return FileText(pages=len(sheets), title=title, made_by=made_by)


def _shared(book: _Parts) -> list[str]:
    found: list[str] = []
    if "xl/sharedStrings.xml" not in book.names:
        return found
    for event, element in book.events("xl/sharedStrings.xml"):
        if event == "end" and local(element) == "si":
            found.append("".join(part.text or "" for part in element.iter() if local(part) == "t")[:32_767])
            if len(found) > SHARED:
                raise Unreadable("读不出：表格过大")
    return found


def _cell(cell: Element, shared: list[str]) -> str:
    parts = {local(part): part for part in cell}
    if "is" in parts:
        return "".join(part.text or "" for part in parts["is"].iter() if local(part) == "t")
    value = parts["v"].text or "" if "v" in parts else ""
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdigit() and len(value) < 9 and int(value) < len(shared) else ""
    return value


def _numbered(book: _Parts, text: Text, pattern: str, tag: str) -> FileText:
    names = book.matching(pattern)
    for name in names:
        for event, element in book.events(name):
            if event == "end" and local(element) == tag:
                text.add(element.text or "")
            elif event == "end" and local(element) == "p":
                text.add("\n")
            if text.full:
                break
        text.add("\n")
        if text.full:
            break
    title, made_by = _properties(book)
    return FileText(pages=len(names), title=title, made_by=made_by)


def _ofd(book: _Parts, text: Text) -> FileText:
    """GB/T 33190: the words stand in TextCode elements of each page's Content.xml."""
    pages = book.matching(r"/?(?:[^/]+/)*Pages/Page_\d+/Content\.xml") or book.matching(r".*/Content\.xml")
    for name in pages:
        for event, element in book.events(name):
            if event == "end" and local(element) == "TextCode":
                text.add(element.text or "")
            elif event == "end" and local(element) == "TextObject":
                text.add("\n")
            if text.full:
                break
        if text.full:
            break
    made_by = book.words("OFD.xml", "Creator") or book.words("OFD.xml", "Author")
    problem = "" if str(text).strip() else "没有文字，可能是扫描件"
    return FileText(pages=len(pages), title=book.words("OFD.xml", "Title"), made_by=made_by, problem=problem)


def _open_document(book: _Parts, text: Text) -> FileText:
    for event, element in book.events("content.xml", _INLINE):
        if event == "end" and local(element) in {"p", "h"}:
            text.add("".join(element.itertext()) + "\n")
        if text.full:
            break
    return FileText(title=book.words("meta.xml", "title"), made_by=book.words("meta.xml", "generator"))
