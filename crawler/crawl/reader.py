"""Reads pages here while there are few, in a process beside us once they keep the night's loop from its answers."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from array import array
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from crawler.crawl.beside import LENGTH, Failure, Question, answered, encode, framed
from crawler.crawl.desk import Desk
from crawler.crawl.digest import Answer, Digest, NewLink

LARGE = 400_000  # bytes of a page that is not read on the loop: five megabytes take half a second
SHARE = 0.3  # of a second in which pages were read here, above which the process beside is worth its start
DEEP = 12  # pages that wait for the process beside, from which on the loop has time to read one itself
PATIENCE = 120.0  # seconds for one page; the parser's own bounds are far below
STARTS = 3  # of the process in one night; one page that ends it is a crash of that page, not of the night
_KEPT_HEADERS = ("content-type", "date")
_SOURCE = str(Path(__file__).resolve().parents[2])


class Reference:
    """A link of a site, shared by all pages that have it; `number` is its target's id, -1 while it has none yet."""

    __slots__ = ("is_file", "link", "number")

    def __init__(self, link: NewLink) -> None:
        self.link: NewLink | None = link  # until it is numbered: a large site has a hundred thousand of them
        self.is_file = link.kind == "attachment"
        self.number = -1


class PageLost(Exception):
    """The process beside us ended, or was ended, over this page."""


class _Unread(Exception):
    """It ended before it came to this page."""


class Reader:
    """One for a night. `read` may be called by many at once; without `beside` all is read here."""

    def __init__(self, *, beside: bool = True) -> None:
        self._desk = Desk()
        self._here: dict[str, list[Reference]] = {}
        self._beside: _Beside | None = None
        self._starts = STARTS if beside and sys.platform != "win32" else 0
        self._cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._busy = 0.0
        self._since = time.monotonic()
        self._starting = asyncio.Lock()
        self._took_one = False

    async def read(
        self, site: str, url: str, body: bytes, headers: Mapping[str, str], *, baseline: bool = False
    ) -> tuple[Digest, list[Reference]]:
        """What a page comes to. Raises what reading it raised."""
        if self._is_for_beside(body):
            question = Question(site, url, {k: headers[k] for k in _KEPT_HEADERS if k in headers}, body, baseline)
            while (beside := await self._started()) is not None:
                try:
                    return await beside.ask(question)
                except _Unread:
                    continue
        return self._read_here(site, url, body, headers, baseline=baseline)

    def _read_here(
        self, site: str, url: str, body: bytes, headers: Mapping[str, str], *, baseline: bool
    ) -> tuple[Digest, list[Reference]]:
        start = time.perf_counter()
        answer = self._desk.read(site, url, body, headers, baseline=baseline)
        self._busy += time.perf_counter() - start
        return answer.digest, referred(self._here, site, answer)

    def _is_for_beside(self, body: bytes) -> bool:
        if self._beside is not None and self._beside.alive:
            if len(body) > LARGE or self._beside.waiting < DEEP or self._took_one:
                return True
            # One between two looks at the network: with more of them in a row the process beside would run dry.
            self._took_one = True
            asyncio.get_running_loop().call_soon(self._may_take_one)
            return False
        if not self._starts:
            return False
        if len(body) > LARGE:
            return True
        now = time.monotonic()
        elapsed = now - self._since
        if elapsed < 1:
            return False
        share, self._busy, self._since = self._busy / elapsed, 0.0, now
        return share > SHARE and self._cores > 1

    def _may_take_one(self) -> None:
        self._took_one = False

    async def _started(self) -> _Beside | None:
        async with self._starting:
            if (self._beside is None or not self._beside.alive) and self._starts:
                self._starts -= 1
                if self._beside is not None:
                    await self._beside.aclose()
                try:
                    self._beside = await _Beside.start()
                except OSError:  # no process to be had: all is read here
                    self._starts = 0
                    self._beside = None
            return self._beside if self._beside is not None and self._beside.alive else None

    async def aclose(self) -> None:
        if self._beside is not None:
            await self._beside.aclose()


def referred(known: dict[str, list[Reference]], site: str, answer: Answer) -> list[Reference]:
    """The links of an answer, each one object for the whole site."""
    references = known.setdefault(site, [])
    if answer.anew:
        references = known[site] = []
    references += map(Reference, answer.fresh)
    places = array("I")
    places.frombytes(answer.links)
    return [references[place] for place in places]


class _Beside(asyncio.Protocol):
    """Our end of the socket. Answers come in the order of the questions."""

    def __init__(self) -> None:
        self.alive = True
        self._process: asyncio.subprocess.Process | None = None
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[tuple[str, asyncio.Future[tuple[Digest, list[Reference]]]]] = deque()
        self._known: dict[str, list[Reference]] = {}
        self._data = bytearray()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @classmethod
    async def start(cls) -> _Beside:
        ours, theirs = socket.socketpair()
        with theirs:
            path = os.pathsep.join(filter(None, (_SOURCE, os.environ.get("PYTHONPATH"))))
            beside = cls()
            beside._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "crawler.crawl.beside",
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,  # what it meets is told by its answers
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for us; it ends when its socket does
            )
        ours.setblocking(False)
        await asyncio.get_running_loop().create_connection(lambda: beside, sock=ours)
        return beside

    async def ask(self, question: Question) -> tuple[Digest, list[Reference]]:
        future: asyncio.Future[tuple[Digest, list[Reference]]] = asyncio.get_running_loop().create_future()
        if self._transport is None or not self.alive:
            raise _Unread
        frame = framed(encode(question))
        self._waiting.append((question.site, future))
        self._transport.write(frame)
        try:
            async with asyncio.timeout(PATIENCE):
                return await future
        except TimeoutError:
            self._end()
            raise PageLost(f"{PATIENCE:g} 秒内没有读完这个页面") from None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # a socket's

    def data_received(self, data: bytes) -> None:
        held = self._data
        held += data
        start = 0
        while len(held) - start >= LENGTH.size:
            end = start + LENGTH.size + LENGTH.unpack_from(held, start)[0]
            if len(held) < end:
                break
            self._take(bytes(held[start + LENGTH.size : end]))
            start = end
        del held[:start]

    def _take(self, frame: bytes) -> None:
        site, future = self._waiting.popleft()
        answer = answered(frame)
        if isinstance(answer, Failure):
            if not future.done():
                future.set_exception(RuntimeError(answer.words))
            return
        found = answer.digest, referred(self._known, site, answer)  # also where nobody waits: it prolongs the list
        if not future.done():
            future.set_result(found)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.alive = False
        error: Exception = PageLost("读页面的进程意外结束")
        for _, future in self._waiting:  # it was at the first of them
            if not future.done():
                future.set_exception(error)
            error = _Unread()
        self._waiting.clear()

    def _end(self) -> None:
        self.alive = False
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def aclose(self) -> None:
        self.alive = False
        if self._transport is not None:
            self._transport.close()
        if self._process is not None:
            try:
                async with asyncio.timeout(3):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
