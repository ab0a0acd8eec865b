"""Asks a few known URLs once more and stores the answers as a run of its own, beside a night that may be running.

It numbers no new URL and moves none in the night's order: a running night holds both in its own memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from crawler.core.facts import BLANK, PageFacts
from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.core.model import EXTERNAL, Fetch, Outcome, State
from crawler.core.urls import host_of, normalise
from crawler.crawl.intake import SCRIPT_CAP, detail_of, flags, is_blank, is_html
from crawler.crawl.outside import blocked, glance
from crawler.crawl.taking import UNSENT
from crawler.fetch import Fetcher, Request
from crawler.parse import parse, parse_script
from crawler.store import crawl_db as db
from crawler.store import runs
from crawler.store.pack import compress, pack_detail, pack_facts, pack_ids, text_key

KINDS = frozenset({"page", "frame", "attachment", "image", "media", "script", "style", "include"})
_PAGES = frozenset({"page", "frame"})
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """One URL of crawl.db that may be asked."""

    id: int
    url: str
    site: str
    lane: str
    kind: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One URL with what came of it. An answer that was never sent for is not stored."""

    known: Known
    fetch: Fetch
    at: float

    @property
    def sent(self) -> bool:
        return not (self.fetch.outcome in UNSENT and not self.fetch.attempts) and (
            self.fetch.outcome is not Outcome.OUR_FAULT
        )


def known_urls(connection: Connection, urls: Sequence[str]) -> list[Known]:
    """Those of the URLs that a crawl met and a retest can read, in the order given."""
    keys = list(dict.fromkeys(normalise(url) for url in urls if url.startswith(("http://", "https://"))))
    found: dict[str, Known] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = connection.execute(select(db.urls).where(db.urls.c.url.in_(keys[start : start + _AT_ONCE])))
        found.update((r.url, Known(r.id, r.url, r.site, r.lane, r.kind, r.suffix)) for r in rows if r.kind in KINDS)
    return [found[key] for key in keys if key in found]


async def ask(fetcher: Fetcher, wanted: Collection[Known]) -> list[Answered]:
    """Each once, unconditionally, at the pace of its platform."""
    return list(await asyncio.gather(*(_ask(fetcher, known) for known in wanted)))


async def _ask(fetcher: Fetcher, known: Known) -> Answered:
    kind = "page" if known.kind in {"frame", "include"} else known.kind
    if known.lane == EXTERNAL.id and kind in {"page", "script", "style"}:
        kind = "external"
    fetch = await fetcher.fetch(Request(known.url, kind, known.lane, suffix=known.suffix))  # type: ignore[arg-type]
    return Answered(known, fetch, time.time())


def store(connection: Connection, answers: Collection[Answered], asked: Mapping[str, Any], started: float) -> int:
    """One sealed run with all rows; returns its number. The caller's transaction makes it one step."""
    number = runs.add_recheck(connection, asked, started, time.time())
    received = 0
    for answer in answers:
        if answer.sent:
            received += answer.fetch.length
            _keep(connection, number, answer)
    cost = {"requests": sum(max(1, len(a.fetch.attempts)) for a in answers if a.sent), "received": received}
    connection.execute(db.runs.update().where(db.runs.c.number == number).values(**cost))
    return number


def _keep(connection: Connection, run: int, answer: Answered) -> None:
    known, fetch = answer.known, answer.fetch
    landed = None
    if fetch.hops and fetch.state is State.ALIVE and known.kind == "page" and known.site:
        landed = next(iter(known_urls(connection, [fetch.final_url])), None)
    if landed is not None and landed.id != known.id and landed.site == known.site:
        onward = replace(fetch, url=landed.url, final_url=landed.url, hops=(), attempts=fetch.attempts[-1:])
        _keep(connection, run, Answered(landed, onward, answer.at))
        body_hash = None
    else:
        fetch, body_hash = _read(connection, known, fetch)
    plain = fetch.state is State.ALIVE and len(fetch.attempts) < 2 and not fetch.hops and not fetch.tls
    row = {
        "url_id": known.id,
        "run": run,
        "at": answer.at,
        "state": fetch.state.value,
        "outcome": fetch.outcome.value,
        "status": fetch.status,
        "final_url": "" if fetch.final_url in {"", known.url} else fetch.final_url,
        "elapsed": fetch.elapsed.total_seconds(),
        "content_type": fetch.headers.get("content-type", "")[:200],
        "body_hash": body_hash,
        "length": fetch.length,
        "truncated": int(fetch.truncated),
        "note": fetch.note[:500],
        "detail": None if plain else pack_detail(detail_of(fetch)),
    }
    connection.execute(insert(db.fetches), [row])


def _read(connection: Connection, known: Known, fetch: Fetch) -> tuple[Fetch, bytes | None]:
    """As a night reads it: facts of a page of ours, trouble of somebody else's, and checks that stand before either."""
    body = fetch.body
    if fetch.state is not State.ALIVE or body is None or fetch.status == 204:
        return fetch, None
    if known.kind == "page" and not known.site:
        fetch, trouble = glance(fetch)
        return fetch, _facts(connection, known, body, trouble, ()) if trouble else None
    url = fetch.final_url or known.url
    # What a redirect brought from elsewhere is not the site's own page.
    own = bool(known.site) and host_of(url) == host_of(known.url)
    if not own or known.kind not in _PAGES | {"script", "include"}:
        return fetch, None
    if known.kind in {"script", "include"}:
        facts = parse_script(body, url, fetch.headers) if len(body) <= SCRIPT_CAP else None
        return fetch, _facts(connection, known, body, facts, ()) if facts else None
    return _page(connection, known, fetch, body, url)


def _page(connection: Connection, known: Known, fetch: Fetch, body: bytes, url: str) -> tuple[Fetch, bytes | None]:
    if not is_html(fetch.headers, body):
        return fetch, hashlib.sha256(body).digest()
    parsed = parse(body, url, fetch.headers)
    if parsed.facts.protection:
        return blocked(fetch, parsed.facts.protection), None
    blank = not parsed.links and is_blank(parsed.facts, body)
    facts = replace(parsed.facts, soft_error=BLANK) if blank else parsed.facts
    return fetch, _facts(connection, known, body, facts, [link.url for link in parsed.links])


def _facts(connection: Connection, known: Known, body: bytes, facts: PageFacts, links: Sequence[str]) -> bytes:
    """Keep a body and what was read in it; links to URLs nobody has met wait for the next night."""
    body_hash = hashlib.sha256(body).digest()
    keys = sorted({normalise(url) for url in links if url.startswith(("http://", "https://"))})
    ids: list[int] = []
    for start in range(0, len(keys), _AT_ONCE):
        ids += connection.scalars(select(db.urls.c.id).where(db.urls.c.url.in_(keys[start : start + _AT_ONCE])))
    stored = {"hash": body_hash, "size": len(body), "data": compress(body)}
    connection.execute(upsert(db.bodies).on_conflict_do_nothing(), [stored])
    page = {
        "url_id": known.id,
        "body_hash": body_hash,
        "facts_version": FACTS_VERSION,
        "text_key": text_key(facts),
        "flags": flags(facts),
        "facts": pack_facts(facts),
        "links": pack_ids(ids),
    }
    connection.execute(upsert(db.pages).on_conflict_do_nothing(), [page])
    return body_hash
