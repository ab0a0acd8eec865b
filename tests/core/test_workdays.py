"""Working days over weekends, holidays and make-up days (BEHAVIOURS 97)."""

from datetime import date

import pytest

from crawler.core.workdays import Workdays

# 国庆节 2022 (RULES 10.9)
CALENDAR = Workdays(
    off=frozenset(date(2022, 10, day) for day in range(1, 8)),
    made_up=frozenset({date(2022, 10, 8), date(2022, 10, 9)}),
    certain=frozenset({2022}),
)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2022, 8, 29), 3, date(2022, 9, 1)),
        (date(2022, 9, 1), 3, date(2022, 9, 6)),  # over a weekend
        (date(2022, 9, 29), 3, date(2022, 10, 9)),  # over the holiday, onto a make-up Sunday
        (date(2022, 9, 30), 10, date(2022, 10, 19)),
        (date(2022, 9, 3), 0, date(2022, 9, 3)),
    ],
)
def test_due_dates(start: date, count: int, due: date) -> None:
    assert CALENDAR.after(start, count) == due
    assert CALENDAR.between(start, due) == count


def test_days_backwards_are_none() -> None:
    assert CALENDAR.between(date(2022, 9, 6), date(2022, 9, 1)) == 0


def test_a_year_without_its_notice_is_an_estimate() -> None:
    assert CALENDAR.is_certain(date(2022, 1, 1))
    assert not CALENDAR.is_certain(date(2030, 1, 1))
