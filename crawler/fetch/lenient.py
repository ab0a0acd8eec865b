"""Reads an answer that breaks HTTP's grammar as browsers do: our HTTP library refuses it, a reader sees the page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpcore2
import httpx2

_HEAD_CAP = 131_072  # bytes of status line and headers
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})")


class NoHttp(httpcore2.RemoteProtocolError):
    """Not even a browser finds an answer in it."""


@dataclass(slots=True)
class Reply:
    status: int
    headers: list[tuple[bytes, bytes]]
    wire: httpcore2.AsyncNetworkStream
    _rest: bytes = field(default=b"", repr=False)

    async def body(self) -> AsyncIterator[bytes]:
        """The body as sent, unchunked; it ends where the server ends it."""
        fields = {name.lower(): value for name, value in self.headers}
        if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
            async for part in self._chunks():
                yield part
            return
        length = fields.get(b"content-length", b"").strip()
        left = int(length) if length.isdigit() else -1
        while left:
            part = self._rest or await self.wire.read(65_536)
            self._rest = b""
            if not part:
                return
            part = part[:left] if left > 0 else part
            left -= len(part) if left > 0 else 0
            yield part

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            while b"\n" not in self._rest and len(self._rest) < 4096:
                if not await self._more():
                    return
            line, _, self._rest = self._rest.partition(b"\n")
            size = _SIZE.match(line)
            left = int(size[1], 16) if size else 0
            if not left:
                return
            while left:
                if not self._rest and not await self._more():
                    return
                part, self._rest = self._rest[:left], self._rest[left:]
                left -= len(part)
                yield part
            self._rest = self._rest.removeprefix(b"\r").removeprefix(b"\n")

    async def _more(self) -> bool:
        part = await self.wire.read(65_536)
        self._rest += part
        return bool(part)


async def ask(wire: httpcore2.AsyncNetworkStream, url: httpx2.URL, headers: Sequence[tuple[bytes, bytes]]) -> Reply:
    """One GET over a fresh connection. Raises NoHttp; closing the wire is the caller's business."""
    lines = [b"GET %s HTTP/1.1" % url.raw_path, b"Host: " + url.netloc]
    lines += [name + b": " + value for name, value in headers]
    await wire.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
    data = b""
    while (end := _END.search(data)) is None:
        part = await wire.read(65_536)
        if not part or len(data) > _HEAD_CAP:
            raise NoHttp("不是 HTTP 应答")
        data += part
    head, rest = data[: end.start()], data[end.end() :]
    first, *others = re.split(rb"\r?\n", head)
    status = _STATUS.match(first)
    if status is None:
        raise NoHttp("状态行无法识别")
    pairs = [line.partition(b":") for line in others]
    found = [(name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip()]
    if len({value for name, value in found if name.lower() == b"content-length"}) > 1:
        raise NoHttp("两个不同的 Content-Length")  # browsers refuse it, too
    return Reply(int(status[1]), found, wire, rest)
