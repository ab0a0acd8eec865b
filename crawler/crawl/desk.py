"""Reads pages without knowing anything of the night, so that another process can do it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace

from crawler.core.facts import BLANK, Link, Parsed
from crawler.core.urls import is_action
from crawler.crawl.digest import Answer, NewLink, digest, is_blank
from crawler.parse import SiteCache, parse

RESOLVED_CAP = 200_000  # links remembered per site


class Desk:
    """Reads pages, and knows what the pages of each site had so far."""

    def __init__(self) -> None:
        self._caches: dict[str, SiteCache] = {}
        self._places: dict[str, dict[tuple[str, str], int]] = {}

    def read(self, site: str, url: str, body: bytes, headers: Mapping[str, str], *, baseline: bool = False) -> Answer:
        """A baseline, the answer to a random path, may be blank."""
        cache = self._caches.get(site)
        if cache is None:
            cache = self._caches[site] = SiteCache()
        parsed = parse(body, url, headers, cache)
        places = self._places.setdefault(site, {})
        if anew := len(places) > RESOLVED_CAP:
            places.clear()
        links, fresh = _placed(parsed, places)
        facts = parsed.facts
        if not (parsed.links or baseline) and is_blank(facts, body):
            facts = replace(facts, soft_error=BLANK)
        return Answer(digest(facts), links, fresh, anew)


def _placed(parsed: Parsed, places: dict[tuple[str, str], int]) -> tuple[bytes, list[NewLink]]:
    suffixes = {file.url: file.suffix for file in parsed.facts.attachments}
    found = array("I")
    fresh: list[NewLink] = []
    for link in parsed.links:
        key = (link.url, link.kind)
        place = places.get(key)
        if place is None:
            place = places[key] = len(places)
            fresh.append(_new(link, suffixes.get(link.url, "")))
        found.append(place)
    return found.tobytes(), fresh


def _new(link: Link, suffix: str) -> NewLink:
    if link.fault in {"private", "placeholder"} or not link.url.startswith(("http://", "https://")):
        return NewLink(link.url, "", "", action=False)
    kind: str = "attachment" if suffix else link.kind
    if kind == "page" and link.origin in {"iframe", "frame"}:
        kind = "frame"
    return NewLink(link.url, kind, suffix, is_action(link.url, link.text))
