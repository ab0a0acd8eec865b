"""Rows of `govcheck probe` and of the looks over IPv6: written in one step, read as a run saw them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from crawler.core.clock import beijing
from crawler.core.model import Outcome, State
from crawler.core.reach import Ipv6Look, Probe
from crawler.store import crawl_db as db


def record_round(
    connection: Connection,
    probes: Collection[tuple[str, Probe]],
    *,
    started: datetime,
    ended: datetime,
    void: str = "",
) -> int:
    """Store one round, (site id, probe) each; returns its number. `void` says why it counts for nothing."""
    number = (connection.scalar(select(func.max(db.probe_rounds.c.number))) or 0) + 1
    values = {"started": started.timestamp(), "ended": ended.timestamp(), "void": int(bool(void)), "reason": void}
    connection.execute(insert(db.probe_rounds), [{"number": number, **values}])
    rows = [
        {
            "round": number,
            "site": site,
            "at": probe.at.timestamp(),
            "url": probe.url,
            "state": probe.state.value,
            "outcome": probe.outcome.value,
            "status": probe.status,
            "elapsed": probe.elapsed.total_seconds(),
            "opened": probe.opened,
            "note": probe.note[:500],
        }
        for site, probe in probes
    ]
    if rows:
        connection.execute(insert(db.probes), rows)
    return number


def probes_of(connection: Connection, site: str, since: datetime, until: datetime) -> tuple[Probe, ...]:
    """Oldest first, those of void rounds left out."""
    probes, rounds = db.probes, db.probe_rounds
    query = (
        select(probes)
        .join(rounds, rounds.c.number == probes.c.round)
        .where(probes.c.site == site, rounds.c.void == 0)
        .where(probes.c.at > since.timestamp(), probes.c.at <= until.timestamp())
        .order_by(probes.c.at, probes.c.id)
    )
    return tuple(
        Probe(
            beijing(row.at),
            row.url,
            State(row.state),
            Outcome(row.outcome),
            row.status,
            timedelta(seconds=row.elapsed),
            row.opened,
            row.note,
        )
        for row in connection.execute(query)
    )


def record_ipv6(connection: Connection, run: int, looks: Mapping[str, Ipv6Look]) -> None:
    """Store what a run saw of each site, by site id."""
    connection.execute(db.ipv6_looks.delete().where(db.ipv6_looks.c.run == run))
    rows = [
        {
            "run": run,
            "site": site,
            "host": look.host,
            "at": look.at.timestamp(),
            "record": look.record,
            "reached": look.reached,
            "note": look.note[:500],
        }
        for site, look in looks.items()
    ]
    if rows:
        connection.execute(insert(db.ipv6_looks), rows)


def ipv6_of(connection: Connection, site: str, run: int, newest: int = 5) -> tuple[Ipv6Look, ...]:
    """The newest looks up to a run, newest first; those of open and void runs left out."""
    looks, runs = db.ipv6_looks, db.runs
    query = (
        select(looks)
        .join(runs, runs.c.number == looks.c.run)
        .where(looks.c.site == site, looks.c.run <= run, runs.c.status == "sealed", runs.c.void == 0)
        .order_by(looks.c.at.desc())
        .limit(newest)
    )
    return tuple(
        Ipv6Look(row.host, beijing(row.at), row.record, row.reached, row.note) for row in connection.execute(query)
    )
