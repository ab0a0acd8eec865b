"""What the summaries count: one total per certainty, never added together, and always beside what was examined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.core.model import Certainty, Severity, Verdict
from crawler.core.report import Coverage, FindingRow, Report, ResultRow, SiteRow
from crawler.report.words import CHANGES, day

Lot = Literal["national", "local", "suspected", "proposed", "exempt", "rollup"]
LOTS: Mapping[Lot, str] = {
    "national": "确认的问题：国家指标与提示",
    "local": "确认的问题：州要求",
    "suspected": "疑似问题",
    "proposed": "待人工确认",
    "exempt": "豁免",
    "rollup": "累计指标",
}
Standing = Literal["已检查", "未完全判定", "未检查", "待确认", "作废"]


def lot(finding: FindingRow) -> Lot:
    """The one heap a finding lies on: nothing is counted twice, and roll-ups and exempt ones in no total (10.9 (7))."""
    if finding.rollup:
        return "rollup"
    if finding.exempt or finding.state == "exempt":
        return "exempt"
    if finding.certainty is Certainty.SUSPECTED:
        return "suspected"
    if finding.certainty is Certainty.PROPOSED:
        return "proposed"
    return "local" if finding.severity is Severity.LOCAL else "national"


@dataclass(frozen=True, slots=True)
class Count:
    """Findings by heap; confirmed ones by severity."""

    confirmed: Mapping[Severity, int] = field(default_factory=dict)
    suspected: int = 0
    proposed: int = 0
    exempt: int = 0
    rollup: int = 0

    @property
    def all_confirmed(self) -> int:
        return sum(self.confirmed.values())

    def of(self, severity: Severity) -> int:
        return self.confirmed.get(severity, 0)


def count(findings: Iterable[FindingRow]) -> Count:
    lots: Counter[Lot] = Counter()
    confirmed: Counter[Severity] = Counter()
    for finding in findings:
        where = lot(finding)
        lots[where] += 1
        if where in {"national", "local"}:
            confirmed[finding.severity] += 1
    return Count(dict(confirmed), lots["suspected"], lots["proposed"], lots["exempt"], lots["rollup"])


@dataclass(frozen=True, slots=True)
class Undecided:
    """Rules of one site that came to nothing for the same reason."""

    site: str
    verdict: Verdict
    reason: str
    rules: tuple[str, ...]
    examined: int
    unknown: int


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """One site in a summary."""

    site: SiteRow
    coverage: Coverage
    standing: Standing
    reason: str
    count: Count
    findings: tuple[FindingRow, ...]
    results: tuple[ResultRow, ...]
    closed: tuple[FindingRow, ...]
    undecided: tuple[Undecided, ...]

    @property
    def read(self) -> int:
        """Pages whose content stands behind the figures."""
        return self.coverage.pages_fresh + self.coverage.pages_carried

    @property
    def passed(self) -> int:
        return sum(1 for r in self.results if r.verdict is Verdict.PASSED)

    @property
    def counted(self) -> bool:
        """Whether its figures say anything: an unchecked site shows a dash, never a nought (BEHAVIOURS 2)."""
        return self.standing in {"已检查", "未完全判定"} or bool(self.findings)


def undecided(results: Iterable[ResultRow]) -> tuple[Undecided, ...]:
    """What could not be judged, like reasons together: an unconfirmed site is one line, not one per rule."""
    alike: dict[tuple[str, Verdict, str], list[ResultRow]] = {}
    for row in results:
        if row.verdict in {Verdict.CRASHED, Verdict.NOT_CONFIGURED, Verdict.UNVERIFIED}:
            alike.setdefault((row.site, row.verdict, row.reason), []).append(row)
    return tuple(
        Undecided(
            site,
            verdict,
            reason or "未说明原因",
            tuple(sorted({r.rule for r in rows})),
            max(r.examined for r in rows),
            max(r.unknown for r in rows),
        )
        for (site, verdict, reason), rows in alike.items()
    )


def _standing(
    report: Report, site: SiteRow, coverage: Coverage | None, results: Iterable[ResultRow]
) -> tuple[Standing, str]:
    if not site.confirmed:
        return "待确认", "域名尚未确认，没有发出任何请求"
    if report.run.void:
        return "作废", report.run.void_reason or "本次检查作废"
    if coverage is None or not coverage.judged:
        return "未检查", (coverage.reason if coverage else "") or "本次没有检查到该网站"
    open_questions = [
        r
        for r in results
        if r.verdict is Verdict.CRASHED or (r.verdict is Verdict.UNVERIFIED and not (r.suspected or r.proposed))
    ]
    if open_questions:
        codes = "、".join(sorted({r.rule for r in open_questions}))
        return "未完全判定", coverage.reason or f"{codes} 未能判定"
    return "已检查", coverage.reason


def site_rows(report: Report) -> tuple[SiteRow, ...]:
    """The registered sites and, behind them, any that only findings or results name (a draft without a site)."""
    known = {s.id for s in report.sites}
    named = dict.fromkeys(row.site for rows in (report.results, report.findings, report.closed) for row in rows)
    strays = tuple(
        SiteRow(i, i or "未指定网站", None, "", "", confirmed=True) for i in sorted(i for i in named if i not in known)
    )
    return report.sites + strays


def site_figures(report: Report) -> tuple[SiteFigures, ...]:
    coverage = {c.site: c for c in report.coverage}
    results: dict[str, list[ResultRow]] = {}
    for result in report.results:
        results.setdefault(result.site, []).append(result)
    opened: dict[str, list[FindingRow]] = {}
    closed: dict[str, list[FindingRow]] = {}
    for heap, rows in ((opened, report.findings), (closed, report.closed)):
        for row in rows:
            heap.setdefault(row.site, []).append(row)
    figures = []
    for site in site_rows(report):
        mine = tuple(results.get(site.id, ()))
        seen = coverage.get(site.id)
        standing, reason = _standing(report, site, seen, mine)
        figures.append(
            SiteFigures(
                site,
                seen or Coverage(site.id, judged=False),
                standing,
                reason,
                count(opened.get(site.id, ())),
                tuple(sorted(opened.get(site.id, ()), key=order)),
                mine,
                tuple(sorted(closed.get(site.id, ()), key=order)),
                undecided(mine),
            )
        )
    return tuple(figures)


def order(finding: FindingRow) -> tuple[int, str, str, str]:
    """Gravest first, then by rule, then by place; the same on every machine."""
    return -finding.severity.rank, finding.rule, finding.place.url, finding.fingerprint


def headline(figures: Iterable[SiteFigures]) -> str:
    sites = [f for f in figures if f.site.home or f.site.id]
    done = sum(1 for f in sites if f.standing in {"已检查", "未完全判定"})
    return f"已检查 {done} / {len(sites)} 个网站"


def examined(fig: SiteFigures) -> str:
    """What a figure rests on, as a sentence; stands beside every "0" (BEHAVIOURS 1, 2, 5)."""
    c = fig.coverage
    if fig.standing in {"待确认", "作废", "未检查"}:
        return f"没有检查：{fig.reason}"
    known = f"已知 {c.pages_known} 页中" if c.pages_known else ""
    parts = [f"{known}本次新读 {c.pages_fresh} 页、沿用以前 {c.pages_carried} 页，未知 {c.pages_unknown} 页"]
    if c.pages_expired:
        parts.append(f"过期 {c.pages_expired} 页")
    if c.targets_known or c.targets_decided:
        parts.append(f"链接目标已判定 {c.targets_decided} 个、未知 {c.targets_unknown} 个")
    if c.oldest:
        parts.append(f"最旧的内容读于 {day(c.oldest)}")
    return "；".join(parts)


def came_to(finding: FindingRow) -> str:
    """The change a finding is counted under: what nobody read again is that, whatever its last step was."""
    return "not_rechecked" if finding.state == "not_rechecked" else finding.change


def tally(report: Report) -> dict[str, int]:
    """Change -> number, in the order of CHANGES; roll-ups and exempt ones left out."""
    counted = Counter(came_to(f) for f in (*report.findings, *report.closed) if lot(f) not in {"rollup", "exempt"})
    return {key: counted[key] for key in CHANGES}


def changes(report: Report) -> dict[str, int]:
    """Chinese label -> number, without 仍存在."""
    return {CHANGES[key]: n for key, n in tally(report).items() if key != "known"}


def is_compared(report: Report) -> bool:
    """Whether 新增 and 已整改 mean anything: not in a void run, nor in a check without a crawl before it."""
    return bool(report.compared) if report.run.kind == "check" else not report.run.void


def change_line(report: Report) -> str:
    """A check moves no issue: it says what publishing would."""
    if not is_compared(report):
        return ""
    if report.run.kind == "check":
        old = tally(report)
        return f"与{report.compared}相比：新增 {old['new']} · 已消除 {old['fixed']} · 原有 {old['known']}"
    moved = changes(report)
    always = ("新增", "已整改", "未复查", "撤回")
    return " · ".join(f"{label} {n}" for label, n in moved.items() if n or label in always)


def oldest(figures: Iterable[SiteFigures]) -> datetime | None:
    return min((f.coverage.oldest for f in figures if f.coverage.oldest), default=None)


def narrowed(report: Report, site: str) -> Report:
    """The same report of one site alone; a rule's precision is of all sites."""
    issues = {f.issue for f in (*report.findings, *report.closed) if f.site == site}
    return Report(
        report.run,
        tuple(s for s in site_rows(report) if s.id == site),
        tuple(r for r in report.results if r.site == site),
        tuple(f for f in report.findings if f.site == site),
        tuple(c for c in report.coverage if c.site == site),
        report.rules,
        tuple(f for f in report.closed if f.site == site),
        (),  # the trend is of all sites
        report.notes,
        tuple(one for one in report.scores if one.site == site),
        tuple(one for one in report.desk if one.issue in issues),
        report.precision,
        report.compared,
    )
