"""Finds wrong words in running text: one leftmost-longest automaton in which allowed phrases swallow what they hold."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Final, Literal

from ahocorasick_rs import AhoCorasick, MatchKind

from crawler.core.even_text import Even, even

Level = Literal["severe", "ordinary", "notice"]
Part = Literal["heading", "prose", "entry", "common"]  # `common`: header, navigation or footer of the whole site

CONTEXT: Final = 20  # characters shown on each side (RULES 6.1)
_HASHED: Final = 12  # characters on each side that tell one use of a phrase from another
_AHEAD: Final = 30  # characters a condition may look at
_SEVERE_GAP: Final = 3  # a shorter phrase with a blank in it is two words of a list more often than one torn word


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of config/words/. In `allow` and `only` a ~ stands for the phrase itself."""

    wrong: str
    right: tuple[str, ...]  # none: leave it out or say it otherwise
    rule: str
    level: Level = "ordinary"
    mark: str = "M"  # where it comes from (RULES 6.2): C real case, D dictionary, B commonly given, M memory, V2, own
    allow: tuple[str, ...] = ()  # right phrases that hold the wrong one by accident
    only: tuple[str, ...] = ()  # it counts in these phrases alone
    after: re.Pattern[str] | None = None  # what must follow at once
    unless: re.Pattern[str] | None = None  # what must not stand around it; the phrase itself reads ~
    since: date | None = None  # wrong in documents from this day on
    until: date | None = None  # … and up to this one
    quoted: bool = False  # wrong between quotation marks and in titles, too: it is no word at all
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page; words never reach from one into the next."""

    text: str
    part: Part = "prose"
    dated: date | None = None  # of a list entry


@dataclass(frozen=True, slots=True)
class Hit:
    phrase: Phrase
    start: int  # in the text of all blocks
    end: int
    block: Block
    quote: str  # as it stands on the page, with its surroundings
    fixed: str  # the same with the right words in it
    context: str  # tells this use of the phrase from others, whatever page it stands on
    exempt: str = ""  # why it is no fault here


# What stands around an example of bad wording (RULES 6.1 (4)).
_BEFORE: Final = re.compile(
    r"(?:不得?|不能|不要|不可|不应当?|不宜|不再|禁止?|慎|避免|切?勿|而不是|杜绝)(?:再|将[^，。；]{1,6}|把[^，。；]{1,6})?"
    r"(?:使用|采用|出现|用|写[成作]?|称[作为呼]?|说成?|叫做?|简称)(?:[^，。；！？“‘]{0,6}[“‘\"《「][^，。；！？]{0,16})?$"
    r"|(?:不是|而非|并非|不得|禁止|慎用)[“‘\"《「]$"
    r"|(?:误|错)(?:写|用|作|为|成|称|念|读|打|印|说){1,2}[“‘\"「（(]?$"
)
_AFTER: Final = re.compile(
    r"^[”’\"」）)](?:一词|二字|字样|的说法|这一说法|的写法|的表述|等字样)?[，,]?(?:应当?|须|均|宜)?(?:改为|改成|是|为|作|写|称|用)"
    r"|^[^，。；]{0,4}[，,]?(?:应当?|须|均)?(?:改为|改成|改作|更正为|修改为|替换为)[“‘\"「]"
    r"|^[^，。；]{0,4}(?:应为|应是|应作|应写[成作])[“‘\"「]|^[”’\"」]?(?:系[^，。；]{1,12}之误|的错误写法|是错误的|不规范)"
)
_LESSON: Final = re.compile(
    r"错别字|错敏(?:词|信息)|易错(?:字|词)|常见错(?:误|字)|禁用词|慎用词|规范用语|规范表述|用语规范|不规范表述|正确写法"
)
_OPEN: Final = "“《「『"
_CLOSE: Final = "”》」』"


class PageWords:
    """The words of one page, read once for every rule that judges them."""

    def __init__(self, words: Words, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self.source = "\n".join(block.text for block in self.blocks)
        self._words = words
        self._starts: list[int] = []
        start = 0
        for block in self.blocks:
            self._starts.append(start)
            start += len(block.text) + 1

    def block_at(self, offset: int) -> tuple[Block, int]:
        """The block a character of the source stands in, and where that block begins."""
        at = max(0, bisect.bisect_right(self._starts, offset) - 1)
        return self.blocks[at], self._starts[at]

    def around(self, start: int, end: int, width: int = CONTEXT) -> str:
        """The stretch with its surroundings, inside its block."""
        block, first = self.block_at(start)
        low, high = max(first, start - width), min(first + len(block.text), end + width)
        head, tail = "…" if low > first else "", "…" if high < first + len(block.text) else ""
        return f"{head}{self.source[low:high]}{tail}"

    @cached_property
    def is_lesson(self) -> bool:
        """A page about wrong words holds them as examples."""
        return any(block.part == "heading" and _LESSON.search(block.text) for block in self.blocks)

    @cached_property
    def hits(self) -> Mapping[str, tuple[Hit, ...]]:
        """Rule code -> hits in order; those that are exempt among them."""
        found: dict[str, list[Hit]] = {}
        even_source = even(self.source)
        for phrase, start, end in self._words.search(even_source):
            hit = self._hit(phrase, even_source, start, end)
            found.setdefault(phrase.rule, []).append(hit)
        return {rule: tuple(hits) for rule, hits in found.items()}

    def of(self, rule: str) -> tuple[Hit, ...]:
        return self.hits.get(rule, ())

    def _hit(self, phrase: Phrase, text: Even, start: int, end: int) -> Hit:
        first, last = text.origin(start), text.end(end)
        block, _ = self.block_at(first)
        quote = self.around(first, last)
        fixed = self.corrected(first, last, phrase.right[0]) if phrase.right else ""
        return Hit(
            phrase, first, last, block, quote, fixed, self.context(first, last), self._exempt(phrase, first, last)
        )

    def corrected(self, start: int, end: int, right: str) -> str:
        """The surroundings as they ought to read, to be pasted."""
        block, first = self.block_at(start)
        low, high = max(first, start - CONTEXT), min(first + len(block.text), end + CONTEXT)
        return f"{self.source[low:start]}{right}{self.source[end:high]}"

    def context(self, start: int, end: int) -> str:
        """Names a phrase in its surroundings: what a reviewer's decision is remembered by."""
        near = self.around(start, end, _HASHED).strip("…")
        plain = "".join(c for c in near if not c.isspace() and not c.isdigit())
        return blake2b(plain.encode("utf-8", "replace"), digest_size=6).hexdigest()

    def _exempt(self, phrase: Phrase, start: int, end: int) -> str:
        block, first = self.block_at(start)
        before = self.source[max(first, start - _AHEAD) : start]
        after = self.source[end : min(first + len(block.text), end + _AHEAD)]
        if self.is_lesson:
            return "本页讲的就是规范用语"
        if _BEFORE.search(before) or _AFTER.search(after):
            return "举的是不当写法的例子"
        if not phrase.quoted and self.is_quoted(start):
            return "在引文或书名号内"
        return ""

    def is_quoted(self, at: int) -> bool:
        """Whether a quotation or a title that was opened in this block is still open."""
        _, first = self.block_at(at)
        line = self.source[first:at]
        return any(line.rfind(left) > line.rfind(right) for left, right in zip(_OPEN, _CLOSE, strict=True))


@dataclass(frozen=True, slots=True)
class Leader:
    """One office as the user keeps it: who holds it, and from when to when."""

    name: str
    title: str
    since: date | None = None
    until: date | None = None
    order: int | None = None  # rank in lists of attendance, 1 first
    unit: str = ""


@dataclass(frozen=True)
class Words:
    """All lists as one automaton; `names` swallow the wrong words they hold."""

    phrases: tuple[Phrase, ...] = ()
    names: tuple[str, ...] = ()
    leaders: tuple[Leader, ...] = ()
    digest: str = field(default="", compare=False)

    @cached_property
    def _patterns(self) -> tuple[tuple[str, ...], tuple[tuple[tuple[Phrase, int], ...], ...]]:
        """Patterns, and for each the phrases it stands for with the place of the phrase in it."""
        uses: dict[str, list[tuple[Phrase, int]]] = {name: [] for name in self.names if name}
        for phrase in self.phrases:
            for frame in phrase.only or ("~",):
                pattern = frame.replace("~", phrase.wrong)
                uses.setdefault(pattern, []).append((phrase, max(0, frame.find("~"))))
            for frame in phrase.allow:
                uses.setdefault(frame.replace("~", phrase.wrong), [])
        return tuple(uses), tuple(map(tuple, uses.values()))

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(list(self._patterns[0]), matchkind=MatchKind.LeftmostLongest)

    def search(self, text: Even) -> Iterable[tuple[Phrase, int, int]]:
        """Phrases with their places in the evened text; what a longer or earlier allowed phrase holds is gone."""
        if not self.phrases:
            return
        for number, start, _ in self._automaton.find_matches_as_indexes(text.text):
            for phrase, inside in self._patterns[1][number]:
                first, last = start + inside, start + inside + len(phrase.wrong)
                if self._holds(phrase, text, first, last):
                    yield phrase, first, last

    @staticmethod
    def _holds(phrase: Phrase, text: Even, start: int, end: int) -> bool:
        if end - start < _SEVERE_GAP and phrase.level != "severe" and text.bridges(start, end):
            return False
        words = text.text
        if phrase.after and not phrase.after.match(words[end : end + _AHEAD].partition("\n")[0]):
            return False
        if phrase.unless is None:
            return True
        before = words[max(0, start - _AHEAD) : start].rpartition("\n")[2]
        after = words[end : end + _AHEAD].partition("\n")[0]
        return phrase.unless.search(f"{before}~{after}") is None

    def read(self, blocks: Sequence[Block]) -> PageWords:
        return PageWords(self, blocks)
