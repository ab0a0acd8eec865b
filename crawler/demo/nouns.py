"""What the simulated sites are made of, before a content system turns it into pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from crawler.demo.answer import Answer

Cms = Literal["jpaas", "trs", "vsb", "plain"]


class Put(Protocol):
    """How a builder publishes: a URL of the simulated web and what it answers."""

    def __call__(self, url: str, answer: Answer) -> None: ...


@dataclass(frozen=True, slots=True)
class File:
    """A file offered by an article. `answer` replaces the real bytes where something is wrong with them."""

    name: str  # as a reader sees it, with its suffix
    answer: Answer | None = None
    path: str = ""  # a fixed path, where a planted fault must be found again


@dataclass(slots=True)
class Article:
    slug: str
    title: str
    published: datetime
    body: str  # HTML of the paragraphs
    source: str = ""
    number: str = ""  # 文号
    files: tuple[File, ...] = ()
    listed: str = ""  # the title its list shows, where it differs
    direct: str = ""  # the list links here and no page is made


@dataclass(slots=True)
class Column:
    id: str
    name: str
    kind: str
    path: str  # of its folder, with slashes at both ends
    articles: list[Article] = field(default_factory=list)
    box: str = ""  # HTML of its own search box
    registered: bool = True
    in_menu: bool = True
    answer: Answer | None = None  # stands in for the page
    first: int | None = None  # status of the first request only
    stalled: bool = False  # its pager shows page 1 for ever
    area: str = ""  # one of the 26 fields, for 基层公开
    note: str = ""  # HTML under the list: links to columns that no menu shows


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single page outside the columns."""

    path: str
    title: str
    body: str
    footer: bool = True


@dataclass(frozen=True, slots=True)
class Footer:
    """The seven items as HTML, and the frame they stand in. An empty item is missing."""

    conac: str
    jiucuo: str
    code: str
    organizer: str
    contact: str
    icp: str
    psb: str
    sitemap: str
    style: Literal["static", "twice", "written", "inner"] = "static"
    box: str = 'class="footer" id="footer"'
    extra: str = ""

    def parts(self) -> str:
        rows = (self.sitemap, f"{self.organizer} {self.contact}".strip(), f"{self.code} {self.icp} {self.psb}".strip())
        marks = f'<div class="marks">{self.conac}{self.jiucuo}</div>'
        return marks + "".join(f"<p>{row}</p>" for row in rows if row) + self.extra


@dataclass(slots=True)
class Site:
    id: str
    name: str
    place: str  # how its texts call it: 临夏市, 州教育局
    code: str
    host: str
    prefix: str
    cms: Cms
    platform: str
    footer: Footer
    search: str = ""  # HTML of the site's search box in the header
    columns: list[Column] = field(default_factory=list)
    meta_code: str | None = None  # SiteIDCode; its own code when None
    home_extra: str = ""  # HTML of the home page: links to others, pictures
    home_first: int | None = None
    article_extra: dict[str, str] = field(default_factory=dict)  # slug -> HTML at the end of its body
    leaves: list[Leaf] = field(default_factory=list)
    flaps: set[str] = field(default_factory=set)  # paths of leaves that fail at the first request
    more: dict[str, Answer] = field(default_factory=dict)  # URL -> answer: what is broken, moved or merely odd
    finds: Callable[[str], Answer] | None = None  # what its search answers to a path with a query
    finds_at: str = ""  # the path of its search; its profile allows a trial where there is one
    up: bool = True
    down: Answer | None = None  # what every path answers while it is down; None with up=False: refused
    more_hosts: tuple[str, ...] = ()  # registered beside its own
    meta_domain: str | None = None  # SiteDomain; its own host when None
    shown: str | None = None  # the name its pages show; its own when None
    bare_head: bool = False  # its header shows no name
    column_tags: bool = True  # whether its column pages have all four tags
    outage: str = ""  # number of the 报备 notice

    @property
    def level(self) -> str:
        return "portal" if self.cms == "jpaas" else "department"

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    @property
    def folder(self) -> str:
        """The path all pages of the site begin with."""
        return self.prefix or "/"

    def menu(self) -> Iterator[Column]:
        return (column for column in self.columns if column.in_menu)

    def column(self, column_id: str) -> Column:
        return next(column for column in self.columns if column.id == column_id)


def hex32(*words: str) -> str:
    """An identifier as content systems make them, the same in every run."""
    return hashlib.md5("/".join(words).encode(), usedforsecurity=False).hexdigest()


def moment(today: date, days_ago: int, clock: str = "09:30") -> datetime:
    """Beijing time of day, so many days before today."""
    hour, minute = clock.split(":")
    return datetime.combine(today - timedelta(days=days_ago), time(int(hour), int(minute)))
