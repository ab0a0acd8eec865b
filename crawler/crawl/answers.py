"""Facts of a URL for those who wait for them: columns that are read page by page."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import PageFacts
from crawler.core.model import State
from crawler.core.urls import normalise
from crawler.store import crawl_db as db
from crawler.store.pack import unpack_facts
from crawler.store.writer import Writer

Answer = PageFacts | str  # facts, or what stood in the way
NOT_REACHED = "本次没有轮到"
UNREAD = "本次没有读到"


def elsewhere(url: str) -> str:
    """What is said of a page of ours that leads off the sites of tonight."""
    return f"跳转到站外 {url}"


class Answers:
    """Futures by URL id. A suspect's future stays open until its second round, or the end of the night."""

    def __init__(self, engine: AsyncEngine, writer: Writer, run: int) -> None:
        self._engine = engine
        self._run = run
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

    def load(self, number: int) -> None:
        """Answer from the database, where the body was known already."""

        async def answer() -> None:
            self.give(number, await self.stored(number))

        task = asyncio.ensure_future(answer())
        self._loading.add(task)
        task.add_done_callback(self._loaded)

    def _loaded(self, task: asyncio.Task[None]) -> None:
        self._loading.discard(task)
        if not task.cancelled():
            task.exception()  # a writer that fails ends the crawl itself

    async def stored(self, number: int) -> Answer:
        """What this run got for a URL it asked already, also before it was killed and continued."""
        await self._writer.flush()
        async with self._engine.connect() as connection:
            answer = await self._of(connection, db.fetches.c.url_id == number)
            if isinstance(answer, Row) and answer.facts is None and answer.final_url:
                landed = select(db.urls.c.id).where(db.urls.c.url == normalise(answer.final_url)).scalar_subquery()
                onward = answer.final_url
                answer = await self._of(connection, db.fetches.c.url_id == landed)
                if isinstance(answer, str):
                    return elsewhere(onward)
        if isinstance(answer, str):
            return answer
        return unpack_facts(answer.facts) if answer.facts else UNREAD

    async def _of(self, connection: AsyncConnection, which: ColumnElement[bool]) -> Row[Any] | str:
        fetches, pages = db.fetches, db.pages
        query = (
            select(fetches.c.state, fetches.c.outcome, fetches.c.note, fetches.c.final_url, pages.c.facts)
            .outerjoin(
                pages,
                (pages.c.url_id == fetches.c.url_id)
                & (pages.c.body_hash == fetches.c.body_hash)
                & (pages.c.facts_version == FACTS_VERSION),
            )
            .where(which, fetches.c.run == self._run)
            .order_by(fetches.c.id.desc())
            .limit(1)
        )
        row: Any = (await connection.execute(query)).first()
        if row is None:
            return UNREAD
        if row.state != State.ALIVE.value:
            return str(row.note or row.outcome)
        found: Row[Any] = row
        return found

    def close(self) -> None:
        for number in list(self._waiting):
            self.give(number, NOT_REACHED)
