"""The first schema of crawl.db. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE bodies (
  id INTEGER NOT NULL,
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (hash)
);
CREATE TABLE entries (
  site VARCHAR(64) NOT NULL,
  column_id VARCHAR(64) NOT NULL,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  date FLOAT NOT NULL,
  first_run INTEGER NOT NULL,
  first_seen FLOAT NOT NULL,
  last_run INTEGER NOT NULL,
  last_seen FLOAT NOT NULL,
  PRIMARY KEY (site, column_id, url, title, date)
);
CREATE TABLE fetches (
  id INTEGER NOT NULL,
  url_id INTEGER NOT NULL,
  run INTEGER NOT NULL,
  at FLOAT NOT NULL,
  state VARCHAR(8) NOT NULL,
  outcome VARCHAR(24) NOT NULL,
  status INTEGER,
  final_url TEXT NOT NULL,
  elapsed FLOAT NOT NULL,
  content_type TEXT NOT NULL,
  body_hash BLOB,
  length INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  note TEXT NOT NULL,
  detail BLOB,
  PRIMARY KEY (id)
);
CREATE INDEX fetches_by_run ON fetches (run);
CREATE INDEX fetches_by_url ON fetches (url_id, at);
CREATE TABLE pages (
  id INTEGER NOT NULL,
  url_id INTEGER NOT NULL,
  body_hash BLOB NOT NULL,
  facts_version INTEGER NOT NULL,
  text_key INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  facts BLOB NOT NULL,
  links BLOB NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX pages_by_key ON pages (url_id, body_hash, facts_version);
CREATE TABLE readings (
  run INTEGER NOT NULL,
  site VARCHAR(64) NOT NULL,
  column_id VARCHAR(64) NOT NULL,
  url TEXT NOT NULL,
  at FLOAT NOT NULL,
  "end" VARCHAR(8) NOT NULL,
  reader VARCHAR(24) NOT NULL,
  pages INTEGER NOT NULL,
  read_to FLOAT,
  note TEXT NOT NULL,
  PRIMARY KEY (run, site, column_id)
);
CREATE TABLE run_sites (
  run INTEGER NOT NULL,
  site VARCHAR(64) NOT NULL,
  status VARCHAR(12) NOT NULL,
  reason TEXT NOT NULL,
  requests INTEGER NOT NULL,
  received INTEGER NOT NULL,
  notes TEXT NOT NULL,
  PRIMARY KEY (run, site)
);
CREATE TABLE runs (
  number INTEGER NOT NULL,
  id VARCHAR(26) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  status VARCHAR(8) NOT NULL,
  void INTEGER NOT NULL,
  void_reason TEXT NOT NULL,
  asked TEXT NOT NULL,
  started FLOAT NOT NULL,
  as_of FLOAT NOT NULL,
  sealed FLOAT,
  requests INTEGER NOT NULL,
  received INTEGER NOT NULL,
  seconds FLOAT NOT NULL,
  errors INTEGER NOT NULL,
  PRIMARY KEY (number),
  UNIQUE (id)
);
CREATE TABLE source_entries (
  source VARCHAR(64) NOT NULL,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  published FLOAT,
  first_run INTEGER NOT NULL,
  first_seen FLOAT NOT NULL,
  PRIMARY KEY (source, url)
);
CREATE TABLE urls (
  id INTEGER NOT NULL,
  url TEXT NOT NULL,
  site VARCHAR(64) NOT NULL,
  lane VARCHAR(64) NOT NULL,
  host TEXT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  suffix VARCHAR(8) NOT NULL,
  depth INTEGER NOT NULL,
  first_seen FLOAT NOT NULL,
  asked_run INTEGER NOT NULL,
  asked_at FLOAT NOT NULL,
  full_at FLOAT NOT NULL,
  due FLOAT,
  etag TEXT NOT NULL,
  modified TEXT NOT NULL,
  body_hash BLOB,
  PRIMARY KEY (id),
  UNIQUE (url)
);
CREATE INDEX urls_by_due ON urls (due);
CREATE INDEX urls_by_site ON urls (site, kind);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
