"""Evidence of each step, the number of a notice, and what was sent to whom. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE issue_events ADD COLUMN url TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE issue_events ADD COLUMN fetch_id INTEGER",
    "ALTER TABLE issue_events ADD COLUMN body_hash TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE decisions ADD COLUMN notice TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE messages (
      id INTEGER NOT NULL, occasion TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL, severities TEXT NOT
      NULL, reminded TEXT NOT NULL, at VARCHAR(27), sent VARCHAR(27), tries INTEGER NOT NULL, error TEXT NOT NULL,
      subject TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX messages_by_recipient ON messages (recipient, channel, occasion)",
    "CREATE TABLE announcements (run INTEGER NOT NULL, at VARCHAR(27), events INTEGER NOT NULL, PRIMARY KEY (run))",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
