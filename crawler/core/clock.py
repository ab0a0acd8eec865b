"""Beijing time: every time that people give or read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991


def beijing(seconds: float) -> datetime:
    """Seconds since the epoch as Beijing time."""
    return datetime.fromtimestamp(seconds, SHANGHAI)
