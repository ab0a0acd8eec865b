"""Re-runs the rules over a stored crawl, without one request, and keeps what they say."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from crawler.api import Rule
from crawler.audit.discover import Discovered, discover
from crawler.audit.run import Judgement, Unjudged, judge
from crawler.audit.words import row as rule_row
from crawler.config import Config
from crawler.core.clock import beijing
from crawler.core.issues import Decide, Decision
from crawler.core.model import State, Verdict
from crawler.core.report import Coverage, Report, RunInfo
from crawler.jobs.described import kin, run_info, site_rows
from crawler.jobs.refusals import BadOption, NoRun
from crawler.jobs.scoring import scored
from crawler.parse import Html, locate_all
from crawler.store import crawl_db as db
from crawler.store import runs
from crawler.store.coverage import coverage
from crawler.store.datafile import explained_sql
from crawler.store.findings import Audited, Findings, FirstSeen
from crawler.store.snapshot import Snapshot

log = logging.getLogger(__name__)
INPUT = "input:"  # what a finding cites that rests on a file of config/inputs/


@dataclass(frozen=True, slots=True)
class Judged:
    """One audit before it is kept."""

    run: runs.Run
    judgement: Judgement
    coverage: tuple[Coverage, ...]
    info: RunInfo


@contextmanager
def snapshot(config: Config, database: Path, number: int | None = None) -> Iterator[Snapshot]:
    """Snapshot of a sealed run, by its short number, or of the newest one."""
    engine = db.open_crawl(database, read_only=True)
    try:
        with explained_sql(database), engine.connect() as connection:
            run = runs.find(connection, number)
            if run is None:
                raise NoRun(
                    "还没有封存的检查，请先运行 govcheck crawl 或 govcheck nightly"
                    if number is None
                    else f"没有第 {number} 次检查，或它还没有封存；不写 --run 就是最近一次"
                )
            if run.void:
                raise NoRun(f"第 {run.number} 次检查已作废：{run.void_reason}")
            yield snapshot_of(config, connection, run)
    finally:
        engine.dispose()


def snapshot_of(config: Config, connection: Connection, run: runs.Run) -> Snapshot:
    return Snapshot(
        connection,
        run,
        sites=config.sites,
        platforms=config.platforms,
        sources=config.sources,
        open_html=lambda body, _url: Html(body),
        locate=locate_all,
        workdays=config.workdays,
        inputs=config.inputs.tables,
        words=config.words,
    )


def decider(config: Config, taken: Snapshot) -> Decide:
    """What decides a URL as of a run; a finding that cites `input:NAME` rests on the file as it was read just now."""

    def decide(url: str) -> Decision | None:
        if not url.startswith(INPUT):
            return taken.log.decide(url)
        digest = config.inputs.digest(url.removeprefix(INPUT))
        run = taken.run
        return Decision(0, beijing(run.as_of), run.number, State.ALIVE, digest, "fresh") if digest else None

    return decide


def judge_snapshot(
    config: Config,
    taken: Snapshot,
    *,
    rules: Discovered | None = None,
    only_rules: Collection[str] | None = None,
    only_sites: Collection[str] | None = None,
) -> Judged:
    config = config.at(taken.as_of.date())
    found = rules or discover(config.rules.packages)
    fleet = taken.fleet(only_sites)
    unjudged = {
        site: Unjudged(Verdict.NOT_CONFIGURED if reason == "待确认" else Verdict.UNVERIFIED, reason)
        for site, reason in taken.unjudged.items()
        if only_sites is None or site in only_sites
    }
    judgement = judge(fleet, unjudged, found.rules, found.broken, config, only=only_rules)
    for crash in judgement.crashes:
        log.error("rule %s crashed on %s", crash.rule, crash.site, exc_info=crash.error)
    return Judged(taken.run, judgement, coverage(taken, fleet), run_info(config, taken.run, found.rules))


def audit(
    config: Config,
    crawl_db: Path,
    findings_db: Path,
    *,
    number: int | None = None,
    only_rules: Collection[str] | None = None,
    only_sites: Collection[str] | None = None,
) -> Report:
    """Judge a stored run and keep the results; only an audit of the newest sealed run moves issues."""
    found = discover(config.rules.packages)
    if only_rules is not None:
        _known_rules(found, only_rules)
    # The crawl first: before any run there is nothing to make a findings.db for.
    with snapshot(config, crawl_db, number) as taken, Findings.open(findings_db) as findings:
        if only_rules is None and only_sites is None:
            _follow_our_own_change(config, findings, taken, found)
        judged = judge_snapshot(config, taken, rules=found, only_rules=only_rules, only_sites=only_sites)
        report = findings.record(
            audited(config, judged, found.rules, only_rules=only_rules, only_sites=only_sites), decider(config, taken)
        )
        _remember_first_seen(findings, taken)
        return report if only_rules else scored(config, report)  # of some rules alone nothing adds up


def _known_rules(found: Discovered, codes: Collection[str]) -> None:
    known = sorted({rule.code for rule in found.rules} | {broken.code for broken in found.broken})
    if unknown := sorted(set(codes) - set(known)):
        near = [code for code in known if any(code[:2] == name[:2].upper() for name in unknown)]
        hint = f"相近的有 {'、'.join(near)}" if near else "用 govcheck rules 查看全部规则"
        raise BadOption(f"没有规则 {'、'.join(unknown)}；{hint}")


def _follow_our_own_change(config: Config, findings: Findings, taken: Snapshot, found: Discovered) -> None:
    """After a change of rules, facts or configuration the run audited last is audited again under the new version.

    What vanishes there vanished because of us, and what appears there was there before (DESIGN "Fixed means …").
    """
    last = findings.last_audit()
    if last is None or last.run >= taken.run.number:
        return
    now = run_info(config, taken.run, found.rules)
    if (last.facts_version, last.rules_digest, last.config_digest) == (
        now.facts_version,
        now.rules_digest,
        now.config_digest,
    ):
        return
    before = runs.find(taken.connection, last.run)
    if before is None or before.void:
        return
    elder = snapshot_of(config, taken.connection, before)
    judged = judge_snapshot(config, elder, rules=found)
    findings.record(audited(config, judged, found.rules, cause="rules"), decider(config, elder))


def audited(
    config: Config,
    judged: Judged,
    rules: Iterable[Rule],
    *,
    cause: str = "site",
    only_rules: Collection[str] | None = None,
    only_sites: Collection[str] | None = None,
    only_issues: Collection[str] | None = None,
) -> Audited:
    raised = [(raised.row, raised.cited) for raised in judged.judgement.findings]
    return Audited(
        run=judged.info,
        sites=site_rows(config.sites),
        results=judged.judgement.results,
        raised=[one for one in raised if only_issues is None or one[0].fingerprint in only_issues],
        coverage=judged.coverage,
        rules=[rule_row(rule, config.clauses) for rule in rules],
        cause="rules" if cause == "rules" else "site",
        only_rules=only_rules,
        only_sites=only_sites,
        only_issues=only_issues,
        crashed=[(crash.rule, crash.site) for crash in judged.judgement.crashes],
        unjudged=[row.site for row in judged.coverage if not row.judged],
        kin=kin(rules),
    )


def void_report(config: Config, number: int, reason: str, crawl_db: Path) -> Report:
    """What is said of a void run: that nothing was judged."""
    engine = db.open_crawl(crawl_db, read_only=True)
    try:
        with engine.connect() as connection:
            run = runs.find(connection, number)
    finally:
        engine.dispose()
    if run is None:
        raise NoRun(f"没有第 {number} 次检查")
    info = run_info(config.at(beijing(run.as_of).date()), run, discover(config.rules.packages).rules)
    rows = tuple(Coverage(site.id, judged=False, reason=reason) for site in config.sites)
    return Report(info, site_rows(config.sites), (), (), rows, notes=(reason,))


def _remember_first_seen(findings: Findings, taken: Snapshot) -> None:
    """What this run met for the first time: nothing else can ever rebuild it."""
    urls, entries = db.urls, db.entries
    since = taken.run.started
    pages = taken.connection.execute(
        select(urls.c.site, urls.c.url, urls.c.first_seen).where(
            urls.c.first_seen >= since, urls.c.kind == "page", urls.c.site != ""
        )
    )
    findings.note_first_seen("page", (FirstSeen(r.site, r.url, "", beijing(r.first_seen)) for r in pages))
    rows = taken.connection.execute(
        select(entries.c.site, entries.c.url, entries.c.title, entries.c.first_seen).where(
            entries.c.first_run == taken.run.number
        )
    )
    findings.note_first_seen("entry", (FirstSeen(r.site, r.url, r.title, beijing(r.first_seen)) for r in rows))
