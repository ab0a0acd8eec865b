"""Pace: one limiter per platform, shared by every process of the machine through small files (DESIGN "Pace")."""

from __future__ import annotations

import asyncio
import os
import random
import struct
import time
import zlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Literal

from crawler.core.model import Platform

from .seats import Seats

try:
    import fcntl
except ImportError:  # Windows: slots are per process
    fcntl = None  # type: ignore[assignment]

Lane = Literal["page", "attachment", "search"]

_OPEN_RATE = 10_000  # requests a second from which a platform is not limited at all
_JITTER = 0.05  # an interval is stretched by up to this share, never shortened
_BUCKETS = 4096  # files for hosts of nobody's platform; two hosts in one bucket are merely slower
_HOLD_CAP = timedelta(hours=1)
_TOO_LONG = 60.0  # seconds a host asked to be left alone, beyond which nobody is kept waiting
_BASELINE = 20  # answers that make a host's normal latency
_RECENT = 8
_SLOW = 3.0  # times the baseline (BEHAVIOURS 85)
_SLOWEST = 5.0
_BACK_OFF = 5  # intervals a throttling host is left alone when it does not say how long; then 10, 20 …
_MOST_STRAIN = 8.0  # times the interval
_SLOW_FLOOR = 0.3  # seconds; below this no server is in trouble

# next free slot of each lane, then the boot they count from: the clock starts anew with the machine
_RECORD = struct.Struct("<ddd36s")
_LANES: tuple[Lane, ...] = ("page", "attachment", "search")


class Stopped(Exception):
    """The stop event was set while waiting."""


class Held(Exception):
    """The host asked to be left alone for longer than a caller should wait."""


def _clock() -> float:
    """Seconds since boot, the same in all processes."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def lock(descriptor: int) -> None:
    """Hold the file against other processes until it is closed; nothing to do on Windows."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _boot() -> bytes:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()[:36].ljust(36, b"\0")
    except OSError:
        return bytes(36)


@dataclass(slots=True)
class _Pulse:
    """Latency of one host: what is normal, and what it is now."""

    first: list[float] = field(default_factory=list)
    baseline: float = 0.0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))

    def beat(self, seconds: float) -> None:
        if not self.baseline:
            self.first.append(seconds)
            if len(self.first) >= _BASELINE:
                self.baseline = max(median(self.first), 0.001)
                self.first.clear()
            return
        self.recent.append(seconds)

    def factor(self) -> float:
        """By how much the interval is stretched: 1 while the host is itself."""
        if len(self.recent) < _RECENT // 2:
            return 1.0
        now = median(self.recent)
        if now < _SLOW * self.baseline or now < _SLOW_FLOOR:
            return 1.0
        return min(now / self.baseline, _SLOWEST)


class SlotFile:
    """The next free slot of each lane, kept in a file under flock; in memory where there is no flock or no file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path if fcntl is not None else None
        self._memory = dict.fromkeys(_LANES, 0.0)
        self._boot = _boot()
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def is_shared(self) -> bool:
        return self._path is not None

    def take(self, lane: Lane, interval: float) -> float:
        """Reserve the next slot of a lane; answers the time on the boot clock when it comes."""
        if self._path is None:
            return self._reserve(self._memory, lane, interval)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
        try:
            lock(descriptor)
            slots = self._parse(os.pread(descriptor, _RECORD.size, 0))
            slot = self._reserve(slots, lane, interval)
            os.pwrite(descriptor, _RECORD.pack(*(slots[name] for name in _LANES), self._boot), 0)
        finally:
            os.close(descriptor)
        return slot

    def _parse(self, record: bytes) -> dict[Lane, float]:
        if len(record) == _RECORD.size:
            *slots, boot = _RECORD.unpack(record)
            if boot == self._boot:
                return dict(zip(_LANES, slots, strict=True))
        return dict.fromkeys(_LANES, 0.0)

    @staticmethod
    def _reserve(slots: dict[Lane, float], lane: Lane, interval: float) -> float:
        slot = max(_clock(), slots[lane])
        slots[lane] = slot + interval * (1 + random.random() * _JITTER)  # noqa: S311
        return slot


class Limiter:
    """The pace of one platform."""

    def __init__(self, platform: Platform, slots: Path | None, stop: asyncio.Event | None = None) -> None:
        self.platform = platform
        self.is_open = platform.rate <= 0 or platform.rate >= _OPEN_RATE
        self._slots = SlotFile(None if self.is_open else slots)
        self._stop = stop
        shared = slots if self._slots.is_shared else None
        self._seats = Seats(max(platform.concurrency, 1), shared.with_suffix("") if shared else None)
        self._strain: dict[str, int] = {}  # host -> refusals for overload in a row
        self._held: dict[str, float] = {}  # host -> boot clock until which it asked to be left alone
        self._pulses: dict[str, _Pulse] = {}

    @asynccontextmanager
    async def turn(self, host: str, lane: Lane) -> AsyncIterator[None]:
        """Wait for a slot, then hold one of the platform's places. Raises Stopped, or Held before anything is sent."""
        if not self.is_open and lane != "page":
            # The slow lane is waited for outside the semaphore, so that pages go on meanwhile.
            await self._sleep_until(self._slots.take(lane, self._lane_interval(lane)))
        while True:
            # A host that is held keeps no place from its neighbours.
            if (held := self.hold_left(host)) > 0:
                if held > _TOO_LONG:
                    raise Held
                await self._sleep_until(_clock() + held)
            async with self._seats.taken(self._sleep):
                if self.hold_left(host) > 0:
                    continue
                if not self.is_open:
                    await self._sleep_until(self._slots.take("page", self._interval(host)))
                    if self.hold_left(host) > 0:
                        continue
                yield
                return

    def hold(self, host: str, wait: timedelta) -> None:
        """The host said `Retry-After`: nothing is sent to it meanwhile, for an hour at most."""
        until = _clock() + min(max(wait, timedelta()), _HOLD_CAP).total_seconds()
        self._held[host] = max(until, self._held.get(host, 0.0))

    def hold_left(self, host: str) -> float:
        """Seconds until the host may be asked again."""
        if not self._held or host not in self._held:
            return 0.0
        left = self._held[host] - _clock()
        if left <= 0:
            self._held.pop(host, None)
        return max(left, 0.0)

    def beat(self, host: str, latency: float) -> None:
        """What one answer took; the pace follows (nothing to do on an open platform)."""
        if self.is_open:
            return
        pulse = self._pulses.get(host)
        if pulse is None:
            if len(self._pulses) >= _BUCKETS:
                self._pulses.clear()
            pulse = self._pulses[host] = _Pulse()
        pulse.beat(latency)

    def strained(self, host: str, *, rest: bool) -> None:
        """429 or 503 (BEHAVIOURS 85): twice as slow each time in a row. `rest`: it did not say how long to wait."""
        if self.is_open:
            return
        if len(self._strain) >= _BUCKETS:
            self._strain.clear()
        times = self._strain[host] = self._strain.get(host, 0) + 1
        if rest:
            self.hold(host, timedelta(seconds=_BACK_OFF * 2 ** min(times - 1, 10) / self.platform.rate))

    def eased(self, host: str) -> None:
        """An ordinary answer."""
        if self._strain:
            self._strain.pop(host, None)

    def _interval(self, host: str) -> float:
        pulse = self._pulses.get(host)
        slow = pulse.factor() if pulse is not None else 1.0
        return max(slow, min(2.0 ** self._strain.get(host, 0), _MOST_STRAIN)) / self.platform.rate

    def _lane_interval(self, lane: Lane) -> float:
        if lane == "search":
            return self.platform.search_interval.total_seconds()
        rate = self.platform.attachment_rate
        return 1 / rate if rate > 0 else 0.0

    async def _sleep(self, seconds: float) -> None:
        await sleep(seconds, self._stop)

    async def _sleep_until(self, when: float) -> None:
        await sleep(when - _clock(), self._stop)


async def sleep(seconds: float, stop: asyncio.Event | None) -> None:
    """Sleep, cut short by the stop event, which raises Stopped."""
    if stop is None:
        if seconds > 0:
            await asyncio.sleep(seconds)
        return
    if not stop.is_set() and seconds > 0:
        try:
            async with asyncio.timeout(seconds):
                await stop.wait()
        except TimeoutError:
            return
    if stop.is_set():
        raise Stopped


class Limiters:
    """All limiters of a run: one per platform, and one per host for those that are nobody's."""

    def __init__(self, directory: Path, stop: asyncio.Event | None = None) -> None:
        self._directory = directory
        self._stop = stop
        self._platforms: dict[str, Limiter] = {}
        self._external: dict[int, Limiter] = {}

    def of(self, platform: Platform, host: str) -> Limiter:
        if platform.id == "external":
            return self._of_host(platform, host)
        limiter = self._platforms.get(platform.id)
        if limiter is None:
            path = self._directory / f"{file_name(platform.id)}.slot"
            limiter = self._platforms[platform.id] = Limiter(platform, path, self._stop)
        return limiter

    def _of_host(self, platform: Platform, host: str) -> Limiter:
        bucket = zlib.crc32(host.encode()) % _BUCKETS
        limiter = self._external.get(bucket)
        if limiter is None:
            path = self._directory / "external" / f"{bucket:03x}.slot"
            limiter = self._external[bucket] = Limiter(platform, path, self._stop)
        return limiter


def file_name(platform_id: str) -> str:
    """A platform id as a file name: ids are checked by the configuration, this is only for safety."""
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in platform_id)
    return safe if safe == platform_id else f"{safe}-{zlib.crc32(platform_id.encode()):08x}"
