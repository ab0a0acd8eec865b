"""After a night, where the owner allows it: the home page once more, as somebody who comes from a search engine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from crawler.core.model import State
from crawler.core.urls import host_of, normalise
from crawler.crawl.apart import keep_apart
from crawler.crawl.frontier import Target
from crawler.crawl.intake import is_html
from crawler.fetch import Request
from crawler.parse import parse
from crawler.store import crawl_db as db

if TYPE_CHECKING:
    from crawler.core.model import Fetch, Site
    from crawler.crawl.night import Night


class Cloaking:
    """One request a night and site, by our own name: only the way there differs (BEHAVIOURS 76)."""

    def __init__(self, night: Night) -> None:
        self._night = night

    async def run(self) -> None:
        wanted = [site for site in self._night.sites.values() if site.cloaking_check]
        for site in wanted:
            if self._night.stop.is_set():
                break
            await self._look(site)
        if wanted:
            await self._night.writer.flush()
            await self._night.close_sites()

    async def _look(self, site: Site) -> None:
        night, home = self._night, normalise(site.home)
        target = Target(0, home, site.id, site.platform, host_of(home), "page")
        opened = night.result.homes.get(site.id)
        # A home page that does not open says nothing of two faces.
        if opened is None or opened.state is not State.ALIVE or not night.gate.has_room(target):
            return
        if night.gate.forbids(target) is not None or await night.gate.robots_refuse(target) is not None:
            return
        fetch = await night.fetcher.fetch(Request(home, "page", site.platform, searched=True))
        spent = night.result.spent[site.id]
        spent.requests += max(len(fetch.attempts), 1) + len(fetch.hops)
        spent.received += fetch.length
        if not night.stop.is_set():
            self._store(target, fetch)

    def _store(self, home: Target, fetch: Fetch) -> None:
        seen = None
        if fetch.state is State.ALIVE and fetch.body and is_html(fetch.headers, fetch.body):
            facts = parse(fetch.body, fetch.final_url or home.url, fetch.headers).facts
            seen = (hashlib.sha256(fetch.body).digest(), fetch.body, facts)
        keep_apart(self._night, db.SEARCHED, home, fetch, seen)
