"""Rebuilds the facts of stored bodies, after a change of the extractors; no request is made."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Row, select

from crawler.config import Config
from crawler.core.model import Fetch, Outcome, State
from crawler.core.scope import Scope
from crawler.crawl import order
from crawler.crawl.frontier import Frontier, Lane, Target
from crawler.crawl.intake import Intake
from crawler.store import crawl_db as db
from crawler.store.pack import decompress
from crawler.store.writer import Writer


def reparse(config: Config, database: Path, run: int) -> int:
    """Facts at today's version for every body that the runs up to `run` saw; returns how many were rebuilt."""
    engine = db.open_crawl(database)
    try:
        with engine.connect() as connection:
            frontier = Frontier()
            order.remember(connection, frontier)
            rows = _bodies(connection, run)
    finally:
        engine.dispose()
    return asyncio.run(_rebuild(config, database, run, frontier, rows))


def _bodies(connection: Connection, run: int) -> list[Row[tuple[int, bytes, str]]]:
    query = (
        select(db.fetches.c.url_id, db.fetches.c.body_hash, db.fetches.c.content_type)
        .where(db.fetches.c.run <= run, db.fetches.c.body_hash.is_not(None), db.fetches.c.state == "alive")
        .group_by(db.fetches.c.url_id, db.fetches.c.body_hash)
        .order_by(db.fetches.c.url_id)
    )
    return list(connection.execute(query))


async def _rebuild(
    config: Config, database: Path, run: int, frontier: Frontier, rows: list[Row[tuple[int, bytes, str]]]
) -> int:
    engine = db.open_crawl_async(database)
    writer = Writer(engine, replace_facts=True)
    sites = {site.id: site for site in config.sites}
    intake = Intake(sites, Scope(config.sites), frontier, writer, run)
    for site in config.sites:
        intake.platform(site.id, site.platform)
    for lane in {*config.platforms, "external"}:
        frontier.lanes[lane] = Lane(lane, 0, 0)
    count = 0
    try:
        async with engine.connect() as connection:
            for row in rows:
                body = await connection.scalar(select(db.bodies.c.data).where(db.bodies.c.hash == row.body_hash))
                url = (await connection.execute(select(db.urls).where(db.urls.c.id == row.url_id))).first()
                if body is None or url is None or not _readable(url.kind):
                    continue
                target = Target(url.id, url.url, url.site, url.lane, url.host, url.kind, url.suffix, url.depth)
                now = datetime.now(UTC)
                fetch = Fetch(
                    url.url,
                    now,
                    Outcome.OK,
                    State.ALIVE,
                    url.url,
                    200,
                    {"content-type": row.content_type},
                    decompress(body),
                )
                read, _ = await intake.page(target, fetch, now.timestamp())
                count += read is not None
                if count % 500 == 0:
                    await writer.flush()
        await writer.flush()
    finally:
        await engine.dispose()
    return count


def _readable(kind: str) -> bool:
    return kind in {"page", "script", "include", "baseline"} or kind.startswith("unit")
