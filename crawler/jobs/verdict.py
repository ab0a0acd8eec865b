"""Exit codes: what a whole command came to (issue, "The three ways in")."""

from __future__ import annotations

import enum
from collections.abc import Collection

from crawler.core.model import Certainty, Severity, Verdict
from crawler.core.report import Coverage, Report


class Exit(enum.IntEnum):
    DONE = 0
    FOUND = 1  # findings at or above --fail-on
    USAGE = 2  # usage or configuration
    BROKEN = 3  # something crashed, could not run, or the run is void
    BLIND = 4  # a confirmed site whose home page or more than half of whose columns could not be judged


def exit_code(
    report: Report,
    *,
    errors: int = 0,
    fail_on: Severity | None = None,
    proposed_too: bool = False,
    only: Collection[str] | None = None,
    check_coverage: bool = True,
) -> Exit:
    """The first that applies: 3, 4, 1, 0. Roll-ups and exempt findings never count."""
    if errors or report.run.void or any(row.verdict is Verdict.CRASHED for row in report.results):
        return Exit.BROKEN
    confirmed = {site.id for site in report.sites if site.confirmed}
    chosen = confirmed if only is None else confirmed & set(only)
    if check_coverage and any(unjudged_share(row) for row in report.coverage if row.site in chosen):
        return Exit.BLIND
    counted = {Certainty.CONFIRMED, Certainty.PROPOSED} if proposed_too else {Certainty.CONFIRMED}
    if fail_on is not None and any(
        row.certainty in counted and row.severity.rank >= fail_on.rank and not row.rollup and not row.exempt
        for row in report.findings
    ):
        return Exit.FOUND
    return Exit.DONE


def unjudged_share(row: Coverage) -> bool:
    """A site whose home page or more than half of whose columns could not be judged (exit code 4)."""
    blind = sum(1 for column in row.columns if column.end in {"failed", "unread"})
    return row.home in {"blocked", "unknown"} or 2 * blind > len(row.columns) > 0
