"""What each site has cost in a run, over all sittings of it, and what of it was left."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.urls import trap_pattern
from crawler.crawl.budget import Spent
from crawler.crawl.frontier import Target
from crawler.crawl.traps import SUSPICIOUS, Traps
from crawler.store import crawl_db as db
from crawler.store.pack import unpack_facts, unpack_ids
from crawler.store.runs import Run


def so_far(connection: Connection, run: int, sites: Collection[str], now: float) -> dict[str, Spent]:
    """What a run that is continued has cost already: by its last tally, or by its log where it was killed."""
    spent = {site: Spent(started=now) for site in sites}
    fetches, urls = db.fetches.c, db.urls.c
    log = (
        select(
            urls.site,
            func.count().label("requests"),
            func.sum(urls.kind == "page").label("pages"),
            func.sum(fetches.length).label("received"),
        )
        .join(db.urls, urls.id == fetches.url_id)
        .where(fetches.run == run, fetches.outcome.not_in(["robots", "action", "breaker"]), urls.site.in_(list(sites)))
        .group_by(urls.site)
    )
    for row in connection.execute(log):
        one = spent[row.site]
        one.requests, one.pages, one.received = row.requests, int(row.pages), int(row.received)
    for row in connection.execute(select(db.run_sites).where(db.run_sites.c.run == run)):
        if row.site in spent:
            one = spent[row.site]
            one.requests, one.received = max(one.requests, row.requests), max(one.received, row.received)
            one.notes = [note for note in json.loads(row.notes) if not note.endswith(LEFT) and not _CUT.match(note)]
    return spent


def trodden(connection: Connection, run: Run, traps: Mapping[str, Traps]) -> None:
    """Patterns are counted on from where they were (BEHAVIOURS 10).

    What is a trap by its shape is one on every night; the others are counted anew each night, and a run that is
    continued counts on from the pages it has read.
    """
    asked = select(db.urls.c.site, db.urls.c.url).where(
        db.urls.c.kind == "page", db.urls.c.asked_run > 0, db.urls.c.site.in_(list(traps))
    )
    for site, url in connection.execute(asked):
        traps[site].recall(url)
    if not run.continued:
        return
    fetches, urls, pages = db.fetches.c, db.urls.c, db.pages.c
    before = select(func.max(urls.id)).where(urls.first_seen < run.started)
    newest = connection.scalar(before) or 0  # ids grow: what was met in this run is above
    read = (
        select(urls.site, urls.url, pages.text_key, pages.facts, pages.links)
        .select_from(db.fetches)
        .join(db.urls, urls.id == fetches.url_id)
        .join(db.pages, (pages.url_id == fetches.url_id) & (pages.body_hash == fetches.body_hash))
        .where(fetches.run == run.number, urls.kind == "page", pages.facts_version == FACTS_VERSION)
        .order_by(fetches.id)
    )
    for row in connection.execute(read):
        if (of_site := traps.get(row.site)) is None or trap_pattern(row.url).startswith(SUSPICIOUS):
            continue
        links = unpack_ids(row.links)
        leads, newest = bool(links) and links[-1] > newest, max([newest, *links[-1:]])
        article = unpack_facts(row.facts).kind == "article"
        of_site.count(row.url, article=article, leads_outside=leads, text_key=row.text_key)
    for row in connection.execute(select(db.run_sites).where(db.run_sites.c.run == run.number)):
        for note in json.loads(row.notes):
            if row.site in traps and (found := _CUT.match(note)):
                traps[row.site].cut[found[1]] = int(found[2])


_CUT = re.compile(r"网址模式 (.+) 页数过多且内容重复，已截断，另有 (\d+) 个地址未读")
LEFT = "个已知地址本次没有轮到"


def close(
    connection: Connection,
    run: int,
    spent: Mapping[str, Spent],
    waiting: Iterable[Target],
    asked: Collection[int],
    traps: Mapping[str, Traps],
    stopped: str,
) -> None:
    """One row per site; nothing that was left is passed over in silence."""
    left = Counter(target.site for target in waiting if target.id not in asked)
    rows = [_row(run, site, one, left[site], traps[site], stopped) for site, one in spent.items()]
    connection.execute(db.run_sites.delete().where(db.run_sites.c.run == run))
    if rows:
        connection.execute(insert(db.run_sites), rows)


def _row(run: int, site: str, spent: Spent, waiting: int, traps: Traps, stopped: str) -> dict[str, Any]:
    for pattern, count in traps.cut.items():
        if not count:  # cut, but there was nothing more of it
            continue
        spent.note(f"网址模式 {pattern} 页数过多且内容重复，已截断，另有 {count} 个地址未读")
    left = waiting + spent.skipped
    reason = spent.ended or (stopped if left else "")
    if left:
        because = f"（{reason}）" if reason else ""
        spent.note(f"{because}{left} {LEFT}")
    return {
        "run": run,
        "site": site,
        "status": "partial" if left or spent.ended else "done",
        "reason": reason,
        "requests": spent.requests,
        "received": spent.received,
        "notes": json.dumps(spent.notes, ensure_ascii=False),
    }
