"""Is a ticket's clock running, when was it stopped, and on which day does it end?

One clock a ticket, made of its facts: receipt, term, one extension, suspensions, end. A verb gives the next clock or
raises `ClockRefusal`, which names the article and the date. A suspended term goes on with the days that were left
(CPACA arts. 14, 17, 19, 12 and 39); months, of which the law says nothing here, with the calendar days left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from pqr.terms.calendar import Calendar, same_day_of_month
from pqr.terms.completing import completing
from pqr.terms.deadlines import DueDate, ExtensionTooLong, due_date, is_overdue
from pqr.terms.kinds import Unit
from pqr.terms.receipt import CALENDAR_DAY, ClosingRule, in_bogota, receipt_date
from pqr.terms.spanish import long_date

DAYS_TO_CLARIFY = 10  # business days, CPACA art. 19


class ClockRefusal(ValueError):
    """The law does not let the clock do this now; says the article and the date, in Spanish."""


class Cause(StrEnum):
    """Why a term may stand still."""

    COMPLETION = "completion"
    CLARIFICATION = "clarification"
    COMPETENCE = "competence"
    RECUSAL = "recusal"


ARTICLES: Mapping[Cause, str] = {  # of a completion, see `Clock.article`
    Cause.CLARIFICATION: "CPACA, art. 19",
    Cause.COMPETENCE: "CPACA, art. 39",
    Cause.RECUSAL: "CPACA, art. 12",
}
ASKED_OF_THE_PERSON = frozenset({Cause.COMPLETION, Cause.CLARIFICATION})


@dataclass(frozen=True)
class Suspension:
    """The term stands still after the day of `requested_at`, which counts, until `resumed_at`; None: still."""

    cause: Cause
    requested_at: datetime
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """Days in a row that the term counted: `days` of them after `start` (not counted) up to `end` (counted)."""

    start: date
    end: date
    days: int


@dataclass(frozen=True)
class Clock:
    """The facts of one term. `code`: of its kind or step. Instants carry their offset; `suspensions` in order."""

    code: str
    received_at: datetime
    calendar: Calendar
    rule: ClosingRule = CALENDAR_DAY
    extension: int = 0
    suspensions: tuple[Suspension, ...] = ()
    stopped_at: datetime | None = None

    @cached_property
    def term(self) -> DueDate:
        """The term as it would run without suspensions. Raises as `due_date`."""
        return due_date(self.code, self.received_at, self.calendar, self.rule, self.extension)

    @property
    def total(self) -> int:
        """Days of the whole term: business days, or the calendar days of its months."""
        if self.term.unit is Unit.MONTHS:
            months = self.term.length + self.term.extension
            return (same_day_of_month(self.term.day_zero, months) - self.term.day_zero).days
        return self.term.length + self.term.extension

    @property
    def suspended(self) -> Suspension | None:
        """The suspension in force."""
        last = self.suspensions[-1] if self.suspensions else None
        return last if last is not None and last.resumed_at is None else None

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """What was counted and what is still to be counted, in order; the last is the running one, if it runs."""
        start, found = self.term.day_zero, list[Stretch]()
        for each in self.suspensions:
            asked_on = in_bogota(each.requested_at).date()
            found.append(Stretch(start, asked_on, self._counted(start, asked_on)))
            if each.resumed_at is None:
                return tuple(found)
            start = receipt_date(each.resumed_at, self.rule, self.calendar)
        left = max(self.total - sum(stretch.days for stretch in found), 1)
        return (*found, Stretch(start, self._last_day(start, left), left))

    @property
    def due_on(self) -> date | None:
        """The last day of the term; None while it is suspended."""
        return None if self.suspended else self.stretches[-1].end

    @property
    def elapsed(self) -> int:
        """Days counted up to the last suspension."""
        return sum(stretch.days for stretch in self.stretches[: len(self.suspensions)])

    @property
    def left_none(self) -> bool:
        """No day was left at the last resumption: one was given, since the law says nothing, and somebody must see."""
        return bool(self.suspensions) and not self.suspended and self.elapsed >= self.total

    def used_by(self, day: date) -> int:
        """Days counted up to that day (included), without the suspended ones; beyond the term when it is late."""
        stood = self.stretches[: len(self.suspensions)]
        used = sum(self._counted(each.start, min(each.end, day)) for each in stood)
        return used if self.suspended else used + self._counted(self.stretches[-1].start, day)

    def day(self, n: int) -> date:
        """The date of day n of a term in business days; the last day where the term has fewer."""
        for stretch in self.stretches:
            if n <= stretch.days:
                return self.calendar.nth_business_day_after(stretch.start, n)
            n -= stretch.days
        return self.stretches[-1].end

    def ask_until(self) -> date:
        """The last day to ask the petitioner to complete the petition."""
        return self.calendar.nth_business_day_after(self.term.day_zero, completing(self.code).ask.length)

    def article(self, cause: Cause) -> str:
        """The norm by which this clock stands still for that."""
        return completing(self.code).article if cause is Cause.COMPLETION else ARTICLES[cause]

    def suspend(self, cause: Cause, at: datetime) -> "Clock":
        """Stands still from the day after `at`. Raises ClockRefusal."""
        article, today = self.article(cause), in_bogota(at).date()
        self._must_run(at)
        before = [each for each in self.suspensions if each.cause is cause]
        if before and cause in ASKED_OF_THE_PERSON:
            asked_on = long_date(in_bogota(before[0].requested_at).date())
            raise ClockRefusal(
                f"Ya se le pidió una vez, el {asked_on}. La ley no prevé pedirlo otra vez ({article}) y, en la duda, "
                "el plazo no se suspende de nuevo: pregunte sin suspenderlo, o responda con lo que hay."
            )
        if cause is Cause.COMPLETION and today > self.ask_until():
            raise ClockRefusal(
                f"Pedirle que complete la petición se podía hasta el {long_date(self.ask_until())}: son "
                f"{completing(self.code).ask.length} días hábiles después de radicada ({article})."
            )
        self._must_be_in_time(today, f"vencido, no se suspende ({article})")
        return replace(self, suspensions=(*self.suspensions, Suspension(cause, at)))

    def resume(self, at: datetime) -> "Clock":
        """Goes on the business day after `at` counts as received. Raises ClockRefusal."""
        last = self.suspended
        if last is None or self.stopped_at is not None:
            raise ClockRefusal("El plazo no está suspendido: no hay nada que reactivar.")
        if at < last.requested_at:
            raise ClockRefusal(
                f"El plazo se suspendió el {long_date(in_bogota(last.requested_at).date())} "
                f"({self.article(last.cause)}): no pudo reactivarse antes."
            )
        return replace(self, suspensions=(*self.suspensions[:-1], replace(last, resumed_at=at)))

    def extend(self, days: int, at: datetime) -> "Clock":
        """More days, once, told before the term ends (CPACA art. 14 par.). Raises ClockRefusal or ExtensionTooLong."""
        self._must_run(at)
        if self.extension:
            raise ClockRefusal("El término ya se prorrogó una vez; la ley no permite otra (CPACA, art. 14, parágrafo).")
        self._must_be_in_time(
            in_bogota(at).date(), "la prórroga debía comunicarse a más tardar ese día (CPACA, art. 14, parágrafo)"
        )
        if days < 1:
            raise ExtensionTooLong(f"Una prórroga es de 1 día hábil o más, no de {days}.")
        longer = replace(self, extension=days)
        if longer.stretches[-1].end <= self.stretches[-1].end:
            raise ClockRefusal("Con tan pocos días la fecha no cambia: pida más (CPACA, art. 14, parágrafo).")
        return longer

    def stop(self, at: datetime) -> "Clock":
        """Ends: the answer was communicated, the petition transferred or withdrawn. Raises ClockRefusal when it had."""
        self._must_not_have_stopped()
        return replace(self, stopped_at=at)

    def _must_not_have_stopped(self) -> None:
        if self.stopped_at is not None:
            raise ClockRefusal(f"El plazo ya terminó el {long_date(in_bogota(self.stopped_at).date())}.")

    def _must_run(self, at: datetime) -> None:
        self._must_not_have_stopped()
        if self.suspended:
            since = long_date(in_bogota(self.suspended.requested_at).date())
            raise ClockRefusal(f"El plazo está suspendido desde el {since} ({self.article(self.suspended.cause)}).")
        begun = self.suspensions[-1].resumed_at if self.suspensions else self.received_at
        if begun is not None and at < begun:
            raise ClockRefusal(f"El plazo corre desde el {long_date(in_bogota(begun).date())}: no se cambia antes.")

    def _must_be_in_time(self, today: date, why: str) -> None:
        due_on = self.stretches[-1].end
        if is_overdue(due_on, today):
            raise ClockRefusal(f"El término venció el {long_date(due_on)}: {why}.")

    def _counted(self, after: date, until: date) -> int:
        if until <= after:
            return 0
        if self.term.unit is Unit.MONTHS:
            return (until - after).days
        return self.calendar.business_days_between(after, until)

    def _last_day(self, start: date, days: int) -> date:
        if self.term.unit is Unit.BUSINESS_DAYS:
            return self.calendar.nth_business_day_after(start, days)
        end = start + timedelta(days=days)
        return end if self.calendar.is_business_day(end) else self.calendar.next_business_day(end)
