"""Snapshot(N): every URL in scope with its deciding fetch, as the views that rules see. Reads crawl.db, never writes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text

from crawler.core.clock import beijing
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import Entry, Footer, PageFacts
from crawler.core.model import Column, Outcome, Parent, Platform, Site, Source, State
from crawler.core.scope import Scope
from crawler.core.urls import normalise
from crawler.core.views import (
    ColumnView,
    FleetView,
    Html,
    Known,
    ListedEntry,
    PageView,
    Reading,
    SiteView,
    SourceView,
    TargetView,
)
from crawler.store import crawl_db as db
from crawler.store.log import Log, UrlRow
from crawler.store.pack import decompress, unpack_facts, unpack_ids
from crawler.store.runs import Run

PARENTS_SHOWN = 20
FOLLOWS = 4  # redirects written into pages, from the home page to where its content is

OpenHtml = Callable[[bytes, str], Html]
Locate = Callable[[bytes, str, str], Sequence[tuple[str, str]]]  # (body, target, page URL) -> (text, css)


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


class Snapshot:
    """The views of one run. `read` turns bodies into trees and finds links in them: parsing is not the store's business."""

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
    ) -> None:
        self.connection = connection
        self.run = run
        self.sites = tuple(sites)
        self.platforms = platforms
        self.sources = tuple(sources)
        self.log = Log(connection, run, platforms)
        self.as_of = self.log.as_of
        self._open_html = open_html
        self._locate = locate
        self._scope = Scope(sites)
        self._pages: dict[int, PageRow] = {}
        self._by_site: dict[str, list[int]] = {}
        self._links: dict[str, Links] = {}
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
                self._pages[row.url_id] = row
        for number in self._pages:
            url = self.log.urls[number]
            if url.kind == "page" and url.site:
                self._by_site.setdefault(url.site, []).append(number)
        for numbers in self._by_site.values():
            numbers.sort(key=lambda number: self.log.urls[number].url)

    # ── facts and bodies ─────────────────────────────────────────────────────────────────────────────────────────────

    def facts(self, number: int) -> PageFacts | None:
        row = self._pages.get(number)
        if row is None:
            return None
        data = self.connection.scalar(select(db.pages.c.facts).where(db.pages.c.id == row.id))
        return unpack_facts(data) if data else None

    def body(self, body_hash: bytes | str) -> bytes | None:
        key = bytes.fromhex(body_hash) if isinstance(body_hash, str) else body_hash
        data = self.connection.scalar(select(db.bodies.c.data).where(db.bodies.c.hash == key))
        return decompress(data) if data is not None else None

    def landing(self, url: str) -> int | None:
        """The page a reader ends on: redirects of the server and of the page itself followed."""
        number = self.log.numbers.get(normalise(url))
        for _ in range(FOLLOWS):
            if number is None:
                return None
            row = self._pages.get(number)
            if row is None:
                seen = self.log.known(number, full=True).seen
                onward = seen.final_url if seen else ""
            elif row.flags & db.FLAG_REDIRECT:
                facts = self.facts(number)
                onward = facts.redirect if facts else ""
            else:
                return number
            following = self.log.numbers.get(normalise(onward)) if onward else None
            if following is None or following == number:
                return number if row is not None else None
            number = following
        return number

    # ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def links(self, site: str) -> Links:
        if site not in self._links:
            self._links[site] = self._count(site)
        return self._links[site]

    def _count(self, site: str) -> Links:
        found = Links()
        wanted = self._troubled(site)
        numbers = {self._pages[number].id: number for number in self._by_site.get(site, ())}
        home = self.landing(self._site(site).home)
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
        return found

    def _troubled(self, site: str) -> frozenset[int]:
        """Targets whose parents somebody will ask for."""
        bad = {
            number
            for number, folded in self.log.folded.items()
            if folded.state is State.DEAD or folded.pending is not None
        }
        bad.update(self.soft_404s(site))
        return frozenset(bad)

    def parents(self, site: str, target: int) -> tuple[Parent, ...]:
        wanted = self.log.urls[target].url
        found = []
        for number in self.links(site).parents.get(target, ()):
            page = self.log.urls[number].url
            body = self.body(self._pages[number].body_hash)
            spots = self._locate(body, wanted, page) if body is not None else ()
            words, css = spots[0] if spots else ("", "")
            found.append(Parent(page, words[:200], css))
        return tuple(found)

    # ── pages that answer 200 and are not there ──────────────────────────────────────────────────────────────────────

    def soft_404s(self, site: str) -> dict[int, str]:
        """Why an alive page of the site is no answer: its own words, the host's answer to an impossible address, the home page."""
        found: dict[int, str] = {}
        numbers = self._by_site.get(site, ())
        home = self.landing(self._site(site).home)
        homes = {home, self.log.numbers.get(normalise(self._site(site).home))}
        shell = self._baseline_key(site)
        if shell and 2 * sum(1 for n in numbers if self._pages[n].text_key == shell) > len(numbers):
            shell = 0  # one page for every path: nothing can be said of any of them (BEHAVIOURS 29)
        for number in numbers:
            row = self._pages[number]
            if number in homes:
                continue
            if row.flags & db.FLAG_SOFT_ERROR:
                facts = self.facts(number)
                if facts is not None and not facts.soft_error.startswith("closed:"):
                    found[number] = f"页面写着“{facts.soft_error}”"
            elif shell and row.text_key == shell:
                found[number] = "内容与本站对不存在地址的回答相同"
        found.update(self._jumps_home(site, homes))
        return found

    def _baseline_key(self, site: str) -> int:
        for number, row in self._pages.items():
            url = self.log.urls[number]
            if url.kind == "baseline" and url.site == site:
                return row.text_key
        return 0

    def _jumps_home(self, site: str, homes: Collection[int | None]) -> dict[int, str]:
        """Deep links that end on the home page. Another spelling of the home page itself is none."""
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
            path = url.url.split("://", 1)[-1].partition("/")[2]
            deep = path.count("/") >= 2 or (
                path and not path.endswith("/") and not path.rpartition("/")[2].startswith("index.")
            )
            if final and normalise(final) in landings and deep:
                found[number] = "打开后跳转到网站首页"
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


class SiteReader:
    """Builds the view of one site; pages and targets are streamed, one at a time."""

    def __init__(self, snapshot: Snapshot, site: Site) -> None:
        self._snapshot = snapshot
        self._log = snapshot.log
        self.site = site
        self._entries = self._read_entries()
        self._listed: dict[str, tuple[Column, ...]] = {}
        for column in site.columns:
            for entry in self._entries.get(column.id, ()):
                self._listed[entry.url] = (*self._listed.get(entry.url, ()), column)

    def view(self) -> SiteView:
        home = self._log.numbers.get(normalise(self.site.home))
        view = SiteView(
            site=self.site,
            platform=self._snapshot.platforms[self.site.platform],
            as_of=self._snapshot.as_of,
            home=None,
            columns=(),
            pages=lambda: self.pages(view),
            targets=lambda: self.targets(view),
            rows=self.rows,
        )
        view.home = self.target(view, home) if home is not None else None
        view.columns = tuple(self.column(view, column) for column in self.site.columns)
        view.pages_unknown, view.targets_unknown = self.unknown()
        return view

    # pages

    def pages(self, view: SiteView) -> Iterator[PageView]:
        home = self._snapshot.landing(self.site.home)
        for number in self._snapshot._by_site.get(self.site.id, ()):  # noqa: SLF001  one module, two classes
            page = self.page(view, number, is_home=number == home)
            if page is not None:
                yield page

    def page(self, view: SiteView, number: int, *, is_home: bool = False) -> PageView | None:
        facts = self._snapshot.facts(number)
        if facts is None:
            return None
        url = self._log.urls[number].url
        footer, unread = self._footer(facts)
        body_hash = self._snapshot._pages[number].body_hash  # noqa: SLF001

        def open_html() -> Html:
            body = self._snapshot.body(body_hash)
            if body is None:
                raise LookupError("网页内容没有保存")
            return self._snapshot._open_html(body, url)  # noqa: SLF001

        column = next((c for c in self.site.columns if self._snapshot.landing(c.url) == number), None)
        return PageView(
            site=view,
            url=url,
            known=self._log.known(number),
            facts=facts,
            footer=footer,
            unread=unread,
            is_home=is_home,
            column=column,
            listed_in=self._listed.get(url, ()),
            open_html=open_html,
        )

    @cached_property
    def _includes(self) -> dict[str, Footer]:
        """Footers of scripts and fragments that were read, by URL; an empty one where there is none in it."""
        found = {}
        for number, row in self._snapshot._pages.items():  # noqa: SLF001
            url = self._log.urls[number]
            if url.kind in {"script", "include"}:
                facts = self._snapshot.facts(number) if row.flags & db.FLAG_FOOTER else None
                found[url.url] = facts.footer if facts else Footer()
        return found

    def _footer(self, facts: PageFacts) -> tuple[Footer, tuple[str, ...]]:
        """Own marks joined with those of the includes; what could not be read stays named."""
        footer, unread = facts.footer, []
        for address in facts.footer.unread:
            included = self._include(address)
            if included is None:
                unread.append(address)
            else:
                footer = join(footer, included)
        for script in facts.scripts:
            included = self._includes.get(normalise(script))
            if included is not None and script not in facts.footer.unread:
                footer = join(footer, included)
        return footer, tuple(unread)

    def _include(self, address: str) -> Footer | None:
        if not address.startswith(("http://", "https://")):
            return None
        key = normalise(address)
        if key in self._includes:
            return self._includes[key]
        number = self._log.numbers.get(key)
        if number is None:
            return None
        framed = self._snapshot.facts(number)
        if framed is not None:
            return framed.footer
        # A script that is not there writes nothing: that is known, too.
        return Footer() if self._log.state(number).state is State.DEAD else None

    # targets

    def targets(self, view: SiteView) -> Iterator[TargetView]:
        counts = self._snapshot.links(self.site.id).counts
        for number in sorted(counts, key=lambda n: self._log.urls[n].url if n in self._log.urls else ""):
            if number in self._log.urls and not self._is_action(number):
                yield self.target(view, number)

    def _is_action(self, number: int) -> bool:
        folded = self._log.state(number)
        return folded.state is None and folded.blocked is not None and self._blocked_as(number) is Outcome.ACTION

    def _blocked_as(self, number: int) -> Outcome | None:
        blocked = self._log.known(number).blocked
        return blocked.outcome if blocked else None

    def target(self, view: SiteView, number: int) -> TargetView:
        row: UrlRow = self._log.urls[number]
        links = self._snapshot.links(self.site.id)
        folded = self._log.state(number)
        troubled = folded.state is not State.ALIVE or folded.pending is not None or number in self._soft
        column = next((c for c in self.site.columns if normalise(c.url) == row.url), None)
        return TargetView(
            site=view,
            url=row.url,
            known=self._log.known(number, full=troubled or column is not None or row.url == normalise(self.site.home)),
            kind=row.kind,
            internal=row.site == self.site.id,
            on_home=number in links.home,
            parent_count=links.counts.get(number, 0),
            facts=self._snapshot.facts(number) if number in self._soft else None,
            suffix=row.suffix,
            column=column,
            soft_404=self._soft.get(number, ""),
            find_parents=lambda: self._snapshot.parents(self.site.id, number),
        )

    @cached_property
    def _soft(self) -> dict[int, str]:
        return self._snapshot.soft_404s(self.site.id)

    def unknown(self) -> tuple[int, int]:
        """Pages and other targets that are linked and of which nothing is known any more, or yet."""
        pages = targets = 0
        for number in self._snapshot.links(self.site.id).counts:
            row = self._log.urls.get(number)
            folded = self._log.state(number)
            if row is None or folded.knowledge in {"fresh", "carried"} or self._is_action(number):
                continue
            if row.site == self.site.id and row.kind == "page":
                pages += 1
            else:
                targets += 1
        return pages, targets

    # columns

    def column(self, view: SiteView, column: Column) -> ColumnView:
        number = self._log.numbers.get(normalise(column.url))
        if number is None:
            known = Known(column.url, "unknown", None)
            return ColumnView(view, column, known, None, Reading("unread", None, ""), ())
        landing = self._snapshot.landing(column.url)
        page = self.page(view, landing) if landing is not None else None
        return ColumnView(
            site=view,
            column=column,
            known=self._log.known(number, full=True),
            page=page,
            reading=self._reading(column),
            entries=self._entries.get(column.id, ()),
            soft_404=self._soft.get(number, ""),
            target=self.target(view, number),
        )

    def _reading(self, column: Column) -> Reading:
        table = db.readings
        query = (
            select(table)
            .where(
                table.c.site == self.site.id, table.c.column_id == column.id, table.c.run <= self._snapshot.run.number
            )
            .where(table.c.run.in_(select(db.runs.c.number).where(db.runs.c.status == "sealed", db.runs.c.void == 0)))
            .order_by(table.c.run.desc())
        )
        rows = [row for row in self._snapshot.connection.execute(query) if row.url == column.url]
        if not rows:
            return Reading("unread", None, "")
        row = next((r for r in rows if r.end in {"ended", "joined"}), rows[0])
        read_to = beijing(row.read_to) if row.read_to else None
        return Reading(row.end, beijing(row.at), row.reader, row.note, row.pages, read_to)

    def _read_entries(self) -> dict[str, tuple[ListedEntry, ...]]:
        """Entries as this run knew them: of each URL the wording that was newest then."""
        table, run = db.entries, self._snapshot.run
        limit = run.sealed or run.as_of
        query = select(table).where(table.c.site == self.site.id, table.c.first_run <= run.number)
        newest: dict[tuple[str, str], Any] = {}
        first: dict[tuple[str, str], float] = {}
        for row in self._snapshot.connection.execute(query.order_by(table.c.first_run, table.c.title, table.c.date)):
            key = (row.column_id, row.url)
            newest[key] = row
            first[key] = min(first.get(key, row.first_seen), row.first_seen)
        found: dict[str, list[ListedEntry]] = {}
        for key, row in sorted(newest.items(), key=lambda item: item[0]):
            date = beijing(row.date) if row.date else None
            last = beijing(min(row.last_seen, limit))
            found.setdefault(row.column_id, []).append(ListedEntry(row.title, row.url, date, beijing(first[key]), last))
        return {column: tuple(entries) for column, entries in found.items()}

    def rows(self, sql: str, **values: object) -> Sequence[Mapping[str, Any]]:
        """Read-only SQL over `page(url, at, status, kind)` and `entry(column_id, url, title, date)` of this site."""
        prefix = """
            WITH page(url, at, status, kind) AS (
              SELECT u.url, f.at, f.status, u.kind FROM urls u JOIN fetches f ON f.url_id = u.id
              WHERE u.site = :_site AND f.run <= :_run
                AND f.at = (SELECT max(g.at) FROM fetches g WHERE g.url_id = u.id AND g.run <= :_run)),
            entry(column_id, url, title, date) AS (
              SELECT column_id, url, title, date FROM entries WHERE site = :_site AND first_run <= :_run)
        """
        bound = {**values, "_site": self.site.id, "_run": self._snapshot.run.number}
        return [dict(row) for row in self._snapshot.connection.execute(text(prefix + sql), bound).mappings()]


def join(footer: Footer, other: Footer) -> Footer:
    """Marks of both; template and what is unread stay the page's own."""
    return replace(
        footer,
        conac=footer.conac + other.conac,
        jiucuo=footer.jiucuo + other.jiucuo,
        site_code=footer.site_code + other.site_code,
        organizer=footer.organizer + other.organizer,
        contact=footer.contact + other.contact,
        icp=footer.icp + other.icp,
        psb=footer.psb + other.psb,
        sitemap=footer.sitemap + other.sitemap,
    )


def notes_of(connection: Connection, run: int) -> dict[str, list[str]]:
    """What a crawl noted of each site: traps cut, budgets reached, protection met."""
    query = select(db.run_sites.c.site, db.run_sites.c.notes).where(db.run_sites.c.run == run)
    return {site: json.loads(notes) for site, notes in connection.execute(query)}
