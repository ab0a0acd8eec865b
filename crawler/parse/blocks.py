"""Whole blocks of a page that a site repeats, navigation above all: walked once, replayed where their HTML is equal."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from crawler.parse.links import MAX_LINKS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.core.facts import Link
    from crawler.parse.links import Seen
    from crawler.parse.memory import Page

SHORTEST: Final = 400  # characters of HTML; what is shorter is walked as fast as it is recognised
LONGEST: Final = 200_000
# A name begins with this credit; a block that is new costs one, a known one earns two, and none left is the end of it.
CREDIT: Final = 3
MOST_CREDIT: Final = 20
NAMES: Final = 2_000


class Block(NamedTuple):
    """What walking one block adds to what was seen; nothing else of it may change there."""

    pieces: list[str]
    links: list[Link]
    odd: list[Link]
    scripts: list[str]
    inline: list[str]
    frames: list[Link]
    footerish: list[tuple[int, str]]  # places counted from the block's first piece
    anchors: int
    fields: bool
    searching: bool


class Recording:
    """A block that is being walked for the first time."""

    __slots__ = ("_before", "_fields", "_searching", "_start", "_unchanged", "end", "key", "name")

    def __init__(self, seen: Seen, name: tuple[str, str], key: bytes, end: int) -> None:
        self.name = name
        self.key = key
        self.end = end  # what follows the block; 0 where nothing does
        self._before = len(seen.links), len(seen.odd), len(seen.scripts), len(seen.inline), len(seen.frames)
        self._start = len(seen.pieces), len(seen.footerish), seen.anchors
        self._unchanged = _what_blocks_leave(seen)
        self._fields, seen.fields = seen.fields, False
        self._searching, seen.searching = seen.searching, False

    def finish(self, seen: Seen, page: Page) -> None:
        fields, searching = seen.fields, seen.searching
        seen.fields, seen.searching = fields or self._fields, searching or self._searching
        if _what_blocks_leave(seen) != self._unchanged:
            page.site.blocks[self.name] = 0
            return
        links, odd, scripts, inline, frames = self._before
        pieces, footerish, anchors = self._start
        block = Block(
            seen.pieces[pieces:],
            seen.links[links:],
            seen.odd[odd:],
            seen.scripts[scripts:],
            seen.inline[inline:],
            seen.frames[frames:],
            [(place - pieces, html) for place, html in seen.footerish[footerish:]],
            seen.anchors - anchors,
            fields,
            searching,
        )
        page.learn_block(self.key, block)


def _what_blocks_leave(seen: Seen) -> tuple[object, ...]:
    return (
        len(seen.contents),
        len(seen.headings),
        len(seen.metas),
        seen.title,
        seen.refresh,
        seen.dropped,
        seen.footer is None or seen.footer.mem_id,
        seen.site_code is None or seen.site_code.mem_id,
    )


def recognise(seen: Seen, page: Page, node: LexborNode, name: tuple[str, str]) -> Block | bytes | None:
    """The block as it was walked before, its key where it may be walked for later, None where it is not worth it."""
    credit = page.site.blocks.get(name, CREDIT)
    if credit <= 0 or len(seen.links) > MAX_LINKS // 2:
        return None
    html = node.html or ""
    if not SHORTEST <= len(html) <= LONGEST or len(page.site.blocks) > NAMES:
        page.site.blocks[name] = 0
        return None
    key = blake2b(html.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    block = page.blocks.get(key) or page.blocks_here.get(key)
    page.site.blocks[name] = min(credit + 2, MOST_CREDIT) if block else credit - 1
    return block or key


def replay(seen: Seen, block: Block) -> None:
    if block.footerish:
        start = len(seen.pieces)
        seen.footerish += [(start + place, html) for place, html in block.footerish]
    seen.pieces += block.pieces
    seen.links += block.links
    seen.odd += block.odd
    seen.scripts += block.scripts
    seen.inline += block.inline
    seen.frames += block.frames
    seen.anchors += block.anchors
    seen.fields = seen.fields or block.fields
    seen.searching = seen.searching or block.searching
