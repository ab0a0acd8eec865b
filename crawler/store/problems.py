"""The issues of a period as SQL that anybody can run again on findings.db: a number of a document is one query."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

from crawler.core.quantities import Quantity, identity
from crawler.store import desk
from crawler.store.datafile import explained, open_engine
from crawler.store.findings_rows import to_moment, to_text

# Runs that count: sealed into findings.db, not void, judged for all rules (not a re-check of one issue or rule).
_CHECKED = """
SELECT c.site, c.pages_fresh + c.pages_carried AS pages, a.id AS audit, a.run, r.as_of,
  max(a.id) OVER (PARTITION BY c.site) AS newest
FROM coverage c JOIN audits a ON a.id = c.audit JOIN runs r ON r.number = a.run
WHERE c.judged = 1 AND r.void = 0 AND r.as_of >= :start AND r.as_of < :end
  AND (a.scope = '' OR (json_extract(a.scope, '$[0]') IS NULL AND json_array_length(a.scope) = 2))
"""

# What people made of an issue is no matter of SQL: store/desk.py folds their decisions, also those that reach further
# than their own issue, and hands the outcome over as JSON, a row [number, work, vouched, notified, deadline] per issue.
_DECIDED = """
SELECT json_extract(value, '$[0]') AS issue, json_extract(value, '$[1]') AS work,
  json_extract(value, '$[2]') AS vouched, json_extract(value, '$[3]') AS notified, json_extract(value, '$[4]') AS due
FROM json_each(:decided)
"""

# `lot` is the one heap an issue lies on: what a person decided beats the machine, and what the machine withdrew never
# was a problem. An issue belongs to the period if it was open on any moment of it
# and its site was looked at in it; steps are read in the order they were told, for a step bears the time of its fetch.
_PROBLEMS = """
SELECT i.number, i.site, i.rule, substr(i.rule, 1, instr(i.rule, '-') - 1) AS family,
  f.severity, f.title, f.message, f.fix, f.clause, f.place_url, f.place_quote, f.target, i.first_seen, i.last_seen,
  CASE
    WHEN f.rollup = 1 THEN 'rollup'
    WHEN i.state = 'withdrawn' THEN 'withdrawn'
    WHEN d.work = 'dismissed' THEN 'dismissed'
    WHEN d.work = 'excepted' THEN 'excepted'
    WHEN f.exempt <> '' OR i.state = 'exempt' THEN 'exempt'
    WHEN f.certainty = 'confirmed' OR d.vouched THEN 'certain'
    ELSE f.certainty
  END AS lot,
  CASE WHEN f.severity = '提示' THEN 0 ELSE 1 END AS fault,
  CASE
    WHEN coalesce(before.state, 'fixed') IN ('fixed', 'withdrawn') THEN
      CASE WHEN i.first_seen < :start THEN 'again' ELSE 'new' END
    ELSE 'old'
  END AS origin,
  CASE after.state WHEN 'fixed' THEN 'fixed' WHEN 'open' THEN 'open' ELSE 'not_rechecked' END AS outcome,
  coalesce(d.work, 'pending') AS work, coalesce(d.notified, 0) AS notified, d.due
FROM issues i
JOIN findings f ON f.audit = i.audit AND f.fingerprint = i.fingerprint
LEFT JOIN decided d ON d.issue = i.number
LEFT JOIN issue_events before ON before.id =
  (SELECT max(e.id) FROM issue_events e WHERE e.issue = i.number AND e.at < :start)
JOIN issue_events after ON after.id =
  (SELECT max(e.id) FROM issue_events e WHERE e.issue = i.number AND e.at < :end)
WHERE i.site IN (SELECT site FROM checked)
  AND (coalesce(before.state, 'fixed') NOT IN ('fixed', 'withdrawn') OR EXISTS (
    SELECT 1 FROM issue_events e WHERE e.issue = i.number AND e.at >= :start AND e.at < :end
      AND e.state NOT IN ('fixed', 'withdrawn')))
"""
_HEAD = f"WITH checked AS ({_CHECKED}),\ndecided AS ({_DECIDED}),\nproblems AS ({_PROBLEMS})\n"


@dataclass(frozen=True, slots=True)
class Problem:
    """One issue as a list prints it."""

    number: int
    site: str
    rule: str
    severity: str
    title: str
    message: str
    fix: str
    clause: str
    url: str
    quote: str
    target: str
    first_seen: datetime | None
    lot: str
    outcome: str
    work: str = "pending"
    notified: bool = False
    due: datetime | None = None  # the deadline that the desk gave it


@dataclass(slots=True)
class Problems:
    """The two relations of one period, made once in memory; every number is a query over them."""

    path: Path
    db: Connection
    period: Mapping[str, str]
    decided: str  # the JSON that every query needs as :decided
    key: tuple[str, ...]  # of the period: in the ids of its numbers
    told: dict[str, Quantity] = field(default_factory=dict)

    def count(self, name: str, says: str, where: str, column: str = "number", **more: Any) -> Quantity:
        """How many issues (or, with `column`, how many sites) the condition holds for."""
        wanted = f"SELECT DISTINCT {column} FROM problems WHERE {where} ORDER BY {column}"  # noqa: S608 - our own words; values are bound
        return self._quantity(name, says, wanted, f"count(DISTINCT {column})", f"FROM problems WHERE {where}", more)

    def checks(self, name: str, says: str, column: str) -> Quantity:
        wanted = f"SELECT DISTINCT {column} FROM checked ORDER BY {column}"  # noqa: S608 - our own words
        return self._quantity(name, says, wanted, f"count(DISTINCT {column})", "FROM checked", {})

    def pages(self, name: str, says: str) -> Quantity:
        """Pages behind the newest check of each site."""
        return self._sum(name, says, "SELECT site AS item, pages AS n FROM checked WHERE audit = newest")

    def unread(self, name: str, kind: str, unit: str, site: str = "") -> Quantity:
        """What the newest check of each site, or of one, left without a verdict: results, pages or targets."""
        only = " AND k.site = :site" if site else ""
        joined = "FROM checked k JOIN {table} c ON c.audit = k.audit AND c.site = k.site WHERE k.audit = k.newest"
        if kind == "results":
            tail = joined.format(table="results") + " AND c.verdict IN ('unverified', 'crashed', 'not_configured')"
            wanted = f"SELECT c.site || ' ' || c.rule AS item, 1 AS n {tail}{only}"
        else:
            tail = joined.format(table="coverage")
            wanted = f"SELECT c.site AS item, c.{kind}_unknown AS n {tail} AND c.{kind}_unknown > 0{only}"
        return self._sum(name, f"最近一次检查没有判定的：{unit}", wanted, **({"site": site} if site else {}))

    def _sum(self, name: str, says: str, wanted: str, **more: Any) -> Quantity:
        """Of `n` over the rows of a query whose other column is `item`."""
        wanted = f"SELECT item, n FROM ({wanted}) ORDER BY item"  # noqa: S608 - our own words; values are bound
        with explained(self.path):
            rows = self.db.execute(text(wanted), more).all()
        value = sum(int(row.n) for row in rows)
        query = f"{_HEAD}SELECT coalesce(sum(n), 0) FROM ({wanted})"  # noqa: S608 - our own words
        number = identity(name, wanted, *self.key, sorted(more.items()))
        items = tuple(row.item for row in rows)
        made = Quantity(number, name, value, str(value), says, "findings.db", query, {**self.period, **more}, items)
        self.told[number] = made
        return made

    def _quantity(self, name: str, says: str, wanted: str, counts: str, tail: str, more: Mapping[str, Any]) -> Quantity:
        with explained(self.path):
            items = tuple(self.db.execute(text(wanted), dict(more)).scalars())
        number = identity(name, wanted, *self.key, sorted(more.items()))
        query = f"{_HEAD}SELECT {counts} {tail}"
        parameters = dict(self.period) | dict(more)
        made = Quantity(number, name, len(items), str(len(items)), says, "findings.db", query, parameters, items)
        self.told[number] = made
        return made

    def listed(self, where: str, **more: Any) -> Iterator[Problem]:
        """In the order of sites and rules, gravest first."""
        grave = "CASE severity WHEN '单否' THEN 0 WHEN '扣分' THEN 1 WHEN '州要求' THEN 2 ELSE 3 END"
        wanted = text(f"SELECT * FROM problems WHERE {where} ORDER BY site, {grave}, rule, number")  # noqa: S608 - our own words
        with explained(self.path):
            for row in self.db.execute(wanted, more).mappings():
                yield Problem(
                    **{
                        name: row[name] or ""
                        for name in ("site", "rule", "severity", "title", "message", "fix", "clause", "target")
                    },
                    number=row["number"],
                    url=row["place_url"] or "",
                    quote=row["place_quote"] or "",
                    first_seen=to_moment(row["first_seen"]),
                    lot=row["lot"],
                    outcome=row["outcome"],
                    work=row["work"],
                    notified=bool(row["notified"]),
                    due=to_moment(row["due"]),
                )

    def sites(self) -> frozenset[str]:
        """Those that were looked at in the period."""
        return frozenset(self.db.execute(text("SELECT DISTINCT site FROM checked")).scalars())

    def rule_sets(self) -> frozenset[tuple[str, str]]:
        """Under which rules and thresholds it was judged: numbers of different rules do not compare."""
        wanted = "SELECT DISTINCT rules_digest, edition FROM audits WHERE id IN (SELECT audit FROM checked)"
        return frozenset((str(row[0]), str(row[1])) for row in self.db.execute(text(wanted)))

    def newest_check(self, site: str) -> datetime | None:
        wanted = text("SELECT max(as_of) FROM checked WHERE site = :site")
        return to_moment(self.db.execute(wanted, {"site": site}).scalar())

    def undescribed(self) -> int:
        """Issues no audit kept a description of: they can stand in no list."""
        wanted = """SELECT count(*) FROM issues i WHERE NOT EXISTS
          (SELECT 1 FROM findings f WHERE f.audit = i.audit AND f.fingerprint = i.fingerprint)"""
        return int(self.db.execute(text(wanted)).scalar_one())


@contextmanager
def opened(path: Path, start: datetime | None, end: datetime | None, now: datetime) -> Iterator[Problems]:
    """From `start` to before `end`; None has no bound. Nothing is written: the relations live in memory."""
    period = {
        "start": (to_text(start) if start else None) or "",
        "end": (to_text(end) if end else None) or "9999",
    }
    with _reading(path) as db:
        rows = [(one.number, one.standing.work, one.vouched, one.notified, _due(one)) for one in desk.judged(db, now)]
        decided = json.dumps(rows)
        for name, wanted in (("checked", _CHECKED), ("decided", _DECIDED), ("problems", _PROBLEMS)):
            db.execute(text(f"CREATE TEMP TABLE {name} AS {wanted}"), {**period, "decided": decided})
        yield Problems(path, db, period, decided, (period["start"], period["end"]))


def _due(one: desk.Judged) -> str | None:
    return to_text(one.standing.deadline) if one.standing.runs else None


def span(path: Path) -> tuple[datetime, datetime] | None:
    """When the first and the last counted check were."""
    with _reading(path) as db:
        row = db.execute(text("SELECT min(as_of), max(as_of) FROM runs WHERE void = 0")).one()
    first, last = to_moment(row[0]), to_moment(row[1])
    return (first, last) if first and last else None


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    engine = open_engine(path, read_only=True)
    # Not inside a transaction, hence here; a full disk is no reason not to read.
    event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA temp_store = MEMORY"))
    try:
        with explained(path), engine.connect() as db:
            yield db
    finally:
        engine.dispose()
