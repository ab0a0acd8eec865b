"""The one task that writes crawl.db, in batches: a row per commit is two hundred times slower (LIBRARIES)."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from crawler.store import crawl_db as db
from crawler.store.pack import compress

_DIALECT = sqlite.dialect(paramstyle="named")
BATCH = 300  # rows of the fetch log that start a flush: with the pages in flight, what a kill -9 can lose
EVERY = 1.0  # seconds between flushes of a slow crawl
BACKLOG = 4 * BATCH  # rows beyond which the crawl waits for the disk

_ASKED = (
    db.urls.update()
    .where(db.urls.c.id == bindparam("key"))
    .values(
        {name: bindparam(name) for name in ("asked_run", "asked_at", "full_at", "due", "etag", "modified", "body_hash")}
    )
)
_ENTRY = insert(db.entries)
_ENTRY = _ENTRY.on_conflict_do_update(
    index_elements=["site", "column_id", "url", "title", "date"],
    set_={name: _ENTRY.excluded[name] for name in ("last_run", "last_seen")},
)
# One body has one set of facts, whenever it was met; but a recheck numbers no new links (crawl/retest.py).
_PAGE = insert(db.pages)
_PAGE = _PAGE.on_conflict_do_update(
    index_elements=["url_id", "body_hash", "facts_version"], set_={"links": _PAGE.excluded.links}
)
_READING = insert(db.readings)
_READING = _READING.on_conflict_do_update(
    index_elements=["run", "site", "column_id"],
    set_={name: _READING.excluded[name] for name in ("url", "at", "end", "reader", "pages", "read_to", "note")},
)

# In the order that keeps every prefix of a batch readable: what a row points at comes before it.
_STATEMENTS = {
    "urls": insert(db.urls).on_conflict_do_nothing(),
    "bodies": insert(db.bodies).on_conflict_do_nothing(),
    "pages": _PAGE,
    "fetches": insert(db.fetches),
    "asked": _ASKED,
    "entries": _ENTRY,
    "source_entries": insert(db.source_entries).on_conflict_do_nothing(),
    "readings": _READING,
}

Row = dict[str, Any]


class Writer:
    """Rows are handed over without waiting, and `run` flushes them; a flush that fails ends the crawl."""

    def __init__(self, engine: AsyncEngine, *, replace_facts: bool = False) -> None:
        """`replace_facts` is for rebuilding them."""
        self._engine = engine
        self._statements = dict(_STATEMENTS)
        if replace_facts:
            self._statements["pages"] = insert(db.pages).prefix_with("OR REPLACE")
        self._compiled: dict[str, tuple[str, Row]] = {}
        self._broken: BaseException | None = None
        self._rows: dict[str, list[Row]] = {name: [] for name in _STATEMENTS}
        self._full = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closed = False
        self._lock = asyncio.Lock()

    def add(self, table: str, row: Row) -> None:
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= BATCH and table in {"fetches", "urls"}:
            self._full.set()
            if len(self._rows["fetches"]) >= BACKLOG:
                self._room.clear()

    def body(self, body_hash: bytes, data: bytes) -> None:
        """`data` is compressed by the writer's thread, not on the event loop."""
        self._rows["bodies"].append({"hash": body_hash, "size": len(data), "data": data})

    async def room(self) -> None:
        """Wait while the disk is far behind: memory stays bounded."""
        if not self._room.is_set():
            await self._room.wait()

    async def run(self) -> None:
        while not self._closed:
            try:
                async with asyncio.timeout(EVERY):
                    await self._full.wait()
            except TimeoutError:
                pass
            await self.flush()
        await self.flush()

    async def flush(self) -> None:
        """Whoever waits for it may be cancelled; the rows are written all the same."""
        await asyncio.shield(asyncio.ensure_future(self._flush()))

    async def _flush(self) -> None:
        async with self._lock:
            self._full.clear()
            if self._broken is not None:  # rows of that flush are lost: nothing may go on as if they were written
                raise self._broken
            batch, self._rows = self._rows, {name: [] for name in _STATEMENTS}
            try:
                await self._write(batch)
            except BaseException as error:
                self._broken = error
                self._full.set()
                raise
            finally:
                self._room.set()

    async def _write(self, batch: dict[str, list[Row]]) -> None:
        if not any(batch.values()):
            return
        if batch["bodies"]:
            await asyncio.to_thread(_compress, batch["bodies"])
        async with self._engine.begin() as connection:
            for name in _STATEMENTS:
                if rows := batch[name]:
                    sql, defaults = self._plain(name, rows[0])
                    if defaults:
                        rows = [{**defaults, **row} for row in rows]
                    await connection.exec_driver_sql(sql, rows)

    def _plain(self, name: str, row: Row) -> tuple[str, Row]:
        """The statement as SQLite takes it, rows as they are: binding them one by one in Python costs more."""
        known = self._compiled.get(name)
        if known is None:
            statement = self._statements[name]
            defaults = {}
            if statement.is_insert:
                columns = [column for column in statement.table.columns if column.name not in row]
                defaults = {column.name: column.default.arg for column in columns if column.default is not None}
            keys = [*defaults, *row]
            compiled = statement.compile(dialect=_DIALECT, column_keys=None if statement.is_update else keys)
            known = self._compiled[name] = (str(compiled), defaults)
        return known

    async def execute(self, statement: str, **values: object) -> None:
        """One statement outside the batches, after what was handed over before it."""
        await self.flush()
        async with self._engine.begin() as connection:
            await connection.execute(text(statement), values)

    def close(self) -> None:
        self._closed = True
        self._full.set()


def _compress(rows: list[Row]) -> None:
    for row in rows:
        row["data"] = compress(row["data"])
