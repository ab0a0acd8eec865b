"""Builds the view of one site from the Snapshot; pages and targets are streamed, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from crawler.core import filetype
from crawler.core.clock import beijing
from crawler.core.facts import FOOTER_ITEMS, FileText, Footer, PageFacts, join
from crawler.core.model import Column, Outcome, Site, State
from crawler.core.reach import HostFacts, Ipv6Look, Probe
from crawler.core.search import SearchLook
from crawler.core.urls import normalise
from crawler.core.views import ColumnView, Html, Known, ListedEntry, PageView, Reading, SiteView, TargetView
from crawler.store import crawl_db as db
from crawler.store import probes, searches
from crawler.store.flags import FLAG_FOOTER

if TYPE_CHECKING:
    from crawler.core.fold import Folded
    from crawler.store.log import UrlRow
    from crawler.store.snapshot import Snapshot


WHOLE = 5  # items of eight that a script wrote: what it leaves out is missing, not elsewhere


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
            known=self.known,
            probes=self.probes,
            hosts=self.hosts,
            ipv6=self.ipv6,
            search=self.search,
            searched=self.searched,
            links_of=self.links_of,
            open_page=lambda url: self._open(view, url),
            workdays=self._snapshot.workdays,
            words=self._snapshot.words,
            inputs=self._snapshot.inputs.get(self.site.id, {}),
        )
        if home is not None:
            landing = self._snapshot.home_page(self.site)
            facts = self._snapshot.facts(landing) if landing is not None else None
            view.home = replace(self.target(view, home), facts=facts)
        view.columns = tuple(self.column(view, column) for column in self.site.columns)
        view.pages_unknown, view.targets_unknown = self.unknown()
        return view

    def known(self, url: str) -> Known | None:
        """What is known of any URL, with its evidence; None where nobody ever met it."""
        number = self._log.numbers.get(normalise(url))
        return self._log.known(number, full=True) if number is not None else None

    # below the content

    def probes(self) -> tuple[Probe, ...]:
        as_of = self._snapshot.as_of
        return probes.probes_of(self._snapshot.connection, self.site.id, as_of - probes.KEPT_IN_VIEW, as_of)

    def hosts(self) -> tuple[HostFacts, ...]:
        return probes.hosts_of(self._snapshot.connection, self.site.id, self.site.hosts, self._snapshot.run)

    def ipv6(self) -> tuple[Ipv6Look, ...]:
        return probes.ipv6_of(self._snapshot.connection, self.site.id, self._snapshot.run.number)

    def search(self) -> SearchLook | None:
        return searches.newest(self._snapshot.connection, self.site.id, self._snapshot.run.number)

    def searched(self) -> tuple[Known | None, PageFacts | None]:
        number = self._log.numbers.get(db.url_apart(db.SEARCHED, normalise(self.site.home)))
        return (
            (self._log.known(number, full=True), self._snapshot.facts(number)) if number is not None else (None, None)
        )

    def links_of(self, url: str) -> frozenset[str]:
        """What a page that was read links to; nothing for any other."""
        number = self._log.numbers.get(normalise(url))
        urls = self._log.urls
        targets = self._snapshot.links_of(number) if number is not None else ()
        return frozenset(urls[target].url for target in targets if target in urls)

    def _open(self, view: SiteView, url: str) -> PageView | None:
        number = self._snapshot.landing(url)
        return self.page(view, number) if number is not None else None

    # pages

    def pages(self, view: SiteView) -> Iterator[PageView]:
        home = self._snapshot.home_page(self.site)
        for number, facts in self._snapshot.many_facts(self._snapshot.by_site.get(self.site.id, ())):
            yield self._page(view, number, facts, is_home=number == home)

    def page(self, view: SiteView, number: int) -> PageView | None:
        facts = self._snapshot.facts(number)
        return self._page(view, number, facts) if facts is not None else None

    def _page(self, view: SiteView, number: int, facts: PageFacts, *, is_home: bool = False) -> PageView:
        url = self._log.urls[number].url
        footer, unread = self._footer(facts)
        body_hash = self._snapshot.pages[number].body_hash
        rendered = self._rendered(url, body_hash)
        if rendered is not None:
            seen, body_hash = rendered
            footer, unread = join(footer, seen.footer), ()
            facts = replace(seen, url=facts.url, shell=False) if facts.shell else facts

        def open_html() -> Html:
            body = self._snapshot.body(body_hash)
            if body is None:
                raise LookupError("网页内容没有保存")
            return self._snapshot.open_html(body, url)

        return PageView(
            site=view,
            url=url,
            known=self._log.known(number),
            facts=facts,
            footer=footer,
            unread=unread,
            is_home=is_home,
            column=self._column_pages.get(number),
            listed_in=self._listed.get(url, ()),
            framed=self._log.urls[number].kind == "frame",
            via="static" if rendered is None else "rendered",
            find_file=self._file,
            open_html=open_html,
        )

    def _rendered(self, url: str, static: bytes) -> tuple[PageFacts, bytes] | None:
        """What a browser saw of these very bytes, and the hash of that; None where none looked."""
        number = self._log.numbers.get(db.url_apart(db.RENDERED, url))
        if number is None or number not in self._snapshot.pages:
            return None
        seen = self._log.known(number, full=True).seen
        facts = self._snapshot.facts(number)
        if facts is None or seen is None or seen.note != static.hex():
            return None
        return facts, self._snapshot.pages[number].body_hash

    def _file(self, url: str) -> tuple[Known | None, FileText | None]:
        """What is known of an attachment, and what it says where it was read whole."""
        number = self._log.numbers.get(normalise(url))
        if number is None:
            return None, None
        facts = self._snapshot.facts(number)
        return self._log.known(number), facts.file if facts else None

    @cached_property
    def _column_pages(self) -> dict[int | None, Column]:
        """By the page a column's address leads to; the first column in the registry where several do."""
        return {self._snapshot.landing(column.url): column for column in reversed(self.site.columns)}

    @cached_property
    def _column_urls(self) -> dict[str, Column]:
        return {normalise(column.url): column for column in reversed(self.site.columns)}

    @cached_property
    def _includes(self) -> dict[str, Footer]:
        """Footers of scripts and fragments that were read, by URL; an empty one where there is none in it."""
        found = {}
        for number, row in self._snapshot.pages.items():
            url = self._log.urls[number]
            if url.kind in {"script", "include"}:
                facts = self._snapshot.facts(number) if row.flags & FLAG_FOOTER else None
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
                # What an include loads in its turn; one step, as the crawl follows it.
                for further in included.unread:
                    nested = self._include(further)
                    if nested is None:
                        unread.append(further)
                    else:
                        footer = join(footer, nested)
        for script in facts.scripts:
            included = self._includes.get(normalise(script))
            if included is not None and script not in facts.footer.unread:
                footer = join(footer, included)
        written = sum(any(mark.via == "script" for mark in getattr(footer, item)) for item in FOOTER_ITEMS)
        if written >= WHOLE:  # an include filled the empty element
            unread = [address for address in unread if not address.startswith("inline:empty")]
        return footer, tuple(dict.fromkeys(unread))

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
        urls = self._log.urls
        for number in sorted((n for n in counts if n in urls), key=lambda n: urls[n].url):
            if not self._snapshot.is_action(number):
                yield self.target(view, number)

    def target(self, view: SiteView, number: int) -> TargetView:
        row: UrlRow = self._log.urls[number]
        links = self._snapshot.links(self.site.id)
        folded = self._log.state(number)
        troubled = folded.state is not State.ALIVE or folded.pending is not None or number in self._soft
        column = self._column_urls.get(row.url)
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
            one_page=self._shows_one_page(number, row, folded),
            tenant=self._tenant(row, number),
            imitates=self._snapshot.imitations.get(number, ""),
            find_parents=lambda: self._snapshot.parents(self.site.id, number),
        )

    def _shows_one_page(self, number: int, row: UrlRow, folded: Folded) -> bool:
        """A file of a host that has one page for every address is that page, too, and no broken file."""
        alike = self._snapshot.one_page(self.site.id)
        if not alike or number in alike:
            return number in alike
        is_page = folded.deciding is not None and folded.state is State.DEAD and row.site == self.site.id
        if not is_page or row.kind == "page":
            return False
        seen = self._log.known(number, full=True).seen
        return seen is not None and seen.outcome is Outcome.WRONG_TYPE and seen.note == filetype.IS_A_PAGE

    def _tenant(self, row: UrlRow, number: int) -> Site | None:
        """Only on the site's own host: what stands on a third one's is that one's trouble."""
        return self._snapshot.misplaced.get(number) if row.host in self.site.hosts else None

    @cached_property
    def _soft(self) -> dict[int, str]:
        return self._snapshot.soft_404s(self.site.id)

    def unknown(self) -> tuple[int, int]:
        """Pages and other targets that are linked and of which nothing is known any more, or yet."""
        pages = targets = 0
        for number in self._snapshot.links(self.site.id).counts:
            row = self._log.urls.get(number)
            folded = self._log.state(number)
            if row is None or folded.knowledge in {"fresh", "carried"} or self._snapshot.is_action(number):
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
        """Read-only SQL over `page(url, at, status, kind)`, `entry(column_id, url, title, date)` and
        `probe(at, url, state, outcome, status, elapsed)` of this site; probes of void rounds are left out.
        """
        prefix = """
            WITH page(url, at, status, kind) AS (
              SELECT u.url, f.at, f.status, u.kind FROM urls u JOIN fetches f ON f.url_id = u.id
              WHERE u.site = :_site AND f.run <= :_run
                AND f.at = (SELECT max(g.at) FROM fetches g WHERE g.url_id = u.id AND g.run <= :_run)),
            entry(column_id, url, title, date) AS (
              SELECT column_id, url, title, date FROM entries WHERE site = :_site AND first_run <= :_run),
            probe(at, url, state, outcome, status, elapsed) AS (
              SELECT p.at, p.url, p.state, p.outcome, p.status, p.elapsed FROM probes p
              JOIN probe_rounds r ON r.number = p.round AND r.void = 0
              WHERE p.site = :_site AND p.at <= :_as_of)
        """
        bound = {**values, "_site": self.site.id, "_run": self._snapshot.run.number, "_as_of": self._snapshot.run.as_of}
        return [dict(row) for row in self._snapshot.connection.execute(text(prefix + sql), bound).mappings()]
