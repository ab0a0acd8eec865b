"""The self-contained page: what to do next, site by site, for a phone, a desk and paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.core.model import Certainty, Severity
from crawler.core.precision import ENOUGH
from crawler.core.report import FindingRow, Report, RuleRow, Trend
from crawler.report import words
from crawler.report.figures import (
    LOTS,
    Count,
    Lot,
    change_line,
    changes,
    count,
    examined,
    headline,
    lot,
    site_figures,
)
from crawler.report.measures import measures

LISTED_OF_ALL = (
    300  # findings of one heap and site in the page of all sites; the rest stands in its own page and the xlsx
)
LISTED_OF_ONE = 3_000
PARENTS_LISTED = 20
MOVED_LISTED = (10, 50)  # of one kind of change: at once, and on opening

# What somebody does about a heap, under its heading.
LOT_NOTES: dict[Lot, str] = {
    "national": "机器已确认。请按“怎么改”逐条整改。",
    "local": "机器已确认。州政府办公室通报中的要求，不计入国家指标，与上一组分开统计。",
    "suspected": "机器还会在另一时间再查一次，暂不必整改。",
    "proposed": "机器不能定论。请打开页面看一看，再决定是否整改。",
    "exempt": "发生在已报备的停机时段内，或在网站的白名单内，或经人工认定为误报、例外；留存记录，不计入合计。",
    "rollup": "由上面的问题累计得出，不另计数。",
}


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Findings of one rule in one heap: its words stand once."""

    code: str
    title: str
    severity: Severity
    clause: str
    fix: str
    total: int
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True)
class Heap:
    """One heap of a site; `listed` < `total` is announced (BEHAVIOURS 98)."""

    key: Lot
    title: str
    note: str
    total: int
    listed: int
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One run in the trend chart, in the units of its view box."""

    x: float
    trend: Trend
    heights: tuple[float, float, float]
    changed: bool  # judged by other rules or thresholds than the run before (BEHAVIOURS 3)


def render(report: Report, title: str, *, one_site: bool = False, first: bool = False) -> str:
    """The page of a report; narrow the report first for one site. `first`: there is no earlier run to compare with."""
    figures = site_figures(report)
    style, script = _asset("style.css"), _asset("filter.js")
    moved = sorted((f for fig in figures for f in (*fig.findings, *fig.closed)), key=_pressing)
    totals = count(f for fig in figures for f in fig.findings)
    page = _environment().get_template("report.html.jinja")
    return page.render(
        report=report,
        title=words.plain(title, 200),
        one_site=one_site,
        figures=figures,
        heaps={
            f.site.id: heaps(f.findings, report.rules, LISTED_OF_ONE if one_site else LISTED_OF_ALL) for f in figures
        },
        headline=headline(figures),
        change_line=change_line(report),
        changes=changes(report),
        moved={
            label: _moved(moved, label)
            for label in ("new", "recurred", "fixed", "new_rule", "not_rechecked", "withdrawn")
        },
        first=first,
        listed=MOVED_LISTED,
        totals=totals,
        widest=max((max(f.count.all_confirmed, f.count.suspected, f.count.proposed) for f in figures), default=0) or 1,
        trend=trend_points(_with_tonight(report, totals)),
        measured=measures(report),
        cited={f.rule for f in moved if f.state not in {"fixed", "withdrawn"}},
        enough=ENOUGH,
        style=style,
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def heaps(findings: Sequence[FindingRow], rules: Sequence[RuleRow], limit: int) -> tuple[Heap, ...]:
    """The heaps of one site in the order of LOTS, each grouped by rule, gravest first."""
    known = {r.code: r for r in rules}
    found = []
    for key, title in LOTS.items():
        rows = [f for f in findings if lot(f) == key]
        if rows:
            shown = rows[:limit]
            found.append(Heap(key, title, LOT_NOTES[key], len(rows), len(shown), tuple(_groups(shown, rows, known))))
    return tuple(found)


def _groups(shown: Iterable[FindingRow], rows: Sequence[FindingRow], rules: dict[str, RuleRow]) -> Iterable[RuleGroup]:
    for (code, severity), group in groupby(shown, key=lambda f: (f.rule, f.severity)):
        members = tuple(group)
        rule = rules.get(code)
        fixes = {f.fix for f in members}
        clauses = {f.clause for f in members}
        yield RuleGroup(
            code,
            rule.title if rule else members[0].title,
            severity,
            clauses.pop() if len(clauses) == 1 else "",
            fixes.pop() if len(fixes) == 1 else "",
            sum(1 for f in rows if f.rule == code and f.severity == severity),
            members,
        )


def _moved(findings: Iterable[FindingRow], change: str) -> list[FindingRow]:
    def came_to(finding: FindingRow) -> str:
        return "not_rechecked" if finding.state == "not_rechecked" else finding.change

    return [f for f in findings if came_to(f) == change and lot(f) not in {"rollup", "exempt"}]


def _pressing(finding: FindingRow) -> tuple[bool, int]:
    """What is certain before what a person must look at, then the gravest; else as they stood."""
    return finding.certainty is not Certainty.CONFIRMED, -finding.severity.rank


def _with_tonight(report: Report, totals: Count) -> tuple[Trend, ...]:
    """The earlier runs and this one: whether its rules differ from the last ones' is what its reader must know."""
    run, earlier = report.run, report.trend
    if not earlier or run.void or run.kind == "check" or earlier[-1].number == run.number:
        return earlier
    counted = (totals.all_confirmed, totals.suspected, totals.proposed)
    return (*earlier, Trend(run.number, run.as_of, run.edition, run.rules_digest, *counted))


def trend_points(trend: Sequence[Trend]) -> tuple[Point, ...]:
    """Newest 30 runs across 320 units; heights in 0…100 of one scale."""
    rows = trend[-30:]
    top = max((n for t in rows for n in (t.confirmed, t.suspected, t.proposed)), default=0) or 1
    step = 320 / max(len(rows) - 1, 1)
    points = []
    for n, t in enumerate(rows):
        before = rows[n - 1] if n else t
        changed = (before.rules_digest, before.edition) != (t.rules_digest, t.edition)
        heights = (100 * t.confirmed / top, 100 * t.suspected / top, 100 * t.proposed / top)
        points.append(Point(n * step, t, heights, changed))
    return tuple(points)


@cache
def _asset(name: str) -> str:
    return files("crawler.report").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        plain=words.plain,
        minute=words.minute,
        day=words.day,
        attempt=words.attempt_line,
        size=words.size,
        web=words.web_url,
    )
    environment.globals.update(
        examined=examined,
        certainties=words.CERTAINTIES,
        confirmed=Certainty.CONFIRMED,
        grades=(Severity.VETO, Severity.POINTS, Severity.HINT, Severity.LOCAL),
        severity_notes=words.SEVERITY_NOTES,
        severity_class={
            Severity.VETO: "veto",
            Severity.POINTS: "points",
            Severity.HINT: "hint",
            Severity.LOCAL: "local",
        },
        states=words.STATES,
        change_words=words.CHANGES,
        verdicts=words.VERDICTS,
        readings=words.READINGS,
        levels=words.LEVELS,
        home_states=words.HOME_STATES,
        parents_listed=PARENTS_LISTED,
    )
    return environment
