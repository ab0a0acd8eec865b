"""Facts of one body: what the parser saw, and no judgement. Stored as msgpack, keyed (url, body hash, VERSION)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

# What `soft_error` begins with where somebody else lives at the address now.
GAMBLING, PARKED, CLOSED = "gambling:", "parked:", "closed:"
BLANK = "空白页"  # as `soft_error`: a page without anything to see (FIELD 3.3)
# Raised whenever a body may yield other facts than before; `govcheck reparse` rebuilds.
VERSION = 7

Via = Literal["html", "script", "image", "meta", "rendered"]
LinkKind = Literal[
    "page",  # <a href>, area, iframe, frame, onclick and data-href targets
    "attachment",  # a file to download, by suffix or download endpoint
    "image",
    "script",
    "style",
    "media",
]

# The footer items of 国办发〔2017〕47号, in the order they are printed (RULES 1.3).
FOOTER_ITEMS = ("conac", "jiucuo", "site_code", "organizer", "contact", "icp", "psb", "sitemap")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the page: a CSS path and the words that stand there."""

    css: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One footer item as found."""

    value: str  # the bare value: 10 characters of a code, 14 digits, a name, an href
    place: Spot
    via: Via
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Footer:
    conac: tuple[Mark, ...] = ()
    jiucuo: tuple[Mark, ...] = ()  # value: the site code it carries, else its href
    site_code: tuple[Mark, ...] = ()
    organizer: tuple[Mark, ...] = ()
    contact: tuple[Mark, ...] = ()
    icp: tuple[Mark, ...] = ()
    psb: tuple[Mark, ...] = ()
    sitemap: tuple[Mark, ...] = ()  # value: the href
    template: str = ""  # tag, id and class of the element that holds it; "" where no footer was seen
    addresses: tuple[str, ...] = ()  # where links and scripts of the filings, of CONAC and of 找错 lead, as written
    unread: tuple[
        str, ...
    ] = ()  # what may hold the footer and was not read: script or iframe URLs, "inline:document.write"


@dataclass(frozen=True, slots=True)
class Link:
    """One reference of the page. `href` is as written (evidence), `url` as resolved ("" where it has none)."""

    url: str
    href: str
    text: str = ""
    kind: LinkKind = "page"
    origin: str = "a"  # the element or attribute it came from: a, area, img, iframe, onclick, data-href …
    fault: str = ""  # malformed | private | placeholder | "" (see core/urls.py)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered for download. `suffix` is the file's own, lower-case, from a parameter or the text if need be."""

    url: str
    href: str
    text: str
    suffix: str


@dataclass(frozen=True, slots=True)
class SearchBox:
    """`scope`: site | column | unknown. `kind`: form | script | link."""

    scope: Literal["site", "column", "unknown"]
    kind: Literal["form", "script", "link"]
    place: Spot


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the page. `precision` is day or minute; `value` is Asia/Shanghai."""

    value: datetime
    source: str  # meta | label | info | signature | url | list
    precision: Literal["day", "minute"] = "day"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list."""

    title: str
    url: str
    date: datetime | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class ListUnit:
    """A list block filled by a request, as the page describes it; the crawl fetches its pages."""

    reader: str  # jpaas, …
    url: str  # of the first page
    pages: tuple[str, ...] = ()  # further pages when they are known without asking
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list reader made of a column page."""

    reader: str  # plain | jpaas | … ; "" when none fits
    entries: tuple[Entry, ...] = ()
    next_urls: tuple[str, ...] = ()  # further pages, in order
    total: int | None = None  # entries the page itself declares
    units: tuple[ListUnit, ...] = ()
    note: str = ""  # why this reader, or what nobody can read here
    empty_text: str = ""  # 暂无数据 and its kin, as written
    next_reader: str = ""  # who reads the answers of next_urls; "" where they are pages


@dataclass(frozen=True, slots=True)
class Lure:
    """Words of gambling, porn and the like in the head of a page, as a reader or a search engine gets them."""

    where: Literal["title", "keywords", "description", "heading"]
    text: str
    disguise: str = ""  # how they were written: entities, invisible, fullwidth, script; "" where plainly


@dataclass(frozen=True, slots=True)
class FileText:
    """What one attachment says. `problem` tells in Chinese what was not read and why; "" when all of it was."""

    text: str = ""
    pages: int | None = None  # pages, sheets, slides, or members of an archive
    title: str = ""  # as the file's own properties say
    made_by: str = ""  # the program or person that wrote it
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts of one body. `kind` of the page: home is not known here; article, list or other by its own marks."""

    url: str
    declared: str  # the charset header or meta say
    used: str  # the charset the bytes really are in
    title: str = ""
    metas: tuple[tuple[str, str], ...] = ()  # name as written, content
    kind: Literal["article", "list", "other", "script", "empty"] = "other"
    heading: str = ""  # the article's full title: ArticleTitle, h1
    footer: Footer = field(default_factory=Footer)
    search_boxes: tuple[SearchBox, ...] = ()
    published: Dated | None = None
    dates: tuple[Dated, ...] = ()
    listing: Listing = field(default_factory=lambda: Listing(reader=""))
    attachments: tuple[Attachment, ...] = ()
    odd_links: tuple[Link, ...] = ()  # links with a fault, actions among them never
    hidden_links: tuple[Link, ...] = ()  # off-site and hidden; `origin` says how: "hidden:offscreen"
    lures: tuple[Lure, ...] = ()
    scripts: tuple[str, ...] = ()  # external scripts, resolved
    iframes: tuple[str, ...] = ()  # frames that are part of the page, resolved
    text_length: int = 0  # visible characters without navigation markup
    main_text: str = ""  # main content, blank-normalised, cut at 2,000 characters
    prose: str = ""  # an article's own words, or all visible words of another page; a line a block, 60,000 characters
    document_number: str = ""  # 文号 as printed: 临州府发〔2022〕8号
    source: str = ""  # 来源 as printed or ContentSource
    labels: tuple[tuple[str, str], ...] = ()  # 索引号, 发文机关, 成文日期 …: see `label`; an empty value stands there
    soft_error: str = ""  # the phrase that says "not here" on a page that answered 200
    redirect: str = ""  # where a refresh or a script sends the reader at once
    protection: str = ""  # signature of a challenge page, by its own body
    links_dropped: int = 0  # links beyond the parser's cap of 20,000, not read
    shell: bool = False  # next to no text and no links, scripts only: a browser is needed to see it
    file: FileText | None = None  # of an attachment that was read whole; such facts hold nothing else

    def meta(self, name: str) -> str:
        """Content of the first meta of that name, case-insensitive; "" where absent."""
        wanted = name.lower()
        return next((content for key, content in self.metas if key.lower() == wanted), "")

    def label(self, name: str) -> str:
        """A labelled particular of a document page by its usual name (crawler/parse/labels.py); dates as 2026-03-01."""
        return next((value for key, value in self.labels if key == name), "")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one body yields: the facts that are stored and the links that become targets."""

    facts: PageFacts
    links: tuple[Link, ...] = ()


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
        addresses=tuple(dict.fromkeys(footer.addresses + other.addresses)),
    )
