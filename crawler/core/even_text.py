"""Text as the wording rules match it: one form for each character, no blanks inside Chinese, and the way back."""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef"

_FOLD = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
# Radicals and compatibility ideographs that PDF and Word paste leave behind look like the usual characters.
for _code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
    _plain = unicodedata.normalize("NFKC", chr(_code))
    if len(_plain) == 1 and _plain != chr(_code):
        _FOLD[_code] = _plain
_FOLDED = re.compile("[" + re.escape("".join(map(chr, _FOLD))) + "]")
# Zero-width characters anywhere, blanks only between Chinese ones; a line break is a border and stays.
_DROP = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
    rf"|(?<=[{HAN}])[ \t\r\f\v\u00a0\u2002-\u200a\u202f\u3000]+(?=[{HAN}])"
)


@dataclass(frozen=True, slots=True)
class Even:
    """`text` with the places where something was dropped: (offset in `text`, characters dropped up to there)."""

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def origin(self, offset: int) -> int:
        """Where the character at `offset` stands in the source."""
        at = bisect.bisect_right(self.cuts, (offset, 1 << 60)) - 1
        return offset + (self.cuts[at][1] if at >= 0 else 0)

    def end(self, offset: int) -> int:
        """Where a stretch that ends before `offset` ends in the source: what was dropped behind it is not its own."""
        return self.origin(offset - 1) + 1 if offset else 0

    def bridges(self, start: int, end: int) -> bool:
        """Whether something was dropped inside the stretch."""
        at = bisect.bisect_right(self.cuts, (start, 1 << 60))
        return at < len(self.cuts) and self.cuts[at][0] < end


def even(source: str) -> Even:
    text = source.translate(_FOLD) if not source.isascii() and _FOLDED.search(source) else source
    if not _DROP.search(text):
        return Even(text)
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    last = dropped = 0
    for gap in _DROP.finditer(text):
        pieces.append(text[last : gap.start()])
        dropped += gap.end() - gap.start()
        cuts.append((gap.end() - dropped, dropped))
        last = gap.end()
    pieces.append(text[last:])
    return Even("".join(pieces), tuple(cuts))
