"""The second step for attachments that somebody will want to read: the whole file, its text, within a byte budget."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from crawler.core.facts import FileText, PageFacts
from crawler.core.model import Attachments, Fetch, State
from crawler.fetch import Fetcher, Request
from crawler.parse.files import Pool
from crawler.store import crawl_db as db
from crawler.store.pack import decompress

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from crawler.crawl.frontier import Target
    from crawler.crawl.gate import Gate

_POLICY_COLUMN = re.compile(r"政策文件|规范性文件|行政规范|规章|政府文件|法定主动公开|公文|部门文件")
_TOTAL = re.compile(r"bytes\s+\d+-\d+/(\d{1,15})$")


def is_policy(facts: PageFacts) -> bool:
    """A page that is a policy document by its own marks: a document number, or the column it says it stands in."""
    if facts.kind not in {"article", "other"}:
        return False
    return bool(facts.document_number or _POLICY_COLUMN.search(facts.meta("ColumnName") + facts.meta("ColumnType")))


class Documents:
    """Reads chosen attachments after their head was found sound. What it cannot read stays unread, and alive."""

    def __init__(
        self,
        settings: Attachments,
        fetcher: Fetcher,
        engine: AsyncEngine,
        files: dict[int, tuple[bytes, bytes | None, FileText | None]],
    ) -> None:
        self.settings = settings
        self.received = 0
        self._fetcher = fetcher
        self._engine = engine
        self._files = files
        self._pool = Pool()

    def close(self) -> None:
        self._pool.close()

    async def read(  # noqa: PLR0911  one for each way in which a file need not be asked for
        self, target: Target, head: Fetch, gate: Gate
    ) -> Fetch:
        """The head's answer, or that of the whole file; what is to be stored waits in `files`."""
        if head.state is not State.ALIVE or not head.body:
            return head
        total = _total(head)
        known = await self._known(target)
        if known is not None and _is_same(head, total, known):
            # Facts of an elder version are read again from the bytes we have, without a request.
            text = None if target.parsed else await self._text(known, target)
            self._files[target.id] = (target.body_hash or b"", None, text)
            return head
        if total is not None and total > self.settings.largest:
            problem = f"文件有 {total / 1e6:.1f} MB，超过 {self.settings.largest / 1e6:g} MB，没有读取"
            self._files[target.id] = (hashlib.sha256(head.body).digest(), None, FileText(problem=problem))
            return head
        if total == len(head.body):
            return await self._take(target, head)
        full = await self._ask(target, gate)
        if full is None:
            return head
        merged = replace(full, attempts=head.attempts + full.attempts)
        if full.state is not State.ALIVE or full.truncated or not full.body:
            return replace(head, attempts=merged.attempts)  # counted; the head said what is to be said of the link
        return await self._take(target, merged)

    async def _ask(self, target: Target, gate: Gate) -> Fetch | None:
        if self.received >= self.settings.budget or not gate.has_room(target):
            return None
        settings = self.settings
        full = await self._fetcher.fetch(
            Request(target.url, "document", target.lane, suffix=target.suffix, largest=settings.largest)
        )
        self.received += full.length
        return full

    async def _take(self, target: Target, fetch: Fetch) -> Fetch:
        body = fetch.body or b""
        text = await self._text(body, target)
        self._files[target.id] = (hashlib.sha256(body).digest(), body, text)
        return fetch

    async def _text(self, body: bytes, target: Target) -> FileText:
        return await asyncio.to_thread(self._pool.read_text, body, target.suffix)

    async def _known(self, target: Target) -> bytes | None:
        """The bytes that were read on an earlier night."""
        if not target.body_hash:
            return None
        async with self._engine.connect() as connection:
            data = await connection.scalar(select(db.bodies.c.data).where(db.bodies.c.hash == target.body_hash))
        return decompress(data) if data is not None else None


def _total(head: Fetch) -> int | None:
    """How long the file is, by the server's own word; by the bytes where all of them came."""
    if head.status == 206 and (found := _TOTAL.search(head.headers.get("content-range", "").strip())):
        return int(found[1])
    if head.status == 200:
        length = head.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and len(length) < 16:
            return int(length)
        return None if head.truncated else len(head.body or b"")
    return None


def _is_same(head: Fetch, total: int | None, known: bytes) -> bool:
    body = head.body or b""
    return total == len(known) and known.startswith(body)
