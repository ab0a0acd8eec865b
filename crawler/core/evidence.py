"""Nouns of an evidence bundle: the exchanges a finding rests on, their bodies, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.core.model import Attempt, Hop, Outcome, State
from crawler.core.report import FindingRow, RuleRow, RunInfo, SiteRow

EXCHANGES_MOST = 30  # rows of the fetch log in one bundle: those the finding cites first, then the newest
BODY_LARGEST = 8_000_000  # bytes of one body; the fetcher's own caps are lower
BODIES_LARGEST = 40_000_000  # bytes of all bodies of one bundle

NOT_STORED = "抓取时没有保存正文（打不开的地址和附件只保存结果）"
PRUNED = "正文已按保留期限清理，只剩指纹"
TOO_LARGE = "正文超过证据包的大小上限，没有放入；数据文件里仍有"
DAMAGED = "数据文件里的正文与当时的指纹不符，没有放入"
NO_CRAWL = "没有抓取数据文件（crawl.db），原始记录和正文无从取得；下面只有检查结论里留存的内容"


@dataclass(frozen=True, slots=True)
class Cite:
    """One URL an issue rests on, as its last sighting saw it."""

    url: str
    fetch: int | None
    at: datetime | None
    run: int | None
    state: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One row of the fetch log. Its number is the number of the request in all that is printed."""

    number: int
    url: str
    kind: str
    at: datetime
    run: int
    state: State
    outcome: Outcome
    status: int | None
    final_url: str
    elapsed: timedelta
    content_type: str
    headers: Mapping[str, str]
    hops: tuple[Hop, ...]
    attempts: tuple[Attempt, ...]
    tls: Mapping[str, str]
    note: str
    body_hash: str
    length: int
    truncated: bool
    cited: bool  # the finding rests on it; the others are the URL's history
    agent: str  # User-Agent of its run; "" unknown


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes as they came, without their content-encoding; `why` says why there are none."""

    sha256: str
    size: int
    data: bytes | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What stands behind a citation that is no page: probes, a certificate, a look over IPv6, a trial of the search."""

    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that crawl.db knows of the URLs of one finding."""

    exchanges: tuple[Exchange, ...] = ()
    bodies: Mapping[str, Body] = field(default_factory=dict)  # by sha256
    testimonies: tuple[Testimony, ...] = ()
    unknown: tuple[str, ...] = ()  # cited, and in no row
    left_out: int = 0  # rows beyond the limit
    missing: str = ""  # why nothing could be read at all


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words about an issue come from: the audit that described it last."""

    run: RunInfo
    rule: RuleRow | None
    site: SiteRow | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a finding with its place marked, or why there is none."""

    url: str
    name: str = ""  # stem of its files in the bundle
    exchange: int = 0
    at: datetime | None = None
    sha256: str = ""
    how: str = ""  # in words: how the place was found
    source: str = ""  # of the marked element, as it stands in the body
    why: str = ""  # why there is no page
    shot: str = ""  # file of the screenshot
    shot_why: str = ""  # why there is no screenshot


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One finding with everything that goes into its bundle."""

    number: int
    finding: FindingRow
    origin: Origin
    gathered: Gathered
    history: tuple[str, ...]  # of the issue, machine and people, oldest first
    limits: Mapping[str, str]  # options the rule ran with: name -> value
    limits_note: str
    pages_known: int  # on which the finding was seen
