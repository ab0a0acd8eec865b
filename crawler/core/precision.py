"""How often people agreed with a rule: what they confirmed against what they dismissed; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from crawler.core.desk import Action, Decision
from crawler.core.report import Precision

ENOUGH: Final = 10  # judged issues below which a share says nothing: 9 of 9 may still be 70 % (Wilson, 95 %)

# Who notifies a unit, or takes its answer, holds the issue for true; an exception or a note says neither.
_TRUE: Final = frozenset[Action]({"confirm", "notify", "work", "answer"})


def agreed(decisions: Iterable[Decision]) -> bool | None:
    """Whether people hold an issue for true, by the last that judged it; None where nobody did."""
    judged: bool | None = None
    for decision in sorted(decisions, key=lambda one: one.at):
        if decision.action in _TRUE:
            judged = True
        elif decision.action == "dismiss":
            judged = False
        elif decision.action == "reopen":
            judged = None
    return judged


def measured(issues: Iterable[tuple[str, Iterable[Decision]]]) -> tuple[Precision, ...]:
    """Of (rule, decisions) of every issue; rules nobody judged are absent."""
    tally: Counter[tuple[str, bool]] = Counter()
    for rule, decisions in issues:
        judged = agreed(decisions)
        if judged is not None:
            tally[rule, judged] += 1
    return tuple(Precision(rule, tally[rule, True], tally[rule, False]) for rule in sorted({rule for rule, _ in tally}))
