"""When is it due?

The only counting of terms in the service: screens, letters, reminders and reports all ask here. Business days
by CPACA arts. 14 and 21 and Ley 4 de 1913, art. 62; months by its art. 59. It does not know what day it is
today, and suspending and resuming a term is the matter of `clock`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pqr.terms.calendar import Calendar, same_day_of_month
from pqr.terms.kinds import Term, Unit, term_of
from pqr.terms.receipt import (
    CALENDAR_DAY,
    ClosingRule,
    SkippedDay,
    closed_weekdays,
    days_moved_over,
    receipt_date,
)
from pqr.terms.spanish import counted

__all__ = [
    "CALENDAR_DAY",
    "ClosingRule",
    "DueDate",
    "ExtensionTooLong",
    "SkippedDay",
    "amount",
    "business_days_left",
    "due_date",
    "is_overdue",
    "last_day",
    "receipt_date",
]

_EXTENDED_CODE = re.compile(r"(?P<code>.+)\+ext(?P<extension>\d{1,3})", re.ASCII)


class ExtensionTooLong(ValueError):
    """The law does not allow the kind an extension that long, or any at all."""


@dataclass(frozen=True)
class DueDate:
    """A due date with everything that made it, so that it can be stored, compared and explained later.

    `length` and `extension` are in `unit`. `skipped` holds, in order, the weekdays lost to the closing rule,
    to holidays and to closures; weekends are not listed.
    """

    code: str
    received_at: datetime
    day_zero: date
    due_on: date
    length: int
    extension: int
    unit: Unit
    source: str
    rule: ClosingRule
    calendar_version: str
    skipped: tuple[SkippedDay, ...]


def due_date(
    code: str, received_at: datetime, calendar: Calendar, rule: ClosingRule = CALENDAR_DAY, extension: int = 0
) -> DueDate:
    """The last day of a term. `code` is a kind or a step, perhaps extended: "peticion_general+ext15".

    Raises UnknownTerm, ExtensionTooLong, and ValueError for an instant without offset.
    """
    code, extension = _read_extension(code, extension)
    term = term_of(code)
    _check_extension(term, extension)
    day_zero = receipt_date(received_at, rule, calendar)
    total = term.length + extension
    due_on = last_day(day_zero, total, term.unit, calendar)
    lost_from = _first_that_may_be_lost(day_zero, total, term.unit)
    skipped = days_moved_over(received_at, rule, calendar) + closed_weekdays(lost_from, due_on, calendar)
    return DueDate(
        code=code,
        received_at=received_at,
        day_zero=day_zero,
        due_on=due_on,
        length=term.length,
        extension=extension,
        unit=term.unit,
        source=term.source,
        rule=rule,
        calendar_version=calendar.version,
        skipped=skipped,
    )


def is_overdue(due_on: date, today: date) -> bool:
    """The due day lasts until its midnight in Bogotá (Ley 4 de 1913, arts. 59-61)."""
    return today > due_on


def business_days_left(due_on: date, today: date, calendar: Calendar) -> int:
    """Business days after today up to the due day: 0 on that day, negative when late."""
    return calendar.business_days_between(today, due_on)


def _read_extension(code: str, extension: int) -> tuple[str, int]:
    written = _EXTENDED_CODE.fullmatch(code)
    if written is None:
        return str(code), extension
    if extension:
        raise ValueError(f'La prórroga está dos veces: en el código "{code}" y aparte ({extension}).')
    return written["code"], int(written["extension"])


def _check_extension(term: Term, extension: int) -> None:
    if extension < 0:
        raise ValueError(f"Una prórroga no puede ser negativa: {extension}.")
    if extension > term.extension:
        allowed = f"hasta {amount(term.extension, term.unit)}" if term.extension else "ninguna"
        asked = amount(extension, term.unit)
        raise ExtensionTooLong(f"{term.label}: la ley permite {allowed} de prórroga y se pidió {asked}.")


def last_day(day_zero: date, length: int, unit: Unit, calendar: Calendar) -> date:
    """The day on which so long a time from `day_zero` ends."""
    if unit is Unit.MONTHS:
        return calendar.add_months(day_zero, length)
    return calendar.nth_business_day_after(day_zero, length)


def _first_that_may_be_lost(day_zero: date, length: int, unit: Unit) -> date:
    # Months take holidays in; only at their end can a closed day push the date on.
    return same_day_of_month(day_zero, length) if unit is Unit.MONTHS else day_zero + timedelta(days=1)


def amount(length: int, unit: Unit) -> str:
    """The length of a term in words: "15 días hábiles", "2 meses"."""
    if unit is Unit.MONTHS:
        return counted(length, "mes", "meses")
    return counted(length, "día hábil", "días hábiles")
