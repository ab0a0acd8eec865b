"""Writes one audit into findings.db: what it raised, what is still open, what it closed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from crawler.core.clock import SHANGHAI
from crawler.core.issues import CLOSED, Audit, Cause, Decide, IssueRecord, Sighting, move
from crawler.core.model import Scope, Verdict
from crawler.core.report import Coverage, FindingRow, ResultRow, RuleRow, RunInfo, SiteRow
from crawler.store import desk
from crawler.store import findings_rows as rows
from crawler.store.findings_life import insert_all, load_issues, next_number, save_moves
from crawler.store.findings_rows import Values, to_json, to_text
from crawler.store.findings_schema import (
    audits,
    coverage,
    coverage_columns,
    findings,
    issues,
    results,
    rules,
    runs,
    sites,
)

# Rules of these scopes judge one URL each, so an issue of theirs may be settled by that URL alone.
_OF_ONE_URL = frozenset({Scope.PAGE.value, Scope.TARGET.value, Scope.COLUMN.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """Everything one audit came to, before issues are numbered and moved."""

    run: RunInfo
    sites: Sequence[SiteRow]
    results: Sequence[ResultRow]
    raised: Sequence[tuple[FindingRow, tuple[str, ...]]]  # each with the URLs whose state it rests on
    coverage: Sequence[Coverage]
    rules: Sequence[RuleRow] = ()
    cause: Cause = "site"  # "rules": the last audited run under new rules, before a newer run is audited
    only_rules: Collection[str] | None = None  # --rule
    only_sites: Collection[str] | None = None  # --site
    only_issues: Collection[str] | None = None  # fingerprints of a recheck
    crashed: Collection[tuple[str, str]] = ()  # (rule, site), beside those whose verdict says so
    unjudged: Collection[str] = ()  # site ids, beside those whose coverage says so
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)  # code -> codes that share its `identity=`
    notes: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """Of what decides what a Snapshot means: facts version, rules, configuration."""
        run = self.run
        return hashlib.sha256(to_json([run.facts_version, run.rules_digest, run.config_digest]).encode()).hexdigest()

    @property
    def scope(self) -> str:
        if self.only_rules is None and self.only_sites is None and self.only_issues is None:
            return ""
        chosen = [None if only is None else sorted(only) for only in (self.only_rules, self.only_sites)]
        if self.only_issues is not None:
            chosen.append(sorted(self.only_issues))
        return to_json(chosen)


Raised = dict[str, tuple[FindingRow, tuple[str, ...]]]


def write(db: Connection, audited: Audited, decide: Decide) -> int:
    """Returns the id of the audit. An audit of an older run is stored and moves nothing."""
    # Of whole audits: a filtered one of a newer run moved its own issues, and each of them knows that.
    newest = db.execute(select(func.max(audits.c.run)).where(audits.c.scope == "")).scalar()
    number = audited.run.number
    if audited.cause == "rules" and number != newest:
        raise ValueError("under new rules only the last audited run is judged again")
    same = (audits.c.run == number, audits.c.digest == audited.digest, audits.c.scope == audited.scope)
    prior = db.execute(select(audits.c.id).where(*same)).scalar()
    audit_id = _save_audit(db, audited, prior)
    raised = _merged(audited.raised)
    if newest is None or number >= newest:
        written = _move_issues(db, audited, raised, cache(decide))
        _replace_findings(db, audit_id, written)
        described = select(findings.c.fingerprint).where(findings.c.audit == audit_id)
        db.execute(update(issues).where(issues.c.fingerprint.in_(described)).values(audit=audit_id))
    else:
        _replace_findings(db, audit_id, _remember(db, audited, raised, audit_id))
    _count(db, audit_id)
    return audit_id


def _merged(raised: Sequence[tuple[FindingRow, tuple[str, ...]]]) -> Raised:
    merged: Raised = {}
    for row, cited in raised:
        elder, before = merged.get(row.fingerprint, (row, ()))
        merged[row.fingerprint] = elder, tuple(dict.fromkeys(before + cited))
    return merged


# ── Issues ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _move_issues(db: Connection, audited: Audited, raised: Raised, decide: Decide) -> list[Values]:
    known = load_issues(db)
    audit = _scope_of_view(audited, known)
    scopes = {rule.code: rule.scope for rule in audited.rules}
    sightings = {
        fingerprint: _sighting(row, cited, audited.run, of_one_url=scopes.get(row.rule) in _OF_ONE_URL)
        for fingerprint, (row, cited) in raised.items()
    }
    moves = move(known, sightings, decide, audit, next_number=next_number(db))
    save_moves(db, known, moves, run=audit.run)
    after = known | {step.record.fingerprint: step.record for step in moves}
    written = [
        _living(rows.finding_values(row), record, "closed" if record.state in CLOSED else "raised")
        for row, record in ((row, after[row.fingerprint]) for row, _ in raised.values())
    ]
    silent = {
        fingerprint: "closed" if record.state in CLOSED else "kept"
        for fingerprint, record in after.items()
        if fingerprint not in raised
        and audit.covers(record)
        and (record.state not in CLOSED or (record.run, record.digest) == (audit.run, audit.digest))
    }
    return written + [
        _living(row, after[row["fingerprint"]], silent[row["fingerprint"]]) for row in _last_rows(db, silent)
    ]


def _scope_of_view(audited: Audited, known: Mapping[str, IssueRecord]) -> Audit:
    unjudged = set(audited.unjudged) | {row.site for row in audited.coverage if not row.judged}
    if audited.run.void:
        unjudged |= {record.site for record in known.values()}
    crashed = {(row.rule, row.site) for row in audited.results if row.verdict is Verdict.CRASHED}
    existing = {rule.code for rule in audited.rules} | {row.rule for row in audited.results}
    return Audit(
        run=audited.run.number,
        as_of=audited.run.as_of,
        digest=audited.digest,
        cause=audited.cause,
        rules=None if audited.only_rules is None else frozenset(audited.only_rules),
        sites=None if audited.only_sites is None else frozenset(audited.only_sites),
        issues=None if audited.only_issues is None else frozenset(audited.only_issues),
        crashed=frozenset(crashed | set(audited.crashed)),
        unjudged=frozenset(unjudged),
        existing=frozenset(existing) if audited.rules else None,
        kin=audited.kin,
    )


def _sighting(row: FindingRow, cited: tuple[str, ...], run: RunInfo, *, of_one_url: bool) -> Sighting:
    cites = cited or (row.target or row.place.url,)
    subject = ""
    if of_one_url and row.count == 1:
        named = [url for url in (row.target, row.place.url) if url and url in cites]
        subject = named[0] if named else cites[0] if len(cites) == 1 else ""
    tonight = [attempt.at for attempt in row.attempts if attempt.at >= run.started]
    return Sighting(
        fingerprint=row.fingerprint,
        rule=row.rule,
        site=row.site,
        cites=cites,
        subject=subject,
        parents=tuple(parent.url for parent in row.parents),
        exempt=bool(row.exempt),
        fresh=bool(tonight),
        at=max(tonight, default=None),
    )


def _living(row: Values, record: IssueRecord, part: str) -> Values:
    return row | {
        "part": part,
        "state": record.state,
        "change": record.change,
        "first_seen": to_text(record.first_seen),
        "last_seen": to_text(record.last_seen),
        "issue": record.number,
    }


def _last_rows(db: Connection, wanted: Collection[str]) -> Iterator[Values]:
    """How the last audit that showed them described these issues."""
    if not wanted:
        return
    shown = (findings.c.audit == issues.c.audit) & (findings.c.fingerprint == issues.c.fingerprint)
    for row in db.execute(select(findings).join(issues, shown)).mappings():
        if row["fingerprint"] in wanted:
            yield dict(row)


def _remember(db: Connection, audited: Audited, raised: Raised, audit_id: int) -> list[Values]:
    """An older run again: every finding gets the life that run's own audit gave it, whatever happened since."""
    own = findings.c.audit == audit_id
    if not db.execute(select(findings.c.audit).where(own).limit(1)).first():  # the first time under these rules
        whole = (audits.c.run == audited.run.number, audits.c.scope == "", audits.c.id != audit_id)
        own = findings.c.audit == select(func.max(audits.c.id)).where(*whole).scalar_subquery()
    then = {row["fingerprint"]: dict(row) for row in db.execute(select(findings).where(own)).mappings()}
    life = ("state", "change", "first_seen", "last_seen", "issue")
    written: list[Values] = []
    for row, _ in raised.values():
        elder = then.get(row.fingerprint)
        unknown = replace(row, state="not_rechecked", change="known", first_seen=None, last_seen=None, issue=None)
        values = rows.finding_values(row if elder else unknown) | {"part": "raised"}
        written.append(values | {name: elder[name] for name in life} if elder else values)
    written += [row for name, row in then.items() if name not in raised and row["part"] != "raised"]
    return written


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _save_audit(db: Connection, audited: Audited, prior: int | None) -> int:
    run = rows.run_values(audited.run)
    db.execute(upsert(runs).values(run).on_conflict_do_update(index_elements=["number"], set_=run))
    values = {
        "program": audited.run.program,
        "facts_version": audited.run.facts_version,
        "rules_digest": audited.run.rules_digest,
        "config_digest": audited.run.config_digest,
        "edition": audited.run.edition,
        "rules_key": _save_words(db, rules, [rows.rule_values(row) for row in audited.rules]),
        "sites_key": _save_words(db, sites, [rows.site_values(row) for row in audited.sites]),
        "notes": to_json(tuple(audited.notes)),
    }
    audit_id = prior
    if audit_id is not None:
        db.execute(update(audits).where(audits.c.id == audit_id).values(values))
        for table in (results, coverage, coverage_columns):
            db.execute(delete(table).where(table.c.audit == audit_id))
    else:
        audit_id = (db.execute(select(func.max(audits.c.id))).scalar() or 0) + 1
        values |= {"run": audited.run.number, "digest": audited.digest, "scope": audited.scope}
        values |= {"cause": audited.cause, "confirmed": 0, "suspected": 0, "proposed": 0}
        db.execute(insert(audits).values(id=audit_id, **values))
    insert_all(db, results, _placed(audit_id, map(rows.result_values, audited.results)))
    insert_all(db, coverage, _placed(audit_id, map(rows.coverage_values, audited.coverage)))
    columns = (rows.column_values(c) | {"site": row.site} for row in audited.coverage for c in row.columns)
    insert_all(db, coverage_columns, _placed(audit_id, columns))
    return audit_id


def _placed(audit_id: int, values: Iterable[Values]) -> Iterator[Values]:
    return (row | {"audit": audit_id, "position": place} for place, row in enumerate(values))


def _save_words(db: Connection, table: Table, values: list[Values]) -> str:
    """Once per wording: the key is their digest."""
    key = hashlib.sha256(to_json(values).encode()).hexdigest()
    if not db.execute(select(table.c.key).where(table.c.key == key).limit(1)).first():
        insert_all(db, table, (row | {"key": key, "position": place} for place, row in enumerate(values)))
    return key


def _replace_findings(db: Connection, audit_id: int, written: list[Values]) -> None:
    """A row that is not raised again stays: it may be the only description its issue has."""
    again = delete(findings).where(findings.c.audit == audit_id, findings.c.fingerprint == bindparam("again"))
    if written:
        db.execute(again, [{"again": row["fingerprint"]} for row in written])
    insert_all(db, findings, (row | {"audit": audit_id} for row in written))


def _count(db: Connection, audit_id: int) -> None:
    """Open findings by certainty; never roll-ups, those in an outage window, and what people dismissed or excepted."""
    held = [name for name, standing in desk.standings(db, datetime.now(SHANGHAI)).items() if standing.excuse]
    excused = findings.c.fingerprint.in_(select(func.json_each(to_json(held)).table_valued("value").c.value))
    counted = (findings.c.part != "closed", findings.c.rollup == 0, findings.c.exempt == "", ~excused)
    totals = dict.fromkeys(("confirmed", "suspected", "proposed"), 0)
    by_certainty = select(findings.c.certainty, func.count()).where(findings.c.audit == audit_id, *counted)
    for certainty, count in db.execute(by_certainty.group_by(findings.c.certainty)):
        totals[certainty] = count
    db.execute(update(audits).where(audits.c.id == audit_id).values(totals))
