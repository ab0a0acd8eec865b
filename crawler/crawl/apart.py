"""Rows kept apart from a page's own: what a browser, or a visitor from a search engine, was shown at its URL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crawler.core.facts import VERSION as FACTS_VERSION
from crawler.crawl.digest import flags
from crawler.crawl.frontier import Target
from crawler.store import crawl_db as db
from crawler.store.pack import pack_facts, pack_ids, text_key

if TYPE_CHECKING:
    from crawler.core.facts import PageFacts
    from crawler.core.model import Fetch
    from crawler.crawl.night import Night

_NAMES = ("id", "url", "site", "lane", "host", "kind", "suffix", "depth")


def keep_apart(
    night: Night, kind: str, page: Target, fetch: Fetch, seen: tuple[bytes, bytes, PageFacts] | None
) -> None:
    """Store a look at `page` of its own `kind`; `seen` is the body's hash, the body and its facts, where it had any."""
    now, key = time.time(), db.url_apart(kind, page.url)
    number, new = night.frontier.number(key)
    row = Target(number, key, page.site, page.lane, page.host, kind, depth=page.depth)
    if new:
        night.writer.add("urls", {**{name: getattr(row, name) for name in _NAMES}, "first_seen": now})
    body_hash = None
    if seen is not None:
        body_hash, body, facts = seen
        night.writer.body(body_hash, body)
        night.writer.add(
            "pages",
            {
                "url_id": number,
                "body_hash": body_hash,
                "facts_version": FACTS_VERSION,
                "text_key": text_key(facts),
                "flags": flags(facts),
                "facts": pack_facts(facts),
                "links": pack_ids(()),
            },
        )
    night.intake.rows(row, fetch, body_hash, now, None)
