"""One asyncio server in a thread that plays every host of a misbehaving web, and counts and times what it is asked."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Visit(NamedTuple):
    """One request as the server saw it."""

    at: float  # of the monotonic clock
    scheme: str
    host: str
    method: str
    target: str  # as sent, with the query
    headers: dict[str, str]
    serial: int  # how many requests this host had, with this one
    turn: int  # how many times this URL was asked, with this one

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"


# Raw bytes of an answer, None for a connection that is cut, or pieces that come when they come.
Reply = bytes | None | AsyncIterator[bytes]
Handler = bytes | Callable[[Visit], Reply]
RESET = b"RESET"  # as a last piece: the connection ends with a TCP reset


@dataclass
class World:
    """Routes are full URLs; `//host/path` answers both schemes and `//host/*` whatever else is asked of a host."""

    routes: dict[str, Handler] = field(default_factory=dict)
    log: list[Visit] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)  # URL -> bytes that left, all answers together
    connect_to: dict[str, str] = field(default_factory=dict)
    port: int = 0
    trust: str | None = None
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _serials: dict[str, int] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)

    def on(self, url: str, handler: Handler) -> str:
        self.routes[url] = handler
        return url

    def secure(self, host: str, context: ssl.SSLContext | None) -> None:
        """Serve `https://host` with this certificate; None: plain text on the TLS port."""
        made = asyncio.run_coroutine_threadsafe(self._listen(context), self._loop).result(5)
        self.connect_to[f"{host}:443"] = f"127.0.0.1:{made}"

    def asked(self, url: str) -> list[Visit]:
        """Visits of a URL, or of all that begins with what stands before a `*`."""
        scheme, _, rest = url.partition("//")
        return [
            visit
            for visit in self.log
            if (not scheme or visit.scheme == scheme[:-1])
            and (
                f"{visit.host}{visit.target}".startswith(rest[:-1])
                if rest.endswith("*")
                else f"{visit.host}{visit.target}" == rest
            )
        ]

    # ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self, context: ssl.SSLContext | None = None, scheme: str = "https") -> int:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(self._talk(scheme, reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 17, backlog=512, ssl=context)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _talk(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    if not await self._answer(self._visit(scheme, head), writer):
                        return
            finally:
                writer.close()

    def _visit(self, scheme: str, head: bytes) -> Visit:
        line, *fields = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (f.partition(":") for f in fields if f)}
        host = headers.get("host", "").lower()
        key = f"{scheme}://{host}{target}"
        self._serials[host] = self._serials.get(host, 0) + 1
        self._turns[key] = self._turns.get(key, 0) + 1
        visit = Visit(time.monotonic(), scheme, host, method, target, headers, self._serials[host], self._turns[key])
        self.log.append(visit)
        return visit

    async def _answer(self, visit: Visit, writer: asyncio.StreamWriter) -> bool:
        """Send what the route says; False when the connection is to end."""
        both = f"//{visit.host}{visit.target}"
        found = self.routes.get(visit.url) or self.routes.get(both) or self.routes.get(f"//{visit.host}/*")
        reply = found(visit) if callable(found) else found or answer("没有这一页", 404)
        if reply is None:
            return False
        if isinstance(reply, bytes):
            head_only = visit.method == "HEAD" and b"\r\n\r\n" in reply
            await self._send(visit, reply[: reply.index(b"\r\n\r\n") + 4] if head_only else reply, writer)
            return b"\r\nConnection: close" not in reply[:2000]
        async for piece in reply:
            if piece == RESET:
                wire = writer.transport.get_extra_info("socket")
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False
            await self._send(visit, piece, writer)
        return False

    async def _send(self, visit: Visit, data: bytes, writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(data), 16_384):
            part = data[start : start + 16_384]
            writer.write(part)
            self.sent[visit.url] = self.sent.get(visit.url, 0) + len(part)
            await writer.drain()


def answer(body: bytes | str = b"", status: int = 200, /, *cookies: str, **headers: str) -> bytes:
    """A whole answer; `Content_Type="…"` names a header."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items()] + [f"Set-Cookie: {line}" for line in cookies]
    return (f"HTTP/1.1 {status} X\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + data


def redirect(location: str | bytes, status: int = 302, /, *cookies: str) -> bytes:
    raw = location.encode() if isinstance(location, str) else location
    lines = b"".join(f"Set-Cookie: {line}\r\n".encode() for line in cookies)
    return b"HTTP/1.1 %d X\r\nLocation: %s\r\n%sContent-Length: 0\r\n\r\n" % (status, raw, lines)


@contextlib.contextmanager
def standing() -> Iterator[World]:
    """A world that stands until the block ends."""
    world = World()
    thread = threading.Thread(target=world._loop.run_forever, name="world", daemon=True)
    thread.start()

    def run(made):
        return asyncio.run_coroutine_threadsafe(made, world._loop).result(5)

    async def close() -> None:
        for server in world._servers:
            server.close()
        for task in list(world._tasks):
            task.cancel()
        await asyncio.gather(*world._tasks, return_exceptions=True)

    world.port = run(world._listen(None, "http"))
    try:
        yield world
    finally:
        run(close())
        world._loop.call_soon_threadsafe(world._loop.stop)
        thread.join(5)
        world._loop.close()
