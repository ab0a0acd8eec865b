"""Drafts in the place of their elders: views of pages that are not online yet, over what the last crawl knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crawler.core.facts import Footer, PageFacts, Parsed, join
from crawler.core.model import Column, Parent, Platform, Site, State
from crawler.core.scope import Scope
from crawler.core.urls import is_action, normalise
from crawler.core.views import (
    ColumnView,
    FleetView,
    InputTable,
    Known,
    ListedEntry,
    PageView,
    Reading,
    SiteView,
    TargetView,
)
from crawler.core.wording import Words
from crawler.core.workdays import Workdays
from crawler.parse import Html, locate, parse, parse_script

INCLUDE_CAP = 2_000_000  # bytes read of a script or page beside a draft


@dataclass(frozen=True, slots=True)
class Draft:
    """One page as it would stand under `url`; its links were resolved against `base`, where that is another."""

    url: str
    body: bytes
    parsed: Parsed
    base: str = ""


class Elder(Protocol):
    """The last crawl, as far as the drafts ask for it."""

    def known(self, url: str) -> Known | None: ...
    def footer(self, url: str) -> Footer | None: ...
    def listed_in(self, site: str, url: str) -> Iterable[str]: ...
    def page(self, url: str) -> tuple[bytes, Mapping[str, str]] | None: ...


class Overlay:
    """One site of drafts. `present`: the file beside them that answers a URL; `asked`: what was fetched just now."""

    def __init__(
        self,
        site: Site,
        platform: Platform,
        drafts: Sequence[Draft],
        *,
        as_of: datetime,
        registry: Collection[Site],
        elder: Callable[[Collection[str]], Elder] | None = None,
        column: Column | None = None,
        present: Callable[[str], Path | None] = lambda _url: None,
        asked: Mapping[str, Known] | None = None,
        scripts: Mapping[str, bytes] | None = None,
        workdays: Workdays | None = None,
        inputs: Mapping[str, InputTable] | None = None,
        words: Words | None = None,
    ) -> None:
        self.words = words or Words()
        self.workdays = workdays or Workdays()
        self.inputs = inputs or {}
        self.site = site
        self.platform = platform
        self.drafts = {normalise(draft.url): draft for draft in drafts}
        self.as_of = as_of
        self._column = column
        self._present = present
        self._asked = asked or {}
        self._scripts = scripts or {}
        self._scope = Scope(registry)
        self._targets = self._gather()
        wanted = {*self._targets, *self.drafts, *(normalise(u) for d in drafts for u in d.parsed.facts.footer.unread)}
        wanted |= {normalise(c.url) for c in site.columns}
        self._elder = elder(wanted) if elder else None

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

    @property
    def count(self) -> tuple[int, int]:
        """Link targets, and how many of them nobody knows anything of."""
        return len(self._targets), sum(self._known(url).state is None for url in self._targets)

    @property
    def linked(self) -> Collection[str]:
        """What the drafts link to."""
        return self._targets.keys()

    def elders(self) -> list[Draft]:
        """The pages that the drafts replace, as the last crawl read them; without those it did not keep."""
        found = []
        for url in self.drafts:
            if self._elder is not None and (kept := self._elder.page(url)) is not None:
                body, headers = kept
                found.append(Draft(url, body, parse(body, url, headers)))
        return found

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
            workdays=self.workdays,
            inputs=self.inputs,
            words=self.words,
            links_of=self._links_of,
        )
        view.columns = tuple(self._columns(view))
        return FleetView((view,), (), self.as_of)

    def _links_of(self, url: str) -> frozenset[str]:
        draft = self.drafts.get(normalise(url))
        return frozenset(normalise(link.url) for link in draft.parsed.links if link.url) if draft else frozenset()

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
        if self._column is not None and own is None and facts.kind == "other":
            facts = replace(facts, kind="article")  # a short draft has few marks of one, but we were told
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
        if self._elder is None:
            return ()
        ids = set(self._elder.listed_in(self.site.id, url))
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
        body = self._scripts.get(url)
        if body is None and (file := self._present(url)) is not None:
            with file.open("rb") as stream:
                body = stream.read(INCLUDE_CAP)
        if body is not None:
            return parse_script(body, url, {}).footer
        return self._elder.footer(url) if self._elder else None

    # ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _known(self, url: str) -> Known:
        if url in self.drafts or self._present(url) is not None:
            return Known(url, "fresh", State.ALIVE)
        if url in self._asked:
            return self._asked[url]
        known = self._elder.known(url) if self._elder else None
        if known is None:
            return Known(url, "unknown", None)
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
        spots = locate(draft.body, url, draft.base or draft.url)
        words, css = spots[0] if spots else ("", "")
        found.append(Parent(draft.url, words[:200], css))
    return tuple(sorted(found, key=lambda parent: parent.url)[:20])
