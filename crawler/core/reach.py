"""How a site is reached: probes of its home page over days, what its hosts say on the wire, IPv6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


# ── Judged over days ─────────────────────────────────────────────────────────────────────────────────────────────────

DAY = timedelta(days=1)
DAYS, A_DAY = 7, 20  # 国办秘函〔2019〕19号: one week, 20 spaced visits a day
SPACED = timedelta(minutes=5)  # looks nearer to the one before say nothing new


def spaced(probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """Those that are apart: ten looks in the minute of an outage are one."""
    kept: list[Probe] = []
    for probe in probes:
        if not kept or probe.at - kept[-1].at >= SPACED:
            kept.append(probe)
    return tuple(kept)


def short_of(probes: Sequence[Probe], as_of: datetime, days: int = DAYS, a_day: int = A_DAY) -> str:
    """What is missing of the sample that the week before `as_of` needs, in words; "" where it is enough."""
    if not probes:
        return "没有首页探测记录，请用 cron 每30分钟运行 govcheck probe"
    counts = [0] * days
    for probe in probes:
        day = (as_of - probe.at) // DAY
        if 0 <= day < days:
            counts[day] += 1
    full = sum(count >= a_day for count in counts)
    if full == days:
        return ""
    return f"首页探测不足：近{days}天中只有{full}天达到每天{a_day}次，共{sum(counts)}次"
