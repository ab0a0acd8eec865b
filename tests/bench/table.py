"""The figures of one run and the targets of the foundation issue beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.bench.competitors import Score
from tests.bench.measure import Cost
from tests.bench.ours import Crawl
from tests.bench.website import Truth


@dataclass(frozen=True, slots=True)
class Target:
    what: str
    wanted: str
    measured: str
    met: bool | None  # None: could not be measured in this run


@dataclass(frozen=True, slots=True)
class Figures:
    first: Crawl
    second: Crawl
    audit: Cost
    others: dict[str, Score]
    smaller: float | None = None  # MB: the peak of the run over 5,000 pages, where this is a larger one


def bare_cpu(crawl: Crawl) -> float | None:
    """The cheaper of the two bare fetches, which is the stricter measure."""
    whole = [cost.cpu for cost in crawl.bare.values() if cost.code == 0]
    return min(whole) if whole else None


def beyond(crawl: Crawl) -> float | None:
    """Milliseconds of CPU a page that the crawl takes and the bare fetch does not."""
    bare = bare_cpu(crawl)
    pages = crawl.score.pages
    return 1000 * (crawl.score.cost.cpu - bare) / pages if bare is not None and pages else None


def targets(figures: Figures) -> list[Target]:
    first, second = figures.first, figures.second
    rows = [
        _ratio(figures, "crawlspider", "Scrapy's CrawlSpider", 6.0),
        _ratio(figures, "tuned", "the tuned Scrapy", 2.0),
        _under("CPU beyond the bare fetch, first crawl, ms/page", beyond(first), 1.2),
        _under("CPU beyond the bare fetch, second crawl, ms/page", beyond(second), 0.3),
        Target("second crawl parses no page", "0", str(second.changed), second.changed == 0),
        Target("second crawl stores no body", "0", str(second.bodies - first.bodies), second.bodies == first.bodies),
    ]
    peak = max(first.score.cost.peak, second.score.cost.peak, figures.audit.peak)
    if first.score.pages <= 5000:
        rows.append(_under("audit, s", figures.audit.wall, 10.0))
        rows.append(_under("peak memory of crawl and audit, MB", peak, 300.0))
    else:
        ratio = peak / figures.smaller if figures.smaller else None
        rows.append(_under("peak memory against 5,000 pages, times", ratio, 1.5))
    return rows


def _ratio(figures: Figures, name: str, words: str, wanted: float) -> Target:
    other = figures.others.get(name)
    ratio = figures.first.score.pages_per_second / other.pages_per_second if other and other.pages else None
    shown = "not measured" if ratio is None else f"{ratio:.1f}x"
    return Target(f"first crawl against {words}", f">= {wanted:g}x", shown, None if ratio is None else ratio >= wanted)


def _under(what: str, measured: float | None, limit: float) -> Target:
    if measured is None:
        return Target(what, f"< {limit:g}", "not measured", None)
    return Target(what, f"< {limit:g}", f"{measured:.2f}", measured < limit)


def faults(scores: Iterable[tuple[Score, Truth]], audit: Cost) -> list[str]:
    """What makes the run fail: crashes, time-outs and wrong findings, never times."""
    said = []
    for score, seen in scores:
        if score.cost.late:
            said.append(f"{score.name}: stopped by the time-out")
        elif score.cost.code:
            said.append(f"{score.name}: exit code {score.cost.code}")
        missed, invented = set(seen.broken) - score.broken, score.broken - set(seen.broken)
        if score.partial:
            missed.clear()
        if missed or invented:
            said.append(
                f"{score.name}: {len(missed)} broken links missed, {len(invented)} wrong {sorted(invented)[:3]}"
            )
        if score.pages < len(seen.pages) and not score.partial:
            said.append(f"{score.name}: {len(seen.pages) - score.pages} of {len(seen.pages)} pages not read")
    if audit.late or audit.code not in {0, 1}:  # 1: the rules found faults
        said.append(f"govcheck audit: exit code {audit.code}")
    return said


def show(figures: Figures, context: str) -> list[Target]:
    console = Console(width=132)
    ours = figures.first.score
    table = Table(title=context)
    for name in (
        "program",
        "pages",
        "URLs",
        "broken",
        "wall s",
        "pages/s",
        "CPU s",
        "CPU ms/page",
        "peak MB",
        "govcheck is",
    ):
        table.add_column(name, justify="left" if name == "program" else "right")
    for score in (ours, figures.second.score, *figures.others.values()):
        each = max(score.pages, 1)
        table.add_row(
            f"{score.name}{f' ({score.note})' if score.note else ''}",
            str(score.pages),
            str(score.urls),
            str(len(score.broken)),
            f"{score.cost.wall:.1f}",
            f"{score.pages_per_second:.0f}",
            f"{score.cost.cpu:.1f}",
            f"{1000 * score.cost.cpu / each:.2f}",
            f"{score.cost.peak:.0f}",
            f"{ours.pages_per_second / score.pages_per_second:.1f}x" if score.pages else "-",
        )
    plain = [
        (f"bare {which}, {crawl.score.name[10:]}", cost)
        for crawl in (figures.first, figures.second)
        for which, cost in crawl.bare.items()
    ]
    for name, cost in (*plain, ("govcheck audit", figures.audit)):
        pages = max(ours.pages, 1)
        speed = (f"{cost.wall:.1f}", f"{pages / cost.wall:.0f}", f"{cost.cpu:.1f}", f"{1000 * cost.cpu / pages:.2f}")
        table.add_row(name, "", "", "", *speed, f"{cost.peak:.0f}", "")
    console.print(table)
    goals = targets(figures)
    judged = Table(title="targets (the issue, “Speed”)")
    for name in ("target", "wanted", "measured", "met"):
        judged.add_column(name)
    for goal in goals:
        judged.add_row(goal.what, goal.wanted, goal.measured, {True: "yes", False: "NO", None: "-"}[goal.met])
    console.print(judged)
    return goals
