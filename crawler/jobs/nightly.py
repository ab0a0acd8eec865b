"""The nightly job: lock, resume, crawl, audit, reports, and what changed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import FrameType

from crawler import report as reports
from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.model import Platform, Site
from crawler.core.report import Report
from crawler.crawl.budget import UNLIMITED, Budget
from crawler.crawl.watch import Watch
from crawler.jobs.crawling import Order, Outcome, crawl
from crawler.jobs.evidence import noted
from crawler.jobs.judging import audit, void_report
from crawler.jobs.places import Places
from crawler.jobs.refusals import Stopped
from crawler.store import runs
from crawler.store.crawl_db import open_crawl
from crawler.store.datafile import explained_sql
from crawler.store.findings import Findings
from crawler.store.prune import cited, prune
from crawler.store.readme import DATA_README


@dataclass(frozen=True, slots=True)
class Night:
    """What a nightly run came to; `report` is None where it was stopped and waits to be continued."""

    outcome: Outcome
    report: Report | None
    written: tuple[Path, ...] = ()
    closed: tuple[str, ...] = ()  # sites left out because their platform's window is shut
    pruned: str = ""  # what was forgotten after the reports were written


def nightly(
    config: Config,
    places: Places,
    watch: Watch,
    *,
    only: Collection[str] | None = None,
    budget: Budget = UNLIMITED,
    kind: str = "nightly",
    formats: Collection[str] = ("xlsx", "html", "json"),
) -> Night:
    """One night, whole. Raises Locked when another one is running."""
    with places.lock():
        chosen = [site for site in config.sites if only is None or site.id in only]
        end = datetime.fromtimestamp(budget.until, SHANGHAI) if budget.until is not None else None
        sites, closed, end = within_windows(chosen, config, end, datetime.now(SHANGHAI))
        (places.root / "README.md").write_text(DATA_README, encoding="utf-8")
        try:
            with stoppable():
                judge_what_was_left(config, places, watch)
        except Stopped:
            return Night(Outcome(0, stopped=True), None, (), closed)
        with Findings.open(places.findings_db) as findings:
            findings.backup(places.backup)
            issues = tuple(findings.issue_cites_due())
        order = Order(
            tuple(sites),
            kind,
            replace(budget, until=end.timestamp() if end else None),
            issues=issues,
        )
        outcome = crawl(config, places.crawl_db, places.limits, order, watch)
        if outcome.void:
            return Night(outcome, void_report(config, outcome.run, outcome.void, places.crawl_db), (), closed)
        if outcome.stopped:
            return Night(outcome, None, (), closed)
        try:
            with stoppable():
                watch.phase("正在按规则判断")
                found = audit(config, places.crawl_db, places.findings_db, number=outcome.run, only_sites=only)
                watch.phase("正在写报告")
                written = reports.write(noted(places, found), places.reports / "latest", formats, only)
        except Stopped:
            return Night(outcome, None, (), closed)
        return Night(outcome, found, tuple(written), closed, _forget(config, places, watch))


def _forget(config: Config, places: Places, watch: Watch) -> str:
    """What nobody needs goes once the reports are written; a stop leaves it to the next night."""
    try:
        with stoppable():
            forgotten = prune(places.crawl_db, config.platforms, cited(places.findings_db))
    except Stopped:
        return ""
    if not forgotten:
        return ""
    watch.phase(forgotten.says())
    return forgotten.says()


@contextmanager
def stoppable() -> Iterator[None]:
    """Lets SIGTERM end the thinking half of a night at once: nothing half-judged is kept (BEHAVIOURS 89)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def judge_what_was_left(config: Config, places: Places, watch: Watch) -> None:
    """A night whose crawl was sealed but whose audit was stopped or killed is judged before the next one begins."""
    if not places.crawl_db.exists():
        return
    engine = open_crawl(places.crawl_db)
    try:
        with explained_sql(places.crawl_db), engine.connect() as connection:
            newest = runs.find(connection)
    finally:
        engine.dispose()
    if newest is None or newest.kind not in {"nightly", "demo"}:
        return
    with Findings.open(places.findings_db) as findings:
        judged = findings.was_audited(newest.number)
    if not judged:
        watch.phase(f"正在判断第 {newest.number} 次检查（上次没有判断完）")
        audit(config, places.crawl_db, places.findings_db, number=newest.number)


def within_windows(
    sites: Collection[Site], config: Config, until: datetime | None, now: datetime
) -> tuple[list[Site], tuple[str, ...], datetime | None]:
    """Sites whose platform may be asked now, those left out, and when the first window shuts."""
    allowed, closed = [], []
    for site in sites:
        end = window_end(config.platforms[site.platform], now)
        if end is None:
            closed.append(site.id)
            continue
        allowed.append(site)
        if end != datetime.max.replace(tzinfo=SHANGHAI):
            until = min(until, end) if until else end
    return allowed, tuple(closed), until


def window_end(platform: Platform, now: datetime) -> datetime | None:
    """When the platform's window shuts; None while it is shut, the end of time where it has none."""
    if platform.window is None:
        return datetime.max.replace(tzinfo=SHANGHAI)
    start, end = platform.window
    moment = now.astimezone(SHANGHAI).time()
    inside = start <= moment < end if start < end else moment >= start or moment < end
    return next_time(end, now) if inside else None


def next_time(clock: time, now: datetime) -> datetime:
    """The next moment the clock in Beijing shows this."""
    today = now.astimezone(SHANGHAI)
    moment = today.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return moment if moment > today else moment + timedelta(days=1)
