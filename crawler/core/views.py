"""What a rule may see. Built by the Snapshot; a rule gets no clock, no network and no way to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal, Protocol

from crawler.core.facts import Attachment, Dated, Entry, FileText, Footer, PageFacts
from crawler.core.model import (
    Attempt,
    Column,
    Finding,
    Hop,
    NotApplicable,
    Outcome,
    Parent,
    Place,
    Platform,
    Site,
    Source,
    State,
    Undecidable,
)
from crawler.core.reach import NO_PORT, HostFacts, Ipv6Look, Probe, other_scheme
from crawler.core.search import SearchLook
from crawler.core.wording import Block, PageWords, Words
from crawler.core.workdays import Workdays

# How `soft_404` begins where the address has become something else (BEHAVIOURS 42).
IS_GAMBLING, IS_PARKED, IS_CLOSED = "已变成赌博、色情类网站", "域名已过期、停放或待售", "网站已关闭或维护"
TO_HOME = "打开后跳转到网站首页"
_TROUBLES = {IS_GAMBLING: "赌博、色情", IS_PARKED: "域名停放", IS_CLOSED: "网站关闭"}
Knowledge = Literal["fresh", "carried", "expired", "unknown"]


class Element(Protocol):
    """One element of a page, as rule authors see it."""

    @property
    def text(self) -> str: ...
    @property
    def attrs(self) -> Mapping[str, str]: ...
    @property
    def path(self) -> str: ...


class Html(Protocol):
    """The shared, lazily parsed tree behind `page.html`."""

    def css(self, selector: str) -> Sequence[Element]: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """The deciding fetch of a URL as of the run, folded from the log."""

    fetch_id: int
    at: datetime
    run: int
    state: State
    outcome: Outcome
    status: int | None = None
    final_url: str = ""
    elapsed: timedelta = timedelta()
    hops: tuple[Hop, ...] = ()
    attempts: tuple[Attempt, ...] = ()  # of every row this state rests on, oldest first
    note: str = ""
    content_type: str = ""
    body_hash: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one URL as of the run."""

    url: str
    knowledge: Knowledge
    state: State | None  # alive or dead once decided; None where nothing ever decided it
    seen: Seen | None = None  # the deciding row
    pending: Seen | None = None  # one suspect that waits for its second round
    blocked: Seen | None = None  # the newest blocked row, if it is the newest of all


SLOW = timedelta(seconds=10)  # answers that took less are remembered by nobody
BASELINE = timedelta(days=30)  # how far back a page is compared with itself
TEMPLATE_SAMPLES = 3  # columns asked for a page that shows what is header and footer
BRIEF_TEXT = 40  # characters: shorter texts are alike without being copies
UNSEEN_REASON = "尚未检查"
ONE_PAGE = "该主机对所有路径返回同一页面，链接状态无法核实"


def blocked_reason(known: Known) -> str:
    """Why nothing is known of a URL, in words for the report."""
    row = known.blocked or known.pending
    return (row.note or row.outcome.value) if row else UNSEEN_REASON


UNREAD_FILE = "附件内容没有读取"


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file that a page offers. `problem` says why `text` is not all of it; rules never take a gap for an absence."""

    attachment: Attachment
    known: Known | None = None
    file: FileText | None = None  # None where it was not read whole

    @property
    def text(self) -> str:
        return self.file.text if self.file else ""

    @property
    def problem(self) -> str:
        return self.file.problem if self.file else UNREAD_FILE


@dataclass(slots=True)
class PageView:
    """One page that was read: its facts, its footer joined with the scripts it includes, its tree on demand."""

    site: SiteView
    url: str
    known: Known
    facts: PageFacts
    footer: Footer  # own marks and those of the includes that were read
    unread: tuple[str, ...]  # includes that may hold the footer and could not be read
    is_home: bool = False
    column: Column | None = None  # the registered column this page is
    listed_in: tuple[Column, ...] = ()  # registered columns whose lists hold this page
    framed: bool = False  # only ever seen as the iframe of another page
    via: Literal["static", "rendered"] = "static"  # rendered: a browser saw what the bytes alone do not show
    find_file: Callable[[str], tuple[Known | None, FileText | None]] = field(
        repr=False, default=lambda _url: (None, None)
    )
    open_html: Callable[[], Html] = field(repr=False, default=lambda: _no_html())  # noqa: PLW0108  defined below
    _html: Html | None = field(default=None, repr=False)
    _wording: PageWords | None = field(default=None, repr=False)

    @property
    def as_of(self) -> datetime:
        return self.site.as_of

    @property
    def wording(self) -> PageWords:
        """Its words, matched once against all word lists for whatever rules ask."""
        if self._wording is None:
            self._wording = self.site.words.read(blocks(self))
        return self._wording

    @property
    def html(self) -> Html:
        if self._html is None:
            self._html = self.open_html()
        return self._html

    @property
    def files(self) -> tuple[AttachmentView, ...]:
        """The attachments of the page, with what they say where they were read."""
        return tuple(AttachmentView(one, *self.find_file(one.url)) for one in self.facts.attachments)

    @property
    def is_article(self) -> bool:
        """Whether it is one document with a date of its own, whatever its address looks like."""
        facts = self.facts
        return facts.kind == "article" or (facts.kind == "other" and bool(facts.main_text and facts.published))

    def place(self, css: str = "", quote: str = "") -> Place:
        return Place(self.url, css, quote[:200])

    def undecidable(self, reason: str) -> Undecidable:
        return Undecidable(reason, self.url)


def _no_html() -> Html:
    raise LookupError("the body of this page is not kept")


@dataclass(slots=True)
class TargetView:
    """One link target of a site, with its state, attempts and parents."""

    site: SiteView
    url: str
    known: Known
    kind: str  # page | attachment | image | script | style | media
    internal: bool  # belongs to the site itself
    on_home: bool
    parent_count: int
    facts: PageFacts | None  # of an in-site page that was read
    suffix: str = ""  # expected file suffix of an attachment
    column: Column | None = None  # the registered column this target is
    soft_404: str = ""  # why a 200 is no answer: the phrase, the host's answer to a random path, the home page
    one_page: bool = False  # it shows what its host shows for every address: see ONE_PAGE
    tenant: Site | None = None  # another registered site whose path this is, on this site's own host (BEHAVIOURS 6)
    imitates: str = ""  # the office's domain that this host name looks like and is not
    jumps: int = 0  # links of the site that lead back to its home page, this one among them
    slow: tuple[Attempt, ...] = ()  # its newest answers in a row that took SLOW or longer, newest first
    find_parents: Callable[[], tuple[Parent, ...]] = field(repr=False, default=tuple)

    @property
    def as_of(self) -> datetime:
        return self.site.as_of

    @property
    def trouble(self) -> str:
        """What a 200 has become, as a category; "" where it is what it should be."""
        for beginning, category in _TROUBLES.items():
            if beginning in self.soft_404:
                return category
        if not self.soft_404:
            return ""
        return "跳转首页" if "首页" in self.soft_404 else "空白页" if "空白" in self.soft_404 else "页面不存在"

    def parents(self) -> tuple[Parent, ...]:
        """Up to 20 pages that link here, home page first, with link text and CSS path."""
        return self.find_parents()

    def undecidable(self, reason: str = "") -> Undecidable:
        return Undecidable(reason or blocked_reason(self.known), self.url)


ReadingEnd = Literal["ended", "joined", "stalled", "failed", "capped", "unread"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a column's list was read, at its last complete reading or else its last one."""

    end: ReadingEnd
    at: datetime | None
    reader: str
    note: str = ""
    pages: int = 0
    read_to: datetime | None = None  # date of the oldest entry reached

    @property
    def complete(self) -> bool:
        return self.end in {"ended", "joined"}


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A list entry with our own dates; entries are cumulative over nights."""

    title: str
    url: str
    date: datetime | None
    first_seen: datetime
    last_seen: datetime


@dataclass(slots=True)
class ColumnView:
    """One registered column at the time of its last complete reading."""

    site: SiteView
    column: Column
    known: Known
    page: PageView | None
    reading: Reading
    entries: tuple[ListedEntry, ...]
    soft_404: str = ""
    target: TargetView | None = None

    @property
    def url(self) -> str:
        return self.column.url

    @property
    def as_of(self) -> datetime:
        return self.reading.at if self.reading.complete and self.reading.at else self.site.as_of

    def newest_entry(self) -> ListedEntry | None:
        dated = [e for e in self.entries if e.date is not None]
        return max(dated, key=lambda e: e.date or e.first_seen, default=None)

    def undecidable(self, reason: str = "") -> Undecidable:
        return Undecidable(reason or blocked_reason(self.known), self.url)


@dataclass(frozen=True, slots=True)
class Brief:
    """What rules about many pages compare: kept of every page at once, so it is small."""

    url: str
    kind: str
    title: str  # the article's full title, else the page's
    published: Dated | None
    document_number: str
    source: str
    listed_in: tuple[Column, ...]
    text_key: int  # equal for equal prose, blanks and digits included; 0 for next to no text
    at: datetime  # of the deciding fetch
    is_home: bool = False


@dataclass(frozen=True, slots=True)
class InputTable:
    """What people keep and no crawler can see: one file of config/inputs/, read and found good."""

    name: str  # of the format: roster, jiucuo, media …
    file: str  # as shown to people
    rows: tuple[Mapping[str, Any], ...]  # of one site; values as the format's types
    until: date | None = None  # the last day the file speaks of, where it says so


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a page was read first in the last BASELINE days."""

    at: datetime
    facts: PageFacts | None  # None where its body is not kept; today's own where it has not changed since


@dataclass(slots=True)
class SiteView:
    """One registered site as of the run."""

    site: Site
    platform: Platform
    as_of: datetime
    home: TargetView | None
    columns: tuple[ColumnView, ...]
    pages: Callable[[], Iterator[PageView]] = field(repr=False)
    targets: Callable[[], Iterator[TargetView]] = field(repr=False)
    rows: Callable[..., Sequence[Mapping[str, Any]]] = field(repr=False)  # SQL over documented read-only columns
    pages_unknown: int = 0  # in scope, linked, and never decided or expired
    targets_unknown: int = 0
    findings: tuple[tuple[str, Finding], ...] = ()  # (rule code, finding) of the cited rules; roll-ups only
    examined: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # code -> (examined, undecidable)
    known: Callable[[str], Known | None] = field(repr=False, default=lambda _url: None)  # what is known of any URL
    # Looks of `govcheck probe` in the five weeks before the run, oldest first, without those of void rounds.
    probes: Callable[[], tuple[Probe, ...]] = field(repr=False, default=tuple)
    hosts: Callable[[], tuple[HostFacts, ...]] = field(repr=False, default=tuple)  # own hosts that answered https
    ipv6: Callable[[], tuple[Ipv6Look, ...]] = field(repr=False, default=tuple)  # newest first, five at most
    search: Callable[[], SearchLook | None] = field(repr=False, default=lambda: None)  # newest trial of its search
    # The home page as a search engine's reader gets it, where that was asked: what is known, what was read.
    searched: Callable[[], tuple[Known | None, PageFacts | None]] = field(repr=False, default=lambda: (None, None))
    inputs: Mapping[str, InputTable] = field(default_factory=dict)  # by format; what is missing is not there
    workdays: Workdays = field(default_factory=Workdays)
    links_of: Callable[[str], frozenset[str]] = field(repr=False, default=lambda _url: frozenset())  # page -> targets
    open_page: Callable[[str], PageView | None] = field(repr=False, default=lambda _url: None)
    memo: dict[str, Any] = field(default_factory=dict, repr=False)  # what one rule worked out and another reuses
    earlier: Callable[[str], Earlier | None] = field(repr=False, default=lambda _url: None)
    # Hosts of scripts that no page of any site named before the last BASELINE days: host -> when it was met first.
    new_script_hosts: Callable[[], Mapping[str, datetime]] = field(repr=False, default=dict)
    words: Words = field(default_factory=Words)  # the lists of wrong words, and what people added to them
    _briefs: tuple[Brief, ...] | None = field(default=None, repr=False)
    _chrome: frozenset[str] | None = field(default=None, repr=False)
    _home_lines: frozenset[str] | None = field(default=None, repr=False)

    def briefs(self) -> tuple[Brief, ...]:
        """Every page that was read, in order of URL; read once, whichever rules ask."""
        if self._briefs is None:
            self._briefs = tuple(brief(page) for page in self.pages() if page.known.knowledge != "expired")
        return self._briefs

    @property
    def home_lines(self) -> frozenset[str]:
        """Lines of the home page: what other pages repeat of it is header, navigation and footer."""
        if self._home_lines is None:
            home = self.open_page(self.site.home)
            self._home_lines = frozenset(home.facts.prose.split("\n")) if home else frozenset()
        return self._home_lines

    @property
    def chrome(self) -> frozenset[str]:
        """Lines that the home page shares with a column page."""
        if self._chrome is None:
            pages = (self.open_page(column.url) for column in self.site.columns[:TEMPLATE_SAMPLES])
            others = [page for page in pages if page and not page.is_home]
            self._chrome = self.home_lines.intersection(*(page.facts.prose.split("\n") for page in others[:1]))
            self._chrome = self._chrome if others else frozenset()
        return self._chrome

    @property
    def id(self) -> str:
        return self.site.id

    @property
    def is_down(self) -> bool:
        """Whether the home page itself does not open, so that no single page of the site is to blame."""
        known = self.home.known if self.home else None
        down = known is not None and (known.state is State.DEAD or known.pending is not None)
        return down and not self.opened_instead()

    def opened_instead(self) -> str:
        """The home page under the other scheme, where that one alone opens (BEHAVIOURS 33)."""
        known = self.home.known if self.home else None
        if known is None:
            return ""
        row = known.pending or (known.seen if known.state is State.DEAD else None)
        other = other_scheme(self.site.home) if row and row.outcome in NO_PORT else ""
        instead = self.known(other) if other else None
        if row is None or instead is None or instead.state is not State.ALIVE or instead.seen is None:
            return ""
        near = abs(instead.seen.at - row.at) <= timedelta(hours=12)  # both of one night
        return other if near and instead.pending is None else ""

    def undecidable(self, reason: str) -> Undecidable:
        return Undecidable(reason, self.site.home)

    def not_applicable(self, reason: str) -> NotApplicable:
        return NotApplicable(reason)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source of announcements as last read."""

    source: Source
    known: Known
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class FleetView:
    """All sites at once, and the sources they owe reposts of."""

    sites: tuple[SiteView, ...]
    sources: tuple[SourceView, ...]
    as_of: datetime
    memo: dict[str, Any] = field(default_factory=dict, repr=False)  # what one fleet rule worked out and another reuses


def brief(page: PageView) -> Brief:
    facts = page.facts
    words = facts.prose if len(facts.prose) >= BRIEF_TEXT else ""
    return Brief(
        url=page.url,
        kind=facts.kind,
        title=facts.heading or facts.title,
        published=facts.published,
        document_number=facts.document_number,
        source=facts.source,
        listed_in=page.listed_in,
        text_key=int.from_bytes(blake2b("".join(words.split()).encode("utf-8", "replace"), digest_size=8).digest())
        if words
        else 0,
        at=page.known.seen.at if page.known.seen else page.as_of,
        is_home=page.is_home,
    )


def blocks(page: PageView) -> list[Block]:
    """A page's own lines; header, navigation and footer are read with the home page (BEHAVIOURS 82)."""
    facts, site = page.facts, page.site
    lines = facts.prose.split("\n") if facts.prose else []
    shared = site.chrome if page.is_home else site.home_lines
    if page.is_home:
        found = [Block(line, "common" if line in shared else "prose") for line in lines]
    else:
        found = [Block(line) for line in lines if line not in shared]
    if page.is_article and facts.heading:
        found = [Block(facts.heading, "heading"), *(block for block in found if block.text != facts.heading)]
    return [*found, *_titles(page, frozenset(lines))]


def _titles(page: PageView, lines: frozenset[str]) -> Iterator[Block]:
    """Titles of a registered column's list that the page itself does not show; a title cut short is no title."""
    column = next((c for c in page.site.columns if page.column and c.column.id == page.column.id), None)
    for entry in column.entries if column else ():
        if entry.title and entry.title not in lines and not entry.title.endswith(("...", "…")):
            yield Block(entry.title, "entry", entry.date.date() if entry.date else None)
