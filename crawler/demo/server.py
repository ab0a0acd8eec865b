"""One loopback HTTP/1.1 server that plays every host of the simulated web and remembers each request."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple, Self

from crawler.demo.answer import Answer

_MODIFIED = "Mon, 02 Nov 2026 01:30:00 GMT"
_IDLE = 30.0  # seconds a quiet connection is kept


class Visit(NamedTuple):
    """One request as the server saw it; status 0 where it hung up."""

    time: float  # of the monotonic clock
    host: str
    method: str
    path: str  # as sent, with the query
    status: int


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    host: str
    target: str
    headers: dict[str, str]
    close: bool


class Server:
    """`answer(host, target)` decides what is said; this class only speaks HTTP."""

    def __init__(self, answer: Callable[[str, str], Answer]) -> None:
        self.port = 0
        self.log: list[Visit] = []
        self._answer = answer
        self._seen: set[tuple[str, str]] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port, limit=1 << 16, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def forget(self) -> None:
        """Empty the log and let what fails once fail once more."""
        self.log.clear()
        self._seen.clear()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A plain function and an own task: tasks that asyncio makes itself are not ours to cancel on Python 3.11.
        task = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            try:
                while (request := await _read(reader)) is not None:
                    if not await self._reply(request, writer) or request.close:
                        break
            finally:
                writer.close()

    async def _reply(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Send the answer; False when the connection is to end."""
        answer = self._answer(request.host, request.target)
        key = (request.host, request.target)
        first_time = key not in self._seen
        self._seen.add(key)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.drop:
            self._note(request, 0)
            if answer.drop == "reset":
                writer.transport.abort()
            return False
        status, headers, body = _shape(request, answer, first_time=first_time)
        self._note(request, status)
        writer.write(_wire(status, headers, body, head_only=request.method == "HEAD", close=request.close))
        await writer.drain()
        return True

    def _note(self, request: Request, status: int) -> None:
        self.log.append(Visit(time.monotonic(), request.host, request.method, request.target, status))


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """One request head and its body, if any; None at the end of the connection or when it is no HTTP."""
    async with asyncio.timeout(_IDLE):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
    line, *fields = head.decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3:
        return None
    headers = {name.strip().lower(): value.strip() for name, _, value in (f.partition(":") for f in fields if f)}
    if (length := headers.get("content-length", "0")).isdigit() and int(length):
        await reader.readexactly(min(int(length), 1 << 16))
    method, target, version = words
    host = headers.get("host", "").lower()
    if target.startswith("http://"):
        host, _, rest = target[7:].partition("/")
        target = "/" + rest
    close = version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
    return Request(method, host.removesuffix(":80"), target, headers, close)


Headers = list[tuple[str, str]]


def _shape(request: Request, answer: Answer, *, first_time: bool) -> tuple[int, Headers, bytes]:
    """Status, headers and body after flapping, HEAD refusal, conditional and range requests are counted in."""
    if request.method not in {"GET", "HEAD"}:
        return 405, [("Allow", "GET, HEAD")], b""
    refusal = answer.head if request.method == "HEAD" else None
    if refusal is None and first_time:
        refusal = answer.first
    if refusal is not None:
        return refusal, [("Content-Type", "text/plain")], b"try again later"
    headers: Headers = [("Content-Type", answer.type), *answer.headers]
    if answer.status != 200:
        return answer.status, headers, answer.body
    etag = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()[:16]}"'
    headers += [("ETag", etag), ("Last-Modified", _MODIFIED)]
    asked = request.headers
    if etag in asked.get("if-none-match", "") or (
        "if-none-match" not in asked and asked.get("if-modified-since") == _MODIFIED
    ):
        return 304, headers[1:], b""
    if answer.ranges:
        headers.append(("Accept-Ranges", "bytes"))
        if cut := _cut(asked.get("range", ""), len(answer.body)):
            start, end = cut
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{len(answer.body)}"))
            return 206, headers, answer.body[start:end]
    return 200, headers, answer.body


def _cut(asked: str, size: int) -> tuple[int, int] | None:
    """`bytes=0-4095` as a half-open span; None for anything else or an empty file."""
    start, dash, end = asked.removeprefix("bytes=").partition("-")
    if not asked.startswith("bytes=") or not dash or not start.isdigit() or int(start) >= size:
        return None
    return int(start), min(int(end) + 1, size) if end.isdigit() else size


def _wire(status: int, headers: Iterable[tuple[str, str]], body: bytes, *, head_only: bool, close: bool) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", "Server: nginx", *(f"{name}: {value}" for name, value in headers)]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    lines.append(f"Connection: {'close' if close else 'keep-alive'}")
    head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
    return head if head_only or status == 304 else head + body
