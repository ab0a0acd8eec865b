"""What the lists of registered columns said was published, as of a run; the same rows that rules see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from crawler.core.clock import beijing
from crawler.core.model import Site
from crawler.core.statistics import ColumnRead, Item
from crawler.store import crawl_db as db
from crawler.store.runs import Run

COMPLETE = {"ended", "joined"}
Key = tuple[str, str]  # site, column


def published(
    connection: Connection, run: Run, sites: Collection[Site], first_seen: Mapping[str, datetime]
) -> tuple[tuple[Item, ...], tuple[ColumnRead, ...]]:
    """Entries and how far each list is known. `first_seen` by URL is what findings.db remembers."""
    readings = _readings(connection, run, sites)
    reads = _reads(sites, readings)
    watched = {(row.site, row.column): rows[0].at for row in reads if (rows := readings.get((row.site, row.column)))}
    names = {(site.id, column.id) for site in sites for column in site.columns}
    items = []
    for key, row, first in _entries(connection, run):
        if key[:2] in names:
            met = first_seen.get(row.url)
            seen = min(first, met.timestamp()) if met else first
            # What stood there when we first looked was published before: on which day nobody saw.
            witnessed = key[:2] in watched and seen > watched[key[:2]] + timedelta(hours=1).total_seconds()
            printed = beijing(row.date).date() if row.date else None
            items.append(Item(key[0], key[1], row.url, row.title, printed, beijing(seen).date() if witnessed else None))
    return tuple(items), reads


def entry_urls(connection: Connection, run: Run) -> list[str]:
    query = select(db.entries.c.url).where(db.entries.c.first_run <= run.number).distinct()
    return list(connection.execute(query).scalars())


def _entries(connection: Connection, run: Run) -> Sequence[tuple[tuple[str, str, str], Any, float]]:
    """Of each URL in a column the wording that was newest then (as SiteReader reads them), and its first moment."""
    table = db.entries
    query = select(table).where(table.c.first_run <= run.number)
    newest: dict[tuple[str, str, str], Any] = {}
    first: dict[tuple[str, str, str], float] = {}
    for row in connection.execute(query.order_by(table.c.first_run, table.c.title, table.c.date)):
        key = (row.site, row.column_id, row.url)
        newest[key] = row
        first[key] = min(first.get(key, row.first_seen), row.first_seen)
    return [(key, row, first[key]) for key, row in sorted(newest.items(), key=lambda pair: pair[0])]


def _readings(connection: Connection, run: Run, sites: Collection[Site]) -> dict[Key, list[Any]]:
    """Readings of sealed runs that are not void, oldest first, at the address that is registered now."""
    registered = {(site.id, column.id): column.url for site in sites for column in site.columns}
    table = db.readings
    sound = select(db.runs.c.number).where(db.runs.c.status == "sealed", db.runs.c.void == 0)
    query = select(table).where(table.c.run <= run.number, table.c.run.in_(sound)).order_by(table.c.at, table.c.run)
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        key = (row.site, row.column_id)
        if registered.get(key) == row.url:
            found[key].append(row)
    return found


def _reads(sites: Collection[Site], readings: Mapping[Key, Sequence[Any]]) -> tuple[ColumnRead, ...]:
    reads = []
    for site in sites:
        for column in site.columns:
            rows = [row for row in readings.get((site.id, column.id), ()) if row.end != "failed"]
            reads.append(
                ColumnRead(
                    site.id,
                    column.id,
                    f"{site.name} {column.name}",
                    _since(rows),
                    beijing(rows[-1].at).date() if rows else None,
                    beijing(rows[0].at).date() if rows else None,
                )
            )
    return tuple(reads)


def _since(rows: Sequence[Any]) -> date | None:
    """The oldest day from which nothing is missing: a list cut short leaves a gap back to the last whole reading."""
    since: date | None = None
    reached = 0.0  # the last moment up to which the list is known without a gap
    for row in rows:
        if row.end in COMPLETE:
            since, reached = date.min, row.at
        elif row.read_to is None:
            since = None  # nothing dated was read: nobody knows what is missing
        elif since is not None and row.read_to <= reached:
            reached = row.at  # it met what was known before
        else:
            # Its oldest day may be cut in the middle.
            since, reached = beijing(row.read_to).date() + timedelta(days=1), row.at
    return since
