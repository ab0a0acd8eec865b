"""What a night begins with: what is known, in the order of DESIGN "Nights"."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, select

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.urls import normalise
from crawler.crawl.frontier import LONGEST_UNSEEN, NEW_TARGET, OPEN_ISSUE, SECOND_ROUND, Frontier, Target, url_hash
from crawler.store import crawl_db as db

NIGHT_CAP = 40_000  # targets of one platform taken up in one night: 28,800 fit into eight hours at one a second


def remember(connection: Connection, frontier: Frontier) -> None:
    """Number every URL ever seen; ids stay what they were."""
    for number, url in connection.execute(select(db.urls.c.id, db.urls.c.url)):
        frontier.ids[url_hash(url)] = number
    frontier.next_id = (connection.scalar(select(func.max(db.urls.c.id))) or 0) + 1


def asked_in(connection: Connection, run: int) -> set[int]:
    return set(connection.scalars(select(db.urls.c.id).where(db.urls.c.asked_run == run)))


def tonight(
    connection: Connection, run: int, sites: Collection[str], lanes: Iterable[str], issues: Collection[str]
) -> Iterable[Target]:
    """Known targets of these sites that this run has not asked, and second rounds. `issues`: URLs open ones rest on.

    A target of nobody's site is asked when a page of these sites links to it; which page did is not kept, so all are.
    """
    urls, pages = db.urls, db.pages
    cited = {normalise(url) for url in issues}
    share = NIGHT_CAP // 5
    for lane in lanes:
        query = (
            select(urls, pages.c.id.label("page"))
            .outerjoin(
                pages,
                (pages.c.url_id == urls.c.id)
                & (pages.c.body_hash == urls.c.body_hash)
                & (pages.c.facts_version == FACTS_VERSION),
            )
            .where(urls.c.lane == lane, urls.c.site.in_([*sites, ""]))
            .where((urls.c.asked_run < run) | urls.c.due.is_not(None))
            .order_by(urls.c.due.is_(None), urls.c.asked_at, urls.c.id)
            .limit(NIGHT_CAP)
        )
        for row in connection.execute(query):
            if row.due is not None:
                priority = SECOND_ROUND
            elif row.url in cited and share > 0:
                priority, share = OPEN_ISSUE, share - 1
            else:
                priority = LONGEST_UNSEEN if row.asked_run else NEW_TARGET
            yield Target(
                row.id,
                row.url,
                row.site,
                row.lane,
                row.host,
                row.kind,
                row.suffix,
                row.depth,
                priority,
                row.asked_at,
                row.full_at,
                row.etag,
                row.modified,
                row.body_hash,
                row.page is not None,
                row.asked_at if row.due is not None else 0.0,
                row.due if row.asked_run == run and row.due is not None else 0.0,
            )
