"""`govcheck probe`: every home page once, beside a running night and under the same limits (BEHAVIOURS 35)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from crawler.config import Config
from crawler.core.clock import SHANGHAI
from crawler.core.model import Fetch, Outcome, Site, State
from crawler.core.outcomes import WORDS, printed, said_of_probe
from crawler.core.reach import NO_PORT, Probe, other_scheme
from crawler.core.urls import normalise
from crawler.crawl.outside import blocked
from crawler.crawl.taking import NO_ANSWER
from crawler.fetch import Fetcher, Request, our_network_down
from crawler.jobs.asking import fetcher
from crawler.jobs.crawling import ALL_FAILED, FEWEST_FOR_VOID, OUR_NETWORK, canaries_of, heed_signals
from crawler.jobs.places import Places
from crawler.jobs.refusals import BadOption
from crawler.jobs.verdict import Exit
from crawler.parse import parse
from crawler.report.words import plain
from crawler.store import probes
from crawler.store.crawl_db import open_crawl
from crawler.store.datafile import explained_sql


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to; `number` is 0 where it was stopped and nothing was kept."""

    number: int
    started: datetime
    rows: tuple[tuple[Site, Probe], ...]
    void: str = ""
    stopped: bool = False


def probe(config: Config, places: Places, only: Collection[str] | None = None) -> Round:
    """Ask every confirmed site for its home page and keep the answers; takes no lock."""
    sites = [site for site in config.confirmed if only is None or site.id in only]
    if not sites:
        raise BadOption("要探测的网站都是待确认（confirmed: false）或没有登记，不发请求；govcheck sites 列出登记的网站")
    engine = open_crawl(places.crawl_db)
    try:
        done = asyncio.run(_round(config, places, sites))
        if done.stopped:
            return done
        rows = [(site.id, row) for site, row in done.rows]
        with explained_sql(places.crawl_db), engine.connect().execution_options(writes=True) as db, db.begin():
            number = probes.record_round(db, rows, started=done.started, ended=datetime.now(UTC), void=done.void)
        return replace(done, number=number)
    finally:
        engine.dispose()


async def _round(config: Config, places: Places, sites: Collection[Site]) -> Round:
    stop = asyncio.Event()
    heed_signals(stop)
    started = datetime.now(UTC)
    canaries = canaries_of(config)
    async with fetcher(config, places.limits, stop=stop, retries=0) as client:
        if await our_network_down(client, canaries) and not stop.is_set():
            return Round(0, started, (), OUR_NETWORK)
        rows = await asyncio.gather(*(_look(client, site) for site in sites))
        void = await _void(client, canaries, rows)
    return Round(0, started, tuple(zip(sites, rows, strict=True)), void, stop.is_set())


async def _void(client: Fetcher, canaries: tuple[str, ...], rows: Collection[Probe]) -> str:
    """The canaries once more where somebody was silent: it may be we who fell silent meanwhile (BEHAVIOURS 4)."""
    silent = [row for row in rows if row.outcome in NO_ANSWER]
    if not silent:
        return ""
    if canaries:
        return OUR_NETWORK if await our_network_down(client, canaries) else ""
    return ALL_FAILED if len(silent) == len(rows) >= FEWEST_FOR_VOID else ""


async def _look(client: Fetcher, site: Site) -> Probe:
    """One request; the other scheme once where the registered one has no open port (BEHAVIOURS 33)."""
    fetch = _seen_through(await client.fetch(Request(normalise(site.home), "page", site.platform)))
    other = other_scheme(fetch.url) if fetch.outcome in NO_PORT and not fetch.hops else ""
    if other:
        second = _seen_through(await client.fetch(Request(other, "page", site.platform)))
        if second.state is State.ALIVE:
            note = f"{fetch.url} 打不开（{fetch.note or WORDS[fetch.outcome]}），{other} 可以打开"
            return replace(_row(second), url=fetch.url, opened=other, note=note)
    return _row(fetch)


def _seen_through(fetch: Fetch) -> Fetch:
    """A check that stands before the page with status 200 is no home page."""
    if fetch.state is not State.ALIVE or not fetch.body:
        return fetch
    vendor = parse(fetch.body, fetch.final_url or fetch.url, fetch.headers).facts.protection
    return blocked(fetch, vendor) if vendor else fetch


def _row(fetch: Fetch) -> Probe:
    return Probe(fetch.at, fetch.url, fetch.state, fetch.outcome, fetch.status, fetch.elapsed, note=fetch.note)


# ── What people read ─────────────────────────────────────────────────────────────────────────────────────────────────


def exempt(site: Site, row: Probe) -> str:
    """The notice whose window covers this look; the row itself is kept as it is (BEHAVIOURS 90)."""
    return next((outage.number for outage in site.outages if outage.start <= row.at <= outage.end), "")


def exit_code(done: Round) -> Exit:
    """A site that is down is a result; one of which nothing could be learnt is not."""
    if done.void or done.stopped or any(row.outcome is Outcome.OUR_FAULT for _, row in done.rows):
        return Exit.BROKEN
    return Exit.BLIND if any(row.state is State.BLOCKED for _, row in done.rows) else Exit.DONE


def document(config: Config, done: Round) -> Mapping[str, Any]:
    return {
        "round": done.number,
        "started": done.started.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "void": done.void,
        "stopped": done.stopped,
        "sites": [
            {
                "site": site.id,
                "name": site.name,
                "url": row.url,
                "at": row.at.astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
                "opens": row.opens(config.platform_of(site).clock),
                "outcome": row.outcome.value,
                "status": row.status,
                "seconds": round(row.elapsed.total_seconds(), 3),
                "opened": row.opened,
                "says": said_of_probe(row, config.platform_of(site).clock),
                "exempt": exempt(site, row),
            }
            for site, row in done.rows
        ],
    }


def table(config: Config, done: Round) -> Table:
    drawn = Table(title=f"第 {done.number} 轮首页探测 {printed(done.started)}", title_justify="left")
    for heading in ("网站", "结果", "用时", "说明"):
        drawn.add_column(heading)
    for site, row in done.rows:
        word = {True: "打开", False: "[red]打不开[/]", None: "[yellow]未能判断[/]"}[
            row.opens(config.platform_of(site).clock)
        ]
        notice = exempt(site, row)
        more = said_of_probe(row, config.platform_of(site).clock) + (f"（报备时段内，{notice}）" if notice else "")
        drawn.add_row(escape(plain(site.name)), word, f"{row.elapsed.total_seconds():.1f} 秒", escape(plain(more)))
    return drawn
