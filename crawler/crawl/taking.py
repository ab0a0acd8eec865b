"""What an answer does: it becomes rows, facts, new targets, and perhaps a second round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from crawler.core.facts import PageFacts
from crawler.core.model import EXTERNAL, Fetch, Outcome, Platform, Site, State
from crawler.core.reach import NO_PORT, other_scheme
from crawler.core.urls import normalise
from crawler.crawl.answers import Answers, elsewhere
from crawler.crawl.budget import Spent
from crawler.crawl.bursts import Bursts
from crawler.crawl.frontier import ENTRANCE, SECOND_ROUND, Frontier, Target
from crawler.crawl.intake import Intake
from crawler.crawl.outside import blocked, glance
from crawler.crawl.watch import Watch
from crawler.fetch import Fetcher, Request

NO_ANSWER = frozenset({Outcome.NXDOMAIN, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TIMEOUT})
SHARED_FATE = frozenset({Outcome.NXDOMAIN, Outcome.REFUSED})  # of a foreign host: true of each of its URLs alike
UNSENT = frozenset({Outcome.BREAKER, Outcome.THROTTLED, Outcome.OUR_FAULT})  # where nothing was attempted


@dataclass(slots=True)
class Crawled:
    """What a crawl came to."""

    spent: dict[str, Spent]
    errors: int = 0
    stopped: str = ""
    homes: dict[str, Fetch] = field(default_factory=dict)


class Taking:
    """Takes the answers of one night in. `failing` and `fate` tell what became of hosts; a second round clears them."""

    def __init__(
        self,
        *,
        sites: Mapping[str, Site],
        platforms: Mapping[str, Platform],
        homes: dict[str, str],
        frontier: Frontier,
        intake: Intake,
        answers: Answers,
        result: Crawled,
        fetcher: Fetcher,
        watch: Watch,
        stop: asyncio.Event,
        clock: Callable[[], float],
    ) -> None:
        self.sites = sites
        self.platforms = platforms
        self.homes = homes
        self.frontier = frontier
        self.intake = intake
        self.answers = answers
        self.result = result
        self.fetcher = fetcher
        self.watch = watch
        self.stop = stop
        self.clock = clock
        self.bursts = Bursts()
        self.failing: dict[str, int] = {}  # host -> failures in a row
        self.fate: dict[str, Fetch] = {}  # foreign host or origin -> what is true of all its URLs

    def take_in(self, target: Target, fetch: Fetch) -> None:
        """One exchange becomes rows, facts, new targets, and perhaps a second round."""
        now = self.clock()
        if fetch.outcome is Outcome.BREAKER or (fetch.outcome is Outcome.THROTTLED and not fetch.attempts):
            self.frontier.later(target, now + self.platforms.get(target.lane, EXTERNAL).breaker_pause.total_seconds())
            self.note(target, fetch.note or "防护拦截，暂停请求")
            if target.url in self.homes and fetch.outcome is Outcome.BREAKER:
                # The report says who was refused from the log; robots.txt, which may have met it first, has no row.
                self.intake.rows(target, fetch, None, now, None)
            self.release(target)
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
        if target.url in self.homes:
            self.bursts.home(target.host, fetch.body)
            return False
        if target.kind == "baseline":
            self.bursts.baseline(target.host, fetch.body if fetch.state is State.ALIVE else None)
        if target.site not in self.sites or target.kind in {"baseline", "script", "include"}:
            return False
        if self.bursts.holds(target, fetch):
            return True
        if fetch.state is State.ALIVE and target.kind == "page" and not fetch.hops:
            for held, answer in self.bursts.opened(target, fetch):
                self._believe(held, answer, self.clock())
        return False

    async def settle_burst(self, host: str, known: str) -> None:
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
            self.note(held[0][0], f"主机 {host} 忽然对所有地址都给出同样的回答，疑似限流，这些回答不算数，暂停访问")
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
        if target.url in self.homes:
            self.result.homes[self.homes[target.url]] = fetch
            if fetch.outcome in NO_PORT and not fetch.hops:
                self._try_other_scheme(target, now)
            if fetch.outcome not in NO_ANSWER:
                self.release(target)

    def _try_other_scheme(self, home: Target, now: float) -> None:
        """Once a night: where https has no open port the site may stand under http, or the other way round."""
        other = normalise(other_scheme(home.url)) if other_scheme(home.url) else ""
        if not other or other in self.homes:
            return
        self.homes[other] = self.homes[home.url]
        _, target = self.intake.entrance(other, "page", now)
        if target is not None and target.id not in self.intake.asked:
            target.priority = SECOND_ROUND  # passes the hold of the site
            self.frontier.put(target)

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
            return fetch, None, self.intake.file(target)
        fetch, trouble = glance(fetch)
        found = self.intake.note_trouble(target, fetch.body, trouble) if trouble and fetch.body else None
        self.answers.give(target.id, elsewhere(fetch.final_url))
        return fetch, None, found

    def _readable(self, target: Target, fetch: Fetch) -> bool:
        internal = target.site in self.sites
        if internal and fetch.hops and target.url not in self.homes:
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
            self.failing.pop(target.host, None)
            return
        if not target.site and fetch.outcome in SHARED_FATE and not fetch.hops:
            # A name is missing for every port, a port is shut for itself alone.
            self.fate[target.host if fetch.outcome is Outcome.NXDOMAIN else origin(target.url)] = fetch
        self.failing[target.host] = self.failing.get(target.host, 0) + 1

    def release(self, target: Target) -> None:
        site = self.homes.get(target.url)
        if site is not None:
            self.frontier.lanes[target.lane].release(site)
            self.frontier.wake()

    def count(self, target: Target, fetch: Fetch) -> None:
        """One request was booked when it was sent."""
        spent = self.result.spent.get(target.site)
        unsent = fetch.outcome in UNSENT and not fetch.attempts
        if spent is not None and unsent:
            spent.book(-1, page=target.kind == "page")
        elif spent is not None:
            spent.requests += max(len(fetch.attempts), 1) + len(fetch.hops) - 1
            spent.received += fetch.length

    def note(self, target: Target, text: str) -> None:
        spent = self.result.spent.get(target.site)
        if spent is not None:
            spent.note(text)
            self.watch.noted(target.site, text)


def origin(url: str) -> str:
    """Scheme, host and port."""
    return "/".join(url.split("/", 3)[:3])
