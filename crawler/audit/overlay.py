"""Drafts in the place of their elders: views of pages that are not online yet, over what the last crawl knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import Footer, PageFacts, Parsed
from crawler.core.model import Column, Parent, Platform, Site, State
from crawler.core.scope import Scope
from crawler.core.urls import is_action, normalise
from crawler.core.views import ColumnView, FleetView, Known, ListedEntry, PageView, Reading, SiteView, TargetView
from crawler.parse import Html, locate, parse_script
from crawler.store import crawl_db as db
from crawler.store.log import Log
from crawler.store.pack import unpack_facts
from crawler.store.runs import Run
from crawler.store.site_reader import join

NOT_CHECKED = "没有检查（加 --links 可当场检查）"


@dataclass(frozen=True, slots=True)
class Draft:
    """One page as it would stand under `url`."""

    url: str
    body: bytes
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Elder:
    """The last crawl, as far as the drafts ask for it; absent where there was none."""

    connection: Connection
    run: Run


class Overlay:
    """One site of drafts. `present`: URLs that files beside the drafts answer; `asked`: what was fetched just now."""

    def __init__(
        self,
        site: Site,
        platform: Platform,
        drafts: Sequence[Draft],
        *,
        as_of: datetime,
        platforms: Mapping[str, Platform],
        registry: Collection[Site],
        elder: Elder | None = None,
        column: Column | None = None,
        present: Callable[[str], bytes | None] = lambda _url: None,
        asked: Mapping[str, Known] | None = None,
        scripts: Mapping[str, bytes] | None = None,
    ) -> None:
        self.site = site
        self.platform = platform
        self.drafts = {normalise(draft.url): draft for draft in drafts}
        self.as_of = as_of
        self._column = column
        self._present = present
        self._asked = asked or {}
        self._scripts = scripts or {}
        self._scope = Scope(registry)
        self._connection = elder.connection if elder else None
        self._targets = self._gather()
        wanted = {*self._targets, *self.drafts, *(normalise(u) for d in drafts for u in d.parsed.facts.footer.unread)}
        wanted |= {normalise(c.url) for c in site.columns}
        self._log = Log(elder.connection, elder.run, platforms, wanted) if elder else None

    def _gather(self) -> dict[str, list[tuple[Draft, str, str]]]:
        """Targets of the drafts: URL -> (draft, kind, suffix) of each link."""
        found: dict[str, list[tuple[Draft, str, str]]] = {}
        for draft in self.drafts.values():
            suffixes = {a.url: a.suffix for a in draft.parsed.facts.attachments}
            for link in draft.parsed.links:
                if link.fault not in {"private", "placeholder"} and link.url.startswith(("http://", "https://")):
                    suffix = suffixes.get(link.url, "")
                    row = (draft, "attachment" if suffix else link.kind, suffix)
                    found.setdefault(normalise(link.url), []).append(row)
        return found

    @property
    def to_ask(self) -> dict[str, tuple[str, str]]:
        """Targets nobody knows anything of: URL -> (kind, suffix)."""
        unknown = {}
        for url, rows in self._targets.items():
            if self._known(url).state is None and not is_action(url) and not self._scope.silent(url):
                unknown[url] = rows[0][1:]
        return unknown

    def fleet(self) -> FleetView:
        view = SiteView(
            site=self.site,
            platform=self.platform,
            as_of=self.as_of,
            home=None,
            columns=(),
            pages=lambda: self._pages(view),
            targets=lambda: self._target_views(view),
            rows=lambda _sql, **_values: (),
        )
        view.columns = tuple(self._columns(view))
        return FleetView((view,), (), self.as_of)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pages(self, view: SiteView) -> Iterator[PageView]:
        for url in sorted(self.drafts):
            yield self._page(view, self.drafts[url])

    def _page(self, view: SiteView, draft: Draft) -> PageView:
        facts = draft.parsed.facts
        footer, unread = self._footer(facts)
        url = normalise(draft.url)
        known = Known(url, "fresh", State.ALIVE)
        own = next((c for c in self.site.columns if normalise(c.url) == url), None)
        return PageView(
            site=view,
            url=draft.url,
            known=known,
            facts=facts,
            footer=footer,
            unread=unread,
            is_home=url == normalise(self.site.home),
            column=own,
            listed_in=self._listed_in(url),
            open_html=lambda: Html(draft.body),
        )

    def _listed_in(self, url: str) -> tuple[Column, ...]:
        if self._column is not None:
            return (self._column,)
        if self._connection is None:
            return ()
        query = select(db.entries.c.column_id).where(db.entries.c.site == self.site.id, db.entries.c.url == url)
        ids = set(self._connection.scalars(query))
        return tuple(column for column in self.site.columns if column.id in ids)

    def _footer(self, facts: PageFacts) -> tuple[Footer, tuple[str, ...]]:
        footer, unread = facts.footer, []
        for address in facts.footer.unread:
            included = self._include(address)
            if included is None:
                unread.append(address)
            else:
                footer = join(footer, included)
        return footer, tuple(unread)

    def _include(self, address: str) -> Footer | None:
        if not address.startswith(("http://", "https://")):
            return None
        url = normalise(address)
        body = self._scripts.get(url) or self._present(url)
        if body is not None:
            return parse_script(body, url, {}).footer
        if self._log is None or self._connection is None:
            return None
        number = self._log.numbers.get(url)
        if number is None:
            return None
        data = self._connection.scalar(
            select(db.pages.c.facts)
            .where(db.pages.c.url_id == number, db.pages.c.facts_version == FACTS_VERSION)
            .order_by(db.pages.c.id.desc())
            .limit(1)
        )
        return unpack_facts(data).footer if data else None

    # ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _known(self, url: str) -> Known:
        if url in self.drafts or self._present(url) is not None:
            return Known(url, "fresh", State.ALIVE)
        if url in self._asked:
            return self._asked[url]
        number = self._log.numbers.get(url) if self._log else None
        if self._log is None or number is None:
            return Known(url, "unknown", None)
        known = self._log.known(number, full=True)
        return replace(known, knowledge="carried" if known.knowledge == "fresh" else known.knowledge)

    def _target_views(self, view: SiteView) -> Iterator[TargetView]:
        for url in sorted(self._targets):
            if is_action(url):
                continue
            rows = self._targets[url]
            home = any(normalise(draft.url) == normalise(self.site.home) for draft, _, _ in rows)
            yield TargetView(
                site=view,
                url=url,
                known=self._known(url),
                kind=rows[0][1],
                internal=self._scope.owner(url).site == self.site.id,
                on_home=home,
                parent_count=len({draft.url for draft, _, _ in rows}),
                facts=None,
                suffix=rows[0][2],
                column=next((c for c in self.site.columns if normalise(c.url) == url), None),
                find_parents=lambda url=url, rows=rows: _parents(url, rows),  # type: ignore[misc]
            )

    # ── the column of a draft ────────────────────────────────────────────────────────────────────────────────────────

    def _columns(self, view: SiteView) -> Iterator[ColumnView]:
        for column in self.site.columns:
            draft = self.drafts.get(normalise(column.url))
            if draft is None:
                continue
            listing = draft.parsed.facts.listing
            entries = tuple(
                ListedEntry(e.title, normalise(e.url), e.date, self.as_of, self.as_of) for e in listing.entries
            )
            # Its first page only: what a further page would say nobody asked.
            reading = Reading("capped", self.as_of, listing.reader, "只读了这一页", 1)
            known = Known(normalise(column.url), "fresh", State.ALIVE)
            yield ColumnView(view, column, known, self._page(view, draft), reading, entries)


def _parents(url: str, rows: Sequence[tuple[Draft, Any, Any]]) -> tuple[Parent, ...]:
    found = []
    for draft in {draft.url: draft for draft, _, _ in rows}.values():
        spots = locate(draft.body, url, draft.url)
        words, css = spots[0] if spots else ("", "")
        found.append(Parent(draft.url, words[:200], css))
    return tuple(sorted(found, key=lambda parent: parent.url)[:20])
