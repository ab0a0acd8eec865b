"""The nouns of the program: what is registered, what was fetched, what a rule says."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

# ── What a rule says ─────────────────────────────────────────────────────────────────────────────────────────────────


class Severity(enum.StrEnum):
    """How grave a broken rule is, mildest first (the order of --fail-on)."""

    HINT = "提示"
    LOCAL = "州要求"
    POINTS = "扣分"
    VETO = "单否"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Certainty(enum.StrEnum):
    """`suspected`: the machine will look again at another time. `proposed`: a person decides."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    PROPOSED = "proposed"


class Verdict(enum.StrEnum):
    """What a rule came to for a site; the first that holds, in this order."""

    CRASHED = "crashed"
    NOT_CONFIGURED = "not_configured"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"
    EXEMPT = "exempt"
    UNVERIFIED = "unverified"
    PASSED = "passed"


class Scope(enum.StrEnum):
    """What one subject of a rule is."""

    PAGE = "page"
    TARGET = "target"
    COLUMN = "column"
    SITE = "site"
    FLEET = "fleet"


# ── What a fetch came to ─────────────────────────────────────────────────────────────────────────────────────────────


class State(enum.StrEnum):
    """What one row of the fetch log says of its URL. `blocked` changes nothing of what was known."""

    ALIVE = "alive"
    DEAD = "dead"
    SUSPECT = "suspect"
    BLOCKED = "blocked"


class Outcome(enum.StrEnum):
    """How one exchange ended. `fetch/outcome.py` maps exceptions and statuses to these, and these to `State`."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    # dead at once
    NOT_FOUND = "not_found"
    GONE = "gone"
    WRONG_TYPE = "wrong_type"  # an attachment that is an HTML page, empty, or another format than it says
    # suspects: a second round decides
    NXDOMAIN = "nxdomain"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    RESET = "reset"
    TLS = "tls"
    SERVER_ERROR = "server_error"
    BAD_HTTP = "bad_http"
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    INTRANET = "intranet"  # a redirect of the server names a private address: nobody outside can follow it
    # blocked: nothing is known
    PROTECTED = "protected"
    THROTTLED = "throttled"
    FORBIDDEN = "forbidden"
    CLIENT_ERROR = "client_error"  # any other 4xx
    LOGIN = "login"
    ROBOTS = "robots"
    PRIVATE = "private"  # the URL or a DNS answer names a private address: never asked
    ACTION = "action"  # submit, delete, mailbox: never asked
    BREAKER = "breaker"  # the host's breaker is open: never asked
    OUR_FAULT = "our_fault"  # an error of ours; never a statement about the site


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request as it went, kept as evidence and printed."""

    at: datetime
    url: str
    status: int | None
    outcome: Outcome
    elapsed: timedelta
    note: str = ""  # what was seen: "connection refused", "Retry-After: 30", the vendor's signature


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: `url` answered `status` and pointed at `location` (absolute)."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """One exchange, with its redirects and retries. Nothing is raised for what the web did: the outcome says it."""

    url: str  # the normalised URL as requested
    at: datetime
    outcome: Outcome
    state: State
    final_url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names of the last answer
    body: bytes | None = None  # decoded of its content-encoding, cut at the cap
    truncated: bool = False
    length: int = 0  # bytes of the body as kept
    elapsed: timedelta = timedelta()
    hops: tuple[Hop, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    note: str = ""  # the decisive detail: vendor, TLS error, real file type
    tls: Mapping[str, str] = field(default_factory=dict)


# ── What is registered ───────────────────────────────────────────────────────────────────────────────────────────────

Robots = Literal["obey", "ignore"]
RobotsUnknown = Literal["columns", "nothing", "all"]
Level = Literal["portal", "department"]


@dataclass(frozen=True, slots=True)
class Platform:
    """Hosts that share one server or gateway, and therefore one rate limit."""

    id: str
    rate: float = 1.0  # requests a second
    concurrency: int = 2
    attachment_rate: float = 0.2
    search_interval: timedelta = timedelta(seconds=10)
    search_probe: bool = False  # whether a night may try the search of its sites
    window: tuple[time, time] | None = None  # Asia/Shanghai; may cross midnight
    robots: Robots = "obey"
    robots_unknown: RobotsUnknown = "columns"
    robots_strict: bool = False  # a 403 and an HTML body are "unknown", too (BEHAVIOURS 86), instead of "no rules"
    authorisation: str | None = None  # why robots.txt may be ignored; stored with the run
    second_round_after: timedelta = timedelta(minutes=30)
    trap_cap: int = 50  # pages of one URL pattern
    breaker_pause: timedelta = timedelta(minutes=30)
    clock: timedelta = timedelta(seconds=15)  # the official time a page may take
    timeout: timedelta = timedelta(seconds=30)  # how long we listen, to tell "slow" from "dead"
    egress: str | None = None  # the address our requests come from, for the allow-list of who protects the site


# Somebody else's hosts: one request per ten seconds and host (DESIGN "Pace").
EXTERNAL = Platform(id="external", rate=0.1, concurrency=1, attachment_rate=0.1)


@dataclass(frozen=True, slots=True)
class Outage:
    """A 报备 window: failures inside it are exempt, and stay recorded."""

    start: datetime
    end: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Addresses somebody answers for until a day: what is found there is exempt, and stays recorded (BEHAVIOURS 54)."""

    prefix: str  # normalised, without its scheme
    written: str  # as in the configuration
    reason: str
    until: date  # the last day it holds

    def covers(self, url: str) -> bool:
        return url.partition("://")[2].startswith(self.prefix)

    def expired(self, at: datetime) -> bool:
        return at.date() > self.until


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    name: str
    kind: str  # one of config/column_kinds.yaml
    url: str
    field: str | None = None  # one of the 26 fields, for kind 基层公开
    limit: timedelta | None = None
    parent: str | None = None  # id of the column it is part of, where the addresses do not tell


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    name: str
    code: str | None
    level: Level
    platform: str
    home: str
    hosts: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    confirmed: bool = True
    owner: str | None = None
    columns: tuple[Column, ...] = ()
    outages: tuple[Outage, ...] = ()
    ignore: tuple[Ignored, ...] = ()
    search_probe: bool | None = None  # whether its search may be tried; None: as its platform says
    area: str | None = None  # 行政区划代码, six digits; reports list sites in its order
    cloaking_check: bool = False  # the owner allows one more request a night: the home page, from a search engine

    def column(self, column_id: str) -> Column | None:
        return next((c for c in self.columns if c.id == column_id), None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where announcements come from that others owe a repost of."""

    id: str
    name: str
    level: Literal["central", "provincial", "prefecture"]
    format: Literal["gov-json", "column", "csv"]
    feed: str  # URL or file
    deadline: timedelta = timedelta(hours=24)
    owed_by: tuple[str, ...] = ("portal",)  # levels or site ids


@dataclass(frozen=True, slots=True)
class Network:
    """How the simulated prefecture or a staging server is reached; all empty in production."""

    connect_to: Mapping[str, str] = field(default_factory=dict)  # "host:port" -> "address:port" | nxdomain | refused
    trust: str | None = None  # path of a CA file
    canaries: tuple[str, ...] = ()
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Attachments:
    """Which attachments are read whole, after their head was found sound."""

    read: Literal["policy", "all", "none"] = "policy"  # policy: those of policy documents
    largest: int = 5_000_000  # bytes of one file
    budget: int = 200_000_000  # bytes of one night


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a browser may look at where static reading cannot decide."""

    enabled: bool = False
    pages: int = 10  # of one site and night
    requests: int = 60  # of one page
    seconds: float = 60.0  # of one page


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a legal document of config/basis/."""

    document: str  # id, e.g. guobanmihan-2019-19
    id: str
    title: str  # 《…》
    number: str  # 国办秘函〔2019〕19号
    text: str  # what it asks, in our words
    mark: str = "V"  # V read · V2 restated · M from memory · I inferred (RULES.md)


# ── What people read ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person can check a claim."""

    url: str
    css: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """A page that links to a target."""

    url: str
    text: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """A clause a rule rests on: resolved in config/basis/."""

    document: str
    clause: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule yields. `key` names the trouble inside its subject: no wording, counts, dates or status codes."""

    message: str
    at: Place
    key: str
    certainty: Certainty = Certainty.CONFIRMED
    target: str | None = None  # the URL judged, where there is one
    fix: str = ""  # how to mend this one; the rule's own words when empty
    count: int = 1
    parents: tuple[Parent, ...] = ()
    parent_count: int = 0  # where `parents` is a sample
    attempts: tuple[Attempt, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)  # Chinese label -> value, printed in this order
    cites: tuple[str, ...] = ()  # URLs whose state this rests on; the subject's own when empty
    severity: Severity | None = None  # when it differs from the rule's
    site: str | None = None  # fleet rules name the site they speak of
    per: Literal["subject", "site"] = "subject"  # "site": findings of one key on many subjects are one, with a count
    points: float | None = None  # when they differ from the rule's
    exempt: str = ""  # the notice that excuses it, where the rule itself weighs outage windows
    group: str = ""  # twenty confirmed findings of one group and identity are one finding of the group


@dataclass(frozen=True, slots=True)
class Undecidable:
    """What a rule yields for a subject it could not judge: not a pass, not a fault."""

    reason: str
    url: str = ""
    site: str | None = None  # fleet rules name the site they speak of


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """What a rule yields when it has nothing to say about a subject; it is not counted as examined."""

    reason: str = ""
    site: str | None = None


@dataclass(frozen=True, slots=True)
class NotConfigured:
    """What a rule yields when the configuration holds too little to judge."""

    reason: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a fleet rule yields for a matter it judged and found in order: the engine cannot count those itself."""

    site: str
    at: datetime | None = None  # of the fetch it rests on
    fresh: bool = True
