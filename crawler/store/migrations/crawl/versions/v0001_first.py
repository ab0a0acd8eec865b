"""The first schema of crawl.db."""

from __future__ import annotations

from alembic import op

from crawler.store.crawl_db import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
