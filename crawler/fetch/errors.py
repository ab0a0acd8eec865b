"""What the connect step raises; `outcome.py` gives each its name.

ConnectError
├── PrivateAddress    the name leads to a private address
├── NoSuchName        NXDOMAIN, or a name without an address
│   └── NoAddress     the name is there, an address is not
└── NameUnanswered    the name servers did not answer
ConnectTimeout
└── ConnectTimedOut   no address took the connection in time
"""

from __future__ import annotations

from collections.abc import Iterator

import httpcore2


class PrivateAddress(httpcore2.ConnectError):
    pass


class NoSuchName(httpcore2.ConnectError):
    pass


class NoAddress(NoSuchName):
    pass


class NameUnanswered(httpcore2.ConnectError):
    pass


class ConnectTimedOut(httpcore2.ConnectTimeout):
    pass


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, innermost first: libraries wrap by cause, by context or as the first argument."""
    chain: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending and len(chain) < 16:
        current = pending.pop()
        if current is None or any(current is known for known in chain):
            continue
        chain.append(current)
        wrapped = next((arg for arg in current.args if isinstance(arg, BaseException)), None)
        inner = list(current.exceptions) if isinstance(current, BaseExceptionGroup) else []
        pending += [current.__context__, current.__cause__, wrapped, *inner]
    return reversed(chain)
