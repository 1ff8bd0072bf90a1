"""On which day does each message count as received?"""

from datetime import date, datetime, time

import pytest

from pqr.terms.calendar import Calendar, parse_closures
from pqr.terms.deadlines import CALENDAR_DAY, ClosingRule, receipt_date
from pqr.terms.receipt import days_moved_over

SIX = ClosingRule(time(18))
CALENDAR = Calendar(parse_closures("2026-12-31@12:00;2027-01-05;2026-02-12@20:00"))


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("received_at", "day"),
    [
        pytest.param("2026-02-06T05:00:00-05:00", date(2026, 2, 6), id="before opening is the same day"),
        pytest.param("2026-02-06T18:00:00-05:00", date(2026, 2, 6), id="the closing hour is in time"),
        pytest.param("2026-02-06T18:00:00.900-05:00", date(2026, 2, 6), id="the clock is read to the second"),
        pytest.param("2026-02-06T18:00:01-05:00", date(2026, 2, 9), id="a second later is Monday"),
        pytest.param("2026-02-07T10:00:00-05:00", date(2026, 2, 9), id="Saturday is Monday"),
        pytest.param("2026-04-02T10:00:00-05:00", date(2026, 4, 6), id="Jueves Santo is the Monday after"),
        pytest.param("2026-02-07T03:00:00+00:00", date(2026, 2, 9), id="Friday 22:00 in Bogotá, late"),
        pytest.param("2026-02-06T22:59:00+00:00", date(2026, 2, 6), id="17:59 in Bogotá whatever the offset"),
        pytest.param("2026-12-31T12:00:00-05:00", date(2026, 12, 31), id="early closing, in time"),
        pytest.param("2026-12-31T12:00:01-05:00", date(2027, 1, 4), id="early closing, late"),
        pytest.param("2026-02-12T18:00:01-05:00", date(2026, 2, 13), id="an early closing never closes later"),
    ],
)
def test_under_office_hours_what_comes_late_counts_on_the_next_business_day(received_at, day):
    assert receipt_date(at(received_at), SIX, CALENDAR) == day


@pytest.mark.parametrize(
    ("received_at", "day"),
    [
        ("2026-02-06T23:59:59-05:00", date(2026, 2, 6)),
        ("2026-02-07T10:00:00-05:00", date(2026, 2, 7)),
        ("2026-02-03T01:30:00+00:00", date(2026, 2, 2)),
        ("2026-12-31T23:00:00-05:00", date(2026, 12, 31)),
    ],
)
def test_under_the_calendar_day_the_date_in_bogota_counts_at_any_hour(received_at, day):
    assert receipt_date(at(received_at), CALENDAR_DAY, CALENDAR) == day


@pytest.mark.parametrize("rule", [CALENDAR_DAY, SIX], ids=str)
def test_an_hour_without_its_time_zone_is_refused(rule):
    with pytest.raises(ValueError, match="zona horaria"):
        receipt_date(datetime(2026, 2, 2, 9, 0), rule, CALENDAR)


@pytest.mark.parametrize(
    ("received_at", "reasons"),
    [
        ("2026-02-06T10:00:00-05:00", []),
        ("2026-02-07T10:00:00-05:00", []),
        ("2026-02-06T19:00:00-05:00", ["llegó después de las 6:00 p. m., la hora de cierre"]),
        ("2026-02-12T19:00:00-05:00", ["llegó después de las 6:00 p. m., la hora de cierre"]),
        ("2026-04-02T10:00:00-05:00", ["Jueves Santo", "Viernes Santo"]),
        (
            "2026-12-31T16:00:00-05:00",
            ["llegó después de las 12:00 m., la hora de cierre de ese día: cierre anticipado", "Año Nuevo"],
        ),
    ],
)
def test_each_weekday_moved_over_says_why(received_at, reasons):
    assert [each.reason for each in days_moved_over(at(received_at), SIX, CALENDAR)] == reasons
    assert days_moved_over(at(received_at), CALENDAR_DAY, CALENDAR) == ()


@pytest.mark.parametrize("text", ["calendar_day", "office_hours@18:00", "office_hours@00:00"])
def test_a_closing_rule_is_written_as_it_was_read(text):
    assert str(ClosingRule.parse(text)) == text


@pytest.mark.parametrize("text", ["", "office_hours", "office_hours@6pm", "office_hours@25:00", "midnight"])
def test_a_closing_rule_that_cannot_be_read_is_refused_by_name(text):
    with pytest.raises(ValueError, match="office_hours@18:00") as refused:
        ClosingRule.parse(text)
    assert f'"{text}"' in str(refused.value)
