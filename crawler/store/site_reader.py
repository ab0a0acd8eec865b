"""Builds the view of one site from the Snapshot; pages and targets are streamed, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from crawler.core.clock import beijing
from crawler.core.facts import Footer, PageFacts, join
from crawler.core.model import Column, Site, State
from crawler.core.urls import normalise
from crawler.core.views import ColumnView, Html, Known, ListedEntry, PageView, Reading, SiteView, TargetView
from crawler.store import crawl_db as db

if TYPE_CHECKING:
    from crawler.store.log import UrlRow
    from crawler.store.snapshot import Snapshot


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
            links_of=self.links_of,
            open_page=lambda url: self._open(view, url),
            workdays=self._snapshot.workdays,
            words=self._snapshot.words,
            inputs=self._snapshot.inputs.get(self.site.id, {}),
        )
        if home is not None:
            landing = self._snapshot.landing(self.site.home)
            facts = self._snapshot.facts(landing) if landing is not None else None
            view.home = replace(self.target(view, home), facts=facts)
        view.columns = tuple(self.column(view, column) for column in self.site.columns)
        view.pages_unknown, view.targets_unknown = self.unknown()
        return view

    def known(self, url: str) -> Known | None:
        """What is known of any URL, with its evidence; None where nobody ever met it."""
        number = self._log.numbers.get(normalise(url))
        return self._log.known(number, full=True) if number is not None else None

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
        home = self._snapshot.landing(self.site.home)
        for number, facts in self._snapshot.many_facts(self._snapshot.by_site.get(self.site.id, ())):
            yield self._page(view, number, facts, is_home=number == home)

    def page(self, view: SiteView, number: int) -> PageView | None:
        facts = self._snapshot.facts(number)
        return self._page(view, number, facts) if facts is not None else None

    def _page(self, view: SiteView, number: int, facts: PageFacts, *, is_home: bool = False) -> PageView:
        url = self._log.urls[number].url
        footer, unread = self._footer(facts)
        body_hash = self._snapshot.pages[number].body_hash

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
            open_html=open_html,
        )

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
