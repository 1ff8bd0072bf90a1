"""How far may a change of the calendar move a date that somebody was told?  (R2.25 of the law's notes.)

A date is a promise: CPACA art. 14 lets the entity lengthen a term only before it ends and with reasons, and no rule
lets it take back days that a person was given. So, when the calendar changes:

- What has passed stays passed, unless the day off was ordered by an act of that day or of an earlier one: then the date
  had never been the true one. A decree of today does not make yesterday's lateness punctual.
- A date that gets shorter is never put in the past: whoever had until Friday is not late on Wednesday because a
  holiday was struck out. The earliest is today, or the next day that is worked.
"""

from datetime import date, timedelta

from pqr.terms.calendar import Calendar


def moved_to(told: date, counted: date, today: date, act_on: date | None, calendar: Calendar) -> date:
    """The due date from now on. `told`: until now; `counted`: by the changed `calendar`; `act_on`: the act's date."""
    if told < today:
        in_time = act_on is not None and act_on <= told
        return counted if in_time and counted > told else told
    return counted if counted >= told else max(counted, _worked(today, calendar))


def _worked(day: date, calendar: Calendar) -> date:
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    return day
