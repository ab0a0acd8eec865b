"""After a night: pages that bytes alone cannot show are looked at in a browser, whose requests are ours to make."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import PageFacts
from crawler.core.model import Fetch, Outcome, State
from crawler.core.model import Rendering as Settings
from crawler.core.urls import host_of, is_action, normalise
from crawler.crawl.apart import keep_apart
from crawler.crawl.frontier import Target
from crawler.fetch import Request
from crawler.fetch.browser import find_chromium, render
from crawler.parse import parse
from crawler.store import crawl_db as db
from crawler.store.pack import unpack_facts

if TYPE_CHECKING:
    from crawler.crawl.night import Night

# What a page's words may depend on; pictures, fonts, styles, films and counters are not asked for.
_KINDS = {"Document": "page", "Script": "script", "XHR": "page", "Fetch": "page"}
_HEADERS = {"content-type": "text/html; charset=utf-8"}
_NEEDED = ("organizer", "site_code", "icp", "psb")


class Rendering:
    """One browser at a time, `pages` per site, only where a verdict hangs on it: shells, and unread footers."""

    def __init__(self, night: Night, settings: Settings) -> None:
        self._night = night
        self._settings = settings
        self._scripts: dict[str, Fetch] = {}  # a site's pages share their scripts: each is asked once a night

    async def run(self) -> None:
        chromium = find_chromium()
        if chromium is None:
            return
        async with self._night.engine.connect() as connection:
            chosen = await connection.run_sync(self._choose)
        of_site: Counter[str] = Counter()
        for target, body_hash in chosen:
            if self._night.stop.is_set() or self._over():
                break
            if of_site[target.site] < self._settings.pages:
                of_site[target.site] += 1
                await self._render(chromium, target, body_hash)
        await self._night.writer.flush()
        await self._night.close_sites()  # with what the browser cost, and what it could not see

    def _over(self) -> bool:
        until = self._night.budget.until
        return until is not None and time.time() + self._settings.seconds > until

    def _choose(self, connection: Connection) -> list[tuple[Target, bytes]]:
        """Pages of tonight that need eyes, home pages and columns first; one that was rendered as it is stays so."""
        urls, pages = db.urls, db.pages
        query = (
            select(urls, pages.c.facts, pages.c.flags)
            .join(pages, (pages.c.url_id == urls.c.id) & (pages.c.body_hash == urls.c.body_hash))
            .where(pages.c.facts_version == FACTS_VERSION, urls.c.site.in_(list(self._night.sites)))
            .where(urls.c.kind == "page", urls.c.asked_run == self._night.run_info.number)
            .order_by(urls.c.depth, urls.c.id)
        )
        done = {
            (row.url, row.note)
            for row in connection.execute(
                select(urls.c.url, db.fetches.c.note)
                .join(db.fetches, db.fetches.c.url_id == urls.c.id)
                .where(urls.c.kind == db.RENDERED, db.fetches.c.state == "alive")
            )
        }
        columns = {normalise(c.url) for site in self._night.sites.values() for c in site.columns}
        found = []
        for row in connection.execute(query):
            home = row.url in self._night.homes
            facts = unpack_facts(row.facts)
            if (db.url_apart(db.RENDERED, row.url), row.body_hash.hex()) in done or not _needs_eyes(facts, home=home):
                continue
            target = Target(row.id, row.url, row.site, row.lane, row.host, row.kind, depth=row.depth)
            found.append((not home, row.url not in columns, row.depth, row.id, target, row.body_hash))
        return [entry[4:] for entry in sorted(found, key=lambda entry: entry[:4])]

    async def _render(  # noqa: C901  one line for each reason not to ask
        self, chromium: str, target: Target, body_hash: bytes
    ) -> None:
        night = self._night
        spent = night.result.spent[target.site]
        hosts = set(night.sites[target.site].hosts) | {target.host}
        sent = 0
        refused: list[str] = []

        async def get(url: str, kind: str, method: str) -> Fetch | None:
            nonlocal sent
            if kind not in _KINDS or not url.startswith(("http://", "https://")):
                return None
            key = normalise(url)
            if method != "GET" or host_of(key) not in hosts or is_action(url) or night.intake.scope.silent(key):
                refused.append(url)
                return None
            if (known := self._scripts.get(key)) is not None:
                return known
            probe = replace_url(target, key)
            if sent >= self._settings.requests or not night.gate.has_room(target) or night.stop.is_set():
                refused.append(url)
                return None
            if await night.gate.robots_refuse(probe) is not None:
                refused.append(url)
                return None
            sent += 1
            fetch = await night.fetcher.fetch(Request(url, _KINDS[kind], target.lane))  # type: ignore[arg-type]
            spent.requests += max(len(fetch.attempts), 1) + len(fetch.hops)
            spent.received += fetch.length
            if kind == "Script" and fetch.state is State.ALIVE:
                self._scripts[key] = fetch
            return fetch

        work = asyncio.create_task(render(chromium, target.url, get, seconds=self._settings.seconds))
        stopping = asyncio.create_task(night.stop.wait())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not work.done():
            work.cancel()
            await asyncio.wait({work})
            return
        seen = work.result()
        if seen.problem:
            spent.note(f"{target.url} {seen.problem}")
            return
        facts = parse(seen.html.encode("utf-8", "replace"), target.url, _HEADERS).facts
        if refused and not _shows_a_footer(facts):
            # What we would not ask may have written it: nothing can be said to be missing.
            spent.note(f"{target.url} 渲染时有 {len(refused)} 个请求不能发出，没有据此判断")
            return
        self._store(target, body_hash, seen.html.encode("utf-8", "replace"), _marked(facts))

    def _store(self, target: Target, static: bytes, body: bytes, facts: PageFacts) -> None:
        """A row of its own kind, which names the bytes it belongs to: when those change it counts no longer."""
        moment = datetime.fromtimestamp(time.time(), UTC)
        fetch = Fetch(
            target.url,
            moment,
            Outcome.OK,
            State.ALIVE,
            status=200,
            headers=_HEADERS,
            note=static.hex(),
            length=len(body),
        )
        keep_apart(self._night, db.RENDERED, target, fetch, (hashlib.sha256(body).digest(), body, facts))


def replace_url(target: Target, url: str) -> Target:
    return Target(target.id, url, target.site, target.lane, host_of(url), "script", depth=target.depth)


def _needs_eyes(facts: PageFacts, *, home: bool) -> bool:
    """A shell, or a home page whose footer lacks something that a script may write."""
    if facts.redirect or facts.soft_error or facts.protection:
        return False
    missing = any(not getattr(facts.footer, item) for item in _NEEDED)
    return facts.shell or (home and missing and bool(facts.footer.unread))


def _shows_a_footer(facts: PageFacts) -> bool:
    return all(getattr(facts.footer, item) for item in _NEEDED)


def _marked(facts: PageFacts) -> PageFacts:
    """Every mark says that a browser saw it."""
    footer = facts.footer
    named: dict[str, Any] = {
        item: tuple(replace(mark, via="rendered") for mark in getattr(footer, item))
        for item in ("conac", "jiucuo", "site_code", "organizer", "contact", "icp", "psb", "sitemap")
    }
    return replace(facts, footer=replace(footer, unread=(), **named), shell=False)
