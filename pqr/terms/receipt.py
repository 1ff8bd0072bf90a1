"""On which day does a message count as received?

Two lawful readings: CPACA art. 15 par. 1 (the date that the medium registered) and CPACA art. 54 (in time
until midnight, radicated the next business day). The entity chooses one, as a `ClosingRule`; the default is
the reading that ends earlier. The true instant is never changed: only the day the term is counted from.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.spanish import long_hour

_OFFICE_HOURS = re.compile(r"office_hours@(\d{2}:\d{2})", re.ASCII)


@dataclass(frozen=True)
class ClosingRule:
    """`closes_at` is the last Bogotá hour of a day's receipts; None: the calendar day counts, at any hour.

    `str()` gives back what `parse` reads.
    """

    closes_at: time | None = None

    @classmethod
    def parse(cls, text: str) -> "ClosingRule":
        """Reads "calendar_day" or "office_hours@18:00". Raises ValueError in plain words."""
        if text == "calendar_day":
            return cls()
        written = _OFFICE_HOURS.fullmatch(text)
        try:
            if written:
                return cls(time.fromisoformat(written[1]))
        except ValueError:
            pass  # 25:00 gets the same explanation
        raise ValueError(f'No se entiende la regla de cierre "{text}": use calendar_day u office_hours@18:00.')

    def __str__(self) -> str:
        return f"office_hours@{self.closes_at:%H:%M}" if self.closes_at is not None else "calendar_day"


CALENDAR_DAY = ClosingRule()


@dataclass(frozen=True)
class SkippedDay:
    """A weekday that a term did not count, and why, in Spanish."""

    day: date
    reason: str


def in_bogota(received_at: datetime) -> datetime:
    """The instant on Bogotá's clock, to the second. Raises ValueError when it carries no offset."""
    if received_at.utcoffset() is None:
        raise ValueError(f"A la fecha y hora {received_at} le falta la zona horaria, por ejemplo -05:00.")
    return received_at.astimezone(BOGOTA).replace(microsecond=0)


def receipt_date(received_at: datetime, rule: ClosingRule, calendar: Calendar) -> date:
    """Day zero: the day on which the receipt counts, which is itself never counted (CPACA art. 14).

    Under office hours the closing hour itself is in time; a second later, or on a closed day, the receipt
    counts on the next business day. An early closing brings that day's hour forward.
    """
    local = in_bogota(received_at)
    if rule.closes_at is None or _is_in_time(local, rule.closes_at, calendar):
        return local.date()
    return calendar.next_business_day(local.date())


def days_moved_over(received_at: datetime, rule: ClosingRule, calendar: Calendar) -> tuple[SkippedDay, ...]:
    """The weekdays from the true receipt up to day zero; empty when the receipt counts on its own day."""
    received_on, day_zero = in_bogota(received_at).date(), receipt_date(received_at, rule, calendar)
    if rule.closes_at is None or received_on == day_zero:
        return ()
    closed = closed_weekdays(received_on, day_zero, calendar)
    if not calendar.is_business_day(received_on):
        return closed
    return (SkippedDay(received_on, _why_late(received_on, rule.closes_at, calendar)), *closed)


def closed_weekdays(first: date, end: date, calendar: Calendar) -> tuple[SkippedDay, ...]:
    """The weekdays lost to holidays and closures, from `first` (included) to `end` (not included)."""
    lost = (day for year in range(first.year, end.year + 1) for day in calendar.lost_weekdays(year))
    return tuple(SkippedDay(day, calendar.why_closed(day) or "") for day in lost if first <= day < end)


def _is_in_time(local: datetime, closes_at: time, calendar: Calendar) -> bool:
    day = local.date()
    return calendar.is_business_day(day) and local.time() <= _closing_hour(day, closes_at, calendar)


def _closing_hour(day: date, closes_at: time, calendar: Calendar) -> time:
    return min(closes_at, calendar.closes_early_at(day) or closes_at)


def _why_late(day: date, closes_at: time, calendar: Calendar) -> str:
    hour, early = _closing_hour(day, closes_at, calendar), calendar.early_closure_on(day)
    if early is None or early.closes_at != hour:
        return f"llegó después de {long_hour(hour)}, la hora de cierre"
    return f"llegó después de {long_hour(hour)}, la hora de cierre de ese día: {early.reason}"
