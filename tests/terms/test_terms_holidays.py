"""Are the national holidays those of Ley 51 de 1983 and Ley 2578 de 2026?"""

from datetime import date, timedelta

import pytest

from pqr.terms.holidays import FIRST_YEAR, LAST_YEAR, national_holidays, rule_fingerprint

FIXED = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
MOVED_TO_MONDAY = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
DAYS_FROM_EASTER = [-3, -2, 43, 64, 71]


def easter(year):
    """Easter Sunday by the anonymous Gregorian computus, independent of the library under test."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def next_monday(day):
    return day + timedelta(days=-day.weekday() % 7)


def by_law(year):
    moved = [*MOVED_TO_MONDAY, *([(7, 9)] if year >= 2026 else [])]
    days = {date(year, *each) for each in FIXED}
    days |= {next_monday(date(year, *each)) for each in moved}
    return days | {easter(year) + timedelta(days=offset) for offset in DAYS_FROM_EASTER}


@pytest.mark.parametrize("years", [range(FIRST_YEAR, 2026), range(2026, LAST_YEAR + 1)], ids=str)
def test_every_year_has_exactly_the_holidays_of_the_law(years):
    assert {year: set(national_holidays(year)) for year in years} == {year: by_law(year) for year in years}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 7, 13), "Día de Nuestra Señora del Rosario de Chiquinquirá"),
        (date(2026, 1, 12), "Día de los Reyes Magos"),
        (date(2026, 4, 3), "Viernes Santo"),
        (date(2025, 6, 30), "Sagrado Corazón; San Pedro y San Pablo"),
        (date(2026, 12, 8), "La Inmaculada Concepción"),
    ],
)
def test_holidays_have_their_spanish_names_without_marks(day, name):
    assert national_holidays(day.year)[day] == name


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2025, 7, 14), id="the new holiday is not retroactive"),
        pytest.param(date(2026, 1, 6), id="Reyes moves to Monday"),
        pytest.param(date(2026, 1, 5), id="Carnaval needs a local act"),
        pytest.param(date(2026, 4, 1), id="Miércoles Santo is worked"),
    ],
)
def test_days_that_many_take_for_holidays_are_not(day):
    assert day not in national_holidays(day.year)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_without_known_holidays_is_refused_rather_than_counted_without_them(year):
    with pytest.raises(ValueError, match=f"festivos de {year}"):
        national_holidays(year)


def test_nobody_can_change_the_holidays_in_passing():
    with pytest.raises(TypeError):
        national_holidays(2026)[date(2026, 1, 2)] = "Puente"


def test_the_rule_has_one_fingerprint():
    assert rule_fingerprint() == rule_fingerprint()
    assert len(rule_fingerprint()) == 64
