"""Tables of findings.db: what SQLite and PostgreSQL share. Times are ISO text in UTC, lists are JSON text."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

VERSION = 3  # of the schema, as PRAGMA user_version; the last migration under migrations/findings/ makes it

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _moment(name: str) -> Column[str]:
    return Column(name, String(27))  # 2026-03-01T14:00:00.000000Z; null is never


def _audit() -> Column[int]:
    return Column("audit", Integer, ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)


runs = Table(
    "runs",
    metadata,
    _number("number", key=True),
    _text("id"),
    _text("kind"),
    _moment("started"),
    _moment("sealed"),
    _moment("as_of"),
    _number("void"),
    _text("void_reason"),
    _text("authorisations"),
    _number("requests"),
    Column("seconds", Float, nullable=False),
)

# One row per run, version of the rules, and filter: the same audit again takes its own place.
audits = Table(
    "audits",
    metadata,
    _number("id", key=True),
    Column("run", Integer, ForeignKey("runs.number"), nullable=False),
    _text("digest"),  # of facts version, rules and configuration
    _text("scope"),  # JSON of --rule and --site; empty is everything
    _text("cause"),  # site | rules
    _text("program"),
    _number("facts_version"),
    _text("rules_digest"),
    _text("config_digest"),
    _text("edition"),
    _text("rules_key"),
    _text("sites_key"),
    _text("notes"),
    _number("confirmed"),
    _number("suspected"),
    _number("proposed"),
    Index("audits_by_run", "run", "digest", "scope", unique=True),
)

# The words of rules and sites as an audit printed them, once per wording.
rules = Table(
    "rules",
    metadata,
    _text("key", key=True),
    _text("code", key=True),
    _number("position"),
    *(_text(name) for name in ("name", "title", "severity", "scope", "clause", "why", "look", "fix", "family")),
)

sites = Table(
    "sites",
    metadata,
    _text("key", key=True),
    _text("id", key=True),
    _number("position"),
    _text("name"),
    Column("code", Text),
    _text("level"),
    _text("home"),
    _number("confirmed"),
    _text("owner"),
)

results = Table(
    "results",
    metadata,
    _audit(),
    _text("rule", key=True),
    _text("site", key=True),
    _number("position"),
    _text("verdict"),
    _text("reason"),
    *(_number(name) for name in ("examined", "fresh", "carried", "unknown")),
    _moment("oldest"),
    *(_number(name) for name in ("confirmed", "suspected", "proposed")),
)

findings = Table(
    "findings",
    metadata,
    _audit(),
    Column("fingerprint", String(64), primary_key=True),
    _text("part"),  # raised by this audit | kept: open and not yielded | closed by this audit
    *(_text(name) for name in ("rule", "site", "severity", "certainty", "title", "message", "fix", "clause")),
    *(_text(name) for name in ("place_url", "place_css", "place_quote")),
    Column("target", Text),
    _text("parents"),
    _number("parent_count"),
    _number("count"),
    *(_text(name) for name in ("attempts", "evidence", "also")),
    _number("rollup"),
    Column("points", Float, nullable=False),
    *(_text(name) for name in ("exempt", "state", "change")),
    _moment("first_seen"),
    _moment("last_seen"),
    Column("issue", Integer),
    _text("rule_version"),
)

issues = Table(
    "issues",
    metadata,
    _number("number", key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    *(_text(name) for name in ("rule", "site", "state", "change")),
    _moment("first_seen"),
    _moment("last_seen"),
    _number("times"),
    _text("subject"),
    *(_number(name) for name in ("reopened", "passed", "sighted", "run")),
    _text("digest"),
    Column("audit", Integer, ForeignKey("audits.id")),  # whose row in `findings` describes it
)

issue_cites = Table(
    "issue_cites",
    metadata,
    Column("issue", Integer, ForeignKey("issues.number", ondelete="CASCADE"), primary_key=True),
    _text("url", key=True),
    Column("fetch_id", Integer),  # null: nothing had decided this URL when it was cited
    _moment("at"),
    Column("run", Integer),
    Column("state", Text),
    Column("body_hash", Text),
)

issue_events = Table(
    "issue_events",
    metadata,
    _number("id", key=True),
    Column("issue", Integer, ForeignKey("issues.number", ondelete="CASCADE"), nullable=False, index=True),
    _moment("at"),
    _text("change"),
    Column("before", Text),
    _text("state"),
    _text("reason"),
    _number("run"),
    _text("url"),  # the fetch the step rests on, "" where it rests on no one fetch
    Column("fetch_id", Integer),
    _text("body_hash"),
)

# What people decided about an issue; it beats the machine. Rows are only ever added.
decisions = Table(
    "decisions",
    metadata,
    _number("id", key=True),
    Column("issue", Integer, ForeignKey("issues.number"), nullable=False, index=True),
    _moment("at"),
    _text("who"),
    _text("decision"),
    _moment("until"),
    _text("note"),
    _text("reach"),  # issue | target | prefix
    _text("value"),
    _text("basis"),
    _moment("deadline"),
    _text("notice"),  # the issues notified together share its number
)

# What was said to whom about a run; a row without `sent` is tried again (issue 5, item 10).
messages = Table(
    "messages",
    metadata,
    _number("id", key=True),
    _text("occasion"),  # run:42 | failed:42 | failed:2026-11-24
    *(_text(name) for name in ("recipient", "channel", "severities", "reminded")),  # lists as JSON
    _moment("at"),
    _moment("sent"),  # null: not yet
    _number("tries"),
    *(_text(name) for name in ("error", "subject", "body")),
    Index("messages_by_recipient", "recipient", "channel", "occasion"),
)

# How far in issue_events the message about a run reached: the next one begins there.
announcements = Table("announcements", metadata, _number("run", key=True), _moment("at"), _number("events"))

first_seen = Table(
    "first_seen",
    metadata,
    _text("kind", key=True),  # page | entry
    _text("site", key=True),
    _text("url", key=True),
    _text("title"),
    Column("first_seen", String(27), nullable=False),
    Index("first_seen_by_url", "kind", "url"),
)

coverage = Table(
    "coverage",
    metadata,
    _audit(),
    _text("site", key=True),
    _number("position"),
    _number("judged"),
    _text("reason"),
    _text("home"),
    *(_number(f"pages_{name}") for name in ("known", "fresh", "carried", "expired", "unknown")),
    *(_number(f"targets_{name}") for name in ("known", "decided", "unknown")),
    _number("requests"),
    _number("received"),
    _moment("oldest"),
    _text("notes"),
)

coverage_columns = Table(
    "coverage_columns",
    metadata,
    _audit(),
    _text("site", key=True),
    _text("id", key=True),
    _number("position"),
    *(_text(name) for name in ("name", "kind", "url", "end")),
    _number("complete"),
    _text("reader"),
    _number("entries"),
    _moment("at"),
    _text("note"),
)
