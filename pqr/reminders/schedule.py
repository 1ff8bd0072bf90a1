"""Which step of the ladder has a term reached today?  Pure.

A step is reached when so few days are left, not on one exact day: a worker that was off for a week still reminds.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from pqr.terms.calendar import BOGOTA, Calendar

WORKING_HOURS = (time(7), time(18))
MAYOR_AFTER = 3  # business days overdue
LAST_STEPS = 3  # business days before the end: from then on there are steps beside the half of the term


@dataclass(frozen=True)
class Step:
    """A rung. `name` is unique within a term; `days_left` in business days, negative when late."""

    name: str
    days_left: int

    @property
    def overdue(self) -> bool:
        """Whether the term has passed: then Control Interno reads it too."""
        return self.days_left < 0

    @property
    def reaches_the_mayor(self) -> bool:
        """Whether it has been late for so long that the alcalde reads it too."""
        return self.days_left < -MAYOR_AFTER


def steps_reached(whole: int, due_on: date, today: date, calendar: Calendar) -> tuple[Step, ...]:
    """Every step the term has reached by today, the latest last; only that one is worth a letter.

    `whole`: business days of the term.
    """
    left = calendar.business_days_between(today, due_on)
    steps = []
    if left * 2 <= whole:
        steps.append(Step("half", left))
    last_steps = ((LAST_STEPS, "three_days"), (1, "one_day"), (0, "due_today"))
    steps += [Step(name, left) for days, name in last_steps if left <= days]
    if left < 0:
        steps.append(Step(f"overdue_{-left}", left))
    return tuple(steps)


def contribution_is_near(due_on: date, asked_on: date, today: date, calendar: Calendar) -> bool:
    """Whether a contribution is worth a letter today: the business day before and the day itself; once late, the
    morning digest says so.
    """
    return asked_on < today <= due_on and calendar.business_days_between(today, due_on) <= 1


def may_write(now: datetime, calendar: Calendar) -> bool:
    """Reminders leave on business days in working hours, never at midnight or on a Sunday."""
    local = now.astimezone(BOGOTA)
    start, end = WORKING_HOURS
    return calendar.is_business_day(local.date()) and start <= local.time() < end
