"""What a decision speaks of, the document that allows it, and its deadline. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = (
    "reach TEXT NOT NULL DEFAULT 'issue'",
    "value TEXT NOT NULL DEFAULT ''",
    "basis TEXT NOT NULL DEFAULT ''",
    "deadline VARCHAR(27)",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE decisions ADD COLUMN {column}")
