"""Is the time that is left said right, also on the day after a weekend?"""

from datetime import date

import pytest

from pqr.desk.urgency import SHAPES, short_day, short_instant, urgency
from pqr.terms.calendar import Calendar
from pqr.tickets.states import State
from tests.builders import at

CALENDAR = Calendar()
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("due_on", "today", "level", "words"),
    [
        (date(2026, 3, 9), MONDAY, "calm", "quedan 5 días hábiles"),
        (date(2026, 3, 6), MONDAY, "calm", "quedan 4 días hábiles"),
        (date(2026, 3, 5), MONDAY, "soon", "quedan 3 días hábiles"),
        (date(2026, 3, 3), MONDAY, "soon", "queda 1 día hábil"),
        (MONDAY, MONDAY, "today", "vence hoy"),
        (MONDAY, FRIDAY, "soon", "queda 1 día hábil"),
        (FRIDAY, date(2026, 2, 28), "late", "venció el viernes"),
        (FRIDAY, MONDAY, "late", "venció hace 1 día hábil"),
        (date(2026, 3, 20), date(2026, 3, 24), "late", "venció hace 1 día hábil"),  # Monday 23rd is a holiday
    ],
)
def test_the_days_left_are_business_days_in_words(due_on, today, level, words):
    found = urgency(State.ASSIGNED, due_on, today, CALENDAR)
    assert (found.level, found.words, found.shape) == (level, words, SHAPES[level])


def test_an_answer_that_is_not_communicated_is_still_under_the_term():
    assert urgency(State.ANSWERED, FRIDAY, MONDAY, CALENDAR).level == "late"


@pytest.mark.parametrize(("state", "level"), [(State.CLOSED, "done"), (State.AWAITING_PETITIONER, "waits")])
def test_a_closed_or_suspended_term_threatens_nobody(state, level):
    assert urgency(state, FRIDAY, MONDAY, CALENDAR).level == level


def test_no_two_levels_share_a_shape():
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_days_and_instants_fit_in_a_column_and_are_bogota_s():
    assert short_day(date(2026, 3, 3)) == "mar 3 mar 2026"
    assert short_day(at("2026-03-03 21:00")) == "mar 3 mar 2026"
    assert short_instant(at("2026-03-03 21:05")) == "mar 3 mar 2026, 9:05 p. m."
    assert short_instant(at("2026-03-03 12:00")) == "mar 3 mar 2026, 12:00 m."
