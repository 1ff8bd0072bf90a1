"""What holds for every kind, every instant and every set of closures?"""

import re
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.terms.calendar import Calendar, Closure, ClosureKind
from pqr.terms.deadlines import CALENDAR_DAY, ClosingRule, due_date
from pqr.terms.explaining import explain
from pqr.terms.holidays import national_holidays
from pqr.terms.kinds import STEPS, TERMS, Unit, term_of

quick = settings(max_examples=60, deadline=None, database=None)

DAYS = st.dates(date(2025, 11, 1), date(2027, 3, 31))
CLOSURES = st.builds(
    Closure,
    day=DAYS,
    kind=st.sampled_from(ClosureKind),
    name=st.just("Día cívico"),
    act=st.sampled_from(["", "Decreto 1 de 2026"]),
    closes_at=st.sampled_from([time(8), time(12), time(20)]),
)
CALENDARS = st.lists(CLOSURES, max_size=25).map(lambda closures: Calendar(tuple(closures)))
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
RULES = st.sampled_from([CALENDAR_DAY, ClosingRule(time(12)), ClosingRule(time(18))])
CODES = st.sampled_from([*TERMS, *STEPS, "peticion_general+ext15", "consulta+ext30", "plazo_completar_1m+ext1"])
IN_DAYS = CODES.filter(lambda code: term_of(code.partition("+")[0]).unit is Unit.BUSINESS_DAYS)


@quick
@given(CODES, INSTANTS, CALENDARS, RULES, CLOSURES)
def test_one_more_closure_never_makes_a_term_end_earlier(code, received_at, calendar, rule, closure):
    before = due_date(code, received_at, calendar, rule)
    after = due_date(code, received_at, calendar.with_closures(closure), rule)
    assert after.due_on >= before.due_on


@quick
@given(CODES, INSTANTS, CALENDARS, RULES)
def test_every_term_ends_on_a_business_day_after_the_receipt(code, received_at, calendar, rule):
    due = due_date(code, received_at, calendar, rule)
    assert calendar.is_business_day(due.due_on)
    assert due.due_on > due.day_zero


@quick
@given(IN_DAYS, INSTANTS, CALENDARS, RULES)
def test_the_day_of_receipt_is_never_counted(code, received_at, calendar, rule):
    due = due_date(code, received_at, calendar, rule)
    counted = calendar.business_days_between(due.day_zero, due.due_on)
    assert counted == due.length + due.extension
    assert calendar.next_business_day(due.day_zero) > (received_at - timedelta(hours=5)).date()


@quick
@given(CODES, INSTANTS, CALENDARS, st.sampled_from([time(0), time(12), time(18)]))
def test_office_hours_never_end_a_term_before_the_calendar_day_does(code, received_at, calendar, closes_at):
    by_hours = due_date(code, received_at, calendar, ClosingRule(closes_at))
    assert by_hours.due_on >= due_date(code, received_at, calendar).due_on


@quick
@given(CALENDARS, DAYS, st.integers(1, 60))
def test_counting_the_days_up_to_day_n_gives_n(calendar, day, n):
    nth = calendar.nth_business_day_after(day, n)
    assert calendar.business_days_between(day, nth) == n
    assert calendar.business_days_between(nth, day) == -n
    assert calendar.business_days_between(day, nth - timedelta(days=1)) == n - 1


@quick
@given(IN_DAYS, INSTANTS, CALENDARS, RULES)
def test_skipped_days_counted_days_and_weekends_add_up_to_the_date(code, received_at, calendar, rule):
    due = due_date(code, received_at, calendar, rule)
    received_on = (received_at - timedelta(hours=5)).date()
    span = [received_on + timedelta(days=n) for n in range((due.due_on - received_on).days + 1)]
    weekends = sum(day.weekday() >= 5 and day != due.day_zero for day in span)
    day_zero = 1
    assert day_zero + len(due.skipped) + weekends + due.length + due.extension == len(span)
    assert [each.day for each in due.skipped] == sorted({each.day for each in due.skipped})
    assert all(each.reason and each.day.weekday() < 5 for each in due.skipped)


@quick
@given(IN_DAYS, INSTANTS, CALENDARS, RULES)
def test_the_numbers_in_the_explanation_add_up(code, received_at, calendar, rule):
    due = due_date(code, received_at, calendar, rule)
    sentences = explain(due)
    (total,) = (each for each in sentences if each.startswith("Desde el día 1"))
    first, days, business, weekend, lost = (int(number) for number in re.findall(r"\d+", total))
    assert (first, days) == (1, business + weekend + lost)
    assert business == due.length + due.extension
    assert sum("no se cuenta:" in each for each in sentences) == len(due.skipped)


@quick
@given(CODES, INSTANTS, CALENDARS, RULES)
def test_every_explanation_is_whole_sentences_with_norm_and_calendar(code, received_at, calendar, rule):
    sentences = explain(due_date(code, received_at, calendar, rule))
    assert all(each[0].isupper() or each[0].isdigit() for each in sentences)
    assert all(each.endswith(".") and not each.endswith("..") for each in sentences)
    assert any("Norma: " in each for each in sentences)
    assert calendar.version in sentences[-1]


@quick
@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 1200), CALENDARS, st.booleans())
def test_business_days_between_two_dates_are_those_of_each_day(after, span, calendar, of_rows):
    years = range(2024, 2032) if of_rows else ()
    national = [Closure(day, ClosureKind.FULL_DAY, name) for y in years for day, name in national_holidays(y).items()]
    calendar = Calendar((*calendar.closures, *national), frozenset(years))
    days = (after + timedelta(days=n) for n in range(1, span + 1))
    counted = calendar.business_days_between(after, after + timedelta(days=span))
    assert counted == sum(map(calendar.is_business_day, days))
