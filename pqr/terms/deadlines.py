"""When is it due, and how is that date explained?

The only counting of terms in the service: screens, letters, reminders and reports all ask here. Business days
by CPACA arts. 14 and 21 and Ley 4 de 1913, art. 62; months by its art. 59. It does not know what day it is
today, and suspending and resuming a term is not its matter.
"""

import re
from collections.abc import Iterator
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
    in_bogota,
    receipt_date,
)
from pqr.terms.spanish import counted, long_date, long_hour

__all__ = [
    "CALENDAR_DAY",
    "ClosingRule",
    "DueDate",
    "ExtensionTooLong",
    "SkippedDay",
    "business_days_left",
    "due_date",
    "explain",
    "is_overdue",
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
    due_on = _last_day(day_zero, total, term.unit, calendar)
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
        allowed = f"hasta {_amount(term.extension, term.unit)}" if term.extension else "ninguna"
        asked = _amount(extension, term.unit)
        raise ExtensionTooLong(f"{term.label}: la ley permite {allowed} de prórroga y se pidió {asked}.")


def _last_day(day_zero: date, length: int, unit: Unit, calendar: Calendar) -> date:
    if unit is Unit.MONTHS:
        return calendar.add_months(day_zero, length)
    return calendar.nth_business_day_after(day_zero, length)


def _first_that_may_be_lost(day_zero: date, length: int, unit: Unit) -> date:
    # Months take holidays in; only at their end can a closed day push the date on.
    return same_day_of_month(day_zero, length) if unit is Unit.MONTHS else day_zero + timedelta(days=1)


def _amount(length: int, unit: Unit) -> str:
    if unit is Unit.MONTHS:
        return counted(length, "mes", "meses")
    return counted(length, "día hábil", "días hábiles")


def explain(due: DueDate) -> tuple[str, ...]:
    """The due date in Spanish sentences for a citizen, in the order of counting on a wall calendar."""
    steps = _explain_months(due) if due.unit is Unit.MONTHS else _explain_business_days(due)
    return (
        *_explain_receipt(due),
        *steps,
        f"Se contó con el calendario de días hábiles {due.calendar_version}.",
    )


def _explain_receipt(due: DueDate) -> Iterator[str]:
    local = in_bogota(due.received_at)
    yield f"Se recibió el {long_date(local.date())} a {long_hour(local.time())}, hora de Colombia."
    yield _explain_rule(due.rule)
    yield from _explain_skipped(due, local.date(), due.day_zero)
    yield f"Por eso cuenta como recibido el {long_date(due.day_zero)}; ese día aún no se cuenta en el plazo."


def _explain_rule(rule: ClosingRule) -> str:
    if rule.closes_at is None:
        return "Vale la fecha de llegada, a cualquier hora y en cualquier día (CPACA, art. 15, parágrafo 1)."
    return (
        f"Lo que llega en un día hábil hasta {long_hour(rule.closes_at)} vale ese mismo día; "
        "lo que llega después, o en un día no hábil, vale el siguiente día hábil (CPACA, art. 54)."
    )


def _explain_length(due: DueDate) -> str:
    total = due.length + due.extension
    extended = f", más {due.extension} de prórroga: {total} en total" if due.extension else ""
    return f"El plazo es de {_amount(due.length, due.unit)}{extended}. Norma: {due.source}."


def _explain_business_days(due: DueDate) -> Iterator[str]:
    total = due.length + due.extension
    first = _day_of_term(due, 1)
    yield _explain_length(due)
    yield from _explain_skipped(due, due.day_zero + timedelta(days=1), first)
    yield f"El día 1 es el siguiente día hábil: {long_date(first)}."
    yield from _explain_skipped(due, first, due.due_on)
    yield _explain_sum(due, first)
    if due.extension:
        notice = long_date(_day_of_term(due, due.length))
        yield f"La prórroga se avisa, con sus razones, a más tardar el {notice}, que es el día {due.length}."
    yield f"El día {total}, el último, es el {long_date(due.due_on)}; el plazo termina al final de ese día."


def _explain_sum(due: DueDate, first: date) -> str:
    business = due.length + due.extension
    days = (due.due_on - first).days + 1
    lost = sum(each.day > first for each in due.skipped)
    weekends = f"{days - business - lost} de sábado o domingo"
    others = counted(lost, "festivo o cierre", "festivos o cierres")
    return (
        f"Desde el día 1 hasta el último hay {counted(days, 'día', 'días')}: "
        f"{_amount(business, due.unit)}, {weekends} y {others}."
    )


def _explain_months(due: DueDate) -> Iterator[str]:
    total = due.length + due.extension
    end = same_day_of_month(due.day_zero, total)
    yield _explain_length(due)
    yield "Los meses se cuentan por el calendario, con sábados, domingos y festivos (Ley 4 de 1913, art. 59)."
    clamped = ", porque ese mes no tiene más días" if end.day < due.day_zero.day else ""
    yield f"{_amount(total, due.unit)} después de ese día es el {long_date(end)}{clamped}."
    yield from _explain_skipped(due, end, due.due_on)
    if due.due_on > end:
        yield "Como no es un día hábil, el plazo pasa al siguiente que sí lo es (Ley 4 de 1913, art. 62)."
    yield f"El último día es el {long_date(due.due_on)}; el plazo termina al final de ese día."


def _explain_skipped(due: DueDate, start: date, end: date) -> Iterator[str]:
    for each in due.skipped:
        if start <= each.day < end:
            yield f"El {long_date(each.day)} no se cuenta: {each.reason.rstrip('.')}."


def _day_of_term(due: DueDate, n: int) -> date:
    # Counted from what was stored and not from today's calendar: the explanation is of that date.
    lost = {each.day for each in due.skipped}
    day = due.day_zero
    while n:
        day += timedelta(days=1)
        n -= day.weekday() < 5 and day not in lost
    return day
