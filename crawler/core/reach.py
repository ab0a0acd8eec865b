"""How a site is reached: probes of its home page over days, what its hosts say on the wire, IPv6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from crawler.core.model import Outcome, State

# After these the other scheme is tried once (BEHAVIOURS 33). A missing name is missing for both.
NO_PORT = frozenset({Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.RESET, Outcome.TLS})


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at a home page. A row of a void round is none."""

    at: datetime
    url: str
    state: State
    outcome: Outcome
    status: int | None = None
    elapsed: timedelta = timedelta()  # from the connect to the last byte: the official clock
    opened: str = ""  # the other scheme's URL, where that one answered instead
    note: str = ""

    def opens(self, clock: timedelta) -> bool | None:
        """Whether the page opened in time; None where a protection, or we ourselves, kept it from being known."""
        if self.state is State.BLOCKED:
            return None
        return self.state is State.ALIVE and self.elapsed <= clock


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What the newest answer of a host showed below the content."""

    host: str
    url: str  # that answered
    at: datetime
    tls: Mapping[str, str] = field(default_factory=dict)  # empty: it passed strictly; see fetch/tls.py for the keys
    irregular: str = ""  # how the answer broke HTTP's grammar


Said = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Ipv6Look:
    """One look of a run at the home page's host over IPv6."""

    host: str
    at: datetime
    record: Said
    reached: Said
    note: str = ""


def other_scheme(url: str) -> str:
    """The same address under http instead of https or the other way round; "" where a port is written."""
    scheme, mark, rest = url.partition("://")
    authority = rest.partition("/")[0]
    if not mark or ":" in authority.rpartition("]")[2]:
        return ""
    return {"http": f"https://{rest}", "https": f"http://{rest}"}.get(scheme, "")
