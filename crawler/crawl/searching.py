"""Tries the search of a site with titles it is known to have, a made-up word and a second page (BEHAVIOURS 58, 59).

Only where the profile says `search_probe: true`; GET only, at most six queries a site and night, and the fetcher lets
one go per `search_interval` of the platform.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from crawler.core.model import EXTERNAL, Fetch, Platform, Site, State
from crawler.core.outcomes import WORDS
from crawler.core.reach import Said
from crawler.core.search import SearchLook, Trial
from crawler.core.urls import host_of, is_action, normalise
from crawler.fetch import Fetcher, Request, Robots
from crawler.parse import parse
from crawler.parse.search import Answer, Entrance, Row, entrances, holds, onward, placeholders, read
from crawler.store import crawl_db as db

QUERIES = 6  # of one site and night
TITLES = 4  # 19号 tests four
SETTLED = timedelta(days=30)  # a younger article may not be in the index yet (RULES 10, SR-02)
OLDEST = timedelta(days=3 * 365)  # what is older may have been left out of the index on purpose
_LONGEST, _SHORTEST = 60, 10  # characters of a title that names one article and nothing else
_CUT = re.compile(r"(?:…|\.\.\.)\s*$")
_DULL = re.compile(r"^(?:通知|公告|公示|关于|图解|附件|简介|[\d年月日\s]+)+$")
_TITLE_LIKE, _A_LIST = 8, 3  # characters of a link, links of a list
_ALIKE = "不论查什么，结果都一样"
_NO_SEARCH = "首页没有能用地址查询的检索框（由脚本提交）"


@dataclass(frozen=True, slots=True)
class Known:
    """An article that its search ought to find."""

    title: str
    url: str


def known_titles(connection: Connection, site: Site, run: int, now: float) -> list[Known]:
    """Distinctive titles of settled articles, others every night."""
    table = db.entries
    query = (
        select(table.c.title, table.c.url, table.c.date)
        .where(table.c.site == site.id, table.c.date > now - OLDEST.total_seconds())
        .where(table.c.date <= now - SETTLED.total_seconds(), table.c.last_seen > now - SETTLED.total_seconds())
        .limit(5_000)
    )
    rows: dict[str, set[str]] = {}
    for row in connection.execute(query):
        title = row.title.strip()
        if _SHORTEST <= len(title) <= _LONGEST and not _CUT.search(title) and not _DULL.match(title):
            rows.setdefault(title, set()).add(row.url)
    once = [Known(title, *urls) for title, urls in rows.items() if len(urls) == 1 and _is_own(site, *urls)]
    once.sort(key=lambda one: hashlib.sha256(f"{run}{one.url}".encode()).digest())
    return once[:TITLES]


def _is_own(site: Site, url: str) -> bool:
    return host_of(url) in site.hosts


async def looks(
    sites: Mapping[str, Site],
    homes: Mapping[str, Fetch],
    titles: Mapping[str, list[Known]],
    *,
    platforms: Mapping[str, Platform],
    fetcher: Fetcher,
    robots: Robots,
    stop: Callable[[], bool],
) -> dict[str, SearchLook]:
    """By site id; of sites whose home page did not open tonight nothing is said."""
    wanted = [site for name, site in sites.items() if (home := homes.get(name)) and home.state is State.ALIVE]
    paces = {name: _Pace(platforms[name].search_interval.total_seconds()) for name in {s.platform for s in wanted}}
    tries = [
        _Trial(s, homes[s.id], titles[s.id], platforms[s.platform], paces[s.platform], fetcher, robots, stop)
        for s in wanted
    ]
    found = await asyncio.gather(*(one.look() for one in tries))
    return {site.id: look for site, look in zip(wanted, found, strict=True) if look is not None}


@dataclass(slots=True)
class _Pace:
    """One query at a time and interval, on a platform whose limiter is open too."""

    interval: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: float = 0.0

    async def turn(self, stop: Callable[[], bool]) -> None:
        async with self.lock:
            while (left := self.last + self.interval - time.monotonic()) > 0 and self.last and not stop():  # noqa: ASYNC110  `stop` may be a moment
                await asyncio.sleep(min(left, 0.5))
            self.last = time.monotonic()


class _Unknown(Exception):
    """Nobody can tell, and why."""


class _Broken(Exception):
    """It does not work, and how that shows."""


@dataclass(slots=True)
class _Trial:
    site: Site
    home: Fetch
    titles: list[Known]
    platform: Platform
    pace: _Pace
    fetcher: Fetcher
    robots: Robots
    stop: Callable[[], bool]
    asked: int = 0
    first: str = ""  # the address of the first query
    api: bool = False  # the page is drawn by a script, its API is asked instead
    trials: list[Trial] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)
    result: str = ""

    async def look(self) -> SearchLook | None:
        entrance: Entrance | None = None
        works: Said = "unknown"
        note = ""
        try:
            entrance = await self._entrance()
            await self._try(entrance)
            works = "yes"
        except _Unknown as why:
            note = str(why)
        except _Broken as why:
            works, note = "no", str(why)
        if self.stop():
            return None
        family = entrance.family.name if entrance else ""
        at = datetime.now(UTC)
        url = self.first or (entrance.url if entrance else self.site.home)
        return SearchLook(at, url, family, works, note, tuple(self.trials), **self.said, result=self.result)

    # ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _entrance(self) -> Entrance:
        if not self.titles:
            raise _Unknown("没有发布30天以上、可用来试查的标题")
        if not self.home.body:
            raise _Unknown("首页没有内容")
        found, pages = entrances(self.home.body, self.home.final_url or self.home.url, self.home.headers)
        if not found and pages and self._may(pages[0]):
            fetch = await self.fetcher.fetch(Request(normalise(pages[0]), "page", self.platform.id))
            if fetch.state is State.ALIVE and fetch.body:
                found, _ = entrances(fetch.body, fetch.final_url or fetch.url, fetch.headers)
        own = [one for one in found if self._may(one.url)]
        if not own:
            raise _Unknown(_NO_SEARCH if not found else "检索在别的网站上，不试查")
        return own[0]

    def _may(self, url: str) -> bool:
        """On its own hosts; another's search is another's to try."""
        return host_of(url) in self.site.hosts and not is_action(url)

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _try(self, entrance: Entrance) -> None:
        first = self.titles[0]
        answer, fetch = await self._first(entrance, first)
        nonsense, _ = await self._answer(entrance, _nonsense(self.site, first))
        frame = self._frame(nonsense)
        rows = frozenset(answer.rows) - frame
        if title := placeholders(rows if len(rows) > 1 else self._listed(answer)):
            raise _Broken(f"搜索结果是占位内容（{title[:20]}）")
        same = self._listed(nonsense)
        if same and holds(same, first.title, first.url):
            self.said["nonsense"] = "no"
            raise _Broken(f"{_ALIKE}：随意输入的词也查出同样的文章")
        self.said["nonsense"] = "no" if same and nonsense.state == "rows" else "yes"
        self._note(first, rows, fetch)
        await self._second_page(entrance, first, answer, fetch, frame)
        for known in self.titles[1:]:
            if self.asked >= QUERIES:
                break
            more, at = await self._answer(entrance, known.title)
            self._note(known, frozenset(more.rows) - frame, at)
        self._classified(answer)
        if any(trial.found == "yes" for trial in self.trials):
            await self._open()
            return
        if same and same == self._listed(answer):
            raise _Broken(_ALIKE)
        if not answer.structured and not rows and answer.state != "none":
            raise _Unknown("搜索结果由脚本生成，看不到")
        if len(self.trials) >= 2:
            raise _Broken(f"已发布的 {len(self.trials)} 个标题都查不到")

    def _frame(self, nonsense: Answer) -> frozenset[Row]:
        """What a page of results shows for a word that means nothing: its frame. Rows of an API have none."""
        return frozenset() if nonsense.structured else frozenset(nonsense.rows)

    def _listed(self, answer: Answer) -> frozenset[Row]:
        """What looks like results: rows of an API, or links of some length that the home page does not have."""
        if answer.structured:
            return frozenset(answer.rows)
        url = self.home.final_url or self.home.url
        home = {row.title for row in read(self.home.body or b"", url, self.home.headers).rows}
        found = frozenset(row for row in answer.rows if len(row.title) >= _TITLE_LIKE and row.title not in home)
        return found if len(found) >= _A_LIST else frozenset()

    def _note(self, known: Known, rows: frozenset[Row], fetch: Fetch) -> None:
        found: Said = "yes" if holds(rows, known.title, known.url) else "no"
        self.trials.append(Trial(known.title, known.url, found, fetch.url))
        if found == "yes" and not self.result:
            fitting = sorted(row.url for row in rows if holds((row,), known.title, known.url))
            self.result = fitting[0] if fitting else ""

    def _classified(self, answer: Answer) -> None:
        if answer.classified is not None:
            self.said["classified"] = "yes" if answer.classified else "no"

    async def _second_page(
        self, entrance: Entrance, known: Known, answer: Answer, fetch: Fetch, frame: frozenset[Row]
    ) -> None:
        """Where the first page leads to a second one, that one shows other results."""
        address = "" if answer.structured else onward(fetch.body or b"", fetch.final_url or fetch.url, fetch.headers)
        if answer.structured and len(answer.rows) >= 10:
            address = entrance.ask_api(known.title, 2) if self.api else entrance.ask(known.title, 2)
        if not address or self.asked >= QUERIES or not self._may(address):
            return
        second, _ = await self._ask(address)
        if second.state in {"unreadable", "captcha", "failed"}:
            return
        one, two = frozenset(answer.rows) - frame, frozenset(second.rows) - frame
        # Pager links differ between the pages of one result; results are told by title.
        same = {r.title for r in one if len(r.title) > 5} == {r.title for r in two if len(r.title) > 5}
        self.said["paging"] = "no" if same and one else "yes"

    async def _open(self) -> None:
        """The result leads to the article, through visit/link.do maybe (BEHAVIOURS 59)."""
        url = self.result
        if not url.startswith(("http://", "https://")) or is_action(url):
            return
        own = host_of(url) in self.site.hosts
        if await self.robots.verdict(url) != "allowed":
            return
        lane, kind = (self.platform.id, "page") if own else (EXTERNAL.id, "external")
        fetch = await self.fetcher.fetch(Request(normalise(url), kind, lane))  # type: ignore[arg-type]
        if fetch.state is State.ALIVE and own and fetch.body:
            facts = parse(fetch.body, fetch.final_url or fetch.url, fetch.headers).facts
            if facts.redirect and host_of(facts.redirect) in self.site.hosts:
                fetch = await self.fetcher.fetch(Request(normalise(facts.redirect), "page", self.platform.id))
            elif facts.soft_error:
                self.said["opens"] = "no"
                return
        home = normalise(self.site.home)
        if fetch.state is State.DEAD or (
            fetch.state is State.ALIVE and normalise(fetch.final_url or fetch.url) == home
        ):
            self.said["opens"] = "no"
        elif fetch.state is State.ALIVE:
            self.said["opens"] = "yes"

    # ── one query ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _first(self, entrance: Entrance, known: Known) -> tuple[Answer, Fetch]:
        """The page first; where a script draws it, the family's API."""
        await self._allowed(entrance.ask(known.title))
        self.first = entrance.ask(known.title)
        answer, fetch = await self._ask(self.first)
        if fetch.state is State.SUSPECT or (fetch.state is State.DEAD and (fetch.status or 0) >= 500):
            answer, fetch = await self._ask(self.first)  # a second look before anything is said
        if fetch.state is State.DEAD or fetch.state is State.SUSPECT:
            raise _Broken(f"搜索页打不开：{WORDS[fetch.outcome]}")
        drawn = answer.state in {"unreadable", "none", "rows"} and not holds(answer.rows, known.title, known.url)
        if drawn and (api := entrance.ask_api(known.title)):
            await self._allowed(api)
            second, told = await self._ask(api)
            if told.state is State.ALIVE and (second.structured or second.state == "rows"):
                self.api = True
                self._classified(answer if answer.classified else second)
                answer, fetch = second, told
        self._must(answer)
        return answer, fetch

    async def _answer(self, entrance: Entrance, words: str) -> tuple[Answer, Fetch]:
        answer, fetch = await self._ask(entrance.ask_api(words) if self.api else entrance.ask(words))
        if fetch.state is State.DEAD or fetch.state is State.SUSPECT:
            raise _Unknown(f"试查没有做完：{WORDS[fetch.outcome]}")
        self._must(answer)
        return answer, fetch

    def _must(self, answer: Answer) -> None:
        match answer.state:
            case "failed" | "placeholder":
                raise _Broken(answer.note)
            case "captcha":
                raise _Unknown(answer.note or "搜索要求输入验证码")
            case "unreadable":
                raise _Unknown(answer.note or "搜索结果看不到")

    async def _ask(self, url: str) -> tuple[Answer, Fetch]:
        if self.asked >= QUERIES:
            raise _Unknown("达到每晚查询次数上限")
        self.asked += 1
        await self.pace.turn(self.stop)
        if self.stop():
            raise _Unknown("检查被停止")
        fetch = await self.fetcher.fetch(Request(url, "search", self.platform.id))
        if fetch.state is State.BLOCKED:
            raise _Unknown(f"搜索被安全防护拦截：{fetch.note or WORDS[fetch.outcome]}")
        if fetch.state is not State.ALIVE or not fetch.body:
            return Answer("unreadable", note="搜索页没有内容"), fetch
        if parse(fetch.body, url, fetch.headers).facts.protection:
            raise _Unknown("搜索被安全防护拦截")
        return read(fetch.body, fetch.final_url or url, fetch.headers), fetch

    async def _allowed(self, url: str) -> None:
        if self.platform.robots == "ignore":
            return
        verdict = await self.robots.verdict(url)
        if verdict != "allowed" and not (verdict == "unknown" and self.platform.robots_unknown == "all"):
            raise _Unknown("robots.txt 不允许访问搜索" if verdict == "disallowed" else "robots.txt 读不到，没有试查")


def _nonsense(site: Site, known: Known) -> str:
    """A word no page holds: letters that mean nothing, the same every night so that an index never learns it twice."""
    return "zq" + hashlib.sha256(f"{site.id}{known.url}".encode()).hexdigest()[:14]


def wanted(sites: Collection[Site], platforms: Mapping[str, Platform]) -> dict[str, Site]:
    """Those whose own or whose platform's profile allows it."""
    return {
        site.id: site
        for site in sites
        if site.confirmed
        and (platforms[site.platform].search_probe if site.search_probe is None else site.search_probe)
    }
