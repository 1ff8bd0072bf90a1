"""Which months is a report of?  By the calendar, and named as its address names it."""

from datetime import date

import pytest

from pqr.reports.named_periods import HALF, QUARTER, YEAR, between, period_before, period_of, read_period


@pytest.mark.parametrize(
    ("day", "months", "name", "start", "end"),
    [
        (date(2026, 1, 1), QUARTER, "2026-T1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 9, 30), QUARTER, "2026-T3", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), QUARTER, "2026-T4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 6, 30), HALF, "2026-S1", date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), HALF, "2026-S2", date(2026, 7, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), YEAR, "2028", date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_day_is_in_one_period_whose_name_is_read_back(day, months, name, start, end):
    period = period_of(day, months)
    assert (period.name, period.start, period.end) == (name, start, end)
    assert read_period(name, months) == period == between(start, end)


@pytest.mark.parametrize(
    "name", ["2026-T5", "2026-T0", "2026-S3", "2026", "26-T1", "2026-t1", "", "2026-T1 ", "abcd-T1"]
)
def test_what_names_no_quarter_is_none(name):
    assert read_period(name, QUARTER) is None


def test_the_half_year_has_no_third_one():
    assert read_period("2026-S3", HALF) is None
    assert read_period("2026-T1", HALF) is None


def test_the_latest_closed_period_is_that_before_the_one_that_runs():
    assert period_before(date(2026, 10, 1), QUARTER).name == "2026-T3"
    assert period_before(date(2027, 1, 4), HALF).name == "2026-S2"


def test_it_is_said_as_people_write_it():
    assert period_of(date(2026, 9, 1), QUARTER).words == "1 de julio al 30 de septiembre de 2026"
    assert between(date(2025, 12, 1), date(2026, 1, 31)).words == "1 de diciembre de 2025 al 31 de enero de 2026"
