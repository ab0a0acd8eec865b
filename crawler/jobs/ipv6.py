"""One look of each night at every home page over IPv6: one question to DNS, one request (AC-01)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.config import Config
from crawler.core.model import Fetch, Site, State
from crawler.core.outcomes import WORDS
from crawler.core.reach import Ipv6Look, Said
from crawler.core.urls import normalise
from crawler.fetch import Fetcher, Request, our_network_down
from crawler.fetch.ipv6 import has_route, only_ipv6, record, rerouted
from crawler.fetch.resolve import Names
from crawler.jobs.asking import fetcher

NO_ROUTE = "本机没有 IPv6 网络"
NO_RECORDS = "本机的域名服务器没有给出任何 IPv6 记录"
BROKEN_ROUTE = "本机的 IPv6 网络不通"


async def looks(
    config: Config,
    limits: Path,
    homes: Mapping[str, Fetch],
    canaries: Sequence[str],
    stop: asyncio.Event,
) -> dict[str, Ipv6Look]:
    """By site id, of those whose home page opened tonight: what is down for everybody says nothing of IPv6."""
    sites = [site for site in config.confirmed if site.id in homes and homes[site.id].state is State.ALIVE]
    names, route = only_ipv6(), has_route()
    async with fetcher(config, limits, stop=stop, retries=0, names=names) as client:
        found = await asyncio.gather(*(_look(config, client, names, site, route=route) for site in sites))
        rows = dict(zip((site.id for site in sites), found, strict=True))
        doubt = await _doubt(client, names, canaries, found)
    for site, look in rows.items():
        if look.record == "no" and "record" in doubt:
            rows[site] = Ipv6Look(look.host, look.at, "unknown", "unknown", doubt["record"])
        elif look.record == "yes" and look.reached == "no" and "reached" in doubt:
            rows[site] = Ipv6Look(look.host, look.at, "yes", "unknown", doubt["reached"])
    return rows


async def _look(config: Config, client: Fetcher, names: Names, site: Site, *, route: bool) -> Ipv6Look:
    parts = urlsplit(site.home)
    host, at = parts.hostname or "", datetime.now(UTC)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    changed = rerouted(config.network, host, port)
    has, note = changed or await record(names, host)
    if has != "yes":
        return Ipv6Look(host, at, has, "no" if has == "no" else "unknown", note)
    if changed is None and not route:
        return Ipv6Look(host, at, has, "unknown", NO_ROUTE)
    fetch = await client.fetch(Request(normalise(site.home), "page", site.platform))
    said: dict[State, Said] = {State.ALIVE: "yes", State.BLOCKED: "unknown"}
    words = "" if fetch.state is State.ALIVE else f"{WORDS[fetch.outcome]}（{fetch.note}）".replace("（）", "")
    return Ipv6Look(host, at, has, said.get(fetch.state, "no"), words)


async def _doubt(client: Fetcher, names: Names, canaries: Sequence[str], found: Collection[Ipv6Look]) -> dict[str, str]:
    """Where it may be we: a resolver that hides IPv6 records, a route that leads nowhere."""
    doubt = {}
    if any(look.record == "no" for look in found):
        said = [await record(names, urlsplit(url).hostname or "") for url in canaries]
        if not any(has == "yes" for has, _ in said):
            doubt["record"] = NO_RECORDS
    if any(look.record == "yes" and look.reached == "no" for look in found) and await our_network_down(
        client, canaries
    ):
        doubt["reached"] = BROKEN_ROUTE
    return doubt
