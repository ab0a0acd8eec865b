"""Asks the web for the few pages and links of a check, at the pace of their platforms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.config import Config
from crawler.core import protection
from crawler.core.model import EXTERNAL, Fetch, Site, State
from crawler.core.outcomes import WORDS
from crawler.core.urls import normalise
from crawler.core.views import Known, Seen
from crawler.fetch import Fetcher, Request
from crawler.jobs.described import user_agent
from crawler.jobs.places import Places
from crawler.jobs.refusals import Unopened
from crawler.parse import parse

INCLUDES_CAP = 5  # scripts fetched for one page, to read its footer


def fetcher(config: Config, limits: Path, *, stop: asyncio.Event | None = None, **options: Any) -> Fetcher:
    return Fetcher(
        limits_dir=limits,
        user_agent=user_agent(),
        platforms=config.platforms,
        hosts={host: site.platform for site in config.sites for host in site.hosts},
        network=config.network,
        classify=partial(protection.match, config.waf),
        stop=stop,
        **options,
    )


def fetch_page(
    config: Config, places: Places, site: Site, url: str, as_url: str | None
) -> tuple[Fetch, dict[str, bytes]]:
    """The page as it is now, and the scripts that may hold its footer, by their URL under `as_url`."""
    return asyncio.run(_fetch_page(config, places, site, url, as_url))


async def _fetch_page(
    config: Config, places: Places, site: Site, url: str, as_url: str | None
) -> tuple[Fetch, dict[str, bytes]]:
    scripts: dict[str, bytes] = {}
    async with fetcher(config, places.limits) as client:
        fetch = await client.fetch(Request(normalise(url), "page", site.platform))
        if fetch.state is State.ALIVE and fetch.body is not None:
            base = fetch.final_url or url
            there = parse(fetch.body, base, fetch.headers).facts.footer.unread
            named = parse(fetch.body, as_url, fetch.headers).facts.footer.unread if as_url else there
            for address, name in list(zip(there, named, strict=False))[:INCLUDES_CAP]:
                if not address.startswith(("http://", "https://")):
                    continue
                script = await client.fetch(Request(address, "script", site.platform))
                if script.state is State.ALIVE and script.body is not None:
                    scripts[normalise(name)] = script.body
    return fetch, scripts


def ask_links(config: Config, places: Places, wanted: Mapping[str, tuple[str, str]]) -> dict[str, Known]:
    """Each link once, at the pace of its platform."""
    return asyncio.run(_ask_links(config, places, wanted))


async def _ask_links(config: Config, places: Places, wanted: Mapping[str, tuple[str, str]]) -> dict[str, Known]:
    hosts = {host: site.platform for site in config.sites for host in site.hosts}
    async with fetcher(config, places.limits) as client:

        async def ask(url: str, kind: str, suffix: str) -> tuple[str, Known]:
            lane = hosts.get(urlsplit(url).hostname or "", EXTERNAL.id)
            if lane == EXTERNAL.id and kind in {"page", "script", "style"}:
                kind = "external"
            fetch = await client.fetch(Request(url, kind, lane, suffix=suffix))  # type: ignore[arg-type]
            return url, _known(url, fetch)

        rows = await asyncio.gather(*(ask(url, kind, suffix) for url, (kind, suffix) in wanted.items()))
    return dict(rows)


def _known(url: str, fetch: Fetch) -> Known:
    """One round only: a suspect stays one."""
    seen = Seen(
        0,
        fetch.at.astimezone(UTC) if fetch.at.tzinfo is None else fetch.at,
        0,
        fetch.state,
        fetch.outcome,
        fetch.status,
        fetch.final_url or url,
        fetch.elapsed,
        fetch.hops,
        fetch.attempts,
        fetch.note,
    )
    match fetch.state:
        case State.ALIVE | State.DEAD:
            return Known(url, "fresh", fetch.state, seen)
        case State.SUSPECT:
            return Known(url, "unknown", None, None, seen)
        case State.BLOCKED:
            return Known(url, "unknown", None, None, None, seen)


def fetch_for_facts(config: Config, places: Places, url: str) -> tuple[str, bytes, Mapping[str, str]]:
    """One page of the web as it is now: (URL it ended on, body, headers)."""

    async def fetch() -> Fetch:
        lane = next((s.platform for s in config.sites if urlsplit(url).hostname in s.hosts), EXTERNAL.id)
        async with fetcher(config, places.limits) as client:
            return await client.fetch(Request(normalise(url), "page", lane))

    found = asyncio.run(fetch())
    if found.body is None:
        raise Unopened(f"{url} 没有打开：{why_unopened(found)}")
    return found.final_url or url, found.body, found.headers


def why_unopened(fetch: Fetch) -> str:
    words = WORDS[fetch.outcome]
    status = f"状态码 {fetch.status}" if fetch.status and str(fetch.status) not in words else ""
    more = "，".join(part for part in (fetch.note, status) if part)
    return f"{words}（{more}）" if more else words
