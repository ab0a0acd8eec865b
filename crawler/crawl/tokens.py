"""A download address that is good once or for seconds is asked anew from its page before judging (BEHAVIOURS 51)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.core.model import Fetch, Outcome, State
from crawler.fetch import Fetcher, Request
from crawler.parse import parse

_TOKEN = re.compile(
    r"[?&](?:\w*token|sign(?:ature)?|expires?|auth\w{0,8}|ticket|access\w{0,8}|ts|timestamp|nonce|e)=", re.IGNORECASE
)
_MAY_BE_STALE = frozenset(
    {Outcome.NOT_FOUND, Outcome.GONE, Outcome.WRONG_TYPE, Outcome.FORBIDDEN, Outcome.CLIENT_ERROR, Outcome.SERVER_ERROR}
)


def is_dated(url: str) -> bool:
    """Whether the address carries what a gateway signs for one download."""
    return _TOKEN.search(url) is not None


async def asked_anew(fetcher: Fetcher, request: Request, stale: Fetch, page: str, platform: str) -> Fetch:
    """The answer to the fresh address of the same file, or the stale one where the page has none."""
    if stale.outcome not in _MAY_BE_STALE:
        return stale
    read = await fetcher.fetch(Request(page, "page", platform))
    if read.state is not State.ALIVE or not read.body:
        return stale
    path = urlsplit(request.url).path
    links = parse(read.body, read.final_url or page, read.headers).links
    fresh = next((link.url for link in links if link.url != request.url and urlsplit(link.url).path == path), "")
    if not fresh:
        return stale
    answer = await fetcher.fetch(replace(request, url=fresh))
    return replace(answer, url=stale.url, attempts=(*stale.attempts, *answer.attempts))
