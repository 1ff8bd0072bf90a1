"""How is a due date explained to a person?  In Spanish sentences, in the order of counting on a wall calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from pqr.terms.calendar import same_day_of_month
from pqr.terms.clock import Cause, Clock, Stretch
from pqr.terms.deadlines import ClosingRule, DueDate, amount
from pqr.terms.kinds import Unit
from pqr.terms.receipt import closed_weekdays, in_bogota
from pqr.terms.spanish import counted, long_date, long_hour


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
    return f"El plazo es de {amount(due.length, due.unit)}{extended}. Norma: {due.source}."


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
        f"{amount(business, due.unit)}, {weekends} y {others}."
    )


def _explain_months(due: DueDate) -> Iterator[str]:
    total = due.length + due.extension
    end = same_day_of_month(due.day_zero, total)
    yield _explain_length(due)
    yield "Los meses se cuentan por el calendario, con sábados, domingos y festivos (Ley 4 de 1913, art. 59)."
    clamped = ", porque ese mes no tiene más días" if end.day < due.day_zero.day else ""
    yield f"{amount(total, due.unit)} después de ese día es el {long_date(end)}{clamped}."
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


def explain_clock(clock: Clock) -> tuple[str, ...]:
    """The due date in force in Spanish sentences that add up to it; as `explain` where nothing suspended the term."""
    if not clock.suspensions:
        return explain(clock.term)
    return (
        *_explain_receipt(clock.term),
        _explain_length(clock.term),
        *_explain_stretches(clock),
        *_explain_end(clock),
        f"Se contó con el calendario de días hábiles {clock.calendar.version}.",
    )


def _explain_stretches(clock: Clock) -> Iterator[str]:
    counted_before = 0
    for number, stretch in enumerate(clock.stretches):
        yield from _explain_stretch(clock, stretch, counted_before)
        counted_before += stretch.days
        if number < len(clock.suspensions):
            yield from _explain_suspension(clock, number, counted_before)


def _explain_stretch(clock: Clock, stretch: Stretch, before: int) -> Iterator[str]:
    if not stretch.days:
        yield f"Hasta el {long_date(stretch.end)} no se contó ningún día."
    elif clock.term.unit is Unit.MONTHS:
        span = f"Desde el {long_date(stretch.start)} hasta el {long_date(stretch.end)}"
        yield f"{span} se cuentan {_days(stretch.days, clock.term.unit)}."
    else:
        first = clock.calendar.next_business_day(stretch.start)
        yield from _explain_closed(clock, stretch.start, first)
        yield f"El día {before + 1} es el {long_date(first)}."
        yield from _explain_closed(clock, first, stretch.end)
        yield _explain_sum_of(clock, first, stretch, before)


def _explain_sum_of(clock: Clock, first: date, stretch: Stretch, before: int) -> str:
    days = (stretch.end - first).days + 1
    lost = len(closed_weekdays(first, stretch.end + timedelta(days=1), clock.calendar))
    others = counted(lost, "festivo o cierre", "festivos o cierres")
    return (
        f"Desde el día {before + 1} hasta el {long_date(stretch.end)} hay {counted(days, 'día', 'días')}: "
        f"{_days(stretch.days, clock.term.unit)}, {days - stretch.days - lost} de sábado o domingo y {others}."
    )


def _explain_closed(clock: Clock, after: date, until: date) -> Iterator[str]:
    for each in closed_weekdays(after + timedelta(days=1), until + timedelta(days=1), clock.calendar):
        yield f"El {long_date(each.day)} no se cuenta: {each.reason.rstrip('.')}."


def _explain_suspension(clock: Clock, number: int, gone: int) -> Iterator[str]:
    each, unit = clock.suspensions[number], clock.term.unit
    happened, ended = _HAPPENED[each.cause]
    asked_on = long_date(in_bogota(each.requested_at).date())
    yield f"El {asked_on} {happened}: el plazo se suspende desde el día siguiente ({clock.article(each.cause)})."
    if each.resumed_at is None:
        left = _days(max(clock.total - gone, 1), unit)
        yield f"Van {_days(gone, unit)}; quedan {left} para cuando se reactive. Mientras tanto no corre ninguno."
        return
    start, resumed_on = clock.stretches[number + 1].start, in_bogota(each.resumed_at).date()
    moved = f", que cuenta como recibido el {long_date(start)}" if start != resumed_on else ""
    yield f"El {long_date(resumed_on)} {ended}{moved}; el plazo se reactiva después de ese día."
    left_over = clock.total - gone
    if left_over > 0:
        yield f"De {_days(clock.total, unit)} van {gone}: quedan {left_over}."
    else:
        yield f"De {_days(clock.total, unit)} van {gone}: no quedaba ninguno y se da 1 día hábil para responder."


def _explain_end(clock: Clock) -> Iterator[str]:
    if clock.due_on is None:
        yield "Por eso ahora no hay fecha límite: se sabrá cuando el plazo se reactive."
        return
    days = [stretch.days for stretch in clock.stretches]
    if clock.extension:
        notice, length = long_date(clock.day(clock.term.length)), clock.term.length
        yield f"La prórroga se avisa, con sus razones, a más tardar el {notice}, que es el día {length}."
    yield f"En total: {' + '.join(map(str, days))} = {_days(sum(days), clock.term.unit)}."
    planned = clock.stretches[-1].start + timedelta(days=days[-1])
    if clock.term.unit is Unit.MONTHS and planned != clock.due_on:
        yield from _explain_closed(clock, planned - timedelta(days=1), clock.due_on - timedelta(days=1))
        yield f"El {long_date(planned)} no es un día hábil: el plazo pasa al siguiente (Ley 4 de 1913, art. 62)."
    yield f"El último día es el {long_date(clock.due_on)}; el plazo termina al final de ese día."


def _days(number: int, unit: Unit) -> str:
    if unit is Unit.MONTHS:
        return counted(number, "día de calendario", "días de calendario")
    return amount(number, unit)


_HAPPENED = {
    Cause.COMPLETION: ("se le pidió a la persona completar la petición", "la persona la completó"),
    Cause.CLARIFICATION: ("se le pidió a la persona aclarar lo que solicita", "la persona lo aclaró"),
    Cause.COMPETENCE: ("se planteó un conflicto de competencia", "se decidió quién es competente"),
    Cause.RECUSAL: ("se planteó un impedimento o una recusación", "se decidió quién resuelve"),
}
