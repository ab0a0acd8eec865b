"""One crawl: workers per platform, one writer, columns read page by page, second rounds at their time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crawler.core.facts import PageFacts
from crawler.core.model import EXTERNAL, Fetch, Outcome, Platform, Site, Source, State
from crawler.core.scope import Scope
from crawler.core.urls import normalise
from crawler.crawl import order, tally
from crawler.crawl.answers import Answers
from crawler.crawl.budget import Budget, Spent
from crawler.crawl.bursts import Bursts
from crawler.crawl.frontier import ENTRANCE, EXTERNAL_WORKERS, SECOND_ROUND, Frontier, Lane, Target
from crawler.crawl.gate import Gate
from crawler.crawl.intake import Intake
from crawler.crawl.lists import Lists
from crawler.crawl.outside import blocked, glance
from crawler.crawl.tokens import asked_anew
from crawler.crawl.traps import Traps
from crawler.crawl.watch import Silence, Watch
from crawler.fetch import Fetcher, Request, Robots
from crawler.store.runs import Run
from crawler.store.writer import Writer

GRACE = 3.0  # seconds in-flight requests get after a stop; it must end within five (issue, BEHAVIOURS 89)
NO_ANSWER = frozenset({Outcome.NXDOMAIN, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TIMEOUT})
SICK_AFTER = 5  # failures in a row that put off the rest of a host to the second rounds
SHARED_FATE = frozenset({Outcome.NXDOMAIN, Outcome.REFUSED})  # of a foreign host: true of each of its URLs alike


@dataclass(slots=True)
class Crawled:
    """What a crawl came to."""

    spent: dict[str, Spent]
    errors: int = 0
    stopped: str = ""
    homes: dict[str, Fetch] = field(default_factory=dict)


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
        self._homes = {normalise(site.home): site.id for site in self.sites.values()}
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
        self.bursts = Bursts()
        self._failing: dict[str, int] = {}
        self._fate: dict[str, Fetch] = {}
        self._after: dict[str, tuple[float, int]] = {}  # lane -> where known targets go on that were not taken up yet
        self._over = False
        self._idle_since: float | None = None
        for site in registry:
            self.intake.platform(site.id, site.platform)

    # ── the night ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def crawl(self) -> Crawled:
        await self._load()
        self.watch.started(tuple(self.sites), self.run_info.number)
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(self.writer.run())
            work = [
                group.create_task(self._work(lane)) for lane in self.frontier.lanes.values() for _ in range(lane.limit)
            ]
            read = [group.create_task(self.lists.column(s, c)) for s in self.sites.values() for c in s.columns]
            read += [group.create_task(self.lists.source(source)) for source in self.sources]
            await asyncio.sleep(0)  # every reader has said that it reads
            await self._supervise()
            await self._finish(work, read)
            self.writer.close()
            await writing
        self.result.errors += self.lists.errors
        await self._close_sites()
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
            self.result.spent = await connection.run_sync(tally.so_far, run, self.sites, self.clock())
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
            homes=self._homes,
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
            if target.url in self._homes:
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
                self._failing.clear()
                self._fate.clear()
            if self._after:
                await self._take_up_more()
            if self._settled() and (held := self.bursts.left()):
                for host, known in held.items():
                    await self._settle_burst(host, known)
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

    async def _close_sites(self) -> None:
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
            self._release(target)
            return
        if (until := self.bursts.paused_until(target.host)) > self.clock():
            self.frontier.later(target, until)
            return
        fate = self._fate.get(target.host) or self._fate.get(_origin(target.url)) if not target.site else None
        if fate is not None:
            moment = datetime.fromtimestamp(self.clock(), UTC)
            fetch = replace(
                fate, url=target.url, final_url=target.url, at=moment, attempts=(), note=f"同一主机：{fate.note}"
            )
        elif self._failing.get(target.host, 0) >= SICK_AFTER:
            after = self.platforms.get(target.lane, EXTERNAL).second_round_after.total_seconds()
            self.frontier.later(target, self.clock() + after)
            self._note(target, f"主机 {target.host} 连续 {SICK_AFTER} 次连不上，其余地址推迟检查")
            return
        elif self.gate.over_budget(target):
            self.answers.give(target.id, "预算用完")
            return
        else:
            fetch = await self.fetcher.fetch(self.gate.request(target))
            if (page := self.intake.handed_out.get(target.id)) and target.site in self.sites:
                request, lane = self.gate.request(target), self.sites[target.site].platform
                fetch = await asked_anew(self.fetcher, request, fetch, page, lane)
        self._count(target, fetch)
        self.take_in(target, fetch)
        if known := self.bursts.to_ask(target.host):
            await self._settle_burst(target.host, known)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_in(self, target: Target, fetch: Fetch) -> None:
        """One exchange becomes rows, facts, new targets, and perhaps a second round."""
        now = self.clock()
        if fetch.outcome is Outcome.BREAKER:
            self.frontier.later(target, now + self.platforms.get(target.lane, EXTERNAL).breaker_pause.total_seconds())
            self._note(target, fetch.note or "防护拦截，暂停请求")
            self._release(target)
            return
        if fetch.outcome is Outcome.OUR_FAULT:
            if self.stop.is_set():
                return
            self.result.errors += 1
            self.watch.crashed(target.url, RuntimeError(fetch.note))
        if self._held_back(target, fetch):
            return
        self._believe(target, fetch, now)

    def _held_back(self, target: Target, fetch: Fetch) -> bool:
        """An answer that may be a burst's waits for one that settles it (BEHAVIOURS 30)."""
        if target.url in self._homes:
            self.bursts.home(target.host, fetch.body)
            return False
        if target.site not in self.sites or target.kind in {"baseline", "script", "include"}:
            return False
        if self.bursts.holds(target, fetch):
            return True
        if fetch.state is State.ALIVE and target.kind == "page" and not fetch.hops:
            for held, answer in self.bursts.opened(target, fetch):
                self._believe(held, answer, self.clock())
        return False

    async def _settle_burst(self, host: str, known: str) -> None:
        """Ask again for a page that did open: only if it is gone as well, the host is to blame and not its links."""
        site = self.intake.scope.owner(known).site or ""
        lane = self.sites[site].platform if site in self.sites else EXTERNAL.id
        answer = await self.fetcher.fetch(Request(known, "page", lane))
        if site in self.result.spent:
            self.result.spent[site].requests += 1
        if self.stop.is_set():
            return
        now = self.clock()
        until = now + self.platforms.get(lane, EXTERNAL).second_round_after.total_seconds()
        held, burst = self.bursts.settle(host, answer, until)
        for target, fetch in held:
            if burst:
                self.frontier.later(target, self.bursts.paused_until(host))
            else:
                self._believe(target, fetch, now)
        if burst and held:
            self._note(held[0][0], f"主机 {host} 忽然对所有地址都给出同样的回答，疑似限流，这些回答不算数，暂停访问")
        self.frontier.wake()

    def _believe(self, target: Target, fetch: Fetch, now: float) -> None:
        self.intake.asked.add(target.id)
        self._health(target, fetch)
        landed = self._landing(target, fetch, now)
        due = self._second_round(target, fetch, now)
        fetch, facts, body_hash = self._read(target, fetch, now) if landed is None else (fetch, None, None)
        self.intake.rows(target, replace(fetch, body=None), body_hash, now, due)
        self._answer(target, landed, fetch, facts, waits=due is not None)
        self.watch.fetched(target.site, fetch, sum(lane.size for lane in self.frontier.lanes.values()))
        if target.url in self._homes:
            self.result.homes[self._homes[target.url]] = fetch
            if fetch.outcome not in NO_ANSWER:
                self._release(target)

    def _answer(
        self, target: Target, landed: Target | None, fetch: Fetch, facts: PageFacts | None, *, waits: bool
    ) -> None:
        """Tell those who wait for this URL; a suspect keeps them waiting for its second round."""
        if landed is not None:
            self._land(target, landed, fetch)
        elif fetch.state is not State.ALIVE:
            if not waits:
                self.answers.give(target.id, fetch.note or fetch.outcome.value)
        elif facts is not None:
            if facts.redirect and target.site:
                self._follow(target, facts.redirect, self.clock())
            self.answers.give(target.id, facts)
        elif target.id in self.answers:
            self.answers.load(target.id)

    def _read(self, target: Target, fetch: Fetch, now: float) -> tuple[Fetch, PageFacts | None, bytes | None]:
        """What a living answer holds. It may turn out to be a check that stands before the page."""
        if fetch.state is not State.ALIVE:
            return fetch, None, None
        if self._readable(target, fetch):
            facts, body_hash = self.intake.page(target, fetch, now)
            if facts is not None and facts.protection:
                return blocked(fetch, facts.protection), None, None
            return fetch, facts, body_hash
        if target.kind != "page":
            return fetch, None, None
        fetch, trouble = glance(fetch)
        found = self.intake.note_trouble(target, fetch.body, trouble) if trouble and fetch.body else None
        self.answers.give(target.id, f"跳转到站外 {fetch.final_url}")
        return fetch, None, found

    def _readable(self, target: Target, fetch: Fetch) -> bool:
        internal = target.site in self.sites
        if internal and fetch.hops and target.url not in self._homes:
            # What a redirect brought from elsewhere is not the site's own page: its links and footer are not ours.
            internal = self.intake.scope.owner(normalise(fetch.final_url)).site in self.sites
        return internal and (
            target.kind in {"page", "frame", "script", "include", "baseline"} or target.kind.startswith("unit")
        )

    def _landing(self, target: Target, fetch: Fetch, now: float) -> Target | None:
        """A page of tonight's sites that a redirect led to: it is a page of its own, read from the same answer."""
        if not fetch.hops or fetch.state is not State.ALIVE or target.kind != "page" or not fetch.final_url:
            return None
        key = normalise(fetch.final_url)
        if key == target.url or self.intake.scope.owner(key).site not in self.sites:
            return None
        number, new = self.intake.target(key, "page", depth=target.depth, at=now, priority=target.priority)
        owner = self.intake.scope.owner(key).site or ""
        known = new or self.frontier.targets.get(number)
        return known or Target(number, key, owner, target.lane, target.host, "page", depth=target.depth)

    def _land(self, target: Target, landed: Target, fetch: Fetch) -> None:
        if landed.id not in self.intake.asked:
            self.take_in(
                landed, replace(fetch, url=landed.url, final_url=landed.url, hops=(), attempts=fetch.attempts[-1:])
            )
        self.answers.move(target.id, landed.id)
        if landed.id in self.answers:
            self.answers.load(landed.id)

    def _follow(self, page: Target, url: str, now: float) -> None:
        if self.intake.scope.owner(url).site == page.site:
            _, target = self.intake.target(url, "page", depth=page.depth, at=now, priority=ENTRANCE)
            if target is not None:
                self.frontier.put(target)

    def _second_round(self, target: Target, fetch: Fetch, now: float) -> float | None:
        """When a suspect is looked at again; None when it need not be (BEHAVIOURS 40)."""
        if fetch.state is not State.SUSPECT:
            return None
        after = self.platforms.get(target.lane, EXTERNAL).second_round_after.total_seconds()
        if target.first_suspect and now - target.first_suspect >= after:
            return None
        target.first_suspect = target.first_suspect or now
        due = target.first_suspect + after
        self.frontier.later(target, due)
        return due

    def _health(self, target: Target, fetch: Fetch) -> None:
        if fetch.outcome not in NO_ANSWER:
            self._failing.pop(target.host, None)
            return
        if not target.site and fetch.outcome in SHARED_FATE and not fetch.hops:
            # A name is missing for every port, a port is shut for itself alone.
            self._fate[target.host if fetch.outcome is Outcome.NXDOMAIN else _origin(target.url)] = fetch
        self._failing[target.host] = self._failing.get(target.host, 0) + 1

    def _release(self, target: Target) -> None:
        site = self._homes.get(target.url)
        if site is not None:
            self.frontier.lanes[target.lane].release(site)
            self.frontier.wake()

    def _count(self, target: Target, fetch: Fetch) -> None:
        """One request was booked when it was sent."""
        spent = self.result.spent.get(target.site)
        unsent = fetch.outcome is Outcome.BREAKER or (fetch.outcome is Outcome.OUR_FAULT and not fetch.attempts)
        if spent is not None and unsent:
            spent.book(-1, page=target.kind == "page")
        elif spent is not None:
            spent.requests += max(len(fetch.attempts), 1) + len(fetch.hops) - 1
            spent.received += fetch.length

    def _note(self, target: Target, text: str) -> None:
        spent = self.result.spent.get(target.site)
        if spent is not None:
            spent.note(text)
            self.watch.noted(target.site, text)


def _origin(url: str) -> str:
    """Scheme, host and port."""
    return "/".join(url.split("/", 3)[:3])
