"""Reading a body with every bound that a hostile server calls for (BEHAVIOURS 36, 37)."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Protocol

import httpcore2

from .errors import causes

_GZIP = 31  # wbits of zlib.decompressobj
_ZLIB = 15
_RAW = -15
_MEMBERS = 64  # parts of one gzip body; honest servers send one


class Inflater(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Body:
    data: bytes
    truncated: bool = False
    fault: str = ""  # what was irregular, in Chinese
    broken: Exception | None = None  # what cut the transfer short


async def read(stream: AsyncIterable[bytes], cap: int, encoding: str, *, sniff: bool = False) -> Body:
    """Read up to `cap` bytes, decoded of `encoding`; `sniff`: gzip that does not say so is decoded too.

    Never holds more than the cap of decoded bytes and the cap of raw ones. Timeouts and cancellation pass through.
    """
    parts: list[bytes] = []
    size = 0
    broken: Exception | None = None
    try:
        async for part in stream:
            parts.append(part)
            size += len(part)
            if size > cap:
                break
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
        if any(isinstance(cause, TimeoutError) for cause in causes(error)):
            raise
        broken = error
    raw = parts[0] if len(parts) == 1 else b"".join(parts)
    if encoding or (sniff and raw[:3] == b"\x1f\x8b\x08"):
        return _decoded(raw, cap, encoding or "gzip", size > cap, broken)
    return Body(raw[:cap] if size > cap else raw, size > cap, broken=broken)


def _decoded(raw: bytes, cap: int, encoding: str, cut: bool, broken: Exception | None) -> Body:
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        return Body(raw[:cap], cut, f"以未请求的编码 {encoding[:40]} 应答", broken)
    if not raw:
        return Body(b"", cut, broken=broken)
    try:
        data, more = _inflate(raw, cap, "deflate" if encoding == "deflate" else "gzip")
    except zlib.error:
        return Body(raw[:cap], cut, f"声明编码 {encoding}，内容却不是", broken)
    return Body(data, cut or more, broken=broken)


def _inflate(raw: bytes, cap: int, encoding: str) -> tuple[bytes, bool]:
    """Decode at most `cap` bytes; whether there was more. A body that ends too early gives what it holds."""
    if encoding == "deflate":
        # The standard means a zlib stream; many servers send a bare one.
        zlib_stream = raw[0] & 0x0F == 8 and len(raw) > 1 and (raw[0] << 8 | raw[1]) % 31 == 0
        inflater: Inflater = zlib.decompressobj(_ZLIB if zlib_stream else _RAW)
    else:
        inflater = zlib.decompressobj(_GZIP)
    data = inflater.decompress(raw, cap + 1)
    members = 1
    while inflater.eof and inflater.unused_data[:2] == b"\x1f\x8b" and len(data) <= cap and members < _MEMBERS:
        rest = inflater.unused_data
        inflater = zlib.decompressobj(_GZIP)
        try:
            data += inflater.decompress(rest, cap + 1 - len(data))
        except zlib.error:
            break
        members += 1
    return data[:cap], len(data) > cap
