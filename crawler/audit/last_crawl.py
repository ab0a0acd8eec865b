"""What the last sealed crawl knows of the URLs that a draft names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.facts import Footer
from crawler.core.model import Platform
from crawler.core.views import Known
from crawler.store import crawl_db as db
from crawler.store.log import Log
from crawler.store.pack import decompress, unpack_facts
from crawler.store.runs import Run


class LastCrawl:
    """Reads of the log only what is `wanted` (normalised URLs)."""

    def __init__(
        self, connection: Connection, run: Run, platforms: Mapping[str, Platform], wanted: Collection[str]
    ) -> None:
        self._connection = connection
        self._log = Log(connection, run, platforms, wanted)

    def known(self, url: str) -> Known | None:
        number = self._log.numbers.get(url)
        return None if number is None else self._log.known(number, full=True)

    def footer(self, url: str) -> Footer | None:
        """Of a script or page that another page includes."""
        number = self._log.numbers.get(url)
        if number is None:
            return None
        data = self._connection.scalar(
            select(db.pages.c.facts)
            .where(db.pages.c.url_id == number, db.pages.c.facts_version == FACTS_VERSION)
            .order_by(db.pages.c.id.desc())
            .limit(1)
        )
        return unpack_facts(data).footer if data else None

    def listed_in(self, site: str, url: str) -> Iterable[str]:
        query = select(db.entries.c.column_id).where(db.entries.c.site == site, db.entries.c.url == url)
        return self._connection.scalars(query)

    def page(self, url: str) -> tuple[bytes, Mapping[str, str]] | None:
        """The page as it was last read, while its body is kept, and the header that says how to decode it."""
        number = self._log.numbers.get(url)
        if number is None:
            return None
        fetches, bodies = db.fetches.c, db.bodies.c
        row = self._connection.execute(
            select(bodies.data, fetches.content_type)
            .join(db.bodies, bodies.hash == fetches.body_hash)
            .where(fetches.url_id == number, fetches.state == "alive")
            .order_by(fetches.at.desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        try:
            return decompress(row.data), {"content-type": row.content_type}
        except Exception:  # noqa: BLE001  zstd's own error has no common base; what cannot be read is not compared
            return None
