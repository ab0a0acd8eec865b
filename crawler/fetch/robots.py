"""What a host's robots.txt allows, with "nobody could tell" kept apart from "everything" (BEHAVIOURS 86)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Literal
from urllib.parse import urlsplit

from protego import Protego

from crawler.core.filetype import sniff
from crawler.core.model import EXTERNAL, Fetch, Outcome, State

from .fetcher import Fetcher
from .request import Request

Verdict = Literal["allowed", "disallowed", "unknown"]

# A client error says that there is no such file; what smells of protection or throttling says nothing.
_FREE = frozenset({Outcome.NOT_FOUND, Outcome.GONE, Outcome.FORBIDDEN, Outcome.CLIENT_ERROR})


class Robots:
    """Reads each host's rules once a run. `hosts` maps a host to its platform's id; `agent` is the name rules go by."""

    def __init__(
        self,
        fetcher: Fetcher,
        agent: str,
        hosts: Mapping[str, str] | None = None,
        strict: Collection[str] = (),
    ) -> None:
        """`strict` are the platforms where a 403 and an HTML body are "nobody could tell"."""
        self._fetcher = fetcher
        self._agent = agent
        self._hosts = hosts or {}
        self._strict = strict
        self._rules: dict[str, asyncio.Task[Protego | Verdict]] = {}

    async def verdict(self, url: str) -> Verdict:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._rules.get(origin)
        if task is None:  # one fetch, however many workers ask
            platform = self._hosts.get(parts.hostname or "", EXTERNAL.id)
            task = self._rules[origin] = asyncio.create_task(self._read(origin, platform))
        rules = await asyncio.shield(task)
        if isinstance(rules, str):
            return rules
        return "allowed" if rules.can_fetch(url, self._agent) else "disallowed"

    async def _read(self, origin: str, platform: str) -> Protego | Verdict:
        fetch = await self._fetcher.fetch(Request(f"{origin}/robots.txt", "robots", platform))
        return parse(fetch, strict=platform in self._strict)


def parse(fetch: Fetch, *, strict: bool = False) -> Protego | Verdict:
    """The rules, or the one verdict for all URLs of the host."""
    if strict and fetch.outcome is Outcome.FORBIDDEN:
        return "unknown"
    if fetch.outcome in _FREE:
        return "allowed"
    if fetch.state is not State.ALIVE:
        return "unknown"
    body = fetch.body or b""
    if sniff(body) == "html":
        return "unknown" if strict else "allowed"  # an error page in disguise: no rules
    # A BOM would make protego drop the first group silently (LIBRARIES).
    return Protego.parse(body.decode("utf-8-sig", "replace"))
