"""Is a period what was asked for, and is it compared with as long a one?"""

from datetime import date

import pytest

from pqr.reports.periods import Period, read_period, usual

TODAY = date(2026, 11, 23)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def period(start, end):
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("given", "before"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
        (("2026-03-10", "2026-03-19"), ("2026-02-28", "2026-03-09")),
        (("2026-03-10", "2026-03-10"), ("2026-03-09", "2026-03-09")),
    ],
)
def test_the_period_before_is_as_long(given, before):
    assert period(*given).previous == period(*before)


def test_the_months_that_it_touches_are_whole_or_cut():
    given = period("2025-12-15", "2026-02-28")
    assert [month.isoformat() for month in given.months] == ["2025-12-01", "2026-01-01", "2026-02-01"]
    assert [given.covers(month) for month in given.months] == [False, True, True]
    assert given.within(given.months[0]) == period("2025-12-15", "2025-12-31")


def test_the_usual_periods():
    assert usual(TODAY) == {
        "Este mes": period("2026-11-01", "2026-11-30"),
        "Trimestre pasado": period("2026-07-01", "2026-09-30"),
        "Semestre pasado": period("2026-01-01", "2026-06-30"),
        "Este año": YEAR,
        "Año pasado": period("2025-01-01", "2025-12-31"),
    }
    assert usual(date(2026, 1, 5))["Trimestre pasado"] == period("2025-10-01", "2025-12-31")
    assert usual(date(2026, 1, 5))["Semestre pasado"] == period("2025-07-01", "2025-12-31")


@pytest.mark.parametrize(
    ("since", "until", "found", "said"),
    [
        ("", "", YEAR, ""),
        ("2026-02-01", "2026-02-10", period("2026-02-01", "2026-02-10"), ""),
        ("2026-02-01", "", period("2026-02-01", "2026-12-31"), ""),
        ("", "2025-06-30", period("2025-01-01", "2025-06-30"), ""),
        ("2027-02-01", "", period("2027-02-01", "2027-02-01"), ""),
        ("2026-06-30", "2026-01-01", period("2026-01-01", "2026-06-30"), "invirtieron"),
        ("30/06/2026", "x", YEAR, "No se entendió"),
        ("1810-07-20", "2026-01-01", period("2000-01-01", "2020-12-31"), "recortó"),
        ("9990-01-01", "9999-12-31", period("9990-01-01", "9990-12-31"), "recortó"),
        ("1500-01-01", "1500-12-31", period("2000-01-01", "2000-01-01"), "recortó"),
    ],
)
def test_what_cannot_be_is_corrected_and_said(since, until, found, said):
    read, sentence = read_period(since, until, TODAY)
    assert read == found
    assert said in sentence
    assert bool(said) == bool(sentence)
