"""Until when may one office wait for another's contribution?  An internal date: the petitioner's term never moves.

Pure. No law fixes it; what it must leave is time to write the answer.
"""

from datetime import date

from pqr.terms.calendar import Calendar

USUAL = 5  # business days to write a contribution
TO_ANSWER = 3  # business days left afterwards to write the answer


def proposed(today: date, due_on: date, calendar: Calendar) -> date:
    """The business day to propose: `USUAL` days, less where the case is due soon, and never after `latest`."""
    left = calendar.business_days_between(today, due_on)
    days = max(1, min(USUAL, max(left - TO_ANSWER, left // 2)))
    return min(calendar.nth_business_day_after(today, days), latest(today, due_on, calendar))


def latest(today: date, due_on: date, calendar: Calendar) -> date:
    """The last day that may be given: the case's due date; of an overdue case the next business day."""
    return due_on if due_on >= today else calendar.next_business_day(today)


def is_allowed(day: date, today: date, due_on: date, calendar: Calendar) -> bool:
    """Whether it is a business day from today on and not after the latest one."""
    return today <= day <= latest(today, due_on, calendar) and calendar.is_business_day(day)
