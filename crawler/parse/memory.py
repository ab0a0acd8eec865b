"""What the pages of one site have in common, read once: navigation links, footers, search forms. Bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crawler.core.urls import HrefCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.core.facts import Footer, Link
    from crawler.core.urls import Resolved

PARTS: Final = 12_000  # per generation: about 10 MB on a site that has so many different links
LONGEST: Final = 2_000  # characters of an element worth remembering
FOOTERS: Final = 200
FOLDERS: Final = 2_000


class Part(NamedTuple):
    """What one link or picture adds to the facts; the same wherever its HTML is the same."""

    links: tuple[Link, ...]
    odd: tuple[Link, ...]
    anchors: int
    footer: bool  # may be an item of a footer
    search: bool  # may lead to a search


class KnownFooter(NamedTuple):
    footer: Footer
    inline: tuple[str, ...]  # its `unread` as far as inline scripts have it
    empty: bool  # as handed to footer_unread.of_page
    whole: bool  # all items are there: nothing is looked for in includes


Parts = dict[str, Part]


class Page:
    """The memory as one page uses it: what holds on the whole host, and what in the page's own folder only."""

    __slots__ = ("everywhere", "here", "resolve", "site")

    def __init__(self, site: SiteCache, resolve: Callable[[str], Resolved], everywhere: Parts, here: Parts) -> None:
        self.site = site
        self.resolve = resolve
        self.everywhere = everywhere
        self.here = here

    def learn(self, html: str, part: Part) -> None:
        if len(html) > LONGEST:
            return
        where = self.everywhere
        for link in (*part.links, *part.odd) if part.odd else part.links:
            first = link.href[:1]
            if first == "/" or (first == "h" and link.href.startswith(("http://", "https://"))):
                continue
            if first == "?" or first.isspace():  # "?page=2" stands for the page itself
                return
            where = self.here
        where[html] = part
        self.site.count()


class SiteCache(HrefCache):
    """Hrefs resolved, and links, footers and forms as they were read; give one to all pages of a site."""

    __slots__ = ("_counted", "_parts", "footer_names", "footers", "forms", "writing")

    def __init__(self, limit: int = 100_000) -> None:
        super().__init__(limit)
        self._parts: dict[tuple[str, str], Parts] = {}
        self._counted = 0
        self.footers: dict[tuple[object, ...], KnownFooter] = {}
        self.footer_names: set[tuple[str, str]] = set()  # id and class of elements that hold a footer
        self.forms: dict[str, object] = {}  # see search_box
        self.writing: dict[str, bool] = {}  # inline scripts: whether they may write or load a footer

    def page(self, base: str, charset: str) -> Page:
        scheme, mark, rest = base.partition("://")
        path = rest.partition("?")[0].partition("#")[0]
        origin = f"{scheme}{mark}{path.partition('/')[0]}"
        folder = f"{scheme}{mark}{path.rpartition('/')[0]}/"
        if len(self._parts) > FOLDERS:
            self._parts.clear()
        everywhere = self._parts.setdefault((origin, charset), {})
        here = self._parts.setdefault((folder, charset), {})
        return Page(self, self.resolver(base, charset), everywhere, here)

    def count(self) -> None:
        """Starts anew when full: what repeats is back after a page."""
        self._counted += 1
        if self._counted > PARTS:
            for parts in self._parts.values():
                parts.clear()
            self._counted = 0
