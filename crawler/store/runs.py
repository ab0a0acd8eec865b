"""Opens, continues, seals and voids runs; rows of open and void ones count for nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from ulid import ULID

from crawler.store import crawl_db as db

CONTINUES_FOR = 20 * 3600  # seconds: a run killed longer ago is sealed as it was, and a new one begins
RECHECK = "recheck"  # a run that looked at a few URLs only: never "the newest run"


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `runs`. Times are seconds since the epoch."""

    number: int
    id: str
    kind: str
    started: float
    as_of: float
    continued: bool = False
    sealed: float | None = None
    void: bool = False
    void_reason: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    requests: int = 0
    received: int = 0
    seconds: float = 0.0
    errors: int = 0


def _run(row: Any, *, continued: bool = False) -> Run:
    return Run(
        row.number,
        row.id,
        row.kind,
        row.started,
        row.as_of,
        continued,
        row.sealed,
        bool(row.void),
        row.void_reason,
        json.loads(row.asked),
        row.requests,
        row.received,
        row.seconds,
        row.errors,
    )


def unfinished(connection: Connection, kind: str, now: float) -> Run | None:
    """A run of this kind that was cut short and would still be continued."""
    rows = connection.execute(select(db.runs).where(db.runs.c.status == "open", db.runs.c.kind == kind)).all()
    return next((_run(row) for row in rows if now - row.started < CONTINUES_FOR), None)


def begin(connection: Connection, kind: str, asked: Mapping[str, Any], now: float) -> Run:
    """Continue the run that was killed, or begin a new one. `asked`: scope, budgets and versions, JSON-safe."""
    left = connection.execute(select(db.runs).where(db.runs.c.status == "open")).all()
    for row in left:
        young = now - row.started < CONTINUES_FOR
        if young and row.kind == kind and json.loads(row.asked).get("sites") == asked.get("sites"):
            return _run(row, continued=True)
        last = connection.scalar(select(func.max(db.fetches.c.at)).where(db.fetches.c.run == row.number))
        seal(connection, row.number, last or row.started, reason="中断后没有继续")
    number = (connection.scalar(select(func.max(db.runs.c.number))) or 0) + 1
    identifier = str(ULID.from_timestamp(now))
    values = {
        "number": number,
        "id": identifier,
        "kind": kind,
        "status": "open",
        "asked": json.dumps(asked, ensure_ascii=False, sort_keys=True),
        "started": now,
        "as_of": now,
    }
    connection.execute(insert(db.runs), [values])
    return Run(number, identifier, kind, now, now, asked=asked)


def seal(
    connection: Connection,
    number: int,
    now: float,
    *,
    void: bool = False,
    reason: str = "",
    errors: int = 0,
    seconds: float = 0.0,
) -> None:
    asked = select(func.count(), func.coalesce(func.sum(db.fetches.c.length), 0)).where(db.fetches.c.run == number)
    requests, received = connection.execute(asked).one()
    known = connection.execute(
        select(func.sum(db.run_sites.c.requests), func.sum(db.run_sites.c.received)).where(db.run_sites.c.run == number)
    ).one()
    connection.execute(
        update(db.runs)
        .where(db.runs.c.number == number)
        .values(
            status="sealed",
            sealed=now,
            void=int(void),
            void_reason=reason,
            requests=known[0] or requests,
            received=known[1] or received,
            errors=db.runs.c.errors + errors,
            seconds=db.runs.c.seconds + seconds,
        )
    )


def add_recheck(connection: Connection, asked: Mapping[str, Any], started: float, sealed: float) -> int:
    """A run whose rows are written in the same transaction, so that it is never open."""
    number = (connection.scalar(select(func.max(db.runs.c.number))) or 0) + 1
    values = {
        "number": number,
        "id": str(ULID.from_timestamp(started)),
        "kind": RECHECK,
        "status": "sealed",
        "asked": json.dumps(asked, ensure_ascii=False, sort_keys=True),
        "started": started,
        "as_of": started,
        "sealed": sealed,
        "seconds": sealed - started,
    }
    connection.execute(insert(db.runs), [values])
    return number


def find(connection: Connection, number: int | None = None) -> Run | None:
    """A sealed run by its short number, or the newest whole one that is not void."""
    query = select(db.runs).where(db.runs.c.status == "sealed")
    whole = (db.runs.c.void == 0, db.runs.c.kind != RECHECK)
    query = query.where(db.runs.c.number == number) if number is not None else query.where(*whole)
    row = connection.execute(query.order_by(db.runs.c.number.desc()).limit(1)).first()
    return _run(row) if row else None
