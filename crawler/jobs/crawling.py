"""Runs one crawl: our own network first, then the sites, then the seal."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler import __version__
from crawler.config import Config
from crawler.core import protection
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import Fetch, Site
from crawler.crawl.budget import Budget
from crawler.crawl.night import Night
from crawler.crawl.rendering import Rendering
from crawler.crawl.taking import NO_ANSWER, Crawled
from crawler.crawl.watch import Watch
from crawler.fetch import Fetcher, Robots, our_network_down
from crawler.jobs import ipv6
from crawler.jobs.described import user_agent
from crawler.jobs.refusals import Unopened
from crawler.store import probes, runs
from crawler.store.crawl_db import open_crawl, open_crawl_async
from crawler.store.datafile import explained_sql

PRODUCTION_CANARIES = ("https://www.gov.cn/", "https://www.gansu.gov.cn/")
OUR_NETWORK = "本机网络不通，本次检查作废，没有作出任何判断"
ALL_FAILED = "全部网站同时连接失败，疑似本机网络故障，本次检查作废，没有作出任何判断"
FEWEST_FOR_VOID = 3  # sites that must all fail before our own network is the likelier cause
ROBOT = "govcheck"


@dataclass(frozen=True, slots=True)
class Order:
    """What one crawl is asked to do."""

    sites: tuple[Site, ...]
    kind: str  # nightly | crawl | check | demo
    budget: Budget
    issues: tuple[str, ...] = ()  # URLs that open issues rest on
    with_sources: bool = True


@dataclass(slots=True)
class Outcome:
    """What it came to."""

    run: int
    void: str = ""
    crawled: Crawled = field(default_factory=lambda: Crawled({}))
    stopped: bool = False


def crawl(config: Config, database: Path, limits: Path, order: Order, watch: Watch) -> Outcome:
    """Blocks until the crawl is sealed, void, or stopped by SIGTERM or Ctrl-C (then its run stays open)."""
    engine = open_crawl(database)
    try:
        with _rare_collection(), explained_sql(database), asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(_crawl(config, engine, database, limits, order, watch))
    finally:
        engine.dispose()


def refuse_over_a_night(database: Path) -> None:
    """A crawl by hand would seal a night that waits to be continued, and all of it would be asked again."""
    if not database.exists():
        return
    engine = open_crawl(database)
    try:
        with explained_sql(database), engine.connect() as connection:
            night = runs.unfinished(connection, "nightly", time.time())
    finally:
        engine.dispose()
    if night is not None:
        raise Unopened(
            f"第 {night.number} 次检查（夜间任务）中断了还没有做完；请先运行 govcheck nightly 接着做，"
            "或用 --data 抓到另一个文件夹"
        )


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Spares a night the collector's looks at the program itself.

    A full collection looks at 89,000 objects of the program, 48 ms in which no answer is read; frozen they cost
    nothing. Parsing leaves few cycles: 200 pages start 21 young collections, with this none, yet the time of one page
    stays within the noise (2.52 and 2.51 ms).
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _crawl(config: Config, engine: Engine, database: Path, limits: Path, order: Order, watch: Watch) -> Outcome:
    stop = asyncio.Event()
    heed_signals(stop)
    started = time.time()
    with engine.begin() as connection:
        run = runs.begin(connection, order.kind, asked(config, order), started)
    hosts = {host: site.platform for site in config.sites for host in site.hosts}
    async with Fetcher(
        limits_dir=limits,
        user_agent=user_agent(),
        platforms=config.platforms,
        hosts=hosts,
        network=config.network,
        classify=partial(protection.match, config.waf),
        stop=stop,
    ) as fetcher:
        outcome = Outcome(run.number)
        canaries = canaries_of(config)
        down = await our_network_down(fetcher, canaries)
        if not down:
            outcome.crawled = await _night(config, database, fetcher, run, order, watch, stop, hosts)
            outcome.void = await _void(fetcher, canaries, outcome.crawled.homes)
            if not (outcome.void or outcome.crawled.stopped or order.budget.requests or order.kind == "check"):
                found = await ipv6.looks(config, limits, outcome.crawled.homes, canaries, stop)
                with engine.begin() as connection:
                    probes.record_ipv6(connection, run.number, {} if stop.is_set() else found)
        elif not stop.is_set():
            outcome.void = OUR_NETWORK
        # A request that a signal cut short says nothing of any network, so a run that is stopped is never void.
        if stop.is_set():
            outcome.stopped, outcome.void = True, ""
    if not outcome.stopped:
        with engine.begin() as connection:
            runs.seal(
                connection,
                run.number,
                time.time(),
                void=bool(outcome.void),
                reason=outcome.void,
                errors=outcome.crawled.errors,
                seconds=time.time() - started,
            )
    return outcome


async def _night(
    config: Config,
    database: Path,
    fetcher: Fetcher,
    run: runs.Run,
    order: Order,
    watch: Watch,
    stop: asyncio.Event,
    hosts: Mapping[str, str],
) -> Crawled:
    engine = open_crawl_async(database)
    try:
        night = Night(
            order.sites,
            registry=config.sites,
            platforms=config.platforms,
            sources=config.sources if order.with_sources else (),
            engine=engine,
            fetcher=fetcher,
            robots=Robots(
                fetcher, ROBOT, hosts, {name for name, platform in config.platforms.items() if platform.robots_strict}
            ),
            run=run,
            budget=order.budget,
            issues=order.issues,
            watch=watch,
            stop=stop,
            attachments=config.attachments,
        )
        crawled = await night.crawl()
        if config.rendering.enabled and not stop.is_set() and not crawled.stopped:
            await Rendering(night, config.rendering).run()
        return crawled
    finally:
        await engine.dispose()


def canaries_of(config: Config) -> tuple[str, ...]:
    """Those of network.yaml; in production, where there is no such file, two hosts that are nobody's site here."""
    if config.network.canaries:
        return config.network.canaries
    rerouted = config.network.connect_to or config.network.proxy or config.network.trust
    return () if rerouted else PRODUCTION_CANARIES


async def _void(fetcher: Fetcher, canaries: Collection[str], homes: Mapping[str, Fetch]) -> str:
    """Look again at the end when no home page answered: then it may be we who fell silent (BEHAVIOURS 4)."""
    silent = [fetch for fetch in homes.values() if fetch.outcome in NO_ANSWER]
    if not silent:
        return ""
    if canaries:
        return OUR_NETWORK if await our_network_down(fetcher, tuple(canaries)) else ""
    return ALL_FAILED if len(silent) == len(homes) >= FEWEST_FOR_VOID else ""


def asked(config: Config, order: Order) -> dict[str, Any]:
    """Scope, budgets and versions: what `runs.asked` keeps."""
    lanes = {site.platform for site in order.sites}
    return {
        "sites": sorted(site.id for site in order.sites),
        "pages": order.budget.pages,
        "requests": order.budget.requests,
        "program": __version__,
        "facts": FACTS_VERSION,
        "config": config.digest,
        "user_agent": user_agent(),
        "egress": {name: config.platforms[name].egress for name in sorted(lanes) if config.platforms[name].egress},
        "authorisations": {
            name: platform.authorisation
            for name, platform in sorted(config.platforms.items())
            if name in lanes and platform.robots == "ignore"
        },
    }


def heed_signals(stop: asyncio.Event) -> None:
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
