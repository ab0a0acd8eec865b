"""Whether and how a target may be asked: never an action or an unconfirmed site, then budgets, then robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from crawler.core.model import EXTERNAL, Outcome, Platform
from crawler.core.scope import Scope
from crawler.core.urls import is_action
from crawler.crawl.budget import Budget, Spent
from crawler.crawl.frontier import ENTRANCE, Target
from crawler.fetch import Request, Robots

FULL_GET_AFTER = 45 * 86400  # seconds: a lying 304 would hide changes for ever (DESIGN "Order of a night")

Refusal = tuple[Outcome, str]


class Gate:
    """The last door before the network, for targets of this night and for those that earlier nights left behind."""

    def __init__(
        self,
        *,
        scope: Scope,
        platforms: Mapping[str, Platform],
        robots: Robots,
        budget: Budget,
        spent: Mapping[str, Spent],
        homes: Collection[str],
        columns: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._scope = scope
        self._platforms = platforms
        self._robots = robots
        self._budget = budget
        self._spent = spent
        self._homes = homes  # normalised, like the columns
        self._entrances = {*homes, *columns}
        self._clock = clock

    def has_room(self, target: Target) -> bool:
        """Whether one more request for the same target fits, which is counted once its answer is here."""
        spent, budget = self._spent.get(target.site), self._budget
        total = self._spent.values()
        return not (
            (budget.requests is not None and sum(s.requests for s in total) >= budget.requests)
            or (budget.received is not None and sum(s.received for s in total) >= budget.received)
            or (budget.until is not None and self._clock() >= budget.until)
            or (spent is not None and bool(spent.ended))
        )

    def over_budget(self, target: Target) -> bool:
        """Hard limits, so a request is booked before it is sent; what they leave out is counted, and why."""
        spent = self._spent.get(target.site)
        if spent is None:
            return False
        budget = self._budget
        total = self._spent.values()
        if budget.pages is not None and target.kind == "page" and spent.pages >= budget.pages:
            spent.ended = f"达到页数上限 {budget.pages}"
        elif budget.requests is not None and sum(s.requests for s in total) >= budget.requests:
            spent.ended = f"达到请求数上限 {budget.requests}"
        elif budget.received is not None and sum(s.received for s in total) >= budget.received:
            spent.ended = "达到流量上限"
        elif budget.per_site is not None and self._clock() - spent.started > budget.per_site.total_seconds():
            spent.ended = "达到单站时间上限"
        else:
            spent.book(1, page=target.kind == "page")
            return False
        spent.skipped += 1
        return True

    def forbids(self, target: Target) -> Refusal | None:
        """What no budget and no robots.txt can allow. A registered address is what its owner asked us to read."""
        if self._scope.silent(target.url):
            return Outcome.ROBOTS, "网站待确认，不请求"
        if target.url not in self._entrances and is_action(target.url):
            return Outcome.ACTION, "操作类地址（登录、提交等），不请求"
        return None

    async def robots_refuse(self, target: Target) -> Refusal | None:
        spent = self._spent.get(target.site)
        if spent is None:
            return None
        platform = self._platforms.get(target.lane, EXTERNAL)
        if platform.robots == "ignore":
            return None
        verdict = await self._robots.verdict(target.url)
        entrance = target.url in self._entrances or target.priority == ENTRANCE
        if verdict == "allowed" or (
            verdict == "unknown"
            and (platform.robots_unknown == "all" or (platform.robots_unknown == "columns" and entrance))
        ):
            return None
        note = "robots.txt 不允许" if verdict == "disallowed" else "robots.txt 读不到，按配置不请求"
        spent.note(note + "的地址没有检查")
        return Outcome.ROBOTS, note

    def request(self, target: Target) -> Request:
        """Conditional where the body is known, but for home pages, and now and then for all."""
        full = (
            not target.parsed
            or self._clock() - target.full_at >= FULL_GET_AFTER
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
