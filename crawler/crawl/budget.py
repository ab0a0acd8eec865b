"""What a crawl may spend, and when it must stop; the unfinished part is listed, never hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """Hard limits; None is no limit. Times are seconds since the epoch."""

    pages: int | None = None  # pages of one site
    requests: int | None = None
    received: int | None = None  # bytes
    until: float | None = None
    per_site: timedelta | None = None
    patience: timedelta = timedelta(seconds=90)  # how long an otherwise finished crawl waits for second rounds

    def waits_until(self, now: float) -> float:
        """Until when a finished crawl waits for second rounds: to the end of its window where it has one."""
        return self.until if self.until is not None else now + self.patience.total_seconds()


UNLIMITED = Budget()


@dataclass(slots=True)
class Spent:
    """What one site has cost in this run."""

    pages: int = 0
    requests: int = 0
    received: int = 0
    started: float = 0.0
    ended: str = ""  # why nothing more is asked of it
    skipped: int = 0
    notes: list[str] = field(default_factory=list)

    def book(self, requests: int, *, page: bool) -> None:
        """Also takes back what was booked and not sent: -1."""
        self.requests += requests
        self.pages += requests * page

    def note(self, text: str) -> None:
        if text not in self.notes and len(self.notes) < 50:
            self.notes.append(text)
