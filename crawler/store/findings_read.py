"""Reads one stored audit back as a `Report`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, select

from crawler.core.clock import SHANGHAI
from crawler.core.report import ColumnCoverage, Coverage, FindingRow, IssueState, Report, ResultRow, Trend
from crawler.store import desk
from crawler.store import findings_rows as rows
from crawler.store.findings_schema import (
    audits,
    coverage,
    coverage_columns,
    findings,
    issue_cites,
    issue_events,
    issues,
    results,
    rules,
    runs,
    sites,
)


def newest_audit(db: Connection, run: int | None = None) -> int | None:
    """Of that run, or of all; one of everything goes before a filtered one."""
    wanted = select(audits.c.id).order_by(audits.c.scope != "", audits.c.run.desc(), audits.c.id.desc()).limit(1)
    return db.execute(wanted if run is None else wanted.where(audits.c.run == run)).scalar()


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """One issue as people ask for it, and the URLs it rests on."""

    number: int
    fingerprint: str
    rule: str
    site: str
    state: IssueState
    message: str
    urls: tuple[str, ...]  # target, place, then what was cited
    reason: str = ""  # of its last step


def issues_by(
    db: Connection,
    *,
    number: int | None = None,
    prefix: str = "",
    site: str = "",
    fingerprints: Collection[str] = (),
    numbers: Collection[int] | None = None,
) -> list[OpenIssue]:
    """By number, by the head of the fingerprint, by a set of either, or the open ones of a site."""
    wanted = select(issues).order_by(issues.c.number)
    if number is not None:
        wanted = wanted.where(issues.c.number == number)
    elif numbers is not None:
        wanted = wanted.where(issues.c.number.in_(list(numbers)))
    elif prefix:
        wanted = wanted.where(issues.c.fingerprint.startswith(prefix, autoescape=True))
    elif site:
        wanted = wanted.where(issues.c.site == site, issues.c.state.not_in(["fixed", "withdrawn"]))
    else:
        wanted = wanted.where(issues.c.fingerprint.in_(list(fingerprints)))
    return [_issue(db, row) for row in db.execute(wanted).mappings()]


def _issue(db: Connection, row: RowMapping) -> OpenIssue:
    shown = (findings.c.audit == row["audit"], findings.c.fingerprint == row["fingerprint"])
    described = db.execute(select(findings).where(*shown)).mappings().first()
    told = rows.finding_row(described) if described else None
    named = [told.target, told.place.url] if told else []
    cited = db.execute(select(issue_cites.c.url).where(issue_cites.c.issue == row["number"])).scalars()
    steps = select(issue_events.c.reason).where(issue_events.c.issue == row["number"])
    return OpenIssue(
        row["number"],
        row["fingerprint"],
        row["rule"],
        row["site"],
        row["state"],
        told.message if told else "",
        tuple(dict.fromkeys(url for url in (*named, *cited) if url)),
        db.execute(steps.order_by(issue_events.c.id.desc()).limit(1)).scalar() or "",
    )


def report(db: Connection, audit_id: int) -> Report:
    audit = db.execute(select(audits).where(audits.c.id == audit_id)).mappings().one()
    run = db.execute(select(runs).where(runs.c.number == audit["run"])).mappings().one()
    said, opened, closed = _judged(db, audit_id)
    decided, precision = desk.decided_on(db, datetime.now(SHANGHAI))
    return Report(
        run=rows.run_info(run, audit),
        sites=tuple(rows.site_row(row) for row in _worded(db, sites, audit["sites_key"])),
        results=said,
        findings=opened,
        coverage=_coverage(db, audit_id),
        rules=tuple(rows.rule_row(row) for row in _worded(db, rules, audit["rules_key"])),
        closed=closed,
        trend=_trend(db, audit),
        notes=rows.words(audit["notes"]),
        desk=decided,
        precision=precision,
    )


def _of(db: Connection, table: Table, audit_id: int) -> list[RowMapping]:
    wanted = select(table).where(table.c.audit == audit_id).order_by(table.c.position)
    return list(db.execute(wanted).mappings())


def _worded(db: Connection, table: Table, key: str) -> list[RowMapping]:
    return list(db.execute(select(table).where(table.c.key == key).order_by(table.c.position)).mappings())


def _judged(
    db: Connection, audit_id: int
) -> tuple[tuple[ResultRow, ...], tuple[FindingRow, ...], tuple[FindingRow, ...]]:
    """Results, open and closed findings, as the decisions of people stand now (BEHAVIOURS 94)."""
    decided = desk.standings(db, datetime.now(SHANGHAI))
    wanted = select(findings).where(findings.c.audit == audit_id)
    opened: list[FindingRow] = []
    closed: list[FindingRow] = []
    raised: dict[tuple[str, str], list[tuple[FindingRow, FindingRow]]] = defaultdict(list)
    for row in db.execute(wanted.order_by(findings.c.site, findings.c.rule, findings.c.fingerprint)).mappings():
        found = rows.finding_row(row)
        if row["part"] == "closed":
            closed.append(found)
            continue
        opened.append(desk.excused(found, decided.get(found.fingerprint)))
        if row["part"] == "raised":  # what is only kept is in no figure of its rule
            raised[found.rule, found.site].append((found, opened[-1]))
    said = [rows.result_row(row) for row in _of(db, results, audit_id)]
    return tuple(desk.discounted(row, raised[row.rule, row.site]) for row in said), tuple(opened), tuple(closed)


def _coverage(db: Connection, audit_id: int) -> tuple[Coverage, ...]:
    columns: dict[str, list[ColumnCoverage]] = defaultdict(list)
    for row in _of(db, coverage_columns, audit_id):
        columns[row["site"]].append(rows.column_row(row))
    return tuple(rows.coverage_row(row, tuple(columns[row["site"]])) for row in _of(db, coverage, audit_id))


def _trend(db: Connection, audit: RowMapping) -> tuple[Trend, ...]:
    """Earlier runs that are not void, by their newest audit before this one, so that an old report stays as it was."""
    earlier = audits.c.run < audit["run"], audits.c.id < audit["id"], audits.c.scope == "", runs.c.void == 0
    wanted: Select[Any] = (
        select(
            audits.c.run,
            runs.c.as_of,
            audits.c.edition,
            audits.c.rules_digest,
            audits.c.confirmed,
            audits.c.suspected,
            audits.c.proposed,
        )
        .join(runs, runs.c.number == audits.c.run)
        .where(*earlier)
        .order_by(audits.c.run, audits.c.id)
    )
    newest = {row["run"]: row for row in db.execute(wanted).mappings()}
    counted = ("edition", "rules_digest", "confirmed", "suspected", "proposed")
    return tuple(
        Trend(number, rows.moment(row["as_of"]), **{name: row[name] for name in counted})
        for number, row in newest.items()
    )
