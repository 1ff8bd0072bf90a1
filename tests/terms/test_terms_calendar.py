"""Which days does the calendar count, and does it say why it leaves the others out?"""

from datetime import date, time

import pytest

from pqr.terms.calendar import Calendar, Closure, ClosureKind, parse_closures, same_day_of_month
from pqr.terms.holidays import national_holidays

PLAIN = Calendar()
CARNAVAL = Closure(date(2027, 1, 5), ClosureKind.FULL_DAY, "Carnaval", "Decreto 1 de 2026")


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 2, 7), "sábado"),
        (date(2026, 2, 8), "domingo"),
        (date(2026, 4, 2), "Jueves Santo"),
        (date(2028, 1, 1), "sábado"),
        (date(2026, 2, 9), None),
        (date(2027, 1, 5), "Carnaval (Decreto 1 de 2026)"),
    ],
)
def test_every_closed_day_says_why(day, reason):
    calendar = PLAIN.with_closures(CARNAVAL)
    assert calendar.why_closed(day) == reason
    assert calendar.is_business_day(day) is (reason is None)


def test_a_weekend_is_not_a_closure_and_a_holiday_is():
    assert PLAIN.closure_on(date(2026, 2, 7)) is None
    assert PLAIN.closure_on(date(2026, 4, 2)) == Closure(date(2026, 4, 2), ClosureKind.FULL_DAY, "Jueves Santo")
    assert PLAIN.with_closures(CARNAVAL).closure_on(CARNAVAL.day) is CARNAVAL


def test_suspended_terms_take_the_day_away_like_a_closed_day():
    day = date(2026, 2, 10)
    suspended = Closure(day, ClosureKind.TERMS_SUSPENDED, "Traslado de sede", "Resolución 9 de 2026")
    calendar = PLAIN.with_closures(suspended)
    assert calendar.why_closed(day) == "Traslado de sede (Resolución 9 de 2026)"
    assert calendar.next_business_day(date(2026, 2, 9)) == date(2026, 2, 11)


def test_an_early_closing_leaves_the_day_in_and_the_earliest_hour_holds():
    calendar = PLAIN.with_closures(*parse_closures("2026-12-31@15:00;2026-12-31@12:00"))
    assert calendar.is_business_day(date(2026, 12, 31))
    assert calendar.closes_early_at(date(2026, 12, 31)) == time(12)
    assert calendar.closes_early_at(date(2026, 12, 30)) is None


def test_an_early_closing_without_its_hour_is_refused():
    with pytest.raises(ValueError, match="a qué hora"):
        Closure(date(2026, 12, 31), ClosureKind.EARLY_CLOSE, "Fin de año")


def test_for_the_years_given_the_national_holidays_are_those_given_and_no_others():
    struck_down = date(2027, 7, 12)
    kept = [
        Closure(day, ClosureKind.FULL_DAY, name) for day, name in national_holidays(2027).items() if day != struck_down
    ]
    calendar = Calendar(tuple(kept), national_years=frozenset({2027}))
    assert calendar.is_business_day(struck_down)
    assert calendar.why_closed(date(2027, 3, 25)) == "Jueves Santo"
    assert not calendar.is_business_day(date(2026, 7, 13))


def test_the_version_tells_calendars_apart_but_not_the_order_of_their_closures():
    one, other = parse_closures("2027-01-05;2027-01-06")
    assert Calendar((one, other)).version == Calendar((other, one, one)).version
    versions = {
        PLAIN.version,
        Calendar((one,)).version,
        Calendar((CARNAVAL,)).version,
        Calendar((), frozenset({2027})).version,
    }
    assert len(versions) == 4
    assert all(version.startswith("CO-") and len(version) == 11 for version in versions)


def test_the_order_of_many_closures_changes_neither_the_version_nor_a_reason():
    closures = parse_closures(";".join(f"2027-02-{day:02d}" for day in range(1, 29)))
    named = [Closure(each.day, each.kind, "Mudanza", "Decreto 2 de 2027") for each in closures]
    one, other = Calendar((*closures, *named)), Calendar((*named, *reversed(closures)))
    assert one.version == other.version
    assert all(one.why_closed(each.day) == other.why_closed(each.day) for each in closures)


def test_two_calendars_with_the_same_closures_are_equal_even_after_use():
    used = PLAIN.with_closures(CARNAVAL)
    used.is_business_day(CARNAVAL.day)
    assert used == Calendar((CARNAVAL,))
    assert hash(used) == hash(Calendar((CARNAVAL,)))


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 3, 16), date(2026, 3, 16), 0),
        (date(2026, 3, 20), date(2026, 3, 24), 1),
        (date(2026, 3, 27), date(2026, 4, 14), 10),
        (date(2026, 4, 14), date(2026, 3, 27), -10),
        (date(2026, 2, 6), date(2026, 2, 8), 0),
    ],
)
def test_business_days_between_two_dates(after, until, days):
    assert PLAIN.business_days_between(after, until) == days


@pytest.mark.parametrize("n", [0, -1])
def test_there_is_no_day_zero_among_the_counted_days(n):
    with pytest.raises(ValueError, match="al menos 1"):
        PLAIN.nth_business_day_after(date(2026, 2, 2), n)


@pytest.mark.parametrize(
    ("day", "months", "end", "rolled"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2026, 6, 13), 1, date(2026, 7, 13), date(2026, 7, 14)),
        (date(2026, 11, 15), 2, date(2027, 1, 15), date(2027, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1), date(2027, 1, 4)),
        (date(2026, 10, 31), 12, date(2027, 10, 31), date(2027, 11, 2)),
    ],
)
def test_months_end_on_the_same_day_number_or_the_last_and_roll_to_a_business_day(day, months, end, rolled):
    assert same_day_of_month(day, months) == end
    assert PLAIN.add_months(day, months) == rolled


def test_closures_are_read_as_they_are_typed():
    early, whole = parse_closures(" 2026-12-31@12:00 ; 2027-01-05 ;")
    assert (early.day, early.kind, early.closes_at) == (date(2026, 12, 31), ClosureKind.EARLY_CLOSE, time(12))
    assert (whole.day, whole.kind, whole.closes_at) == (date(2027, 1, 5), ClosureKind.FULL_DAY, None)
    assert parse_closures("") == ()


@pytest.mark.parametrize("text", ["mañana", "2026-02-30", "05/01/2027", "2026-12-31@25:00", "2026-12-31@", "20270105"])
def test_a_closure_that_cannot_be_read_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="2026-12-31@12:00") as refused:
        parse_closures(f"2027-01-05;{text}")
    assert f'"{text}"' in str(refused.value)
