"""What the pages of one site have in common, read once: navigation links, footers, search forms. Bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crawler.core.urls import HrefCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crawler.core.facts import Footer, Link
    from crawler.core.urls import Resolved
    from crawler.parse.blocks import Block

PARTS: Final = 24_000  # per generation: about 10 MB on a site that has so many different links
LONGEST: Final = 2_000  # characters of an element worth remembering
FOOTERS: Final = 200
FOLDERS: Final = 2_000
_FOLDER, _HOST = 1, 2


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
# An ordinary href: its URL, and the kind of the link where its words do not matter, else "".
Plain = dict[str, tuple[str, str]]

Blocks = dict[bytes, "Block"]  # by the digest of its HTML


class Known(NamedTuple):
    """What holds in one place: on a host, or in one folder of it."""

    parts: Parts
    plain: Plain
    blocks: Blocks


class Page:
    """The memory as one page uses it: what holds on the whole host, and what in the page's own folder only."""

    __slots__ = ("blocks", "blocks_here", "everywhere", "here", "plain", "plain_here", "resolve", "site")

    def __init__(self, site: SiteCache, resolve: Callable[[str], Resolved], everywhere: Known, here: Known) -> None:
        self.site = site
        self.resolve = resolve
        self.everywhere = everywhere.parts
        self.here = here.parts
        self.plain = everywhere.plain
        self.plain_here = here.plain
        self.blocks = everywhere.blocks
        self.blocks_here = here.blocks

    def learn(self, html: str, part: Part) -> None:
        reach = _reach((*part.links, *part.odd)) if len(html) <= LONGEST else 0
        if reach:
            (self.here if reach == _FOLDER else self.everywhere)[html] = part
            self.site.count()

    def learn_block(self, key: bytes, block: Block) -> None:
        reach = _reach((*block.links, *block.odd))
        if reach:
            (self.blocks_here if reach == _FOLDER else self.blocks)[key] = block
            self.site.count(max(1, len(block.pieces) // 4))

    def learn_plain(self, href: str, url: str, kind: str) -> None:
        rooted = href[0] == "/" or href.startswith(("http://", "https://"))
        (self.plain if rooted else self.plain_here)[href] = (url, kind)
        self.site.count()


def _reach(links: Iterable[Link]) -> int:
    """How far these links mean the same: on the whole host, in one folder, or on one page only."""
    reach = _HOST
    for link in links:
        first = link.href[:1]
        if first == "/" or (first == "h" and link.href.startswith(("http://", "https://"))):
            continue
        if first == "?" or first.isspace():  # "?page=2" stands for the page itself
            return 0
        reach = _FOLDER
    return reach


class SiteCache(HrefCache):
    """Hrefs resolved, and links, footers and forms as they were read; give one to all pages of a site."""

    __slots__ = ("_counted", "_known", "blocks", "footer_names", "footers", "forms", "writing")

    def __init__(self, limit: int = 100_000) -> None:
        super().__init__(limit)
        self._known: dict[tuple[str, str], Known] = {}
        self._counted = 0
        self.blocks: dict[tuple[str, str], int] = {}  # id and class of elements: what trying to recognise them is worth
        self.footers: dict[tuple[object, ...], KnownFooter] = {}
        self.footer_names: set[tuple[str, str]] = set()  # id and class of elements that hold a footer
        self.forms: dict[str, object] = {}  # see search_box
        self.writing: dict[str, bool] = {}  # inline scripts: whether they may write or load a footer

    def page(self, base: str, charset: str) -> Page:
        scheme, mark, rest = base.partition("://")
        path = rest.partition("?")[0].partition("#")[0]
        origin = f"{scheme}{mark}{path.partition('/')[0]}"
        folder = f"{scheme}{mark}{path.rpartition('/')[0]}/"
        if len(self._known) > FOLDERS:
            self._known.clear()
        everywhere, here = (
            self._known.get((place, charset)) or self._known.setdefault((place, charset), Known({}, {}, {}))
            for place in (origin, folder)
        )
        return Page(self, self.resolver(base, charset), everywhere, here)

    def name_footer(self, name: tuple[str, str]) -> None:
        """From now on the walk looks out for such an element: blocks it was walked over in are walked again."""
        self.footer_names.add(name)
        self.blocks.clear()
        for known in self._known.values():
            known.blocks.clear()

    def count(self, parts: int = 1) -> None:
        """Starts anew when full: what repeats is back after a page."""
        self._counted += parts
        if self._counted > PARTS:
            for known in self._known.values():
                known.parts.clear()
                known.plain.clear()
                known.blocks.clear()
            self._counted = 0
