"""Fills a Word template: {{名称}} becomes a value, {{组.字段}} repeats its paragraph or table row."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from crawler.core.quantities import Absent, Gap, Piece, Quantity, Row, parts_of
from crawler.report.word_runs import OPAQUE, Bookmarks, Letter, Line, letters, words_of
from crawler.report.words import plain

_PLACE = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")
_ENDS = "。；！？"
LARGEST = 20_000_000  # bytes of a template
NONE = "（无）"


class BadTemplate(ValueError):
    """A template that cannot be filled; the text says which, what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What the placeholders of one document mean."""

    values: Mapping[str, Piece]
    groups: Mapping[str, Sequence[Row]]
    fields: Mapping[str, tuple[str, ...]]  # of each group, also of an empty one
    title: str = ""


@dataclass(slots=True)
class Filled:
    data: bytes
    bookmarks: dict[str, list[str]] = field(default_factory=dict)  # quantity -> names in the document
    gaps: list[str] = field(default_factory=list)


def placeholders(template: Path) -> list[str]:
    """Every name the template asks for, in its order."""
    document = _read(template)
    return list(dict.fromkeys(name for p in _paragraphs(document) for name in _PLACE.findall(words_of(p))))


def fill(template: Path, filling: Filling) -> Filled:
    document = _read(template)
    _check(template, document, filling)
    writer = _Writer(filling, Bookmarks(_next_id(document)))
    for body in _stories(document):
        writer.story(body)
    core = document.core_properties
    core.title, core.author, core.comments = plain(filling.title, 200), "govcheck", ""
    core.content_status = "草稿"
    out = io.BytesIO()
    document.save(out)
    return Filled(out.getvalue(), writer.bookmarks.used, writer.gaps)


# ── The template ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(template: Path) -> Any:
    if template.stat().st_size > LARGEST:
        raise BadTemplate(f"模板 {template} 超过 {LARGEST // 1_000_000} MB，请换一个小的")
    try:
        return Document(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError):
        says = "不是 Word 文档（.docx）或已损坏，请用 Word 或 WPS 另存为 .docx"
        raise BadTemplate(f"模板 {template} {says}；govcheck document template 写出一份可以改的模板") from None


def _stories(document: Any) -> Iterator[Any]:
    """The body, then headers and footers that the template has of its own."""
    yield document.element.body
    for section in document.sections:
        for part in (
            section.header,
            section.footer,
            section.even_page_header,
            section.even_page_footer,
            section.first_page_header,
            section.first_page_footer,
        ):
            if not part.is_linked_to_previous:
                yield part._element  # noqa: SLF001  python-docx has no public door to it


def _paragraphs(document: Any) -> Iterator[Any]:
    for body in _stories(document):
        yield from body.iter(qn("w:p"))


def _check(template: Path, document: Any, filling: Filling) -> None:
    known = [*filling.values, *(f"{group}.{name}" for group, names in filling.fields.items() for name in names)]
    for paragraph in _paragraphs(document):
        seen = words_of(paragraph)
        for name in _PLACE.findall(seen):
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.5)
                hint = f"（是不是 {{{{{near[0]}}}}}？）" if near else ""
                raise BadTemplate(
                    f"模板 {template} 里有不认识的占位符 {{{{{name}}}}}{hint}；govcheck document fields 列出可用的"
                )
        if len({name.split(".")[0] for name in _PLACE.findall(seen) if "." in name}) > 1:
            raise BadTemplate(f"模板 {template} 的同一段里有两个组的占位符，请分成两段：{seen[:60]}")
        whole = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        if "{{" in _PLACE.sub("", seen) or ("{{" in whole and "{{" not in seen):
            says = "请写成 {{名称}}，不要放在超链接、修订标记或域里"
            raise BadTemplate(f"模板 {template} 里有写得不完整的占位符：{whole[:60]}；{says}")


def _next_id(document: Any) -> int:
    ids = [mark.get(qn("w:id"), "0") for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    return 1 + max((int(number) for number in ids if number.isdecimal()), default=0)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Writer:
    filling: Filling
    bookmarks: Bookmarks
    gaps: list[str] = field(default_factory=list)

    def story(self, body: Any) -> None:
        """Neighbouring paragraphs of one group are one block, and repeat together."""
        children = list(body)
        at = 0
        while at < len(children):
            group = self._group(children[at])
            end = at + 1
            while group and end < len(children) and self._group(children[end]) == group:
                end += 1
            if group:
                self._repeat(children[at:end], group)
            elif children[at].tag == qn("w:p"):
                self._paragraph(children[at], self.filling.values)
            elif children[at].tag == qn("w:tbl"):
                self._table(children[at])
            at = end

    def _group(self, element: Any) -> str:
        if element.tag not in {qn("w:p"), qn("w:tr")}:
            return ""
        own = [element] if element.tag == qn("w:p") else element.iter(qn("w:p"))
        names = (name for p in own for name in _PLACE.findall(words_of(p)) if "." in name)
        return next((name.split(".")[0] for name in names), "")

    def _repeat(self, block: Sequence[Any], group: str) -> None:
        last, rows = block[-1], self.filling.groups[group]
        for row in rows:
            for model in block:
                copy = deepcopy(model)
                last.addnext(copy)
                last = copy
                self._element(copy, {**self.filling.values, **{f"{group}.{name}": it for name, it in row.items()}})
        if not rows and block[0].tag == qn("w:tr"):
            last.addnext(copy := deepcopy(block[0]))
            self._nothing(copy)
        for model in block:
            model.getparent().remove(model)

    def _table(self, table: Any) -> None:
        for row in list(table.iter(qn("w:tr"))):
            if group := self._group(row):
                self._repeat([row], group)
            else:
                self._element(row, self.filling.values)

    def _element(self, element: Any, values: Mapping[str, Piece]) -> None:
        for paragraph in [element] if element.tag == qn("w:p") else list(element.iter(qn("w:p"))):
            self._paragraph(paragraph, values)

    def _nothing(self, row: Any) -> None:
        """A table with nothing to list says so in its widest cell."""
        found = list(row.iter(qn("w:p")))
        for number, paragraph in enumerate(found):
            line = Line(paragraph, self.bookmarks, self.gaps)
            looks = [letter.look for letter in letters(paragraph)]
            line.clear()
            if number == min(1, len(found) - 1):
                line.text(NONE, looks[0] if looks else None)

    def _paragraph(self, paragraph: Any, values: Mapping[str, Piece]) -> None:
        some = letters(paragraph)
        if not _PLACE.search("".join(letter.sign for letter in some)):
            return
        line = Line(paragraph, self.bookmarks, self.gaps)
        line.clear()
        before = len(paragraph)
        for sentence in _sentences(some):
            self._sentence(line, sentence, values)
        if len(paragraph) == before and paragraph.getparent().tag != qn("w:tc"):
            paragraph.getparent().remove(paragraph)  # every sentence of it was left out

    def _sentence(self, line: Line, sentence: list[Letter], values: Mapping[str, Piece]) -> None:
        words = "".join(letter.sign for letter in sentence)
        places = list(_PLACE.finditer(words))
        parts = [part for place in places for part in parts_of(values[place[1]])]
        if any(isinstance(part, Absent) for part in parts):
            line.letters([letter for letter in sentence if letter.sign == OPAQUE])
            return
        if missing := [part.says for part in parts if isinstance(part, Gap) and part.sentence]:
            line.gap(Gap("；".join(dict.fromkeys(missing))), sentence[0].look)
            return
        at = 0
        for place in places:
            line.letters(sentence[at : place.start()])
            self._piece(line, values[place[1]], sentence[place.start()].look)
            at = place.end()
        line.letters(sentence[at:])

    def _piece(self, line: Line, piece: Piece, look: Any) -> None:
        for part in parts_of(piece):
            if isinstance(part, Quantity):
                line.quantity(part, look)
            elif isinstance(part, Gap):
                line.gap(part, look)
            elif isinstance(part, str) and part:
                line.value(part, look)


def _sentences(some: list[Letter]) -> Iterator[list[Letter]]:
    """Up to and with each full stop or semicolon; a bracket belongs to the sentence it opens in."""
    start = depth = 0
    for number, letter in enumerate(some):
        depth += (letter.sign in "（《") - (letter.sign in "）》")
        if letter.sign in _ENDS and depth <= 0:
            yield some[start : number + 1]
            start, depth = number + 1, 0
    if start < len(some):
        yield some[start:]
