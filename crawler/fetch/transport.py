"""The connect step: where a connection really goes, over which TLS context; the URL, Host header and SNI stay."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

import httpcore2
import httpx2

from crawler.core.model import Network
from crawler.core.network import is_private_host

from .errors import ConnectTimedOut, NoSuchName
from .pool import Pool
from .resolve import Names
from .tls import Ladder

# A connect that takes longer is lost: TCP's own third try comes after 7 s.
CONNECT_TIMEOUT = 10.0
# Apache closes an idle connection after 5 s; a request sent into that moment would look like a reset.
_KEEPALIVE = 4.5
_HIGH_WATER = 256 * 1024  # bytes kept unread before the socket is paused
_PORTS = {"http": 80, "https": 443}


class Overrides:
    """`Network.connect_to`: "host:port" -> "address:port" | nxdomain | refused; the more specific pattern wins."""

    def __init__(self, connect_to: Mapping[str, str]) -> None:
        self._rules = {pattern.strip().lower(): target.strip() for pattern, target in connect_to.items()}

    def find(self, host: str, port: int) -> str | None:
        if not self._rules:
            return None
        exact = self.exact(host, port)
        if exact is not None:
            return exact
        if is_private_host(host):
            return None  # a wildcard never opens a private address
        return self._rules.get(f"*:{port}", self._rules.get("*:*"))

    def exact(self, host: str, port: int) -> str | None:
        """The rule that names this very host."""
        name = host.lower().rstrip(".")
        shown = f"[{name.strip('[]')}]" if ":" in name else name
        return self._rules.get(f"{shown}:{port}", self._rules.get(f"{shown}:*"))


class Wire(asyncio.Protocol, httpcore2.AsyncNetworkStream):
    """A connection as httpcore sees it, on plain asyncio instead of anyio's streams.

    A fetch costs 0.56 ms CPU this way, a bare loop over httpx2's client 0.80 (48 kB pages on loopback, 32 at a time).
    """

    def __init__(self, tls_context: Callable[[str], ssl.SSLContext], port: int | None) -> None:
        self._tls_context = tls_context
        self._port = port
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._held = 0
        self._eof = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._writable = True

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # a TCP or TLS transport, never a bare base

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._held += len(data)
        if self._held > _HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._eof = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._eof = True
        self._error = self._error or exc
        self._writable = True
        self._wake()
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    # What httpcore calls. The time limit of a whole attempt is set by the fetcher, not here.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while not self._chunks:
            if self._error is not None:
                raise httpcore2.ReadError(self._error)
            if self._eof:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        data = b"".join(self._chunks) if len(self._chunks) > 1 else self._chunks[0]
        self._chunks = [data[max_bytes:]] if len(data) > max_bytes else []
        if self._held > _HIGH_WATER and self._transport is not None and not self._eof:
            self._transport.resume_reading()
        self._held = max(len(data) - max_bytes, 0)
        return data[:max_bytes] if self._chunks else data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        if not buffer:
            return
        if self._transport is None or self._transport.is_closing():
            raise httpcore2.WriteError(self._error or ConnectionResetError("connection lost"))
        self._transport.write(buffer)
        if not self._writable:
            self._writer = asyncio.get_running_loop().create_future()
            await self._writer

    async def aclose(self) -> None:
        if self._transport is not None:
            # A TLS close waits for the peer's goodbye; nobody here does.
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - the ladder knows what this host needs
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        name = server_hostname or ""
        context = self._tls_context(tls_key(name, self._port))
        try:
            self._transport = await asyncio.get_running_loop().start_tls(
                self._transport,  # type: ignore[arg-type]
                self,
                context,
                server_hostname=name,
                ssl_handshake_timeout=CONNECT_TIMEOUT,
            )
        except (OSError, EOFError, ValueError) as error:
            await self.aclose()
            raise httpcore2.ConnectError(error) from error
        if self._transport is None:
            raise httpcore2.ConnectError(ConnectionResetError("connection lost"))
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of an idle connection: has the server closed it, or sent what nobody asked?
            return self._eof or bool(self._chunks)
        name = {"server_addr": "peername", "client_addr": "sockname"}.get(info, info)
        return self._transport.get_extra_info(name) if self._transport is not None else None


class Dialer(httpcore2.AsyncNetworkBackend):
    """Connects to the checked address itself, so a second look-up cannot lead elsewhere (DNS rebinding)."""

    def __init__(self, network: Network, names: Names, ladder: Ladder) -> None:
        self._overrides = Overrides(network.connect_to)
        self._names = names
        self._ladder = ladder
        self._proxy = httpx2.URL(network.proxy) if network.proxy else None

    def is_forbidden(self, host: str, port: int) -> bool:
        """Whether a URL with this host is refused before anything is sent (BEHAVIOURS 43)."""
        return is_private_host(host) and self._overrides.exact(host, port) is None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        if self._is_proxy(host, port):
            return await self._connect([(host, port)], None)
        target = self._overrides.find(host, port)
        if target == "nxdomain":
            raise NoSuchName("域名不存在（NXDOMAIN）")
        if target == "refused":
            raise httpcore2.ConnectError(ConnectionRefusedError(111, "Connection refused"))
        if target is not None:
            address, _, mapped = target.rpartition(":")
            return await self._connect([(address.strip("[]"), int(mapped))], port)
        addresses = await self._names.public_addresses(host)
        return await self._connect([(address, port) for address in addresses], port)

    def _is_proxy(self, host: str, port: int) -> bool:
        proxy = self._proxy
        return proxy is not None and (host, port) == (proxy.host, proxy.port or _PORTS.get(proxy.scheme, 1080))

    async def _connect(self, ends: list[tuple[str, int]], tls_port: int | None) -> Wire:
        loop = asyncio.get_running_loop()
        failure: Exception = ConnectTimedOut("没有可连接的地址")
        for address, port in ends:
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT / len(ends)):
                    _, wire = await loop.create_connection(lambda: Wire(self._ladder.context, tls_port), address, port)
            except TimeoutError:
                failure = ConnectTimedOut(f"连接 {address} 超时")
            except OSError as error:
                failure = httpcore2.ConnectError(error)
            else:
                return wire
        raise failure


class Transport:
    """Connections that are dialled as we say; one for all hosts.

    httpx's client is not used: it keeps cookies across fetches, logs each request and follows redirects by itself. Nor
    are its requests and answers, which cost a tenth of a fetch to build.
    """

    def __init__(self, network: Network, dialer: Dialer, context: ssl.SSLContext, connections: int) -> None:
        self._pool: Pool | httpcore2.AsyncHTTPProxy = Pool(context, connections, _KEEPALIVE, dialer)
        if network.proxy:
            proxy = httpx2.Proxy(network.proxy)
            self._pool = httpcore2.AsyncHTTPProxy(
                proxy_url=str(proxy.url),
                proxy_auth=proxy.raw_auth,
                proxy_headers=proxy.headers.raw,
                ssl_context=context,
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=_KEEPALIVE,
                network_backend=dialer,
            )

    async def get(self, url: httpx2.URL, headers: list[tuple[bytes, bytes]]) -> httpcore2.Response:
        """The head of an answer; the caller reads its stream and closes it. Raises what httpcore2 raises."""
        end = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        return await self._pool.handle_async_request(
            httpcore2.Request(b"GET", end, headers=[(b"Host", url.netloc), *headers])
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def is_private_spelling(url: str) -> bool:
    """Whether a URL that httpx cannot read names a private host all the same."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and is_private_host(normalize("NFKC", host or ""))


def tls_key(host: str, port: int | None) -> str:
    """Under which the ladder remembers a host; behind a proxy its port is not known to the connect step."""
    return f"{host}:{port}" if port is not None else host
