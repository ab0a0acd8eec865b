"""Whether a name has an IPv6 address, and whether this machine could use it (AC-01)."""

from __future__ import annotations

import socket

import httpcore2

from crawler.core.model import Network
from crawler.core.reach import Said

from .errors import NoAddress
from .resolve import Names
from .transport import Overrides

_FAR_AWAY = ("2001:da8::1", 53)  # any global address: a UDP socket that connects sends nothing


def only_ipv6() -> Names:
    """Looks up nothing but AAAA records."""
    return Names(family=socket.AF_INET6)


def has_route() -> bool:
    """Whether this machine has a way into the IPv6 internet."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR_AWAY)
    except OSError:
        return False
    return True


async def record(names: Names, host: str) -> tuple[Said, str]:
    """Whether the name has an AAAA record; what is not known, and why, is said."""
    try:
        await names.public_addresses(host)
    except NoAddress:
        return "no", ""
    except httpcore2.ConnectError as error:
        return "unknown", str(error)
    return "yes", ""


def rerouted(network: Network, host: str, port: int) -> tuple[Said, str] | None:
    """What the configuration leaves to be seen: an address of its own is IPv6 or hides it; None: nothing is changed."""
    if network.proxy:
        return "unknown", "经代理访问，看不到 IPv6"
    target = Overrides(network.connect_to).find(host, port)
    if target is None:
        return None
    return ("yes", "") if target.startswith("[") else ("unknown", "连接已改接到别的地址，看不到 IPv6")
