"""Runs of a Word paragraph: its letters with their looks, and letters, bookmarks and gaps put in their place."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from crawler.core.quantities import Gap, Quantity
from crawler.report.words import plain

_TEXTUAL = {qn("w:rPr"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:lastRenderedPageBreak")}
_NOISE = {qn("w:proofErr"), qn("w:lastRenderedPageBreak")}
TEXT_LIMIT = 2_000  # characters of one value: what is longer is no text for a letter
OPAQUE = "\ufffc"  # stands for a picture, a field or a link of the template


@dataclass(frozen=True, slots=True)
class Letter:
    """One character of a template with the properties of its run, or one thing that is no text."""

    sign: str
    look: Any = None  # w:rPr or None
    thing: Any = None


def letters(paragraph: Any) -> list[Letter]:
    """`paragraph` is a w:p. Word splits a word over several runs as it likes, so letters are what we count."""
    found: list[Letter] = []
    for child in paragraph:
        if child.tag == qn("w:pPr") or child.tag in _NOISE:
            continue
        if child.tag != qn("w:r") or any(part.tag not in _TEXTUAL for part in child):
            found.append(Letter(OPAQUE, thing=child))
            continue
        look = child.find(qn("w:rPr"))
        for part in child:
            if part.tag == qn("w:t"):
                found += [Letter(sign, look) for sign in part.text or ""]
            elif part.tag == qn("w:tab"):
                found.append(Letter("\t", look))
            elif part.tag == qn("w:br"):
                found.append(Letter("\n", look, deepcopy(part)))
    return found


def words_of(paragraph: Any) -> str:
    return "".join(letter.sign for letter in letters(paragraph))


@dataclass(slots=True)
class Bookmarks:
    """Names and numbers of the bookmarks of one document: a quantity may be printed more than once."""

    next_id: int = 1
    used: dict[str, list[str]] = field(default_factory=dict)  # quantity -> names

    def name(self, quantity: Quantity) -> str:
        names = self.used.setdefault(quantity.id, [])
        names.append(quantity.id if not names else f"{quantity.id}_{len(names) + 1}")
        return names[-1]


@dataclass(slots=True)
class Line:
    """A paragraph being written anew."""

    paragraph: Any
    bookmarks: Bookmarks
    gaps: list[str]

    def clear(self) -> None:
        for child in list(self.paragraph):
            if child.tag != qn("w:pPr"):
                self.paragraph.remove(child)

    def letters(self, some: list[Letter]) -> None:
        """Neighbours of one look become one run."""
        start = 0
        for end in range(1, len(some) + 1):
            if end < len(some) and some[end].look is some[start].look and not some[end].thing and not some[start].thing:
                continue
            first = some[start]
            if first.thing is not None and first.sign == OPAQUE:
                self.paragraph.append(first.thing)
            elif first.thing is not None:
                self._run(first.look).append(first.thing)
            else:
                self.text("".join(letter.sign for letter in some[start:end]), first.look)
            start = end

    def text(self, words: str, look: Any) -> None:
        run = self._run(look)
        for number, part in enumerate(words.split("\t")):
            if number:
                run.append(OxmlElement("w:tab"))
            if part:
                piece = OxmlElement("w:t")
                piece.set(qn("xml:space"), "preserve")
                piece.text = part
                run.append(piece)

    def value(self, words: str, look: Any) -> None:
        """Words from outside: on one line, no sign that XML or a reader could stumble over."""
        self.text(plain(words, TEXT_LIMIT), look)

    def quantity(self, one: Quantity, look: Any) -> None:
        name = self.bookmarks.name(one)
        number = str(self.bookmarks.next_id)
        self.bookmarks.next_id += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        self.paragraph.append(start)
        self.text(one.text, look)
        self.paragraph.append(end)

    def gap(self, gap: Gap, look: Any) -> None:
        says = plain(gap.says, TEXT_LIMIT)
        self.gaps.append(says)
        look = deepcopy(look) if look is not None else OxmlElement("w:rPr")
        for old in look.findall(qn("w:highlight")):
            look.remove(old)
        mark = OxmlElement("w:highlight")
        mark.set(qn("w:val"), "yellow")
        _put(look, mark)
        self.text(f"【待补：{says}】", look)

    def _run(self, look: Any) -> Any:
        run = OxmlElement("w:r")
        if look is not None:
            run.append(deepcopy(look))
        self.paragraph.append(run)
        return run


_AFTER_HIGHLIGHT = ("u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout")


def _put(look: Any, mark: Any) -> None:
    """The schema has an order of run properties, and Word refuses a file that breaks it."""
    later = {qn(f"w:{name}") for name in (*_AFTER_HIGHLIGHT, "specVanish", "oMath")}
    at = next((n for n, child in enumerate(look) if child.tag in later), len(look))
    look.insert(at, mark)
