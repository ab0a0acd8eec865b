"""The shipped calendar against the figures of the yearly notices (BEHAVIOURS 97)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.config import load

CALENDAR = load(Path(__file__).parents[2] / "config").workdays


@pytest.mark.parametrize(
    ("year", "days"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_its_working_days(year: int, days: int) -> None:
    start = date(year, 1, 1)
    every = [start + timedelta(days=n) for n in range((date(year + 1, 1, 1) - start).days)]
    assert sum(CALENDAR.is_workday(day) for day in every) == days
    assert all(CALENDAR.is_certain(day) for day in every)


def test_beyond_the_table_days_are_estimated() -> None:
    assert not CALENDAR.is_certain(date(2027, 3, 1))
    assert not CALENDAR.is_certain(date(2019, 3, 1))
