"""Checks one whole site as it is now: a crawl into a scratch database, and the rules over it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from crawler.audit.discover import discover
from crawler.config import Config
from crawler.core.model import Site
from crawler.core.report import Report
from crawler.crawl.budget import Budget
from crawler.crawl.watch import Watch
from crawler.jobs.checking import UNCONFIRMED, Checked
from crawler.jobs.crawling import Order, Outcome, crawl
from crawler.jobs.judging import audited, decider, judge_snapshot, snapshot, void_report
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadTarget, Unopened
from crawler.store.findings import Findings


def check_site(config: Config, places: Places, site: Site, pages: int | None, watch: Watch) -> Checked:
    """A live crawl into a scratch database, under the limits of the machine."""
    if not site.confirmed:
        raise BadTarget(f"网站 {site.id}（{site.name}）{UNCONFIRMED}")
    with tempfile.TemporaryDirectory(prefix="govcheck-") as folder:
        scratch = Places(Path(folder))
        outcome = crawl(config, scratch.crawl_db, places.limits, Order((site,), "check", Budget(pages=pages)), watch)
        only = (site.id,)
        if outcome.void:
            report = void_report(config, outcome.run, outcome.void, scratch.crawl_db)
            return Checked(_only(report, only), outcome.crawled.errors, whole_site=True, only=only)
        if outcome.stopped:
            raise Unopened("检查被中断，没有结果")
        watch.phase("正在按规则判断")
        return Checked(
            _scratch_report(config, scratch, outcome, only), outcome.crawled.errors, whole_site=True, only=only
        )


def _scratch_report(config: Config, scratch: Places, outcome: Outcome, only: tuple[str, ...]) -> Report:
    found = discover(config.rules.packages)
    with (
        Findings.open(scratch.findings_db) as findings,
        snapshot(config, scratch.crawl_db, outcome.run) as taken,
    ):
        judged = judge_snapshot(config, taken, rules=found, only_sites=only)
        report = findings.record(audited(config, judged, found.rules, only_sites=only), decider(config, taken))
    return _only(report, only)


def _only(report: Report, only: tuple[str, ...]) -> Report:
    return replace(
        report,
        sites=tuple(row for row in report.sites if row.id in only),
        coverage=tuple(row for row in report.coverage if row.site in only),
    )
