"""Which days are business days in this municipality, and why are the others not?

Ley 4 de 1913, art. 62: in terms of days, holidays and days of closure are left out; Saturday and Sunday are
not worked. A closure is a fact decreed by a local act; this file reads none from anywhere, it is given them.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo

from pqr.terms.holidays import national_holidays, rule_fingerprint
from pqr.terms.spanish import weekday_name

BOGOTA = ZoneInfo("America/Bogota")

_DAY = timedelta(days=1)
_CLOSURE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:@(?P<hour>\d{2}:\d{2}))?", re.ASCII)


class ClosureKind(StrEnum):
    """FULL_DAY and TERMS_SUSPENDED take the day away; EARLY_CLOSE only moves that day's closing hour."""

    FULL_DAY = "full_day"
    EARLY_CLOSE = "early_close"
    TERMS_SUSPENDED = "terms_suspended"


@dataclass(frozen=True)
class Closure:
    """A day on which the entity does not attend, or closes early, and the act that says so.

    Raises ValueError for an EARLY_CLOSE without its hour (`closes_at`, Bogotá time).
    """

    day: date
    kind: ClosureKind
    name: str
    act: str = ""
    closes_at: time | None = None

    def __post_init__(self) -> None:
        if self.kind is ClosureKind.EARLY_CLOSE and self.closes_at is None:
            raise ValueError(f"El cierre anticipado del {self.day} no dice a qué hora se cierra.")

    @property
    def reason(self) -> str:
        """The name with its act: "Carnaval (Decreto 1 de 2026)"."""
        return f"{self.name} ({self.act})" if self.act else self.name


def _identity(closure: Closure) -> tuple[str, ...]:
    hour = closure.closes_at.isoformat() if closure.closes_at else ""
    return (closure.day.isoformat(), closure.kind.value, closure.act, closure.name, hour)


@dataclass(frozen=True)
class Calendar:
    """The business days of one entity. The order of the closures changes neither a day nor the version.

    `closures` holds the local ones and, for each of `national_years`, all the national holidays too; other
    years take theirs from the rule (`holidays`), which raises ValueError outside the years it covers.
    """

    closures: tuple[Closure, ...] = ()
    national_years: frozenset[int] = frozenset()

    def with_closures(self, *closures: Closure) -> "Calendar":
        """This calendar and some more closures."""
        return replace(self, closures=(*self.closures, *closures))

    @cached_property
    def _closed(self) -> Mapping[date, Closure]:
        whole_days = [each for each in self.closures if each.kind is not ClosureKind.EARLY_CLOSE]
        return {each.day: each for each in sorted(whole_days, key=_identity, reverse=True)}

    @cached_property
    def _early(self) -> Mapping[date, Closure]:
        early = [each for each in self.closures if each.kind is ClosureKind.EARLY_CLOSE]
        earliest_last = sorted(early, key=lambda each: (each.closes_at or time.max, _identity(each)), reverse=True)
        return {each.day: each for each in earliest_last}

    @cached_property
    def version(self) -> str:
        """A short fingerprint of every day off this calendar knows: "CO-1a2b3c4d"."""
        closures = sorted({_identity(each) for each in self.closures})
        facts = repr((rule_fingerprint(), sorted(self.national_years), closures))
        return f"CO-{sha256(facts.encode()).hexdigest()[:8]}"

    @cached_property
    def _lost_of_years(self) -> dict[int, tuple[date, ...]]:
        return {}

    def lost_weekdays(self, year: int) -> tuple[date, ...]:
        """Mondays to Fridays of that year that are not worked."""
        if year not in self._lost_of_years:
            national = () if year in self.national_years else national_holidays(year)
            closed = (day for day in self._closed if day.year == year)
            self._lost_of_years[year] = tuple(sorted({day for day in (*national, *closed) if day.weekday() < 5}))
        return self._lost_of_years[year]

    def closure_on(self, day: date) -> Closure | None:
        """The holiday or closure that takes the whole day away; None for a plain weekend."""
        if day.year not in self.national_years and (name := national_holidays(day.year).get(day)):
            return Closure(day, ClosureKind.FULL_DAY, name)
        return self._closed.get(day)

    def early_closure_on(self, day: date) -> Closure | None:
        """The closure that moves that day's closing hour; the earliest when there are several."""
        return self._early.get(day)

    def closes_early_at(self, day: date) -> time | None:
        """The Bogotá hour at which attention ends that day, when an act moved it."""
        closure = self._early.get(day)
        return closure.closes_at if closure else None

    def why_closed(self, day: date) -> str | None:
        """ "sábado", "domingo", or the holiday or closure with its act; None when the day is worked."""
        if day.weekday() >= 5:
            return weekday_name(day)
        closure = self.closure_on(day)
        return closure.reason if closure else None

    def is_business_day(self, day: date) -> bool:
        """Neither weekend, nor holiday, nor closed by an act. An early closing does not take the day away."""
        return day.weekday() < 5 and self.closure_on(day) is None

    def next_business_day(self, day: date) -> date:
        """The first business day strictly after `day`."""
        return self.nth_business_day_after(day, 1)

    def nth_business_day_after(self, day: date, n: int) -> date:
        """Day n of a term (n >= 1, else ValueError); `day` itself never counts (CPACA arts. 14 and 21)."""
        if n < 1:
            raise ValueError(f"Un plazo tiene al menos 1 día hábil, no {n}.")
        while n:
            day += _DAY
            n -= self.is_business_day(day)
        return day

    def business_days_between(self, after: date, until: date) -> int:
        """Business days d with after < d <= until; negative when `until` is the earlier of the two."""
        if until < after:
            return -self.business_days_between(until, after)
        years = range(after.year, until.year + 1)
        lost = sum(after < day <= until for year in years for day in self.lost_weekdays(year))
        return _weekdays_up_to(until) - _weekdays_up_to(after) - lost

    def add_months(self, day: date, months: int) -> date:
        """The same day number `months` later, rolled to a business day (Ley 4 de 1913, arts. 59 and 62)."""
        end = same_day_of_month(day, months)
        return end if self.is_business_day(end) else self.next_business_day(end)


def _weekdays_up_to(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)  # day 1 of the proleptic calendar is a Monday
    return 5 * weeks + min(rest, 5)


def same_day_of_month(day: date, months: int) -> date:
    """The same day number some months later, or that month's last day (Ley 4 de 1913, art. 59)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_closures(text: str) -> tuple[Closure, ...]:
    """Reads "2026-12-31@12:00;2027-01-05", an early closing and a closed day.

    Raises ValueError in plain words.
    """
    return tuple(_parse_closure(part.strip()) for part in text.split(";") if part.strip())


def _parse_closure(text: str) -> Closure:
    written = _CLOSURE.fullmatch(text)
    try:
        if written:
            return _closure(date.fromisoformat(written["day"]), written["hour"])
    except ValueError:
        pass  # a 30 February or a 25:00 gets the same explanation
    raise ValueError(
        f'No se entiende el cierre "{text}". Escriba el día así: 2027-01-05; '
        "o, si ese día se cierra antes, con la hora: 2026-12-31@12:00."
    )


def _closure(day: date, hour: str | None) -> Closure:
    if hour is None:
        return Closure(day, ClosureKind.FULL_DAY, "cierre de la entidad")
    return Closure(day, ClosureKind.EARLY_CLOSE, "cierre anticipado", closes_at=time.fromisoformat(hour))
