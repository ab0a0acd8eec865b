"""Snapshot(N): every URL in scope with its deciding fetch, as the views that rules see. It never writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, select

from crawler.core.clock import beijing
from crawler.core.facts import BLANK, CLOSED, GAMBLING, PARKED, Entry, PageFacts
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.hosts import Genuine
from crawler.core.model import Parent, Platform, Site, Source, State
from crawler.core.reach import other_scheme
from crawler.core.scope import Scope
from crawler.core.urls import normalise
from crawler.core.views import (
    IS_CLOSED,
    IS_GAMBLING,
    IS_PARKED,
    FleetView,
    Html,
    InputTable,
    Known,
    SourceView,
)
from crawler.core.wording import Words
from crawler.core.workdays import Workdays
from crawler.store import crawl_db as db
from crawler.store.flags import FLAG_REDIRECT, FLAG_SOFT_ERROR
from crawler.store.log import Log, batched
from crawler.store.pack import decompress, unpack_facts, unpack_ids
from crawler.store.runs import Run
from crawler.store.site_reader import SiteReader

PARENTS_SHOWN = 20
PAGES_LOCATED = 2_000  # whose links to troubled targets are kept at hand
FACTS_AT_ONCE = 200  # rows read by one statement
ONE_PAGE_AT = 3  # pages beside the home page that look alike: two may be a site's whole news
_TAKEN = {GAMBLING: IS_GAMBLING, PARKED: IS_PARKED, CLOSED: IS_CLOSED}
FOLLOWS = 4  # redirects written into pages, from the home page to where its content is

OpenHtml = Callable[[bytes, str], Html]
# (body, targets, page URL) -> target -> (text, css) of each link to it
Locate = Callable[[bytes, Collection[str], str], Mapping[str, Sequence[tuple[str, str]]]]


class PageRow(NamedTuple):
    id: int
    url_id: int
    body_hash: bytes
    text_key: int
    flags: int


@dataclass(slots=True)
class Links:
    """The in-links of one site's alive, unexpired pages, whatever night they were read."""

    counts: Counter[int] = field(default_factory=Counter)
    home: frozenset[int] = frozenset()
    parents: dict[int, list[int]] = field(default_factory=dict)  # of the troubled targets only
    shown: dict[int, list[int]] = field(default_factory=dict)  # the other way round: page -> troubled targets


class Snapshot:
    """The views of one run. `open_html` and `locate` read bodies: parsing is not the store's business."""

    def __init__(
        self,
        connection: Connection,
        run: Run,
        *,
        sites: Collection[Site],
        platforms: Mapping[str, Platform],
        sources: Collection[Source] = (),
        open_html: OpenHtml,
        locate: Locate,
        workdays: Workdays,
        inputs: Mapping[str, Mapping[str, InputTable]] | None = None,
        words: Words | None = None,
    ) -> None:
        self.connection = connection
        self.run = run
        self.sites = tuple(sites)
        self.platforms = platforms
        self.sources = tuple(sources)
        self.log = Log(connection, run, platforms)
        self.as_of = self.log.as_of
        self.open_html = open_html
        self.locate = locate
        self.workdays = workdays
        self.words = words or Words()
        self.inputs = inputs or {}  # site -> format -> table
        self._scope = Scope(sites)
        self.pages: dict[int, PageRow] = {}
        self.by_site: dict[str, list[int]] = {}
        self._links: dict[str, Links] = {}
        self._one_page: dict[str, frozenset[int]] = {}
        self._located: dict[int, Mapping[str, Sequence[tuple[str, str]]]] = {}
        self._index()

    def _index(self) -> None:
        """Which stored facts belong to which URL now: those of the body its deciding fetch saw."""
        pages = db.pages
        query = select(*(pages.c[name] for name in PageRow._fields)).where(pages.c.facts_version == FACTS_VERSION)
        for row in map(PageRow._make, self.connection.execute(query)):
            folded = self.log.state(row.url_id)
            if (
                folded.state is State.ALIVE
                and folded.knowledge != "expired"
                and folded.deciding is not None
                and folded.deciding.body_hash == row.body_hash
            ):
                self.pages[row.url_id] = row
        for number in self.pages:
            url = self.log.urls[number]
            if url.kind in {"page", "frame"} and url.site:
                self.by_site.setdefault(url.site, []).append(number)
        for numbers in self.by_site.values():
            numbers.sort(key=lambda number: self.log.urls[number].url)

    def is_action(self, number: int) -> bool:
        """Login, submit, delete: never requested, so in no denominator."""
        return self.log.urls[number].kind == "action"

    # ── facts and bodies ─────────────────────────────────────────────────────────────────────────────────────────────

    def facts(self, number: int) -> PageFacts | None:
        row = self.pages.get(number)
        if row is None:
            return None
        data = self.connection.exec_driver_sql("SELECT facts FROM pages WHERE id = ?", (row.id,)).scalar()
        return unpack_facts(data) if data else None

    def many_facts(self, numbers: Sequence[int]) -> Iterator[tuple[int, PageFacts]]:
        """In the order given; a page without facts is left out."""
        for some in batched(numbers, FACTS_AT_ONCE):
            ids = {number: self.pages[number].id for number in some if number in self.pages}
            # Numbers of ours, so they may stand in the text.
            chosen = ",".join(map(str, ids.values()))
            rows = self.connection.exec_driver_sql(f"SELECT id, facts FROM pages WHERE id IN ({chosen})")  # noqa: S608
            stored: dict[int, bytes] = {row[0]: row[1] for row in rows}
            for number, key in ids.items():
                if data := stored.pop(key, b""):
                    yield number, unpack_facts(data)

    def body(self, body_hash: bytes | str) -> bytes | None:
        key = bytes.fromhex(body_hash) if isinstance(body_hash, str) else body_hash
        data = self.connection.exec_driver_sql("SELECT data FROM bodies WHERE hash = ?", (key,)).scalar()
        return decompress(data) if data is not None else None

    def landing(self, url: str) -> int | None:
        """The page a reader ends on: redirects of the server and of the page itself followed."""
        number = self.log.numbers.get(normalise(url))
        for _ in range(FOLLOWS):
            if number is None:
                return None
            row = self.pages.get(number)
            if row is None:
                seen = self.log.known(number, full=True).seen
                onward = seen.final_url if seen else ""
            elif row.flags & FLAG_REDIRECT:
                facts = self.facts(number)
                onward = facts.redirect if facts else ""
            else:
                return number
            following = self.log.numbers.get(normalise(onward)) if onward else None
            if following is None or following == number:
                return number if row is not None else None
            number = following
        return number

    def home_page(self, site: Site) -> int | None:
        """Where a reader of the home page ends; under the other scheme where only that one opens (BEHAVIOURS 33)."""
        home = self.landing(site.home)
        other = other_scheme(site.home) if home is None else ""
        return self.landing(other) if other else home

    # ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def links(self, site: str) -> Links:
        if site not in self._links:
            self._links[site] = self._count(site)
        return self._links[site]

    def _count(self, site: str) -> Links:
        found = Links()
        wanted = self._troubled(site)
        numbers = {self.pages[number].id: number for number in self.by_site.get(site, ())}
        home = self.home_page(self._site(site))
        query = select(db.pages.c.id, db.pages.c.links).where(db.pages.c.facts_version == FACTS_VERSION)
        rows = self.connection.execution_options(stream_results=True, yield_per=2000).execute(query)
        for page, packed in rows:
            number = numbers.get(page)
            if number is None:
                continue
            targets = unpack_ids(packed)
            found.counts.update(targets)
            if number == home:
                found.home = frozenset(targets)
            for target in wanted.intersection(targets):
                found.parents.setdefault(target, []).append(number)
        for parents in found.parents.values():
            parents.sort(key=lambda number: (number != home, self.log.urls[number].url))
            del parents[PARENTS_SHOWN:]
        for target, parents in found.parents.items():
            for number in parents:
                found.shown.setdefault(number, []).append(target)
        return found

    def links_of(self, number: int) -> Sequence[int]:
        row = self.pages.get(number)
        if row is None:
            return ()
        packed = self.connection.exec_driver_sql("SELECT links FROM pages WHERE id = ?", (row.id,)).scalar()
        return unpack_ids(packed) if packed else ()

    def _troubled(self, site: str) -> frozenset[int]:
        """Targets whose parents somebody will ask for."""
        bad = {
            number
            for number, folded in self.log.folded.items()
            if folded.state is State.DEAD or folded.pending is not None
        }
        bad.update(self.soft_404s(site))
        bad.update(self.misplaced)
        bad.update(self.imitations)
        return frozenset(bad)

    @cached_property
    def misplaced(self) -> dict[int, Site]:
        """Paths of one registered site on the host of another: target -> whose path it is (BEHAVIOURS 6)."""
        by_id = {site.id: site for site in self.sites}
        own = self._scope.hosts()
        found = {}
        for number, url in self.log.urls.items():
            if not url.site and url.host in own and url.kind != "action":
                tenant = self._scope.owner(url.url).tenant
                if tenant in by_id:
                    found[number] = by_id[tenant]
        return found

    @cached_property
    def imitations(self) -> dict[int, str]:
        """Targets on hosts that look like an office's: target -> the domain they look like."""
        genuine = Genuine(self._scope.hosts())
        return {
            number: domain
            for number, url in self.log.urls.items()
            if not url.site and url.kind == "page" and (domain := genuine.imitated(url.host))
        }

    def parents(self, site: str, target: int) -> tuple[Parent, ...]:
        wanted = self.log.urls[target].url
        found = []
        for number in self.links(site).parents.get(target, ()):
            spots = self._spots(site, number).get(wanted, ())
            words, css = spots[0] if spots else ("", "")
            found.append(Parent(self.log.urls[number].url, words[:200], css))
        return tuple(found)

    def _spots(self, site: str, number: int) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Where a page links to its troubled targets: all of them are looked for while it is open."""
        located = self._located.pop(number, None)
        if located is None:
            body = self.body(self.pages[number].body_hash)
            wanted = [self.log.urls[target].url for target in self.links(site).shown[number]]
            located = self.locate(body, wanted, self.log.urls[number].url) if body is not None else {}
            if len(self._located) >= PAGES_LOCATED:
                del self._located[next(iter(self._located))]
        self._located[number] = located
        return located

    # ── pages that answer 200 and are not there ──────────────────────────────────────────────────────────────────────

    def soft_404s(self, site: str) -> dict[int, str]:
        """Why an alive page is no answer: its own words, the answer to an impossible address, the home page."""
        found: dict[int, str] = {}
        numbers = self.by_site.get(site, ())
        home = self.home_page(self._site(site))
        homes = {home, self.log.numbers.get(normalise(self._site(site).home))}
        alike = self.one_page(site)
        shell = self._baseline(site)
        home_body = self.pages[home].body_hash if home in self.pages else b""
        for number in numbers:
            row = self.pages[number]
            if number in homes or number in alike:
                continue
            if row.flags & FLAG_SOFT_ERROR:
                found |= self._said(number)
            elif shell is not None and _alike(row, shell):
                found[number] = "内容与本站对不存在地址的回答相同"
            elif home_body and row.body_hash == home_body and is_deep(self.log.urls[number].url):
                found[number] = "内容与网站首页相同"
            elif row.flags & FLAG_REDIRECT:
                found |= self._leads_nowhere(number, homes)
        for number in self._foreign:
            found |= self._said(number)
        found.update(self._jumps(site, homes, found))
        return found

    @cached_property
    def _foreign(self) -> tuple[int, ...]:
        """Pages of nobody's site that say that they are not there."""
        return tuple(
            number
            for number, row in self.pages.items()
            if row.flags & FLAG_SOFT_ERROR and not self.log.urls[number].site
        )

    def _said(self, number: int) -> dict[int, str]:
        facts = self.facts(number)
        if facts is None:
            return {}
        for prefix, words in _TAKEN.items():
            if facts.soft_error.startswith(prefix):
                # A site's own closed pages are another rule's (BEHAVIOURS 68).
                own = prefix == CLOSED and self.log.urls[number].site
                return {} if own else {number: f"{words}：{facts.soft_error.removeprefix(prefix)}"}
        blank = facts.soft_error == BLANK
        return {number: "页面空白，没有任何内容" if blank else f"页面写着“{facts.soft_error}”"}

    def _leads_nowhere(self, number: int, homes: Collection[int | None]) -> dict[int, str]:
        """A redirect written into the page itself that ends on the home page or on nothing."""
        landing = self.landing(self.log.urls[number].url)
        if landing in homes and landing is not None and is_deep(self.log.urls[number].url):
            return {number: "打开后跳转到网站首页"}
        facts = self.facts(number)
        onward = self.log.numbers.get(normalise(facts.redirect)) if facts else None
        if onward is not None and self.log.state(onward).state is State.DEAD:
            return {number: f"打开后跳转到打不开的 {self.log.urls[onward].url}"}
        return {}

    def _baseline(self, site: str) -> PageRow | None:
        for number, row in self.pages.items():
            url = self.log.urls[number]
            if url.kind == "baseline" and url.site == site:
                return row
        return None

    def one_page(self, site: str) -> frozenset[int]:
        """Pages that all show one page, the home page's or that for an impossible address (BEHAVIOURS 29).

        Empty where they are the fewer: then it is they that are not there. Nothing can be said of the others.
        """
        known = self._one_page.get(site)
        if known is None:
            numbers = self.by_site.get(site, ())
            home = self.landing(self._site(site).home)
            homes = {home, self.log.numbers.get(normalise(self._site(site).home))}
            models = [row for row in (self._baseline(site), self.pages.get(home or 0)) if row is not None]
            found: set[int] = set()
            for model in models:
                alike = {n for n in numbers if _alike(self.pages[n], model)}
                if 2 * len(alike) > len(numbers) and len(alike - homes) >= ONE_PAGE_AT:
                    found |= alike
            known = self._one_page[site] = frozenset(found - homes)
        return known

    def _jumps(self, site: str, homes: Collection[int | None], soft: Mapping[int, str]) -> dict[int, str]:
        """Deep links that end on the home page, another spelling of it aside, or on a page that is none."""
        landings = {normalise(self.log.urls[number].url) for number in homes if number is not None}
        found = {}
        query = select(db.fetches.c.id, db.fetches.c.final_url).where(
            db.fetches.c.final_url != "", db.fetches.c.state == "alive", db.fetches.c.run <= self.run.number
        )
        finals = {row.id: row.final_url for row in self.connection.execute(query)}
        for number, folded in self.log.folded.items():
            url = self.log.urls[number]
            if url.site != site or url.kind != "page" or folded.state is not State.ALIVE or folded.deciding is None:
                continue
            final = finals.get(folded.deciding.fetch_id, "")
            landed = self.log.numbers.get(normalise(final)) if final else None
            if final and normalise(final) in landings and is_deep(url.url):
                found[number] = "打开后跳转到网站首页"
            elif landed is not None and landed in soft:
                found[number] = f"打开后跳转到 {final}，{soft[landed]}"
        return found

    # ── views ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _site(self, site: str) -> Site:
        return next(s for s in self.sites if s.id == site)

    def fleet(self, only: Collection[str] | None = None) -> FleetView:
        judged = [s for s in self.sites if s.confirmed and s.id not in self.unjudged and (only is None or s.id in only)]
        return FleetView(
            tuple(SiteReader(self, site).view() for site in judged),
            tuple(self._source(source) for source in self.sources),
            self.as_of,
        )

    @cached_property
    def unjudged(self) -> dict[str, str]:
        """Sites nothing is said of in this run, and why."""
        reasons = {site.id: "待确认" for site in self.sites if not site.confirmed}
        query = select(db.run_sites).where(db.run_sites.c.run == self.run.number)
        rows = {row.site: row for row in self.connection.execute(query)}
        for site in self.sites:
            row = rows.get(site.id)
            if row is not None and row.status == "void":
                reasons.setdefault(site.id, f"本次检查作废：{row.reason}")
            elif site.confirmed and normalise(site.home) not in self.log.numbers:
                reasons.setdefault(site.id, "从未检查")
        return reasons

    def _source(self, source: Source) -> SourceView:
        number = self.log.numbers.get(normalise(source.feed)) if "://" in source.feed else None
        known = Known(source.feed, "fresh", State.ALIVE) if number is None else self.log.known(number, full=True)
        if number is None and "://" in source.feed:
            known = Known(source.feed, "unknown", None)
        table = db.source_entries
        rows = self.connection.execute(
            select(table).where(table.c.source == source.id, table.c.first_run <= self.run.number).order_by(table.c.url)
        )
        entries = tuple(
            Entry(row.title, row.url, beijing(row.published) if row.published else None, row.url) for row in rows
        )
        return SourceView(source, known, entries)


def is_deep(url: str) -> bool:
    """Whether nobody would take this address for another spelling of the home page."""
    path = url.split("://", 1)[-1].partition("/")[2]
    if path.count("/") >= 2:
        return True
    return bool(path) and not path.endswith("/") and not path.rpartition("/")[2].startswith("index.")


def _alike(row: PageRow, model: PageRow) -> bool:
    return row.body_hash == model.body_hash or (row.text_key != 0 and row.text_key == model.text_key)
