"""Reads the registered columns and the sources of announcements while the crawl goes on around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from crawler.core.facts import Entry
from crawler.core.model import EXTERNAL, Column, Outcome, Site, Source, State
from crawler.core.urls import normalise
from crawler.crawl.answers import Answer, Answers
from crawler.crawl.columns import ColumnReading, read_column
from crawler.crawl.frontier import Frontier
from crawler.crawl.intake import Intake
from crawler.crawl.watch import Watch
from crawler.fetch import Fetcher, Request
from crawler.parse import read_feed
from crawler.store import crawl_db as db
from crawler.store.writer import Writer

SWEEP = 30 * 86_400  # seconds after which a list is read to its end again, though all of its first page is known
SPREAD = 12  # days over which the columns of a platform part their sweeps; all is read again within 45 days


def _sweep(site: str, column: str) -> int:
    return SWEEP + crc32(f"{site}/{column}".encode()) % SPREAD * 86_400


class Lists:
    """One coroutine per column and source; `reading` counts those still at work."""

    def __init__(
        self,
        *,
        intake: Intake,
        frontier: Frontier,
        answers: Answers,
        writer: Writer,
        engine: AsyncEngine,
        fetcher: Fetcher,
        watch: Watch,
        run: int,
        clock: Callable[[], float],
    ) -> None:
        self._intake = intake
        self._frontier = frontier
        self._answers = answers
        self._writer = writer
        self._engine = engine
        self._fetcher = fetcher
        self._watch = watch
        self._run = run
        self._clock = clock
        self.reading = 0
        self.errors = 0
        self._unqueued: set[Column] = set()
        self.queued = asyncio.Event()  # every first page stands in its lane, before what home pages link to
        self.queued.set()

    def _is_queued(self, column: Column) -> None:
        self._unqueued.discard(column)
        if not self._unqueued:
            self.queued.set()

    async def column(self, site: Site, column: Column) -> None:
        self.reading += 1
        self._unqueued.add(column)
        self.queued.clear()
        try:
            known = await self._known(site, column)

            async def need(url: str, kind: str) -> Answer:
                return await self._need(column, url, kind)

            reading = await read_column(column, need, known, lambda c, e: self._entry(site, c, e))
            self._writer.add("readings", self._row(site, reading))
        except Exception as error:  # noqa: BLE001  one column's crash must not end the night (BEHAVIOURS 92)
            self.errors += 1
            self._watch.crashed(column.url, error)
        finally:
            self._is_queued(column)
            self.reading -= 1

    async def source(self, source: Source) -> None:
        self.reading += 1
        try:
            await self._read_source(source)
        except Exception as error:  # noqa: BLE001  a broken feed suspends its own check only
            self.errors += 1
            self._watch.crashed(source.feed, error)
        finally:
            self.reading -= 1

    async def _need(self, column: Column, url: str, kind: str) -> Answer:
        number, target = self._intake.entrance(url, kind, self._clock())
        if target is None:
            self._is_queued(column)
            return await self._answers.stored(number)
        if kind.startswith("unit"):
            self._intake.unit_pages[target.id] = column.url
        future = self._answers.wait(target.id)
        self._frontier.put(target)
        self._is_queued(column)
        return await future

    async def _known(self, site: Site, column: Column) -> frozenset[str]:
        """Entries of the last complete reading and before: what a broken one met since joins nothing."""
        readings, entries, done = db.readings.c, db.entries.c, db.runs.c
        complete = (
            select(func.max(readings.run))
            .join(db.runs, done.number == readings.run)
            .where(readings.site == site.id, readings.column_id == column.id, readings.url == column.url)
            .where(readings.end.in_(["ended", "joined"]), readings.run < self._run)
            .where(done.status == "sealed", done.void == 0)
        )
        whole = select(func.max(readings.at)).where(
            readings.site == site.id,
            readings.column_id == column.id,
            readings.url == column.url,
            readings.end == "ended",
        )
        async with self._engine.connect() as connection:
            last = await connection.scalar(complete)
            swept = await connection.scalar(whole)
            if last is None or swept is None or self._clock() - swept > _sweep(site.id, column.id):
                return frozenset()
            rows = select(entries.url).where(
                entries.site == site.id, entries.column_id == column.id, entries.first_run <= last
            )
            return frozenset(await connection.scalars(rows))

    def _entry(self, site: Site, column: Column, entry: Entry) -> None:
        now = self._clock()
        self._writer.add(
            "entries",
            {
                "site": site.id,
                "column_id": column.id,
                "url": normalise(entry.url),
                "title": entry.title[:1000],
                "date": entry.date.timestamp() if entry.date else 0.0,
                "first_run": self._run,
                "first_seen": now,
                "last_run": self._run,
                "last_seen": now,
            },
        )
        self._intake.link_entry(entry.url, now)

    def _row(self, site: Site, reading: ColumnReading) -> dict[str, object]:
        read_to = reading.read_to
        return {
            "run": self._run,
            "site": site.id,
            "column_id": reading.column.id,
            "url": reading.column.url,
            "at": self._clock(),
            "end": reading.end,
            "reader": reading.reader,
            "pages": reading.pages,
            "read_to": read_to.timestamp() if read_to else None,
            "note": reading.note[:500],
        }

    async def _read_source(self, source: Source) -> None:
        now = self._clock()
        if "://" not in source.feed:
            body: bytes | None = await asyncio.to_thread(Path(source.feed).read_bytes)
        else:
            _, target = self._intake.entrance(source.feed, "feed", now)
            if target is None:
                return
            self._intake.asked.add(target.id)
            fetch = await self._fetcher.fetch(Request(target.url, "feed", target.lane or EXTERNAL.id))
            if fetch.outcome is not Outcome.BREAKER:
                self._intake.rows(target, fetch, None, self._clock(), None)
            body = fetch.body if fetch.state is State.ALIVE else None
        for entry in read_feed(body, source.format, source.feed) if body else ():
            published = entry.date.timestamp() if entry.date else None
            self._writer.add(
                "source_entries",
                {
                    "source": source.id,
                    "url": normalise(entry.url),
                    "title": entry.title[:1000],
                    "published": published,
                    "first_run": self._run,
                    "first_seen": now,
                },
            )
