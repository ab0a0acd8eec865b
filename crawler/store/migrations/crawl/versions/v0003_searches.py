"""Trials of the sites' search. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

TABLE = """
CREATE TABLE searches (
  run INTEGER NOT NULL,
  site VARCHAR(64) NOT NULL,
  at FLOAT NOT NULL,
  url TEXT NOT NULL,
  family VARCHAR(24) NOT NULL,
  works VARCHAR(8) NOT NULL,
  note TEXT NOT NULL,
  nonsense VARCHAR(8) NOT NULL,
  paging VARCHAR(8) NOT NULL,
  opens VARCHAR(8) NOT NULL,
  classified VARCHAR(8) NOT NULL,
  result TEXT NOT NULL,
  trials TEXT NOT NULL,
  PRIMARY KEY (run, site)
)
"""


def upgrade() -> None:
    op.execute(TABLE)
