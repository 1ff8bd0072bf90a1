"""When does a month begin and end, here?  By Bogotá's calendar. Pure."""

from datetime import date, datetime, time, timedelta

from pqr.terms.calendar import BOGOTA


def later(day: date, months: int) -> date:
    """The first day of the month that many months after that of `day`; 0: of its own."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_of(month: date) -> date:
    """The last day of the month of that day."""
    return later(month, 1) - timedelta(days=1)


def midnight(day: date) -> datetime:
    """When the day begins in Bogotá."""
    return datetime.combine(day, time.min, BOGOTA)
