"""Which step of the ladder has a term reached on a day?"""

from datetime import date, timedelta

import pytest

from pqr.reminders.schedule import Step, may_write, steps_reached
from pqr.terms.calendar import Calendar, Closure, ClosureKind
from tests.builders import at

PLAIN = Calendar()
CARNIVAL = PLAIN.with_closures(
    *(Closure(date(2027, 1, day), ClosureKind.FULL_DAY, "Carnaval", "Decreto 1") for day in (5, 6))
)
ZERO, DUE = date(2026, 3, 3), date(2026, 3, 25)  # 15 business days, over San José


def names(zero, due, today, calendar=PLAIN):
    return [step.name for step in steps_reached(calendar.business_days_between(zero, due), due, today, calendar)]


@pytest.mark.parametrize(
    ("today", "reached", "left"),
    [
        ("2026-03-03", [], None),
        ("2026-03-12", [], None),  # day 7 of 15
        ("2026-03-13", ["half"], 7),  # day 8
        ("2026-03-18", ["half"], 4),
        ("2026-03-19", ["half", "three_days"], 3),
        ("2026-03-20", ["half", "three_days"], 2),
        ("2026-03-24", ["half", "three_days", "one_day"], 1),
        ("2026-03-25", ["half", "three_days", "one_day", "due_today"], 0),
        ("2026-03-26", ["half", "three_days", "one_day", "due_today", "overdue_1"], -1),
        ("2026-03-27", ["half", "three_days", "one_day", "due_today", "overdue_2"], -2),
        ("2026-03-30", ["half", "three_days", "one_day", "due_today", "overdue_3"], -3),
        ("2026-03-31", ["half", "three_days", "one_day", "due_today", "overdue_4"], -4),
    ],
)
def test_the_ladder_of_fifteen_days(today, reached, left):
    day = date.fromisoformat(today)
    assert names(ZERO, DUE, day) == reached
    found = steps_reached(PLAIN.business_days_between(ZERO, DUE), DUE, day, PLAIN)
    assert left is None or {step.days_left for step in found} == {left}


@pytest.mark.parametrize(
    ("day", "last"),
    [(0, None), (1, None), (2, "three_days"), (3, "three_days"), (4, "one_day"), (5, "due_today"), (6, "overdue_1")],
)
def test_in_a_congressman_s_five_days_three_left_comes_before_the_half(day, last):
    zero = date(2026, 3, 3)
    due = PLAIN.nth_business_day_after(zero, 5)
    today = zero if day == 0 else PLAIN.nth_business_day_after(zero, day)
    found = names(zero, due, today)
    assert (found[-1] if found else None) == last


@pytest.mark.parametrize(("length", "first"), [(1, "one_day"), (3, "three_days")])
def test_a_judge_s_term_is_reminded_from_the_first_hour(length, first):
    due = PLAIN.nth_business_day_after(ZERO, length)
    assert names(ZERO, due, ZERO)[-1] == first


def test_days_that_a_decree_closed_do_not_count_as_left():
    zero, today = date(2026, 12, 21), date(2027, 1, 4)
    due = CARNIVAL.nth_business_day_after(zero, 10)
    assert due == date(2027, 1, 8)
    (half, three) = steps_reached(CARNIVAL.business_days_between(zero, due), due, today, CARNIVAL)
    assert (half.name, three.name, three.days_left) == ("half", "three_days", 2)
    assert steps_reached(15, due, today, PLAIN)[-1].days_left == 4


def test_every_step_comes_once_and_in_order_over_a_whole_term():
    seen, ladder = set(), []
    for offset in range(40):
        today = ZERO + timedelta(days=offset)
        if PLAIN.is_business_day(today):
            fresh = [name for name in names(ZERO, DUE, today) if name not in seen]
            seen.update(fresh)
            ladder += fresh[-1:]
    assert ladder[:4] == ["half", "three_days", "one_day", "due_today"]
    overdue = [name for name in ladder if name.startswith("overdue")]
    assert overdue == [f"overdue_{number}" for number in range(1, len(overdue) + 1)]
    assert len(overdue) > 5


@pytest.mark.parametrize(
    ("left", "overdue", "mayor"),
    [(1, False, False), (0, False, False), (-1, True, False), (-3, True, False), (-4, True, True)],
)
def test_control_interno_reads_what_is_late_and_the_mayor_what_is_very_late(left, overdue, mayor):
    step = Step("x", left)
    assert (step.overdue, step.reaches_the_mayor) == (overdue, mayor)


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ("2026-03-03 06:59", False),
        ("2026-03-03 07:00", True),
        ("2026-03-03 17:59", True),
        ("2026-03-03 18:00", False),
        ("2026-03-03 23:00", False),
        ("2026-03-07 10:00", False),  # Saturday
        ("2026-03-08 10:00", False),  # Sunday
        ("2026-03-23 10:00", False),  # San José
        ("2027-01-05 10:00", False),  # Carnival
    ],
)
def test_nobody_is_nudged_at_night_or_on_a_day_off(moment, may):
    assert may_write(at(moment), CARNIVAL) is may
