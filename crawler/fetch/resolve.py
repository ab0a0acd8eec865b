"""Name -> addresses, with the answer kept apart from no answer and private addresses refused."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.core.network import is_private, literal_address

from .errors import NameUnanswered, NoAddress, NoSuchName, PrivateAddress

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

_KEPT = 300.0  # seconds an answer is used, whatever its own TTL: a night asks a host thousands of times
_KEPT_NAMES = 10_000
_LIFETIME = 8.0  # seconds for all servers and tries together


class Names:
    """Looks names up with dnspython; with getaddrinfo where the machine names no server. Failures are not kept."""

    def __init__(self, resolver: Resolver | None = None, family: socket.AddressFamily = socket.AF_UNSPEC) -> None:
        self._resolver = resolver
        self._family = family
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._pending: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def public_addresses(self, host: str) -> tuple[str, ...]:
        """Addresses to connect to, IPv4 first. Raises PrivateAddress, NoSuchName or NameUnanswered."""
        literal = literal_address(host)
        if literal is not None:
            addresses: tuple[str, ...] = (str(literal),)
        else:
            addresses = await self._look_up(host.rstrip(".").lower())
        for address in addresses:
            parsed = literal_address(address)
            if parsed is None or is_private(parsed):
                raise PrivateAddress(f"域名解析到内网地址 {address}")
        return addresses

    async def _look_up(self, host: str) -> tuple[str, ...]:
        known = self._known.get(host)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        task = self._pending.get(host)
        if task is None:  # one question, however many workers ask it
            task = self._pending[host] = asyncio.create_task(self._ask(host))
            task.add_done_callback(lambda done: self._finish(host, done))
        return await asyncio.shield(task)

    def _finish(self, host: str, task: asyncio.Task[tuple[str, ...]]) -> None:
        self._pending.pop(host, None)
        if task.cancelled() or task.exception() is not None:
            return
        if len(self._known) >= _KEPT_NAMES:
            self._known.clear()
        self._known[host] = (time.monotonic() + _KEPT, task.result())

    async def _ask(self, host: str) -> tuple[str, ...]:
        import dns.asyncresolver
        import dns.exception
        import dns.resolver

        if self._resolver is None:
            try:
                self._resolver = dns.asyncresolver.Resolver()
            except dns.resolver.NoResolverConfiguration:
                return await _system_look_up(host, self._family)
        try:
            answers = await self._resolver.resolve_name(host, family=self._family, lifetime=_LIFETIME, search=False)
        except dns.resolver.NXDOMAIN:
            raise NoSuchName("域名不存在（NXDOMAIN）") from None
        except dns.resolver.NoAnswer:
            raise NoAddress("域名没有地址记录（A/AAAA）") from None
        except dns.exception.Timeout:
            raise NameUnanswered("域名解析超时") from None
        except dns.resolver.NoNameservers:
            raise NameUnanswered("域名解析失败：DNS 服务器没有给出答案（SERVFAIL）") from None
        except (dns.exception.DNSException, ValueError, OSError) as error:
            raise NameUnanswered(f"域名解析失败：{type(error).__name__}") from None
        return _ordered([str(address) for address in answers.addresses()])


async def _system_look_up(host: str, family: socket.AddressFamily) -> tuple[str, ...]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        if getattr(error, "errno", None) in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NoSuchName("域名不存在") from None
        raise NameUnanswered("域名解析失败") from None
    return _ordered([str(entry[4][0]).partition("%")[0] for entry in found])


def _ordered(addresses: Sequence[str]) -> tuple[str, ...]:
    """IPv4 first: many offices and cloud servers have no working IPv6 route; three are enough."""
    return tuple(sorted(dict.fromkeys(addresses), key=lambda address: ":" in address))[:3]
