"""One honest verdict per rule and site, for formats that know a test only as passed, failed or skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.core.model import Certainty, Verdict
from crawler.core.report import FindingRow, Report, ResultRow, RuleRow, SiteRow
from crawler.report.figures import SiteFigures, site_figures
from crawler.report.words import VERDICTS, plain


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule came to on one site, and the open findings that stand against it."""

    site: SiteRow
    rule: str
    verdict: Verdict
    why: str  # in Chinese; "" for a pass or a fault
    result: ResultRow | None  # None: this audit has no row for the pair
    faults: tuple[FindingRow, ...]  # confirmed, neither excused nor a roll-up
    doubts: tuple[FindingRow, ...]  # suspected or proposed


def judged(report: Report) -> list[Judged]:
    """By site, then by rule. What has no result was not judged, and is said to be so (BEHAVIOURS 1, 2)."""
    rows: list[Judged] = []
    words = {rule.code: rule for rule in report.rules}
    for figures in site_figures(report):
        results = {row.rule: row for row in figures.results}
        against: dict[str, list[FindingRow]] = defaultdict(list)
        for finding in figures.findings:
            against[finding.rule].append(finding)
        codes = sorted(_asked(report, figures, words) | results.keys() | against.keys())
        rows += [_judged(figures, c, results.get(c), against[c], rollup=rollup_of(c, against)) for c in codes]
    return rows


def rollup_of(code: str, against: Mapping[str, list[FindingRow]]) -> bool:
    return bool(against[code]) and all(finding.rollup for finding in against[code])


def _asked(report: Report, figures: SiteFigures, words: Mapping[str, RuleRow]) -> set[str]:
    """Every rule there is, for a registered site; a draft without a site is asked only what it was asked."""
    return set(words) if any(site.id == figures.site.id for site in report.sites) else set()


def _judged(
    figures: SiteFigures, code: str, result: ResultRow | None, against: list[FindingRow], rollup: bool
) -> Judged:
    counted = [f for f in against if not f.exempt and f.state != "exempt" and (rollup or not f.rollup)]
    faults = tuple(f for f in counted if f.certainty is Certainty.CONFIRMED)
    doubts = tuple(f for f in counted if f.certainty is not Certainty.CONFIRMED)
    verdict, why = _said(figures, result, faults, doubts)
    return Judged(figures.site, code, verdict, why, result, faults, doubts)


def _said(
    figures: SiteFigures, result: ResultRow | None, faults: tuple[FindingRow, ...], doubts: tuple[FindingRow, ...]
) -> tuple[Verdict, str]:
    if figures.standing in {"待确认", "作废"} or result is None:
        why = figures.reason if figures.standing in {"待确认", "作废", "未检查"} else "本次没有判断这条规则"
        verdict = Verdict.NOT_CONFIGURED if figures.standing == "待确认" else Verdict.UNVERIFIED
        return verdict, plain(why, 500)
    why = plain(result.reason, 500)
    if result.verdict is Verdict.PASSED and (faults or doubts):
        # An issue of an earlier night whose pages nobody read again: the rule yielded nothing, and yet it is open.
        return Verdict.UNVERIFIED, f"有 {len(faults) + len(doubts)} 个以前发现的问题还没有复查"
    if result.verdict is Verdict.FAILED and not faults:
        return Verdict.UNVERIFIED, why or "没有列出确认的问题"
    if result.verdict is Verdict.UNVERIFIED and not why and doubts:
        return Verdict.UNVERIFIED, f"有 {len(doubts)} 个疑似或待人工确认的问题"
    if result.verdict in {Verdict.PASSED, Verdict.FAILED}:
        return result.verdict, ""
    return result.verdict, why or VERDICTS[result.verdict]
