"""Does a month begin and end where the calendar says?"""

from datetime import UTC, date, datetime

import pytest

from pqr.terms.months import last_of, later, midnight


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 3, 31), 0, date(2026, 3, 1)),
        (date(2026, 12, 5), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2026, 11, 23), -12, date(2025, 11, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 1)),
    ],
)
def test_so_many_months_later_is_the_first_of_that_month(day, months, first):
    assert later(day, months) == first


@pytest.mark.parametrize("last", [date(2024, 2, 29), date(2025, 2, 28), date(2026, 12, 31), date(2026, 4, 30)])
def test_a_month_ends_on_its_last_day(last):
    assert last_of(last.replace(day=3)) == last_of(last) == last


def test_a_day_begins_at_midnight_in_bogota():
    assert midnight(date(2026, 11, 23)) == datetime(2026, 11, 23, 5, tzinfo=UTC)
