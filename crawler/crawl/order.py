"""What a night begins with: what is known, in the order of DESIGN "Nights"."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from sys import intern
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, tuple_

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import EXTERNAL, Site
from crawler.core.scope import Owner, Scope
from crawler.core.urls import normalise
from crawler.crawl.frontier import LONGEST_UNSEEN, NEW_TARGET, OPEN_ISSUE, SECOND_ROUND, Frontier, Target, url_hash
from crawler.crawl.intake import ACTION, DEPTH_CAP
from crawler.store import crawl_db as db
from crawler.store.crawl_db import RENDERED
from crawler.store.pack import unpack_facts, unpack_ids
from crawler.store.runs import RECHECK, Run

AT_ONCE = 500  # bound parameters of one statement
SHARE = 5  # at most a fifth of a night goes to open issues
AT_HAND = 40_000  # targets of one platform taken up at once: 28,800 fit into eight hours at one a second


def settle(connection: Connection, run: Run, scope: Scope, lane_of: Callable[[Owner], str]) -> None:
    """After a change of the configuration: whose every known URL is now. A host that was nobody's may be a site's."""
    nights = select(db.runs.c.asked).where(db.runs.c.number < run.number, db.runs.c.kind != RECHECK)
    newest = nights.order_by(db.runs.c.number.desc()).limit(1)
    before = connection.scalar(newest)
    if before is None or json.loads(before).get("config") == run.asked.get("config"):
        return
    moved = []
    for number, url, site, lane in connection.execute(
        select(db.urls.c.id, db.urls.c.url, db.urls.c.site, db.urls.c.lane)
    ):
        owner = scope.owner(url)
        if (owner.site or "", lane_of(owner)) != (site, lane):
            moved.append({"key": number, "now": owner.site or "", "under": lane_of(owner)})
    if moved:
        change = db.urls.update().where(db.urls.c.id == bindparam("key"))
        connection.execute(change.values(site=bindparam("now"), lane=bindparam("under")), moved)


def remember(connection: Connection, frontier: Frontier) -> None:
    """Number every URL ever seen; ids stay what they were."""
    for number, url in connection.execute(select(db.urls.c.id, db.urls.c.url)):
        frontier.ids[url_hash(url)] = number
    frontier.next_id = (connection.scalar(select(func.max(db.urls.c.id))) or 0) + 1


def to_read(connection: Connection, frontier: Frontier, reads: str) -> set[int]:
    """Attachments of policy documents that earlier nights met: their pages may not change for years."""
    if reads == "none":
        return set()
    if reads == "all":
        return set(connection.scalars(select(db.urls.c.id).where(db.urls.c.kind == "attachment", db.urls.c.site != "")))
    found: set[int] = set()
    query = select(db.pages.c.facts).where(
        db.pages.c.facts_version == FACTS_VERSION, db.pages.c.flags.op("&")(db.FLAG_POLICY) != 0
    )
    for data in connection.scalars(query):
        urls = (normalise(one.url) for one in unpack_facts(data).attachments)
        found.update(frontier.ids.get(url_hash(url), 0) for url in urls)
    return found


def asked_in(connection: Connection, run: int) -> set[int]:
    return set(connection.scalars(select(db.urls.c.id).where(db.urls.c.asked_run == run)))


def tonight(
    connection: Connection,
    run: int,
    sites: Collection[str],
    lanes: Iterable[str],
    issues: Collection[str],
    pages: int | None = None,
) -> Iterable[Target]:
    """Known targets of these sites that this run has not asked, and second rounds.

    `issues` are the URLs that open ones rest on, the most urgent first; `pages` is what may be read of one site.

    A target of nobody's site is asked when a page of these sites links to it.
    """
    outside = linked_outside(connection, sites)
    cited = list(dict.fromkeys(normalise(url) for url in issues))
    for lane in lanes:
        query = _targets(run, lane, sites, outside)
        left, taken = AT_HAND // SHARE, set[int]()
        of_site: Counter[str] = Counter()
        for part in (cited[i : i + AT_ONCE] for i in range(0, len(cited), AT_ONCE)):
            rank = {url: place for place, url in enumerate(part)}
            rows = connection.execute(query.where(db.urls.c.url.in_(part))).all()
            for row in sorted(rows, key=lambda row: rank[row.url]):
                if left and (pages is None or of_site[row.site] < max(pages // SHARE, 1)):
                    left -= 1
                    of_site[row.site] += 1
                    taken.add(row.id)
                    yield _target(row, run, OPEN_ISSUE)
        for row in connection.execute(query.limit(AT_HAND)):
            if row.id not in taken:
                yield _known(row, run)


def next_after(known: Collection[Target], lane: str) -> tuple[float, int] | None:
    """Where `more` goes on after these, in the order they came; None where they were all of the lane."""
    of_lane = [target for target in known if target.lane == lane and target.priority != OPEN_ISSUE]
    if len(of_lane) < AT_HAND - AT_HAND // SHARE:  # open issues came first and are left out
        return None
    last = of_lane[-1]
    return (-1.0, 0) if last.first_suspect else (last.asked_at, last.id)


def linked_outside(connection: Connection, sites: Collection[str]) -> str | None:
    """Ids of the targets of nobody's site that pages of these sites link to, as JSON; None for those of every site.

    A night over some sites must not ask what only the others link to: each request to a foreign host takes ten seconds.
    """
    known = set(connection.scalars(select(db.urls.c.site).distinct())) - {""}
    if known <= set(sites):
        return None
    foreign = set(connection.scalars(select(db.urls.c.id).where(db.urls.c.site == "")))
    pages, urls = db.pages.c, db.urls.c
    packed = select(pages.links).join(db.urls, (urls.id == pages.url_id) & (urls.body_hash == pages.body_hash))
    found: set[int] = set()
    for links in connection.scalars(packed.where(urls.site.in_(list(sites)), pages.facts_version == FACTS_VERSION)):
        found.update(foreign.intersection(unpack_ids(links)))
    return json.dumps(sorted(found))


def more(connection: Connection, run: int, sites: Collection[str], lane: str, after: tuple[float, int]) -> list[Target]:
    """The next of a lane that has run low; what waits for a second round was taken up at the beginning."""
    urls = db.urls.c
    outside = linked_outside(connection, sites) if lane == EXTERNAL.id else None
    query = _targets(run, lane, sites, outside).where(urls.due.is_(None), tuple_(urls.asked_at, urls.id) > after)
    return [_known(row, run) for row in connection.execute(query.limit(AT_HAND))]


def _known(row: Row[Any], run: int) -> Target:
    return _target(row, run, LONGEST_UNSEEN if row.asked_run else NEW_TARGET)


def _targets(run: int, lane: str, sites: Collection[str], outside: str | None) -> Select[Any]:
    """Second rounds first, then what was never asked, then longest unseen; `outside` as of `linked_outside`."""
    urls, pages = db.urls, db.pages
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
        .where(urls.c.kind.not_in([ACTION, RENDERED]), urls.c.depth <= DEPTH_CAP)
        # Pages of list units are asked by their columns only, which stop at what is known (BEHAVIOURS 99).
        .where(urls.c.kind.not_like("unit:%") | urls.c.due.is_not(None))
        .order_by(urls.c.due.is_(None), urls.c.asked_at, urls.c.id)
    )
    if outside is None:
        return query
    chosen = select(func.json_each(outside).table_valued("value").c.value)
    return query.where((urls.c.site != "") | urls.c.id.in_(chosen))


def _target(row: Row[Any], run: int, priority: int) -> Target:
    return Target(
        row.id,
        row.url,
        intern(row.site),
        intern(row.lane),
        intern(row.host),
        intern(row.kind),
        intern(row.suffix),
        row.depth,
        priority if row.due is None else SECOND_ROUND,
        row.asked_at,
        row.full_at,
        row.etag,
        row.modified,
        row.body_hash,
        row.page is not None,
        row.asked_at if row.due is not None else 0.0,
        row.due if row.asked_run == run and row.due is not None else 0.0,
    )


def baseline_url(site: Site) -> str:
    """One address that cannot exist, the same every night: the host's answer for what is not there (BEHAVIOURS 29)."""
    name = hashlib.sha256(f"govcheck:{site.id}".encode()).hexdigest()[:16]
    return normalise(site.home.rstrip("/") + f"/govcheck-{name}.html")
