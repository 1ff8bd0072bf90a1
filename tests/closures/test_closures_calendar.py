"""Does the municipality's calendar follow its rows, and can a person correct them?"""

from datetime import date, time

from sqlalchemy import func, select

from pqr.closures.calendar import load_calendar, seed_closures
from pqr.closures.models import ClosureRow
from pqr.terms.calendar import Calendar
from pqr.terms.holidays import national_holidays
from tests.builders import NOW

CARNIVAL = (date(2027, 1, 5), date(2027, 1, 6))


def row_of(session, day):
    return session.scalar(select(ClosureRow).where(ClosureRow.day == day))


def test_the_seeded_calendar_says_what_the_law_says(session):
    calendar, law = load_calendar(session), Calendar()
    for year in (2026, 2027, 2029, 2040):
        for day in [*national_holidays(year), date(year, 3, 3)]:
            assert calendar.is_business_day(day) == law.is_business_day(day)


def test_carnival_closes_nothing_until_a_decree_says_so(session):
    assert all(load_calendar(session).is_business_day(day) for day in CARNIVAL)
    for day in CARNIVAL:
        row = row_of(session, day)
        row.act, row.active = "Decreto 120 de 2026", True
    session.flush()
    calendar = load_calendar(session)
    assert not any(calendar.is_business_day(day) for day in CARNIVAL)
    assert "Decreto 120 de 2026" in calendar.why_closed(CARNIVAL[0])


def test_a_holiday_that_a_court_strikes_down_is_worked(session):
    day = date(2026, 7, 13)  # Chiquinquirá, Ley 2578 de 2026
    before = load_calendar(session)
    row_of(session, day).active = False
    session.flush()
    after = load_calendar(session)
    assert (before.is_business_day(day), after.is_business_day(day)) == (False, True)
    assert before.version != after.version


def test_switching_every_holiday_of_a_year_off_does_not_bring_the_rule_back(session):
    for row in session.scalars(select(ClosureRow).where(ClosureRow.national)):
        row.active = False
    session.flush()
    assert load_calendar(session).is_business_day(date(2026, 5, 1))


def test_seeding_again_adds_new_years_only_and_leaves_corrections(session):
    row_of(session, date(2026, 7, 13)).active = False
    session.flush()
    count = session.scalar(select(func.count(ClosureRow.id)))
    assert seed_closures(session, range(2024, 2030), NOW) == 0
    assert seed_closures(session, range(2024, 2031), NOW) == len(national_holidays(2030)) + 2
    session.flush()
    assert session.scalar(select(func.count(ClosureRow.id))) == count + len(national_holidays(2030)) + 2
    assert row_of(session, date(2026, 7, 13)).active is False


def test_an_afternoon_off_moves_the_closing_hour_and_keeps_the_day(session):
    day = date(2026, 12, 31)
    session.add(
        ClosureRow(
            day=day,
            kind="early_close",
            name="Tarde cívica",
            act="D. 1",
            closes_at=time(12),
            national=False,
            created_at=NOW,
        )
    )
    session.flush()
    calendar = load_calendar(session)
    assert calendar.is_business_day(day)
    assert calendar.closes_early_at(day) == time(12)
