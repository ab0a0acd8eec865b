"""Open connections by origin, the last used first.

The library's own pool looks at all of its connections twice for each request: a fifth of a fetch at 32 of them.
"""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import AsyncIterator

import httpcore2

_Origin = tuple[bytes, bytes, int]
_LOOK_EVERY = 100  # answers between two looks for connections that are idle for too long


class Pool:
    """How many are busy is the limiters' business; `idle` of them are kept."""

    def __init__(
        self, context: ssl.SSLContext, idle: int, expiry: float, backend: httpcore2.AsyncNetworkBackend
    ) -> None:
        self._context = context
        self._most = idle
        self._expiry = expiry
        self._backend = backend
        self._idle: dict[_Origin, deque[httpcore2.AsyncHTTPConnection]] = {}
        self._busy: set[httpcore2.AsyncHTTPConnection] = set()
        self._returned = 0

    async def handle_async_request(self, request: httpcore2.Request) -> httpcore2.Response:
        """The head of an answer; its connection comes back when the answer is closed."""
        end = request.url.origin
        origin = (end.scheme, end.host, end.port)
        idle = self._idle.get(origin)
        connection = None
        while idle and connection is None:
            connection = idle.pop()
            if connection.has_expired() or not connection.is_available():
                await connection.aclose()
                connection = None
        if connection is None:
            connection = httpcore2.AsyncHTTPConnection(
                end, ssl_context=self._context, keepalive_expiry=self._expiry, network_backend=self._backend
            )
        self._busy.add(connection)
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            self._busy.discard(connection)  # it has closed itself
            raise
        response.stream = _Lent(response.stream, connection, origin, self)  # type: ignore[arg-type] # an async stream
        return response

    async def give_back(self, connection: httpcore2.AsyncHTTPConnection, origin: _Origin) -> None:
        self._busy.discard(connection)
        if connection.is_idle():
            self._idle.setdefault(origin, deque()).append(connection)
        self._returned += 1
        if self._returned % _LOOK_EVERY == 0:
            await self._weed()

    async def _weed(self) -> None:
        """Close what has been idle for too long, and the longest idle of an origin that has too many."""
        left = self._most
        for origin, idle in list(self._idle.items()):
            while idle and (idle[0].has_expired() or len(idle) > left):
                await idle.popleft().aclose()
            left = max(left - len(idle), 0)
            if not idle:
                self._idle.pop(origin, None)

    async def aclose(self) -> None:
        for connection in [*self._busy, *(each for idle in self._idle.values() for each in idle)]:
            await connection.aclose()
        self._busy.clear()
        self._idle.clear()


class _Lent:
    """The body of an answer; closing it gives the connection back."""

    __slots__ = ("_connection", "_lent", "_origin", "_pool", "_stream")

    def __init__(
        self,
        stream: AsyncIterator[bytes],
        connection: httpcore2.AsyncHTTPConnection,
        origin: _Origin,
        pool: Pool,
    ) -> None:
        self._stream = stream
        self._connection = connection
        self._origin = origin
        self._pool = pool
        self._lent = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        await self._stream.aclose()  # type: ignore[attr-defined]
        if self._lent:
            self._lent = False
            await self._pool.give_back(self._connection, self._origin)
