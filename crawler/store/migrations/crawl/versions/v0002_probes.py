"""Probes of home pages and looks over IPv6. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE probe_rounds (
  number INTEGER NOT NULL,
  started FLOAT NOT NULL,
  ended FLOAT NOT NULL,
  void INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (number)
);
CREATE TABLE probes (
  id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  site VARCHAR(64) NOT NULL,
  at FLOAT NOT NULL,
  url TEXT NOT NULL,
  state VARCHAR(8) NOT NULL,
  outcome VARCHAR(24) NOT NULL,
  status INTEGER,
  elapsed FLOAT NOT NULL,
  opened TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX probes_by_site ON probes (site, at);
CREATE TABLE ipv6_looks (
  run INTEGER NOT NULL,
  site VARCHAR(64) NOT NULL,
  host TEXT NOT NULL,
  at FLOAT NOT NULL,
  record VARCHAR(8) NOT NULL,
  reached VARCHAR(8) NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (run, site)
);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
