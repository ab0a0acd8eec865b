"""A forward proxy into the world, for programs that cannot be told where a host stands."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from tests.world.server import World

_BAD = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Door:
    """One client: its requests go to the world in the form a server sees."""

    def __init__(self, world: World, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._world, self._reader, self._writer = world, reader, writer
        self._lines: dict[str, asyncio.StreamWriter] = {}  # host -> the connection to it
        self._pumps: list[asyncio.Task[None]] = []

    async def serve(self) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            while head := await self._reader.readuntil(b"\r\n\r\n"):
                method, target, rest = head.split(b" ", 2)
                if method == b"CONNECT":
                    await self._tunnel(target.decode())
                    break
                host, slash, path = target.removeprefix(b"http://").partition(b"/")
                name = host.decode().lower()
                line = await self._line(name if ":" in name else f"{name}:80")
                if line is None:
                    break
                line.write(b" ".join((method, slash + path or b"/", rest)))
                await line.drain()
        for pump in self._pumps:
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await pump
        self._writer.close()

    def _where(self, address: str) -> int | None:
        table = self._world.connect_to
        host, _, port = address.rpartition(":")
        told = table.get(address) or table.get(f"{host}:*") or ("" if port == "80" else "refused")
        if told in {"refused", "nxdomain"}:
            return None
        return int(told.rpartition(":")[2]) if told else self._world.port

    async def _line(self, address: str) -> asyncio.StreamWriter | None:
        if address in self._lines and not self._lines[address].is_closing():
            return self._lines[address]
        port = self._where(address)
        if port is None:
            self._writer.write(_BAD)
            await self._writer.drain()
            return None
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self._lines[address] = writer
        self._pumps.append(asyncio.ensure_future(self._pump(reader)))
        return writer

    async def _pump(self, reader: asyncio.StreamReader) -> None:
        """What the server says; its end is the end for the client too, which is how many bodies end."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                self._writer.write(data)
                await self._writer.drain()
        self._writer.close()

    async def _tunnel(self, address: str) -> None:
        line = await self._line(address)
        if line is None:
            return
        self._writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        while data := await self._reader.read(65_536):
            line.write(data)
            await line.drain()
        line.close()


@contextlib.contextmanager
def proxied(world: World) -> Iterator[str]:
    """The proxy's address while the block runs; a loop of its own, beside the world's."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxy", daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        return await asyncio.start_server(
            lambda reader, writer: _Door(world, reader, writer).serve(), "127.0.0.1", 0, limit=1 << 17, backlog=512
        )

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
