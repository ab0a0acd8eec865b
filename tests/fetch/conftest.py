"""A small web server that misbehaves to order, and a fetcher whose every host leads to it."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.core.model import Network, Platform
from crawler.fetch import Fetcher

Reply = bytes | Callable[["Asked"], "bytes | Awaitable[bytes | None] | None"]


@dataclass
class Asked:
    """One request as the server saw it."""

    at: float
    method: str
    target: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def key(self) -> str:
        return f"{self.host}{self.target}"


@dataclass
class Web:
    """Routes are "host/path" or "/path"; a reply is raw bytes, or a function that gives them (None: connection cut)."""

    routes: dict[str, Reply] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    connections: int = 0

    @staticmethod
    def answer(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
        data = body.encode() if isinstance(body, str) else body
        fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))}
        fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode("latin-1") + data

    def redirect(self, location: str | bytes, status: int = 302, cookie: str = "") -> bytes:
        raw = location.encode() if isinstance(location, str) else location
        extra = f"Set-Cookie: {cookie}\r\n".encode() if cookie else b""
        return b"HTTP/1.1 %d X\r\nLocation: %s\r\n%sContent-Length: 0\r\n\r\n" % (status, raw, extra)

    def asked(self, target: str) -> int:
        return sum(target in (request.target, request.key) for request in self.log)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *lines = head.decode("latin-1").split("\r\n")
                method, target, _ = line.split(" ", 2)
                headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines) if name}
                asked = Asked(time.monotonic(), method, target, headers, writer)
                self.log.append(asked)
                reply = self.routes.get(asked.key, self.routes.get(target, self.answer("没有", 404)))
                if callable(reply):
                    made = reply(asked)
                    reply = await made if isinstance(made, Awaitable) else made
                if reply is None:
                    return
                writer.write(reply)
                await writer.drain()
                if b"\r\nConnection: close" in reply:
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError, ssl.SSLError):
            return
        finally:
            writer.close()


@pytest.fixture
async def start() -> AsyncIterator[Callable[..., Awaitable[Web]]]:
    servers = []

    async def begin(context: ssl.SSLContext | None = None) -> Web:
        web = Web()
        server = await asyncio.start_server(web.handle, "127.0.0.1", 0, ssl=context)
        web.port = server.sockets[0].getsockname()[1]
        servers.append(server)
        return web

    yield begin
    for server in servers:
        server.close()


@pytest.fixture
async def web(start: Callable[..., Awaitable[Web]]) -> Web:
    return await start()


@pytest.fixture
async def make(web: Web, tmp_path: Path) -> AsyncIterator[Callable[..., Fetcher]]:
    """A fetcher of one open platform `city`; `*:80` leads to the server unless `connect_to` says otherwise."""
    made: list[Fetcher] = []

    def build(*, connect_to: dict[str, str] | None = None, trust: str | None = None, **options: object) -> Fetcher:
        rules = {"*:80": f"127.0.0.1:{web.port}"} | (connect_to or {})
        open_platform = Platform("city", rate=0, concurrency=64, attachment_rate=0, timeout=timedelta(seconds=2))
        platforms = options.pop("platforms", {"city": open_platform, "external": Platform("external", rate=0)})
        fetcher = Fetcher(
            limits_dir=options.pop("limits_dir", tmp_path / "limits"),
            user_agent="govcheck/0.1 (+https://example.gov.cn/contact)",
            platforms=platforms,
            network=Network(connect_to=rules, trust=trust),
            retry_wait=options.pop("retry_wait", timedelta(milliseconds=5)),
            **options,
        )
        made.append(fetcher)
        return fetcher

    yield build
    for fetcher in made:
        await fetcher.aclose()


@pytest.fixture
def fetcher(make: Callable[..., Fetcher]) -> Fetcher:
    return make()
