"""Which hosts and addresses are private, in every spelling that a connect call understands."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Names that never leave a machine or an office (RFC 6761, 6762, 8375; .internal was reserved by ICANN in 2024).
_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa")

# The IPv6 networks whose last 32 bits are an IPv4 address: NAT64 (RFC 6052, 8215) and the old IPv4-compatible form.
_EMBEDDING = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))

_SITE_LOCAL = ip_network("fec0::/10")
_CARRIER = ip_network("100.64.0.0/10")  # RFC 6598: neither private nor global to the ipaddress module

# One part of what inet_aton reads: 0x7f, 0177, 127.
_PART = re.compile(r"0[xX][0-9a-fA-F]*|0[0-7]*|[1-9][0-9]*")


def literal_address(host: str) -> Address | None:
    """The address a host spells, also in inet_aton's ways (2130706433, 0x7f.1, 127.1); None for a name."""
    bare = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        return _loose_ipv4(bare)


def _loose_ipv4(host: str) -> IPv4Address | None:
    parts = host.split(".")
    if len(parts) > 4 or not all(_PART.fullmatch(part) and len(part) <= 20 for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    *head, last = numbers
    if any(number > 255 for number in head) or last >= 256 ** (4 - len(head)):
        return None
    return IPv4Address(sum(number << (24 - 8 * i) for i, number in enumerate(head)) + last)


def _number(part: str) -> int:
    if part[:2] in {"0x", "0X"}:
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)


def is_private(address: Address) -> bool:
    """Whether nobody outside a machine, an office or a provider can mean this address."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _embedded(address)
        if inner is not None:
            return is_private(inner)
        if address in _SITE_LOCAL:
            return True
    elif address in _CARRIER:
        return True
    return (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_multicast
        or address.is_unspecified
        or not address.is_global
    )


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if any(address in net for net in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@lru_cache(maxsize=4096)
def is_private_host(host: str) -> bool:
    """Whether a URL with this host already names a private place, before any look-up (BEHAVIOURS 43)."""
    name = host.strip("[]").rstrip(".").lower()
    if not name:
        return True
    if any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):
        return True
    address = literal_address(name)
    return address is not None and is_private(address)
