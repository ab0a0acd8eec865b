"""Per rule: on how much it rests, and how often people agreed with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crawler.core.model import Verdict
from crawler.core.precision import ENOUGH
from crawler.core.report import Precision, Report, ResultRow

_DECIDED = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.EXEMPT})


@dataclass(frozen=True, slots=True)
class Measure:
    """One rule over the sites of a report."""

    code: str
    title: str
    judged: int  # sites
    unjudged: int
    examined: int  # subjects
    unknown: int
    precision: str


def measures(report: Report) -> tuple[Measure, ...]:
    """By code; of rules that have results. Where a rule does not apply it is neither judged nor unjudged."""
    results: dict[str, list[ResultRow]] = defaultdict(list)
    for row in report.results:
        if row.verdict is not Verdict.NOT_APPLICABLE:
            results[row.rule].append(row)
    titles = {rule.code: rule.title for rule in report.rules}
    told = {row.rule: row for row in report.precision}
    return tuple(
        Measure(
            code,
            titles.get(code, ""),
            sum(row.verdict in _DECIDED for row in rows),
            sum(row.verdict not in _DECIDED for row in rows),
            sum(row.examined for row in rows),
            sum(row.unknown for row in rows),
            share(told.get(code)),
        )
        for code, rows in sorted(results.items())
    )


def share(row: Precision | None) -> str:
    """How often people agreed, with the number it rests on."""
    if row is None:
        return "没有人工判断"
    if row.judged < ENOUGH:
        return f"样本不足（n={row.judged}）"
    return f"{100 * row.confirmed / row.judged:.0f}%（{row.confirmed}/{row.judged}）"
