"""The working-day calendar: the State Council's yearly notices as data (config/holidays.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Workdays:
    """Days off and make-up days; a year that is not `certain` is counted by weekends and what little is known."""

    off: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()  # weekends that are worked
    certain: frozenset[int] = frozenset()  # years whose notice was read

    def is_workday(self, day: date) -> bool:
        if day in self.made_up:
            return True
        return day not in self.off and day.weekday() < 5

    def is_certain(self, day: date) -> bool:
        return day.year in self.certain

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted (BEHAVIOURS 97)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 when `end` is not later."""
        return sum(self.is_workday(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))
