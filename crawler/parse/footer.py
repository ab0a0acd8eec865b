"""The seven identifiers of the page footer: text, attributes and script strings, each with where it was seen."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.core.facts import FOOTER_ITEMS, Footer, Mark, Spot
from crawler.parse import footer_links, footer_region, footer_unread, footer_words, script_strings
from crawler.parse.flow import from_end
from crawler.parse.memory import FOOTERS, KnownFooter
from crawler.parse.spot import MAX_QUOTE, ancestors, attribute, css_path, is_shown, spot, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.core.facts import Via
    from crawler.parse.flow import Flow
    from crawler.parse.links import Seen
    from crawler.parse.memory import SiteCache

# Footers end a page within this many characters (friend links and floating layers behind them included); where an
# item is missing there although its words stand somewhere in the source, the whole page is read.
TAIL = 700
CACHED = 20_000  # characters of an inline script that is worth remembering
MAX_KNOWN = 60_000  # characters of a block that is worth remembering
FOOTER_NAMES = 50
SCRIPTS = 500
MAX_MARKS = 8  # of one item: a page may print its footer twice, not a hundred times

_CODES = (
    ("site_code", "标识".encode(), footer_words.site_codes),
    ("icp", "备".encode(), footer_words.icp_numbers),
    ("psb", "安".encode(), footer_words.psb_numbers),
)
# With this many items of its own, or with codes that a script writes, a page has no empty footer left to be filled.
FULL = 5
_WRITTEN = ("site_code", "organizer", "icp", "psb")
_LINKED = ("conac", "jiucuo", "site_code", "icp", "psb", "sitemap")
# The yearly site report (年度工作报表) prints the same codes in a table of the article.
_REPORT = re.compile(r"首页网址|年度(?:工作)?报表")
_HOLDS_ITEM = re.compile(
    r"conac|jiucuo|recordcode|标识码|ICP|网安备|主办|网站地图|站点地图|联系我们|电话|%u|\\u|\\x|%3C|unescape|decodeURI|fromCharCode|foot",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"document\.write|innerHTML|outerHTML|insertAdjacentHTML|\.html\s*\(|\.append|\.prepend|\.after\s*\(|\.before\s*\(|"
    r"createElement|replaceWith|\.src\s*="
)
_LIVE_TYPES = frozenset({"", "text/javascript", "application/javascript", "text/ecmascript", "module", "javascript"})
_CODE_WORDS = re.compile("标识|標識|CP|cp|安备|安備")  # literals only: it runs over each page
_DIGITS = re.compile(r"\d+")
_CODE_VARIABLE = re.compile(
    r"""(?:site_?code|标识码|bsm|identi\w*)["']?\s*[:=]\s*["'](\d{10}|bm\d{8})["']""", re.IGNORECASE
)


INLINE = 400  # different inline scripts of one page that are looked into


class Draft:
    """Marks as they are found; an equal value of an item is kept once, where it was seen first."""

    def __init__(self, via: Via | None = None, place: Spot | None = None) -> None:
        self.marks: dict[str, list[Mark]] = {item: [] for item in FOOTER_ITEMS}
        self.chains: list[list[LexborNode]] = []  # of each mark, the element and what holds it
        self._via = via  # in HTML that a script writes, everything is evidence of the script
        self._place = place

    def missing(self, item: str) -> bool:
        return not self.marks[item]

    def add(self, item: str, value: str, node: LexborNode, quote: str, via: Via = "html") -> None:
        kept = self.marks[item]
        if (
            any(mark.value == value and (mark.via == "meta") == (via == "meta") for mark in kept)
            or len(kept) >= MAX_MARKS
        ):
            return
        chain = list(ancestors(node))
        place = Spot(self._place.css if self._place else css_path(chain), squeeze(quote)[:MAX_QUOTE])
        kept.append(Mark(value, place, self._via or via, is_shown(chain)))
        if via != "meta":
            self.chains.append(chain)

    def join(self, other: Draft, css: str) -> None:
        """Take over what a script wrote; it stands where the script does."""
        for item, marks in other.marks.items():
            known = {mark.value for mark in self.marks[item]}
            fresh = [mark for mark in marks if mark.value not in known][:MAX_MARKS]
            self.marks[item] += [replace(mark, place=Spot(css, mark.place.quote)) for mark in fresh]

    def footer(self, unread: Iterable[str] = (), template: str = "") -> Footer:
        marks = {item: tuple(found) for item, found in self.marks.items()}
        return Footer(template=template, unread=tuple(unread), **marks)


def read(tree: LexborHTMLParser, url: str, scripts: Sequence[str], inline: Sequence[str]) -> Footer:
    """What the page itself shows; `scripts` are its external scripts, `inline` the texts of the others."""
    return _complete(_read(tree, url, inline)[0], tree, url, scripts)


def read_known(tree: LexborHTMLParser, url: str, seen: Seen, text: str, memory: SiteCache) -> Footer:
    """The same from memory where another page of the site had that footer.

    It is the same footer where the element that held all items has the same HTML in the same place, links that may be
    items and inline scripts are the same on the whole page and in its tail, and its text names codes as often.
    """
    key = _key(seen.footer, url, seen, text, memory)
    known = memory.footers.get(key) if key else None
    if known is None:
        known, block = _read(tree, url, seen.inline)
        if block is not None:
            name = (attribute(block, "id"), attribute(block, "class"))
            if len(memory.footer_names) < FOOTER_NAMES:
                memory.footer_names.add(name)
            if seen.footer is None or seen.footer.mem_id != block.mem_id:
                key = _key(block, url, seen, text, memory)
            if key:
                if len(memory.footers) >= FOOTERS:
                    memory.footers.clear()
                memory.footers[key] = known
    return _complete(known, tree, url, seen.scripts)


def _key(block: LexborNode | None, url: str, seen: Seen, text: str, memory: SiteCache) -> tuple[object, ...]:
    """All that a footer is read from; () where that cannot be said."""
    if block is None or len(html := block.html or "") > MAX_KNOWN:
        return ()
    chain = list(ancestors(block))
    pieces = seen.pieces
    at, length = len(pieces), 0
    while at and length < TAIL:
        at -= 1
        length += 0 if pieces[at].isspace() else len(pieces[at])
    tail = "".join(pieces[at:])
    if len(footer_words.STRONG.findall(tail)) > len(footer_words.STRONG.findall(block.text())):
        return ()  # codes beside the block, each page may have others
    writing = tuple(script for script in seen.inline if _is_writing(script, memory))
    return (
        html,
        css_path(chain),
        is_shown(chain),
        tuple([link for _, link in seen.footerish]),
        sum(place >= at for place, _ in seen.footerish),
        tuple(_CODE_WORDS.findall(text)),
        tuple(_CODE_WORDS.findall(tail)),
        writing,
        url.rpartition("/")[0] if writing else "",
        (css_path(ancestors(seen.site_code)), attribute(seen.site_code, "content")) if seen.site_code else (),
    )


def _is_writing(script: str, memory: SiteCache) -> bool:
    known = memory.writing.get(script)
    if known is None:
        known = bool(_WRITES.search(script) or footer_unread.LOADS.search(script))
        if len(script) <= CACHED:
            if len(memory.writing) >= SCRIPTS:
                memory.writing.clear()
            memory.writing[script] = known
    return known


def _read(tree: LexborHTMLParser, url: str, inline: Sequence[str]) -> tuple[KnownFooter, LexborNode | None]:
    """The marks, and the innermost named element that holds all of them."""
    draft = Draft()
    body = tree.body
    raw = tree.raw_html or b""
    if body is not None:
        _read_body(draft, tree, body, raw)
    _read_meta(draft, tree, raw)
    unread: list[str] = []
    base = _base(tree, url, raw) if inline else url
    texts = list(dict.fromkeys(inline))
    if len(texts) > INLINE:  # both ends of the page: the footer's scripts stand at one of them
        texts = texts[: INLINE // 2] + texts[-INLINE // 2 :]
    elements = {node.text(): node for node in reversed(tree.css("script:not([src])"))} if texts else {}
    for text in texts:
        _read_inline(draft, unread, elements, text, base)
    marks = [mark for found in draft.marks.values() for mark in found if mark.via != "meta"]
    written = any(mark.via == "script" for item in _WRITTEN for mark in draft.marks[item])
    known = sum(bool(draft.marks[item]) for item in FOOTER_ITEMS)
    # What an inline script wrote stands in no element of the tree.
    block = _holder(draft.chains) if len(marks) == len(draft.chains) else None
    kept = KnownFooter(
        draft.footer((), _template(draft.chains)),
        tuple(unread),
        not written and known < FULL,
        known == len(FOOTER_ITEMS),
    )
    return kept, block


def _complete(known: KnownFooter, tree: LexborHTMLParser, url: str, scripts: Sequence[str]) -> Footer:
    if known.whole:
        return known.footer
    base = _base(tree, url, tree.raw_html or b"")
    unread = [*known.inline, *footer_unread.of_page(tree, base, scripts, empty=known.empty)]
    return replace(known.footer, unread=footer_unread.ordered(unread))


def _holder(chains: Sequence[Sequence[LexborNode]]) -> LexborNode | None:
    if not chains:
        return None
    common = set.intersection(*({element.mem_id for element in chain} for chain in chains))
    for element in chains[0]:
        if element.mem_id in common and element.tag != "body" and (element.id or attribute(element, "class")):
            return element
    return None


def read_script(text: str, url: str) -> Footer:
    """What an external script, a list unit's JSON or an included fragment writes of the footer."""
    if text.lstrip()[:1] == "<":
        draft = _of_fragment(text[: script_strings.MAX_HTML])
        return draft.footer()
    script = script_strings.read(text)
    draft = _of_script(script.html, script.code, Spot("script"))
    return draft.footer(footer_unread.ordered(footer_unread.of_script(script, url)))


def _of_fragment(text: str) -> Draft:
    """HTML that some script loads into the page, with what its own scripts write."""
    draft = _of_script(text, "", Spot("script"))
    for node in LexborHTMLParser(text).css("script:not([src])")[:50]:
        if attribute(node, "type").strip().lower() in _LIVE_TYPES and _WRITES.search(inner := node.text()):
            draft.join(_written(inner)[1], "script")
    return draft


def _read_body(draft: Draft, tree: LexborHTMLParser, body: LexborNode, raw: bytes, *, whole: bool = False) -> None:
    flow = from_end(body, 0 if whole else TAIL)
    _read_codes(draft, flow)
    footer_links.read(draft, flow.elements)
    if not whole and any(draft.missing(item) for item in _LINKED):
        entities = raw.count(b"&#") > 40  # words may be written as &#22791;
        if len(flow.text) >= TAIL and any(
            draft.missing(item) and (entities or word in raw) for item, word, _ in _CODES
        ):
            flow = from_end(body, 0)
            _read_codes(draft, flow)
        footer_links.read_everywhere(draft, tree, raw, everything=entities)
    region = footer_region.find(tree, flow, whole=whole)
    for item, extract in (("organizer", footer_words.organizers), ("contact", footer_words.contacts)):
        for group in region:
            for stretch in group:
                _read_words(draft, item, extract, flow, stretch)
            if not draft.missing(item):
                break
    footer_links.read_contact(draft, tree, flow.elements, raw)


def _read_words(
    draft: Draft,
    item: str,
    extract: Callable[[str], Iterable[footer_words.Found]],
    flow: Flow,
    stretch: footer_region.Stretch,
) -> None:
    text = flow.text[stretch.start : stretch.end]
    for found in extract(text):
        quote = text[found.start : found.end]
        if stretch.strict and not footer_region.is_labelled(text[max(0, found.start - 12) : found.end]):
            continue
        if (node := flow.holder(stretch.start + found.start)) is not None:
            draft.add(item, found.value, node, quote)


def _read_codes(draft: Draft, flow: Flow) -> None:
    report = bool(_REPORT.search(flow.text))
    for item, _, extract in _CODES:
        for found in extract(flow.text):
            node = flow.holder(found.end - 1)
            if node is None or (report and any(element.tag == "table" for element in ancestors(node))):
                continue
            draft.add(item, found.value, node, flow.text[found.start : found.end])


def _read_meta(draft: Draft, tree: LexborHTMLParser, raw: bytes) -> None:
    head = raw[:20_000]
    if b"SiteIDCode" not in head and b"iteidcode" not in head.lower():
        return
    for meta in tree.css("meta[name=SiteIDCode i]"):
        value = footer_words.plain(attribute(meta, "content"))
        if value:
            draft.add("site_code", value, meta, f"{attribute(meta, 'name')}={value}", via="meta")


def _read_inline(draft: Draft, unread: list[str], elements: Mapping[str, LexborNode], text: str, base: str) -> None:
    if not _WRITES.search(text) and not footer_unread.LOADS.search(text):
        return
    script, written = (_written if len(text) <= CACHED else _written.__wrapped__)(text)
    loads = footer_unread.of_script(script, base)
    if not loads and not _HOLDS_ITEM.search(text):
        return
    element = elements.get(text)
    if element is not None and attribute(element, "type").strip().lower() not in _LIVE_TYPES:
        return  # a template that nobody may ever use is not the footer
    unread += loads
    draft.join(written, spot(element).css if element is not None else "script")


@lru_cache(maxsize=256)  # pages of one template share their inline scripts
def _written(text: str) -> tuple[script_strings.Script, Draft]:
    script = script_strings.read(text)
    draft = _of_script(script.html, script.code, Spot("script")) if _WRITES.search(script.code) else Draft()
    draft.chains.clear()  # they keep a whole tree alive
    return script, draft


def _of_script(written: str, code: str, place: Spot) -> Draft:
    draft = Draft("script", place)
    tree = LexborHTMLParser(written)
    if tree.body is not None and _HOLDS_ITEM.search(written):
        _read_body(draft, tree, tree.body, tree.raw_html or b"", whole=True)
        footer_links.read(draft, tree.css("script"))
        # A list or a menu that a script writes may speak of 主办 or print a phone: only a footer is believed.
        if not any(draft.marks[item] for item in ("conac", "jiucuo", "site_code", "icp", "psb")):
            draft.marks["contact"].clear()
            if not footer_region.FOOTER_NAME.search(code):
                draft.marks["organizer"].clear()
    if tree.body is not None:
        footer_links.read_code(draft, tree.body, code)
        if draft.missing("site_code") and "标识码" in written and (found := _CODE_VARIABLE.search(code)):
            draft.add("site_code", found[1].lower(), tree.body, found[0])
    return draft


def _base(tree: LexborHTMLParser, url: str, raw: bytes) -> str:
    if b"<base" not in raw[:20_000].lower():
        return url
    base = tree.css_first("base[href]")
    if base is None:
        return url
    try:
        return urljoin(url, attribute(base, "href").strip())
    except ValueError:
        return url


def _template(chains: Sequence[Sequence[LexborNode]]) -> str:
    """Name of the nearest element that holds three quarters of the items; #foot_12 and #foot_7 are both #foot_0."""
    tally: dict[int, int] = {}
    for chain in chains:
        for element in chain:
            key = element.mem_id
            tally[key] = tally.get(key, 0) + 1
    needed = 0.75 * len(chains)
    for chain in reversed(chains):
        for element in chain:
            if tally[element.mem_id] < needed or element.tag == "body":
                continue
            identity, classes = (element.id or "").strip(), attribute(element, "class").split()
            if identity or classes or element.tag == "footer":
                name = (
                    (element.tag or "")
                    + (f"#{identity}" if identity else "")
                    + "".join(f".{part}" for part in classes[:3])
                )
                return _DIGITS.sub("0", name)[:100]
    return ""
