"""Whether it is our own network that is down: then nothing may be said of any site (BEHAVIOURS 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crawler.core.model import Outcome

from .fetcher import Fetcher
from .request import Request

_NO_CONNECTION = frozenset(
    {Outcome.NXDOMAIN, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.RESET, Outcome.OUR_FAULT}
)


async def our_network_down(fetcher: Fetcher, canaries: Sequence[str]) -> bool:
    """True only if every canary failed to connect; any answer at all, a refusal too, proves the network."""
    if not canaries:
        return False
    fetches = await asyncio.gather(*(fetcher.fetch(Request(url, "external")) for url in canaries))
    return all(fetch.outcome in _NO_CONNECTION for fetch in fetches)
