"""One crawl: workers per platform, one writer, columns read page by page, second rounds at their time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from crawler.core.facts import PageFacts
from crawler.core.model import EXTERNAL, Fetch, Outcome, Platform, Site, Source, State
from crawler.core.scope import Scope
from crawler.core.urls import normalise
from crawler.crawl import order
from crawler.crawl.answers import Answers
from crawler.crawl.budget import Budget, Spent
from crawler.crawl.bursts import Bursts
from crawler.crawl.frontier import ENTRANCE, EXTERNAL_WORKERS, Frontier, Lane, Target
from crawler.crawl.intake import Intake
from crawler.crawl.lists import Lists
from crawler.crawl.outside import blocked, glance
from crawler.crawl.traps import Traps
from crawler.crawl.watch import Silence, Watch
from crawler.fetch import Fetcher, Request, Robots
from crawler.store import crawl_db as db
from crawler.store.runs import Run
from crawler.store.writer import Writer

FULL_GET_AFTER = 45 * 86400  # seconds: a lying 304 would hide changes for ever (DESIGN "Order of a night")
GRACE = 4.0  # seconds in-flight requests get after a stop; it must end within five (issue, BEHAVIOURS 89)
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
        self.result = Crawled({site: Spent(started=clock()) for site in self.sites})
        self._homes = {normalise(site.home): site.id for site in self.sites.values()}
        self._entrances = {normalise(c.url) for site in self.sites.values() for c in site.columns}
        self.answers = Answers(engine, self.writer)
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

        async with self.engine.connect() as connection:
            await connection.run_sync(order.remember, self.frontier)
            self.intake.asked |= await connection.run_sync(order.asked_in, run)
            known = await connection.run_sync(
                lambda c: list(order.tonight(c, run, list(self.sites), self.frontier.lanes, self.issues))
            )
        now = self.clock()
        remembered = {target.url: target for target in known if target.url in self._homes}
        for site in self.sites.values():
            home = self.intake.entrance(site.home, "page", now)
            if home is not None:
                if home.url in remembered:  # asked for in full, but equal bytes are not parsed again
                    before = remembered[home.url]
                    home.body_hash, home.parsed = before.body_hash, before.parsed
                self.frontier.put(home)
                self.frontier.lanes[home.lane].hold(site.id)
            probe = self.intake.entrance(baseline_url(site), "baseline", now)
            if probe is not None:
                self.frontier.put(probe)
        for target in known:
            if target.not_before > now:
                self.frontier.later(target, target.not_before)
            elif target.url not in self._homes:
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
        rows = []
        for site, spent in self.result.spent.items():
            left = sum(
                1 for target in self.frontier.waiting() if target.site == site and target.id not in self.intake.asked
            )
            for pattern, count in self.intake.traps[site].cut.items():
                spent.note(f"网址模式 {pattern} 页数过多且内容重复，已截断，另有 {count} 个地址未读")
            if left + spent.skipped:
                spent.note(
                    f"{left + spent.skipped} 个已知地址本次没有轮到" + (f"（{spent.ended}）" if spent.ended else "")
                )
            status = "partial" if left or spent.skipped or spent.ended else "done"
            reason = spent.ended or (self.result.stopped if left else "")
            rows.append((site, status, reason, spent))
        async with self.engine.begin() as connection:
            old = {
                row.site: row
                for row in await connection.execute(
                    select(db.run_sites).where(db.run_sites.c.run == self.run_info.number)
                )
            }
            await connection.execute(db.run_sites.delete().where(db.run_sites.c.run == self.run_info.number))
            await connection.execute(
                insert(db.run_sites),
                [_site_row(self.run_info.number, *row, old.get(row[0])) for row in rows] or [],
            )

    # ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self, lane: Lane) -> None:
        while not self._over:
            target = lane.take()
            if target is None:
                await self.frontier.changed(0.25)
                continue
            try:
                await self._ask(target)
            except Exception as error:  # noqa: BLE001  one page's crash must not end the night (BEHAVIOURS 92)
                self.result.errors += 1
                self.watch.crashed(target.url, error)
                self.answers.give(target.id, "检查程序出错")
            finally:
                lane.done(target)
                self.frontier.wake()
            await self.writer.room()

    async def _ask(self, target: Target) -> None:
        if target.id in self.intake.asked and not target.first_suspect:
            return
        if not self._may_ask(target):
            self.answers.give(target.id, "预算用完")
            return
        if target.site in self.sites and not await self._robots_allow(target):
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
        else:
            fetch = await self.fetcher.fetch(self._request(target))
        self.take_in(target, fetch)
        if known := self.bursts.to_ask(target.host):
            await self._settle_burst(target.host, known)

    def _request(self, target: Target) -> Request:
        now = self.clock()
        full = (
            not target.parsed
            or now - target.full_at >= FULL_GET_AFTER
            or target.url in self._homes
            or target.kind not in {"page", "script"}
        )
        kind = "page" if target.kind.startswith("unit") or target.kind in {"frame", "include"} else target.kind
        if target.lane == EXTERNAL.id and kind in {"page", "script", "style", "baseline"}:
            kind = "external"
        return Request(
            target.url,
            kind,  # type: ignore[arg-type]
            target.lane,
            etag=None if full else target.etag or None,
            last_modified=None if full else target.modified or None,
            suffix=target.suffix,
        )

    def _may_ask(self, target: Target) -> bool:
        spent = self.result.spent.get(target.site)
        if spent is None:
            return True
        budget = self.budget
        total = self.result.spent.values()
        if budget.pages is not None and target.kind == "page" and spent.pages >= budget.pages:
            spent.ended = f"达到页数上限 {budget.pages}"
        elif budget.requests is not None and sum(s.requests for s in total) >= budget.requests:
            spent.ended = f"达到请求数上限 {budget.requests}"
        elif budget.received is not None and sum(s.received for s in total) >= budget.received:
            spent.ended = "达到流量上限"
        elif budget.per_site is not None and self.clock() - spent.started > budget.per_site.total_seconds():
            spent.ended = "达到单站时间上限"
        else:
            return True
        spent.skipped += 1
        return False

    async def _robots_allow(self, target: Target) -> bool:
        platform = self.platforms.get(target.lane, EXTERNAL)
        if platform.robots == "ignore":
            return True
        verdict = await self.robots.verdict(target.url)
        entrance = target.url in self._homes or target.url in self._entrances or target.priority == ENTRANCE
        allowed = verdict == "allowed" or (
            verdict == "unknown"
            and (platform.robots_unknown == "all" or (platform.robots_unknown == "columns" and entrance))
        )
        if not allowed:
            note = "robots.txt 不允许" if verdict == "disallowed" else "robots.txt 读不到，按配置不请求"
            self.intake.refuse(target, Outcome.ROBOTS, note, self.clock())
            self.result.spent[target.site].note(note + "的地址没有检查")
            self.answers.give(target.id, note)
            self._release(target)
        return allowed

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_in(self, target: Target, fetch: Fetch) -> None:
        """One exchange becomes rows, facts, new targets, and perhaps a second round."""
        now = self.clock()
        self._count(target, fetch)
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
        if landed is not None:
            self._land(target, landed, fetch)
        else:
            self._hand_on(target, fetch, facts, body_hash, due)
        self.watch.fetched(target.site, fetch, sum(lane.size for lane in self.frontier.lanes.values()))
        if target.url in self._homes:
            self.result.homes[self._homes[target.url]] = fetch
            if fetch.outcome not in NO_ANSWER:
                self._release(target)

    def _hand_on(
        self, target: Target, fetch: Fetch, facts: PageFacts | None, body_hash: bytes | None, due: float | None
    ) -> None:
        """Whoever waits for this URL gets its facts, or why there are none."""
        if fetch.state is not State.ALIVE:
            if due is None:
                self.answers.give(target.id, fetch.note or fetch.outcome.value)
        elif facts is not None:
            if facts.redirect and target.site:
                self._follow(target, facts.redirect, self.clock())
            self.answers.give(target.id, facts)
        elif target.id in self.answers:
            self.answers.load(target.id, body_hash)

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
        return new or Target(number, key, owner, target.lane, target.host, "page", depth=target.depth)

    def _land(self, target: Target, landed: Target, fetch: Fetch) -> None:
        if landed.id not in self.intake.asked:
            self.take_in(
                landed, replace(fetch, url=landed.url, final_url=landed.url, hops=(), attempts=fetch.attempts[-1:])
            )
        self.answers.move(target.id, landed.id)
        if landed.id in self.answers:
            self.answers.load(landed.id, None)

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
        spent = self.result.spent.get(target.site)
        if spent is not None:
            spent.requests += max(len(fetch.attempts), 1) + len(fetch.hops)
            spent.received += fetch.length
            spent.pages += target.kind == "page"

    def _note(self, target: Target, text: str) -> None:
        spent = self.result.spent.get(target.site)
        if spent is not None:
            spent.note(text)
            self.watch.noted(target.site, text)


def _origin(url: str) -> str:
    """Scheme, host and port."""
    return "/".join(url.split("/", 3)[:3])


def baseline_url(site: Site) -> str:
    """One address that cannot exist, the same every night: the host's answer for what is not there (BEHAVIOURS 29)."""
    name = hashlib.sha256(f"govcheck:{site.id}".encode()).hexdigest()[:16]
    return normalise(site.home.rstrip("/") + f"/govcheck-{name}.html")


def _site_row(run: int, site: str, status: str, reason: str, spent: Spent, old: object) -> dict[str, object]:
    return {
        "run": run,
        "site": site,
        "status": status,
        "reason": reason,
        "requests": spent.requests + getattr(old, "requests", 0),
        "received": spent.received + getattr(old, "received", 0),
        "notes": json.dumps(spent.notes, ensure_ascii=False),
    }
