"""Calendars, mirrors and session loops: endless pages of one pattern are cut by a cap, with a note (BEHAVIOURS 10)."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.core.urls import trap_pattern

PATTERNS_CAP = 20_000  # patterns remembered per site
TEXTS_CAP = 1_000  # distinct texts remembered per pattern
SUSPICIOUS = ("big5:", "calendar:", "deep:")  # what `trap_pattern` recognises by its shape alone (FIELD 1.7)


@dataclass(slots=True)
class _Pattern:
    pages: int = 0
    useful: int = 0
    cut: bool = False
    texts: set[int] = field(default_factory=set)


class Traps:
    """Counts pages per URL pattern: over the cap, one of which most pages bring nothing is a trap.

    A page is of use when it is an article, leads outside its pattern, or says what no other page of the pattern
    says (digits aside: the months of a calendar differ in nothing else). What is a trap by its very shape, such as a
    mirror that nests into itself, is cut whatever it says.
    """

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._patterns: dict[str, _Pattern] = {}
        self.cut: dict[str, int] = {}  # pattern -> URLs left out

    def refuses(self, url: str) -> bool:
        pattern = self._patterns.get(trap_pattern(url))
        return pattern is not None and pattern.cut

    def shut(self, url: str) -> bool:
        """Whether a URL that waits already is left: only where the shape alone tells, for pages can be alike."""
        return trap_pattern(url).startswith(SUSPICIOUS) and self.refuses(url)

    def leave_out(self, url: str) -> None:
        """Count a URL that is not asked because its pattern is cut."""
        name = trap_pattern(url)
        self.cut[name] = self.cut.get(name, 0) + 1

    def recall(self, url: str) -> bool:
        """Count a URL that was asked before, on any night, where its very shape is a trap; whether it is.

        Else a mirror would grow by one cap a night for ever.
        """
        name = trap_pattern(url)
        if not name.startswith(SUSPICIOUS) or len(self._patterns) >= PATTERNS_CAP:
            return False
        pattern = self._patterns.setdefault(name, _Pattern())
        pattern.pages += 1
        pattern.cut = pattern.pages >= self._cap
        return True

    def count(self, url: str, *, article: bool, leads_outside: bool, text_key: int) -> None:
        name = trap_pattern(url)
        pattern = self._patterns.get(name)
        if pattern is None:
            if len(self._patterns) >= PATTERNS_CAP:
                return
            pattern = self._patterns[name] = _Pattern()
        pattern.pages += 1
        pattern.useful += article or leads_outside or text_key not in pattern.texts
        if len(pattern.texts) < TEXTS_CAP:
            pattern.texts.add(text_key)
        if pattern.pages >= self._cap and (name.startswith(SUSPICIOUS) or 2 * pattern.useful < pattern.pages):
            pattern.cut = True
            self.cut.setdefault(name, 0)
