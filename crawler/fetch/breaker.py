"""The breaker: a host that defends itself is left alone, a platform when three of its hosts do (BEHAVIOURS 28)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.core.model import Platform

from .limiter import file_name, lock

_IN_A_ROW = 3  # unnamed signals
_HOSTS = 3  # of a platform, opened within the window
_WINDOW = 3600.0  # seconds
_PROBE = 120.0  # seconds after which a probe that never came back is forgotten
_LOOK = 1.0  # seconds between looks at what other processes wrote
_WHOLE = "*"  # the entry of the whole platform
Entry = dict[str, Any]
_KEPT = 1000  # entries of one file


class Breaker:
    """State of the hosts of one platform, shared by processes through a small JSON file.

    An entry is `{"opened": when, "until": when, "probe": when, "why": words}` by the wall clock, under its host or "*".
    """

    def __init__(self, platform: Platform, directory: Path) -> None:
        self._pause = platform.breaker_pause.total_seconds()
        self._per_host_only = platform.id == "external"
        self._path = directory / f"{file_name(platform.id)}.breaker"
        self._entries: dict[str, Entry] = {}
        self._streaks: dict[str, int] = {}
        self._looked = -_LOOK
        self._seen = -1

    def is_open(self, host: str) -> bool:
        """Whether nothing may be sent, asked without claiming the deciding request."""
        self._look()
        if not self._entries:
            return False
        now = time.time()
        return any(not self._ripe(entry, now) for entry in map(self._entries.get, (_WHOLE, host)) if entry)

    def allows(self, host: str) -> bool:
        """Whether a request may be sent now. After the pause the first caller is let through and decides."""
        self._look()
        if not self._entries:
            return True
        now = time.time()
        names = [name for name in (_WHOLE, host) if name in self._entries]
        if any(not self._ripe(self._entries[name], now) for name in names):
            return False
        if names:
            with self._shared() as entries:
                current = [entries[name] for name in names if name in entries]
                if any(not self._ripe(entry, now) for entry in current):
                    return False  # another process was faster
                for entry in current:
                    entry["probe"] = now
        return True

    def why(self, host: str) -> str:
        """What opened it: `瑞数 Botgate：状态码 412`."""
        entry = self._entries.get(host) or self._entries.get(_WHOLE) or {}
        return str(entry.get("why", ""))

    @staticmethod
    def _ripe(entry: Entry, now: float) -> bool:
        return bool(now >= entry["until"] and now - entry.get("probe", 0.0) > _PROBE)

    def signal(self, host: str, *, own: bool, why: str = "") -> None:
        """An answer that looks like protection; `own`: by the vendor's own signature."""
        streak = self._streaks[host] = self._streaks.get(host, 0) + 1
        probing = bool(self._entries) and (host in self._entries or _WHOLE in self._entries)
        if own or probing or streak >= _IN_A_ROW:
            self._streaks.pop(host, None)
            self._open(host, why)

    def failed(self, host: str) -> None:
        """No answer at all: says nothing of protection, but a probe has not succeeded."""
        if self._entries and (host in self._entries or _WHOLE in self._entries):
            self._open(host, self.why(host))

    def passed(self, host: str) -> None:
        """An ordinary answer."""
        if self._streaks:
            self._streaks.pop(host, None)
        if self._entries and (host in self._entries or _WHOLE in self._entries):
            with self._shared() as entries:
                now = time.time()
                for name in (host, _WHOLE):
                    # An answer to a request sent before the breaker opened is not a probe's.
                    if name in entries and entries[name]["until"] <= now:
                        del entries[name]

    def _open(self, host: str, why: str) -> None:
        now = time.time()
        with self._shared() as entries:
            known = entries.get(host)
            if known is not None and now < known["until"]:
                return  # answers of requests that were under way
            entries[host] = {"opened": now, "until": now + self._pause, "why": why[:300]}
            recent = [name for name, entry in entries.items() if name != _WHOLE and now - entry["opened"] < _WINDOW]
            if not self._per_host_only and (len(recent) >= _HOSTS or _WHOLE in entries):
                said = f"同一平台的 {len(recent)} 台主机都在拦截：{why}"[:300]
                entries[_WHOLE] = {"opened": now, "until": now + self._pause, "why": said}

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        try:
            stamp = self._path.stat().st_mtime_ns
        except OSError:
            self._entries = {}
            return
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._entries = _parse(self._path.read_bytes())
            except OSError:
                self._entries = {}

    @contextmanager
    def _shared(self) -> Iterator[dict[str, Entry]]:
        """Read, change and write the file as one step. A folder that cannot be written leaves the state in memory."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
        except OSError:
            yield self._entries
            return
        try:
            lock(descriptor)
            entries = _parse(os.pread(descriptor, 1_000_000, 0))
            yield entries
            if len(entries) > _KEPT:
                newest = sorted(entries, key=lambda name: entries[name]["opened"])[-_KEPT:]
                entries = {name: entries[name] for name in newest}
            data = json.dumps(entries).encode()
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, data, 0)
            self._entries = entries
        finally:
            os.close(descriptor)


def _parse(data: bytes) -> dict[str, Entry]:
    """Entries of the file; a damaged file holds none."""
    try:
        document: Any = json.loads(data or b"{}")
        return {
            str(name): {str(key): str(value) if key == "why" else float(value) for key, value in entry.items()}
            for name, entry in document.items()
            if "until" in entry and "opened" in entry
        }
    except (ValueError, TypeError, AttributeError):
        return {}
