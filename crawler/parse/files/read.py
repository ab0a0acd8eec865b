"""Which reader a file needs, by its own bytes and never by its name alone; runs in the child."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from crawler.core.facts import FileText
from crawler.core.filetype import HEAD, sniff
from crawler.parse.files.limits import Text, Unreadable

# Blanks: a table's columns stay apart by a tab, lines by a newline.
_BLANKS = re.compile(r"[ \u00a0\u3000\r\f\v]+")
_LINES = re.compile(r"\s*\n\s*")
# What XML and reports cannot hold, and lone halves of surrogate pairs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_IMAGES = "图片，没有可读的文字"

Reader = Callable[[bytes, Text], FileText]


def read(body: bytes, suffix: str, characters: int, deadline: float) -> FileText:
    """Only a MemoryError leaves this function; everything else a file does is a problem with a name."""
    text = Text(characters, deadline)
    kind = sniff(body[:HEAD])
    try:
        found = _reader(kind, suffix)(body, text)
    except MemoryError:
        raise
    except Unreadable as error:
        return FileText(text=tidy(str(text)), problem=str(error)[:300])
    except RecursionError:
        return FileText(text=tidy(str(text)), problem="读不出：文件结构嵌套过深")
    except Exception as error:  # noqa: BLE001  any parser fails in its own ways on a broken file
        return FileText(text=tidy(str(text)), problem=f"读不出：文件损坏或格式不符（{type(error).__name__}）")
    words = tidy(str(text))
    problem = found.problem or text.cut or ("" if words else "没有文字")
    return FileText(words, found.pages, tidy(found.title)[:300], tidy(found.made_by)[:300], problem)


def tidy(text: str) -> str:
    return _LINES.sub("\n", _BLANKS.sub(" ", _CONTROLS.sub("", text))).strip()


def _reader(kind: str, suffix: str) -> Reader:
    from crawler.parse.files import archives, office, ole, plain

    readers: dict[str, Reader] = {
        "pdf": _pdf,
        "ole": ole.read,
        "zip": office.read,
        "rar": archives.rar,
        "gzip": archives.gzip_file,
        "rtf": plain.rtf,
        "html": plain.html,
        "xml": plain.xml,
        "mime": plain.mime,
        "text": plain.text,
    }
    if kind in readers:
        return readers[kind]
    if kind == "unknown" and suffix in {"txt", "csv", "tsv", "json", "xml"}:
        return plain.text
    names = {"empty": "文件为空（0 字节）", "image": _IMAGES, "7z": "7z 压缩包，没有读取"}

    def refuse(_body: bytes, _text: Text) -> FileText:
        raise Unreadable(names.get(kind, "不是能读取文字的格式"))

    return refuse


def _pdf(body: bytes, text: Text) -> FileText:
    """By pypdf: pure Python, so a hostile file meets no C of its own, and it decrypts with the library we ship anyway.

    mupdf's licence is the AGPL; the layout that pdfminer.six is better at is nothing a rule asks for.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    reader = PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except (PyPdfError, NotImplementedError, ValueError) as error:
            raise Unreadable(f"读不出：文件已加密（{type(error).__name__}）") from error
        if not opened:
            raise Unreadable("读不出：文件已加密，需要密码")
    title = made_by = ""
    try:
        info = reader.metadata
        title, made_by = (str(info.title or ""), str(info.creator or info.producer or "")) if info else ("", "")
    except (PyPdfError, ValueError, TypeError, AttributeError, KeyError):
        pass  # broken properties hide no text
    broken = count = 0
    for page in reader.pages:
        count += 1
        try:
            text.add(page.extract_text() + "\n")
        except (PyPdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
            broken += 1
        if text.full:
            break
    pages = None if text.cut else count
    problem = f"有 {broken} 页读不出" if broken else ""
    if not problem and count and not str(text).strip():
        problem = "没有文字，可能是扫描件"
    if not count:
        problem = "读不出：没有页面"
    return FileText(pages=pages, title=title, made_by=made_by, problem=problem)
