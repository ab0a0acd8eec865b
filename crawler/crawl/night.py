"""One crawl: workers per platform, one writer, columns read page by page, second rounds at their time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crawler.core.model import EXTERNAL, Attachments, Fetch, Platform, Site, Source
from crawler.core.scope import Scope
from crawler.core.urls import normalise
from crawler.crawl import order, tally
from crawler.crawl.answers import Answers
from crawler.crawl.budget import Budget
from crawler.crawl.documents import Documents
from crawler.crawl.frontier import ENTRANCE, EXTERNAL_WORKERS, SECOND_ROUND, Frontier, Lane, Target
from crawler.crawl.gate import Gate
from crawler.crawl.intake import Intake
from crawler.crawl.lists import Lists
from crawler.crawl.taking import Crawled, Taking, origin
from crawler.crawl.tokens import asked_anew
from crawler.crawl.traps import Traps
from crawler.crawl.watch import Silence, Watch
from crawler.fetch import Fetcher, Robots
from crawler.store.runs import Run
from crawler.store.writer import Writer

GRACE = 3.0  # seconds in-flight requests get after a stop; it must end within five (issue, BEHAVIOURS 89)
SICK_AFTER = 5  # failures in a row that put off the rest of a host to the second rounds


class Night:
    """Crawls `sites` into crawl.db under the number of `run`."""

    def __init__(
        self,
        sites: Collection[Site],
        *,
        registry: Collection[Site],
        platforms: Mapping[str, Platform],
        sources: Collection[Source],
        engine: AsyncEngine,
        fetcher: Fetcher,
        robots: Robots,
        run: Run,
        budget: Budget,
        issues: Collection[str] = (),
        watch: Watch | None = None,
        stop: asyncio.Event | None = None,
        attachments: Attachments | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.sites = {site.id: site for site in sites if site.confirmed}
        self.platforms = platforms
        self.sources = sources
        self.engine = engine
        self.fetcher = fetcher
        self.robots = robots
        self.run_info = run
        self.budget = budget
        self.issues = issues
        self.watch = watch or Silence()
        self.stop = stop or asyncio.Event()
        self.clock = clock
        self.frontier = Frontier()
        self.writer = Writer(engine)
        self.intake = Intake(self.sites, Scope(registry), self.frontier, self.writer, run.number)
        self.result = Crawled({})
        self.homes = {normalise(site.home): site.id for site in self.sites.values()}
        self._columns = {normalise(c.url) for site in self.sites.values() for c in site.columns}
        self.answers = Answers(engine, self.writer, run.number)
        self.lists = Lists(
            intake=self.intake,
            frontier=self.frontier,
            answers=self.answers,
            writer=self.writer,
            engine=engine,
            fetcher=fetcher,
            watch=self.watch,
            run=run.number,
            clock=clock,
        )
        self.documents = Documents(attachments or Attachments(), fetcher, engine, self.intake.files)
        self.intake.reads = self.documents.settings.read
        self._after: dict[str, tuple[float, int]] = {}  # lane -> where known targets go on that were not taken up yet
        self._over = False
        self._idle_since: float | None = None
        self.taking = Taking(
            sites=self.sites,
            platforms=platforms,
            homes=self.homes,
            frontier=self.frontier,
            intake=self.intake,
            answers=self.answers,
            result=self.result,
            fetcher=fetcher,
            watch=self.watch,
            stop=self.stop,
            clock=clock,
        )
        for site in registry:
            self.intake.platform(site.id, site.platform)

    # ── the night ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def crawl(self) -> Crawled:
        await self._load()
        self.watch.started(tuple(self.sites), self.run_info.number)
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(self.writer.run())
            read = [group.create_task(self.lists.column(s, c)) for s in self.sites.values() for c in s.columns]
            read += [group.create_task(self.lists.source(source)) for source in self.sources]
            await asyncio.sleep(0)  # every reader has said that it reads
            await self.lists.queued.wait()  # else a small budget is spent on the home page's links
            work = [
                group.create_task(self._work(lane)) for lane in self.frontier.lanes.values() for _ in range(lane.limit)
            ]
            await self._supervise()
            self.documents.close()
            await self._finish(work, read)
            self.writer.close()
            await writing
        self.result.errors += self.lists.errors
        await self.close_sites()
        self.watch.ended(self.result.stopped)
        return self.result

    async def _load(self) -> None:
        lanes = {site.platform for site in self.sites.values()}
        for name in sorted(lanes):
            platform = self.platforms[name]
            self.frontier.lane(name, platform.concurrency, platform.concurrency)
        self.frontier.lane(EXTERNAL.id, EXTERNAL_WORKERS, 1)
        for site in self.sites.values():
            self.intake.traps[site.id] = Traps(self.platforms[site.platform].trap_cap)
        run = self.run_info.number
        async with self.engine.begin() as connection:
            await connection.run_sync(order.settle, self.run_info, self.intake.scope, self.intake.lane_of)
        async with self.engine.connect() as connection:
            await connection.run_sync(order.remember, self.frontier)
            self.intake.to_read |= await connection.run_sync(order.to_read, self.frontier, self.intake.reads)
            self.result.spent = await connection.run_sync(tally.so_far, run, self.sites, self.clock())
            await connection.run_sync(tally.trodden, self.run_info, self.intake.traps)
            self.intake.asked |= await connection.run_sync(order.asked_in, run)
            pages = self.budget.pages
            known = await connection.run_sync(
                lambda c: list(order.tonight(c, run, list(self.sites), self.frontier.lanes, self.issues, pages))
            )
        self.gate = Gate(
            scope=self.intake.scope,
            platforms=self.platforms,
            robots=self.robots,
            budget=self.budget,
            spent=self.result.spent,
            homes=self.homes,
            columns=self._columns,
            clock=self.clock,
        )
        for lane in self.frontier.lanes:
            self._mark(lane, known)
        self._queue(known, self.clock())

    def _mark(self, lane: str, known: list[Target]) -> None:
        after = order.next_after(known, lane)
        if after is None:
            self._after.pop(lane, None)
        else:
            self._after[lane] = after

    async def _take_up_more(self) -> None:
        """A lane that runs low gets the next of what is known."""
        low = [name for name in self._after if self.frontier.lanes[name].size < order.AT_HAND // 4]
        for name in low if len(self.frontier.targets) < 2 * order.AT_HAND else ():  # a site may be held back whole
            await self.writer.flush()  # what was asked tonight is known to be
            async with self.engine.connect() as connection:
                known = await connection.run_sync(
                    order.more, self.run_info.number, list(self.sites), name, self._after[name]
                )
            self._mark(name, known)
            for target in known:
                if target.id not in self.intake.asked and target.id not in self.frontier.targets:
                    self.frontier.put(target)

    def _queue(self, known: list[Target], now: float) -> None:
        """Nothing of a site is asked before its home page has answered."""
        self.frontier.targets.update((target.id, target) for target in known)
        for site in self.sites.values():
            _, home = self.intake.entrance(site.home, "page", now)
            if home is not None:
                self.frontier.lanes[home.lane].hold(site.id)
                self.frontier.targets.setdefault(home.id, home)
            _, probe = self.intake.entrance(order.baseline_url(site), "baseline", now)
            if probe is not None:
                self.frontier.targets.setdefault(probe.id, probe)
        for target in list(self.frontier.targets.values()):
            if target.not_before > now:
                self.frontier.later(target, target.not_before)
                continue
            if target.url in self.homes:
                target.priority = SECOND_ROUND  # passes the hold
            self.frontier.put(target)

    async def _supervise(self) -> None:
        """Ends the crawl: all done, a budget spent, the window over, or told to stop."""
        while True:
            now = self.clock()
            if self.stop.is_set():
                self.result.stopped = "收到停止信号"
                return
            if self.budget.until is not None and now >= self.budget.until:
                self.result.stopped = "到了规定的结束时间"
                return
            if self.frontier.ripen(now):
                self.taking.failing.clear()
                self.taking.fate.clear()
            if self._after:
                await self._take_up_more()
            if self._settled() and (held := self.taking.bursts.left()):
                for host, known in held.items():
                    await self.taking.settle_burst(host, known)
            elif self._settled():
                self._idle_since = now if self._idle_since is None else self._idle_since
                due = self.frontier.next_due
                if due is None or due > self.budget.waits_until(self._idle_since):
                    return
                await self._pause(min(0.25, max(0.005, due - now)))
            else:
                self._idle_since = None
                await self._pause(0.02)

    def _settled(self) -> bool:
        """Nothing is queued or under way, and whoever still reads a column waits for a second round."""
        return self.frontier.idle and not self.answers.loading and self.lists.reading <= self.answers.open

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stop.wait()
        except TimeoutError:
            return

    async def _finish(self, work: list[asyncio.Task[None]], read: list[asyncio.Task[None]]) -> None:
        self._over = True
        self.frontier.wake()
        self.answers.close()
        pending = {task for task in (*work, *read) if not task.done()}
        if pending:
            _, late = await asyncio.wait(pending, timeout=GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self.answers.close()

    async def close_sites(self) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(
                tally.close,
                self.run_info.number,
                self.result.spent,
                self.frontier.waiting(),
                self.intake.asked,
                self.intake.traps,
                self.result.stopped,
            )

    # ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self, lane: Lane) -> None:
        while not (self._over or self.stop.is_set()):
            target = lane.take()
            if target is None:
                await self.frontier.changed(lane, 0.25)
                continue
            try:
                await self._ask(target)
            except Exception as error:  # noqa: BLE001  one page's crash must not end the night (BEHAVIOURS 92)
                self.result.errors += 1
                self.watch.crashed(target.url, error)
                self.answers.give(target.id, "检查程序出错")
            finally:
                self.frontier.done(target)
            await self.writer.room()

    async def _ask(self, target: Target) -> None:
        if target.id in self.intake.asked and not target.first_suspect:
            return
        refusal = self.gate.forbids(target) or await self.gate.robots_refuse(target)
        if refusal is not None:
            self.intake.refuse(target, *refusal, self.clock())
            self.answers.give(target.id, refusal[1])
            self.taking.release(target)
            return
        if self._in_a_trap(target):
            return
        if (until := self.taking.bursts.paused_until(target.host)) > self.clock():
            self.frontier.later(target, until)
            return
        fate = (
            self.taking.fate.get(target.host) or self.taking.fate.get(origin(target.url)) if not target.site else None
        )
        if fate is not None:
            moment = datetime.fromtimestamp(self.clock(), UTC)
            fetch = replace(
                fate, url=target.url, final_url=target.url, at=moment, attempts=(), note=f"同一主机：{fate.note}"
            )
        elif self.taking.failing.get(target.host, 0) >= SICK_AFTER:
            after = self.platforms.get(target.lane, EXTERNAL).second_round_after.total_seconds()
            self.frontier.later(target, self.clock() + after)
            self.taking.note(target, f"主机 {target.host} 连续 {SICK_AFTER} 次连不上，其余地址推迟检查")
            return
        elif self.gate.over_budget(target):
            self.answers.give(target.id, "预算用完")
            return
        else:
            fetch = await self._fetch(target)
        self.taking.count(target, fetch)
        self.taking.take_in(target, fetch)
        if known := self.taking.bursts.to_ask(target.host):
            await self.taking.settle_burst(target.host, known)

    async def _fetch(self, target: Target) -> Fetch:
        """One exchange, and what belongs to it: a used-up address asked anew, a document read whole."""
        fetch = await self.fetcher.fetch(self.gate.request(target))
        if target.site not in self.sites:
            return fetch
        if page := self.intake.handed_out.get(target.id):
            request, lane = self.gate.request(target), self.sites[target.site].platform
            fetch = await asked_anew(self.fetcher, request, fetch, page, lane)
        if target.id in self.intake.to_read:
            fetch = await self.documents.read(target, fetch, self.gate)
        return fetch

    def _in_a_trap(self, target: Target) -> bool:
        """Queued before its pattern was cut, and never asked on any night (BEHAVIOURS 10)."""
        traps = self.intake.traps.get(target.site)
        if traps is None or target.kind != "page" or target.asked_at or target.priority == ENTRANCE:
            return False
        if not traps.shut(target.url):
            return False
        traps.leave_out(target.url)
        self.answers.give(target.id, "网址模式页数过多，已截断")
        return True
