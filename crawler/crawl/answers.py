"""Facts of a URL for those who wait for them: columns that are read page by page."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import PageFacts
from crawler.core.urls import normalise
from crawler.store import crawl_db as db
from crawler.store.pack import unpack_facts
from crawler.store.writer import Writer

Answer = PageFacts | str  # facts, or what stood in the way
NOT_REACHED = "本次没有轮到"


class Answers:
    """Futures by URL id. A suspect's future stays open until its second round, or the end of the night."""

    def __init__(self, engine: AsyncEngine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._waiting: dict[int, list[asyncio.Future[Answer]]] = {}
        self._loading: set[asyncio.Task[None]] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._waiting

    @property
    def open(self) -> int:
        return sum(len(futures) for futures in self._waiting.values())

    @property
    def loading(self) -> int:
        return len(self._loading)

    def wait(self, number: int) -> asyncio.Future[Answer]:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(number, []).append(future)
        return future

    def give(self, number: int, answer: Answer) -> None:
        for future in self._waiting.pop(number, ()):
            if not future.done():
                future.set_result(answer)

    def move(self, number: int, other: int) -> None:
        """What waited for one URL waits for the one it redirects to."""
        futures = self._waiting.pop(number, [])
        if futures:
            self._waiting.setdefault(other, []).extend(futures)

    def load(self, number: int, body_hash: bytes | None) -> None:
        """Answer from the database, where the body was known already."""

        async def answer() -> None:
            self.give(number, await self.stored(number, body_hash))

        task = asyncio.ensure_future(answer())
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)

    async def stored(self, number: int, body_hash: bytes | None = None) -> Answer:
        await self._writer.flush()
        query = select(db.pages.c.facts).where(db.pages.c.url_id == number, db.pages.c.facts_version == FACTS_VERSION)
        if body_hash is not None:
            query = query.where(db.pages.c.body_hash == body_hash)
        query = query.order_by(db.pages.c.id.desc()).limit(1)
        async with self._engine.connect() as connection:
            row = await connection.scalar(query)
            if row:
                return unpack_facts(row)
            return await self._elsewhere(connection, number)

    async def _elsewhere(self, connection: AsyncConnection, number: int) -> Answer:
        """Facts of the page a redirect led to, else how the last request for this URL ended."""
        fetches = db.fetches.c
        last = (
            await connection.execute(
                select(fetches.final_url, fetches.outcome, fetches.note, fetches.state)
                .where(fetches.url_id == number)
                .order_by(fetches.at.desc())
                .limit(1)
            )
        ).first()
        if last is None:
            return "本次没有读到"
        if last.final_url and last.state == "alive":
            there = select(db.urls.c.id).where(db.urls.c.url == normalise(last.final_url))
            facts = select(db.pages.c.facts).where(
                db.pages.c.url_id.in_(there), db.pages.c.facts_version == FACTS_VERSION
            )
            row = await connection.scalar(facts.order_by(db.pages.c.id.desc()).limit(1))
            if row:
                return unpack_facts(row)
        return (last.note or last.outcome) if last.state != "alive" else "本次没有读到"

    def close(self) -> None:
        for number in list(self._waiting):
            self.give(number, NOT_REACHED)
