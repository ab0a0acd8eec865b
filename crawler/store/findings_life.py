"""Issues in findings.db: read before an audit moves them, written after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from crawler.core.issues import Decision, IssueRecord, Move
from crawler.core.model import State
from crawler.store.findings_rows import Values, moment, to_text
from crawler.store.findings_schema import issue_cites, issue_events, issues

_BATCH = 5_000

_PLAIN = (
    *("number", "fingerprint", "rule", "site", "state", "change", "times", "subject", "reopened", "passed"),
    *("sighted", "run", "digest"),
)


def insert_all(db: Connection, table: Any, rows: Iterable[Values]) -> None:
    """In batches: 280,000 rows a second (LIBRARIES.md), and no list of all of them twice."""
    batch: list[Values] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            db.execute(insert(table), batch)
            batch = []
    if batch:
        db.execute(insert(table), batch)


def load_issues(db: Connection) -> dict[str, IssueRecord]:
    """Every issue there ever was, by fingerprint; closed ones cite nothing."""
    cited: dict[int, dict[str, Decision | None]] = defaultdict(dict)
    for number, url, fetch_id, at, run, state, body_hash in db.execute(select(issue_cites)):
        cited[number][url] = None if fetch_id is None else Decision(fetch_id, moment(at), run, State(state), body_hash)
    rows = db.execute(select(issues)).mappings()
    return {row["fingerprint"]: _record(row, cited.get(row["number"], {})) for row in rows}


def _record(row: RowMapping, cited: Mapping[str, Decision | None]) -> IssueRecord:
    return IssueRecord(
        **{name: row[name] for name in _PLAIN},
        first_seen=moment(row["first_seen"]),
        last_seen=moment(row["last_seen"]),
        cited=cited,
    )


def next_number(db: Connection) -> int:
    """Numbers are never used twice: issues are never deleted."""
    return (db.execute(select(func.max(issues.c.number))).scalar() or 0) + 1


def save_moves(db: Connection, known: Mapping[str, IssueRecord], moves: list[Move], *, run: int) -> None:
    fresh = [move.record for move in moves if move.before is None]
    moved = [move.record for move in moves if move.before is not None]
    insert_all(db, issues, map(_values, fresh))
    if moved:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _values(moved[0]) if name != "number"}
        statement = update(issues).where(issues.c.number == bindparam("new_number")).values(columns)
        for start in range(0, len(moved), _BATCH):
            batch = moved[start : start + _BATCH]
            db.execute(statement, [{f"new_{name}": value for name, value in _values(r).items()} for r in batch])
    _save_cites(db, known, moves)
    insert_all(db, issue_events, (_event(move, run) for move in moves if move.worth_telling))


def _save_cites(db: Connection, known: Mapping[str, IssueRecord], moves: list[Move]) -> None:
    """Only what differs: a template may cite thousands of pages of which a night reads a few."""
    gone: list[Values] = []
    come: list[Values] = []
    for move in moves:
        record = move.record
        elder = known.get(record.fingerprint)
        before = elder.cited if elder else {}
        gone += [
            {"of": record.number, "old": url}
            for url, then in before.items()
            if url not in record.cited or not _same(record.cited[url], then)
        ]
        come += [
            _cite(record.number, url, now)
            for url, now in record.cited.items()
            if url not in before or not _same(now, before[url])
        ]
    if gone:
        db.execute(
            delete(issue_cites).where(issue_cites.c.issue == bindparam("of"), issue_cites.c.url == bindparam("old")),
            gone,
        )
    insert_all(db, issue_cites, come)


def _same(one: Decision | None, other: Decision | None) -> bool:
    """Whether it is the same fetch: how fresh it is, is not kept."""
    return one == other or (one is not None and other is not None and one[:5] == other[:5])


def _cite(number: int, url: str, decision: Decision | None) -> Values:
    values: Values = {"issue": number, "url": url}
    if decision is None:
        return values | dict.fromkeys(("fetch_id", "at", "run", "state", "body_hash"))
    return values | {
        "fetch_id": decision.fetch_id,
        "at": to_text(decision.at),
        "run": decision.run,
        "state": decision.state.value,
        "body_hash": decision.body_hash,
    }


def _values(record: IssueRecord) -> Values:
    values: Values = {name: getattr(record, name) for name in _PLAIN}
    return values | {"first_seen": to_text(record.first_seen), "last_seen": to_text(record.last_seen)}


def _event(move: Move, run: int) -> Values:
    return {
        "issue": move.record.number,
        "at": to_text(move.at),
        "change": move.change,
        "before": move.before,
        "state": move.record.state,
        "reason": move.reason,
        "run": run,
        "url": move.proof.url,
        "fetch_id": move.proof.fetch_id,
        "body_hash": move.proof.body_hash,
    }
