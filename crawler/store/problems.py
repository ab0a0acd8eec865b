"""The issues of a period as SQL that anybody can run again on findings.db: a number of a document is one query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

from crawler.core.quantities import Quantity, identity
from crawler.store.datafile import explained, open_engine
from crawler.store.findings_rows import to_moment, to_text

# Runs that count: sealed into findings.db, not void, judged for all rules (not a re-check of one issue or rule).
_CHECKED = """
SELECT c.site, c.pages_fresh + c.pages_carried AS pages, a.id AS audit, a.run, r.as_of
FROM coverage c JOIN audits a ON a.id = c.audit JOIN runs r ON r.number = a.run
WHERE c.judged = 1 AND r.void = 0 AND r.as_of >= :start AND r.as_of < :end
  AND (a.scope = '' OR (json_extract(a.scope, '$[0]') IS NULL AND json_array_length(a.scope) = 2))
"""

# `lot` is the one heap an issue lies on. What a person decided beats the machine: the newest decision that has not run
# out. What the machine withdrew never was a problem. An issue belongs to the period if it was open on any moment of it
# and its site was looked at in it; steps are read in the order they were told, for a step bears the time of its fetch.
_PROBLEMS = """
SELECT i.number, i.site, i.rule, substr(i.rule, 1, instr(i.rule, '-') - 1) AS family,
  f.severity, f.title, f.message, f.fix, f.clause, f.place_url, f.place_quote, f.target, i.first_seen, i.last_seen,
  CASE
    WHEN f.rollup = 1 THEN 'rollup'
    WHEN i.state = 'withdrawn' THEN 'withdrawn'
    WHEN s.decision = 'dismiss' THEN 'dismissed'
    WHEN s.decision = 'except' THEN 'excepted'
    WHEN f.exempt <> '' OR i.state = 'exempt' THEN 'exempt'
    WHEN f.certainty = 'confirmed' OR s.decision IN ('confirm', 'notify', 'work', 'answer') THEN 'certain'
    ELSE f.certainty
  END AS lot,
  CASE WHEN f.severity = '提示' THEN 0 ELSE 1 END AS fault,
  CASE
    WHEN coalesce(before.state, 'fixed') IN ('fixed', 'withdrawn') THEN
      CASE WHEN i.first_seen < :start THEN 'again' ELSE 'new' END
    ELSE 'old'
  END AS origin,
  CASE after.state WHEN 'fixed' THEN 'fixed' WHEN 'open' THEN 'open' ELSE 'not_rechecked' END AS outcome,
  EXISTS (SELECT 1 FROM decisions n WHERE n.issue = i.number AND n.decision = 'notify' AND n.at <= :now) AS notified
FROM issues i
JOIN findings f ON f.audit = i.audit AND f.fingerprint = i.fingerprint
LEFT JOIN (
  SELECT issue, decision, row_number() OVER (PARTITION BY issue ORDER BY at DESC, id DESC) AS nth FROM decisions
  WHERE decision <> 'note' AND at <= :now
    AND NOT (decision IN ('dismiss', 'except') AND until IS NOT NULL AND until < :now)
) s ON s.issue = i.number AND s.nth = 1
LEFT JOIN issue_events before ON before.id =
  (SELECT max(e.id) FROM issue_events e WHERE e.issue = i.number AND e.at < :start)
JOIN issue_events after ON after.id =
  (SELECT max(e.id) FROM issue_events e WHERE e.issue = i.number AND e.at < :end)
WHERE i.site IN (SELECT site FROM checked)
  AND (coalesce(before.state, 'fixed') NOT IN ('fixed', 'withdrawn') OR EXISTS (
    SELECT 1 FROM issue_events e WHERE e.issue = i.number AND e.at >= :start AND e.at < :end
      AND e.state NOT IN ('fixed', 'withdrawn')))
"""
_HEAD = f"WITH checked AS ({_CHECKED}),\nproblems AS ({_PROBLEMS})\n"


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
    notified: bool


@dataclass(slots=True)
class Problems:
    """The two relations of one period, made once in memory; every number is a query over them."""

    path: Path
    db: Connection
    period: Mapping[str, str]
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
        newest = "FROM checked c WHERE c.audit = (SELECT max(d.audit) FROM checked d WHERE d.site = c.site)"
        quantity = self._quantity(name, says, f"SELECT c.site {newest}", "coalesce(sum(c.pages), 0)", newest, {})
        value = int(self.db.execute(text(f"SELECT coalesce(sum(c.pages), 0) {newest}")).scalar_one())
        self.told[quantity.id] = found = replace(quantity, value=value, text=str(value))
        return found

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
                    notified=bool(row["notified"]),
                )

    def sites(self) -> frozenset[str]:
        """Those that were looked at in the period."""
        return frozenset(self.db.execute(text("SELECT DISTINCT site FROM checked")).scalars())

    def rule_sets(self) -> frozenset[tuple[str, str]]:
        """Under which rules and thresholds it was judged: numbers of different rules do not compare."""
        wanted = "SELECT DISTINCT rules_digest, edition FROM audits WHERE id IN (SELECT audit FROM checked)"
        return frozenset((str(row[0]), str(row[1])) for row in self.db.execute(text(wanted)))

    def newest_check(self) -> datetime | None:
        return to_moment(self.db.execute(text("SELECT max(as_of) FROM checked")).scalar())

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
        "now": to_text(now) or "",
    }
    with _reading(path) as db:
        db.execute(text(f"CREATE TEMP TABLE checked AS {_CHECKED}"), period)
        db.execute(text(f"CREATE TEMP TABLE problems AS {_PROBLEMS}"), period)
        yield Problems(path, db, period, (period["start"], period["end"]))


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
