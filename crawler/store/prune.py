"""Forgets what nobody needs any more: old bodies, facts of old bodies, rows of the fetch log beyond their time.

Kept (DESIGN "Nights"): the newest body per URL, whatever the newest Snapshot and the last audited one read, every body
a finding cites, what was replaced in the last 45 days, so that `audit --run N` of a recent night still says the same,
and 400 days of the fetch log. First-seen dates live in findings.db and are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from crawler.core.model import Platform
from crawler.store import crawl_db as db
from crawler.store import runs
from crawler.store.datafile import explained_sql
from crawler.store.findings import Findings
from crawler.store.log import Log

LOG_KEPT = timedelta(days=400)
REPLACED_KEPT = timedelta(days=45)
_COMPACT_AT = 4  # the file is rewritten when a quarter of it is free


@dataclass(frozen=True, slots=True)
class Cited:
    """What findings.db rests on."""

    bodies: frozenset[bytes] = frozenset()
    fetches: frozenset[int] = frozenset()
    audited: int | None = None  # the run that is judged again when the rules change


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten, or would be."""

    bodies: int = 0
    bytes: int = 0  # as stored
    pages: int = 0
    fetches: int = 0

    def __bool__(self) -> bool:
        return bool(self.bodies or self.pages or self.fetches)

    def says(self, *, dry: bool = False) -> str:
        if not self:
            return "没有可以清理的内容"
        verb = "可清理" if dry else "已清理"
        return (
            f"{verb} {self.bodies} 份旧网页内容（{self.bytes / 1e6:.1f} MB）、{self.pages} 份旧解析结果、"
            f"{self.fetches} 条 {LOG_KEPT.days} 天以前的访问记录"
        )


def cited(findings: Path) -> Cited:
    """Every body and fetch that an issue rests on, open or closed; nothing where there is no findings.db yet."""
    if not findings.exists():
        return Cited()
    with Findings.open(findings, read_only=True) as opened:
        bodies, fetches = opened.evidence()
        last = opened.last_audit()
    # Other evidence has a name before a colon: tls:, probe:, ipv6: are no bodies.
    kept = frozenset(bytes.fromhex(body) for body in bodies if ":" not in body)
    return Cited(kept, frozenset(fetches), last.run if last else None)


def prune(
    path: Path,
    platforms: Mapping[str, Platform],
    keep: Cited,
    *,
    dry: bool = False,
    replaced_kept: timedelta = REPLACED_KEPT,
) -> Pruned:
    """Safe at any moment of a kill: each part is one transaction, and none of them leaves another one wrong."""
    engine = db.open_crawl(path)
    try:
        with explained_sql(path), engine.connect() as connection:
            newest = runs.find(connection)
            if newest is None:
                return Pruned()
            _mark(connection, platforms, keep, newest, replaced_kept)
            found = _count(connection)
            if found and not dry:
                for table in ("pages", "bodies", "fetches"):
                    connection.exec_driver_sql(
                        f"DELETE FROM {table} WHERE id IN (SELECT id FROM temp.old_{table})"  # noqa: S608 - names of ours
                    )
                    connection.commit()
            return found
    finally:
        engine.dispose()


def compact(path: Path) -> bool:
    """Give free pages back to the disk where they are many; SQLite needs as much room again meanwhile."""
    engine = db.open_crawl(path)
    try:
        with explained_sql(path), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            free = connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
            total = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            if _COMPACT_AT * free < total or not free:
                return False
            connection.exec_driver_sql("VACUUM")
            return True
    finally:
        engine.dispose()


def sizes(path: Path) -> tuple[int, int, int]:
    """Bodies kept, bytes of them as stored, rows of the fetch log."""
    engine = db.open_crawl(path, read_only=True)
    try:
        with explained_sql(path), engine.connect() as connection:
            bodies, stored = connection.exec_driver_sql(
                "SELECT count(*), coalesce(sum(length(data)), 0) FROM bodies"
            ).one()
            return bodies, stored, connection.exec_driver_sql("SELECT count(*) FROM fetches").scalar() or 0
    finally:
        engine.dispose()


def _mark(
    connection: Connection, platforms: Mapping[str, Platform], keep: Cited, newest: runs.Run, replaced_kept: timedelta
) -> None:
    """Fill temporary tables with what is kept and, from them, with what is not."""
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE kept_bodies (hash BLOB PRIMARY KEY) WITHOUT ROWID")
    run("CREATE TEMP TABLE kept_fetches (id INTEGER PRIMARY KEY)")
    run("INSERT OR IGNORE INTO kept_bodies SELECT body_hash FROM urls WHERE body_hash IS NOT NULL")
    # The newest body of each URL by the log, too: a void night's answer stands in `urls`, an older one in the Snapshot.
    run(
        """INSERT OR IGNORE INTO kept_bodies SELECT body_hash FROM fetches f WHERE body_hash IS NOT NULL AND id = (
             SELECT max(id) FROM fetches g WHERE g.url_id = f.url_id AND g.body_hash IS NOT NULL)"""
    )
    # What an open night has read so far counts when it is sealed.
    run(
        """INSERT OR IGNORE INTO kept_bodies SELECT body_hash FROM fetches WHERE body_hash IS NOT NULL
             AND run IN (SELECT number FROM runs WHERE status = 'open')"""
    )
    since = newest.as_of - replaced_kept.total_seconds()
    if replaced_kept:
        run(
            """WITH good AS (SELECT id, url_id, at, body_hash FROM fetches WHERE body_hash IS NOT NULL
                 AND run IN (SELECT number FROM runs WHERE status = 'sealed' AND void = 0))
               INSERT OR IGNORE INTO kept_bodies SELECT body_hash FROM good WHERE at >= ?
               OR id IN (SELECT max(id) FROM good WHERE at < ? GROUP BY url_id)""",
            (since, since),
        )
    numbers = {newest.number, keep.audited} - {None}
    for number in sorted(number for number in numbers if number is not None):
        if (snapshot := runs.find(connection, number)) is not None and not snapshot.void:
            _keep_snapshot(connection, Log(connection, snapshot, platforms))
    _keep(connection, "kept_bodies", "hash", keep.bodies)
    _keep(connection, "kept_fetches", "id", keep.fetches)
    oldest = newest.as_of - LOG_KEPT.total_seconds()
    run("CREATE TEMP TABLE old_bodies AS SELECT id FROM bodies WHERE hash NOT IN (SELECT hash FROM temp.kept_bodies)")
    run(
        "CREATE TEMP TABLE old_pages AS SELECT id FROM pages WHERE body_hash NOT IN (SELECT hash FROM temp.kept_bodies)"
    )
    run(
        """CREATE TEMP TABLE old_fetches AS SELECT f.id FROM fetches f WHERE f.at < ?
             AND f.id NOT IN (SELECT id FROM temp.kept_fetches)
             AND f.id < (SELECT max(g.id) FROM fetches g WHERE g.url_id = f.url_id)""",
        (oldest,),
    )


def _keep_snapshot(connection: Connection, log: Log) -> None:
    folded = log.folded.values()
    rows = [row for one in folded for row in (*one.rests_on, one.deciding, one.pending, one.blocked) if row]
    _keep(connection, "kept_fetches", "id", {row.fetch_id for row in rows})
    _keep(connection, "kept_bodies", "hash", {_bytes(row.body_hash) for row in rows if row.body_hash})


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(value)


def _keep(connection: Connection, table: str, column: str, values: Iterable[object]) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(
            f"INSERT OR IGNORE INTO temp.{table} ({column}) VALUES (?)",  # noqa: S608 - names of ours
            [(value,) for value in values],
        )
    finally:
        cursor.close()


def _count(connection: Connection) -> Pruned:
    def one(sql: str) -> int:
        return connection.exec_driver_sql(sql).scalar() or 0

    return Pruned(
        one("SELECT count(*) FROM temp.old_bodies"),
        one("SELECT coalesce(sum(length(data)), 0) FROM bodies WHERE id IN (SELECT id FROM temp.old_bodies)"),
        one("SELECT count(*) FROM temp.old_pages"),
        one("SELECT count(*) FROM temp.old_fetches"),
    )
