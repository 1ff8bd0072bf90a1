"""How far may a change of the calendar move a date that somebody was told?"""

from datetime import date

import pytest

from pqr.terms.calendar import Calendar, Closure, ClosureKind
from pqr.terms.moving import moved_to

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 13), date(2026, 3, 16), date(2026, 3, 17)
PLAIN = Calendar()


@pytest.mark.parametrize(
    ("told", "counted", "today", "act_on", "after"),
    [
        (TUESDAY, date(2026, 3, 18), MONDAY, None, date(2026, 3, 18)),  # longer, in time
        (TUESDAY, date(2026, 3, 18), TUESDAY, None, date(2026, 3, 18)),  # longer, on its last day
        (MONDAY, TUESDAY, TUESDAY, None, MONDAY),  # passed, nobody knows when it was ordered
        (MONDAY, TUESDAY, TUESDAY, TUESDAY, MONDAY),  # passed, ordered afterwards
        (MONDAY, TUESDAY, TUESDAY, MONDAY, TUESDAY),  # passed, and yet ordered in time
        (MONDAY, FRIDAY, TUESDAY, FRIDAY, MONDAY),  # passed: it gets no later than it is
        (TUESDAY, MONDAY, FRIDAY, None, MONDAY),  # shorter, still ahead
        (TUESDAY, FRIDAY, MONDAY, None, MONDAY),  # shorter, but never before today
        (TUESDAY, FRIDAY, date(2026, 3, 14), None, MONDAY),  # nor on a Saturday
        (MONDAY, MONDAY, FRIDAY, None, MONDAY),  # the same
    ],
)
def test_a_date_moves_as_far_as_the_law_lets_it(told, counted, today, act_on, after):
    assert moved_to(told, counted, today, act_on, PLAIN) == after


def test_today_counts_only_where_it_is_worked():
    closed = PLAIN.with_closures(Closure(FRIDAY, ClosureKind.FULL_DAY, "Día cívico"))
    assert moved_to(TUESDAY, date(2026, 3, 12), FRIDAY, None, closed) == MONDAY
