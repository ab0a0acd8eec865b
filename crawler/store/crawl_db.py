"""crawl.db: what the web said. Append-only fetch log, bodies by hash, facts of bodies, packed links, due times.

Times are seconds since the epoch (UTC). Ids of URLs are small integers, so a page's links pack to some 126 bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
)

from crawler.store.datafile import open_engine, update_schema

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(26), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("status", String(8), nullable=False),  # open | sealed
    Column("void", Integer, nullable=False, default=0),
    Column("void_reason", Text, nullable=False, default=""),
    Column("asked", Text, nullable=False),  # JSON: scope, budgets, versions, authorisations
    Column("started", Float, nullable=False),
    Column("as_of", Float, nullable=False),
    Column("sealed", Float),
    Column("requests", Integer, nullable=False, default=0),
    Column("received", Integer, nullable=False, default=0),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("errors", Integer, nullable=False, default=0),  # crashes of our own, while crawling
)

run_sites = Table(
    "run_sites",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("status", String(12), nullable=False),  # done | partial | void | skipped
    Column("reason", Text, nullable=False, default=""),
    Column("requests", Integer, nullable=False, default=0),
    Column("received", Integer, nullable=False, default=0),
    Column("notes", Text, nullable=False, default="[]"),  # JSON list: traps cut, budgets reached, protection met
)

urls = Table(
    "urls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("site", String(64), nullable=False),  # "" for hosts of nobody's site
    Column("lane", String(64), nullable=False),  # platform whose limit it is under
    Column("host", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("suffix", String(8), nullable=False, default=""),
    Column("depth", Integer, nullable=False),
    Column("first_seen", Float, nullable=False),
    Column("asked_run", Integer, nullable=False, default=0),
    Column("asked_at", Float, nullable=False, default=0.0),
    Column("full_at", Float, nullable=False, default=0.0),  # last unconditional GET
    Column("due", Float),  # of the second round; NULL: due whenever a night reaches it
    Column("etag", Text, nullable=False, default=""),
    Column("modified", Text, nullable=False, default=""),
    Column("body_hash", LargeBinary),
)
Index("urls_by_site", urls.c.site, urls.c.kind)
Index("urls_by_due", urls.c.due)

fetches = Table(
    "fetches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_id", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("state", String(8), nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("status", Integer),
    Column("final_url", Text, nullable=False, default=""),  # "" where it is the URL itself
    Column("elapsed", Float, nullable=False),
    Column("content_type", Text, nullable=False, default=""),
    Column("body_hash", LargeBinary),
    Column("length", Integer, nullable=False, default=0),
    Column("truncated", Integer, nullable=False, default=0),
    Column("note", Text, nullable=False, default=""),
    Column("detail", LargeBinary),  # msgpack: hops, attempts, headers, tls; NULL for one plain 200
)
Index("fetches_by_url", fetches.c.url_id, fetches.c.at)
Index("fetches_by_run", fetches.c.run)

bodies = Table(
    "bodies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # zstd
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_id", Integer, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("facts_version", Integer, nullable=False),
    Column("text_key", Integer, nullable=False),  # of title and text without digits; equal for one shell at many URLs
    Column("flags", Integer, nullable=False),  # FLAG_* of flags.py
    Column("facts", LargeBinary, nullable=False),  # msgpack of PageFacts, zstd
    Column("links", LargeBinary, nullable=False),  # packed ids of targets
)
Index("pages_by_key", pages.c.url_id, pages.c.body_hash, pages.c.facts_version, unique=True)

readings = Table(
    "readings",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("end", String(8), nullable=False),
    Column("reader", String(24), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("read_to", Float),
    Column("note", Text, nullable=False, default=""),
)

entries = Table(
    "entries",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("url", Text, primary_key=True),
    # A changed title or date is a row of its own: an older run must read as it did then.
    Column("title", Text, primary_key=True),
    Column("date", Float, primary_key=True),  # 0 where none is printed
    Column("first_run", Integer, nullable=False),
    Column("first_seen", Float, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("last_seen", Float, nullable=False),
)

source_entries = Table(
    "source_entries",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("published", Float),
    Column("first_run", Integer, nullable=False),
    Column("first_seen", Float, nullable=False),
)

# One look at every home page, some every 30 minutes; kept whatever becomes of runs (BEHAVIOURS 35, 90).
probe_rounds = Table(
    "probe_rounds",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("started", Float, nullable=False),
    Column("ended", Float, nullable=False),
    Column("void", Integer, nullable=False, default=0),  # our own network was down: it counts for nothing
    Column("reason", Text, nullable=False, default=""),
)

probes = Table(
    "probes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("site", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", String(8), nullable=False),  # as in the fetch log; `blocked` says nothing of the site
    Column("outcome", String(24), nullable=False),
    Column("status", Integer),
    Column("elapsed", Float, nullable=False),  # seconds from the connect to the last byte
    Column("opened", Text, nullable=False, default=""),  # the other scheme's URL, where that one answered instead
    Column("note", Text, nullable=False, default=""),
)
Index("probes_by_site", probes.c.site, probes.c.at)

# Of each run: has the home page's host an IPv6 address, and does the page open over it (AC-01).
ipv6_looks = Table(
    "ipv6_looks",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("host", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("record", String(8), nullable=False),  # yes | no | unknown
    Column("reached", String(8), nullable=False),  # yes | no | unknown
    Column("note", Text, nullable=False, default=""),
)

# Of each run that tried a site's search: what came of it (SR-01 to SR-03).
searches = Table(
    "searches",
    metadata,
    Column("run", Integer, primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Column("url", Text, nullable=False),
    Column("family", String(24), nullable=False),
    Column("works", String(8), nullable=False),  # yes | no | unknown, as all that follow
    Column("note", Text, nullable=False),
    Column("nonsense", String(8), nullable=False),
    Column("paging", String(8), nullable=False),
    Column("opens", String(8), nullable=False),
    Column("classified", String(8), nullable=False),
    Column("result", Text, nullable=False),
    Column("trials", Text, nullable=False),  # JSON: [title, URL, found, address of the query]
)

# Kind, and prefix of the URL, of what a browser saw of a page: facts of their own beside the static ones.
RENDERED = "rendered"
SEARCHED = "searched"  # the home page as a search engine's reader gets it, where the owner allows the look


def url_apart(kind: str, url: str) -> str:
    """The name of such a row in `urls`; no address of the web begins like it."""
    return f"{kind}:{url}"


SCHEMA_VERSION = 3
SCRIPTS = Path(__file__).parent / "migrations" / "crawl"


def open_crawl(path: Path, *, read_only: bool = False) -> Engine:
    """A sync engine with the schema up to date; `read_only` is how the audit sees the file."""
    engine = open_engine(path, read_only=read_only)
    update_schema(engine, path, version=SCHEMA_VERSION, scripts=SCRIPTS, read_only=read_only)
    return engine


def open_crawl_async(path: Path) -> AsyncEngine:
    """The crawl's engine; `open_crawl` must have made the file."""
    from sqlalchemy.ext.asyncio import create_async_engine  # brings the ORM, 0.1 s that a draft need not wait

    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
