"""Holds back what a throttling host says to everything at once: 404, or its home page (BEHAVIOURS 30, 31)."""

from __future__ import annotations

from dataclasses import dataclass, field

import xxhash

from crawler.core.model import Fetch, Outcome, State
from crawler.crawl.frontier import Target

SUSPICIOUS = 8  # such answers in a row before a page known to be there is asked again
_MOST = 256
GIVE_UP = 2  # bursts of one host in a run, after which it is left alone

Held = tuple[Target, Fetch]


@dataclass(slots=True)
class _Host:
    home: tuple[int, int] | None = None  # length and digest of the home page
    one_page: bool = False  # an impossible address shows the home page: no sign of throttling (BEHAVIOURS 29)
    good: str = ""  # a page below it that opened in this run
    held: list[Held] = field(default_factory=list)
    enough: int = SUSPICIOUS
    paused_until: float = 0.0
    bursts: int = 0


class Bursts:
    """Dead links come in clusters, too, so a cluster is settled by asking again for a page that did open."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def home(self, host: str, body: bytes | None) -> None:
        if body:
            self._of(host).home = _digest(body)

    def baseline(self, host: str, body: bytes | None) -> None:
        """The answer to an address that cannot exist; the home page has answered before it."""
        known = self._of(host)
        known.one_page = bool(body) and known.home is not None and _digest(body or b"")[1] == known.home[1]

    def holds(self, target: Target, fetch: Fetch) -> bool:
        """Whether this answer must wait for the page that settles it."""
        host = self._of(target.host)
        gone = fetch.outcome in {Outcome.NOT_FOUND, Outcome.GONE}
        if not gone and not self._is_home(host, target, fetch):
            return False
        if not host.good:
            return False
        host.held.append((target, fetch))
        return True

    def opened(self, target: Target, fetch: Fetch) -> list[Held]:
        """A page below the home page opened: what was asked before it is believed."""
        host = self._of(target.host)
        host.good = fetch.final_url or target.url
        believed = [row for row in host.held if row[1].at <= fetch.at]
        host.held = [row for row in host.held if row[1].at > fetch.at]
        return believed

    def to_ask(self, host: str) -> str:
        """The page that settles what is held, once enough is."""
        known = self._hosts.get(host)
        return known.good if known is not None and len(known.held) >= known.enough else ""

    def left(self) -> dict[str, str]:
        """Hosts with something held, and the page that settles it."""
        return {name: host.good for name, host in self._hosts.items() if host.held}

    def settle(self, name: str, fetch: Fetch, until: float) -> tuple[list[Held], bool]:
        """What was held, and whether it was a burst; a paused host is asked nothing until `until`."""
        host = self._of(name)
        held, host.held = host.held, []
        same = (
            bool(fetch.body)
            and host.home is not None
            and not host.one_page
            and _digest(fetch.body or b"")[1] == host.home[1]
        )
        if fetch.state is State.ALIVE and not same:
            host.enough = min(2 * host.enough, _MOST)
            return held, False
        host.bursts += 1
        host.paused_until = until if host.bursts < GIVE_UP else float("inf")
        return held, True

    def paused_until(self, host: str) -> float:
        known = self._hosts.get(host)
        return known.paused_until if known is not None else 0.0

    def _of(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    @staticmethod
    def _is_home(host: _Host, target: Target, fetch: Fetch) -> bool:
        if host.home is None or host.one_page or fetch.state is not State.ALIVE or fetch.hops or not fetch.body:
            return False
        name = target.url.partition("?")[0].rpartition("/")[2]
        if target.kind != "page" or name.startswith(("index", "default", "main")):
            return False
        near = abs(len(fetch.body) - host.home[0]) <= host.home[0] // 20
        return near and _digest(fetch.body)[1] == host.home[1]


def _digest(body: bytes) -> tuple[int, int]:
    """Length, and the content without its digits: a clock or a counter changes nothing."""
    return len(body), xxhash.xxh3_64_intdigest(body.translate(None, b"0123456789"))
