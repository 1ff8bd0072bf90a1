"""Which days does a report cover, and which does it compare them with?  Bogotá dates, both ends included. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pqr.terms.months import last_of, later

FIRST_DAY = date(2000, 1, 1)  # nothing of this service is older
LONGEST = 20  # years


@dataclass(frozen=True)
class Period:
    """From `start` to `end`."""

    start: date
    end: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month that it touches."""
        return tuple(_months(self.start, self.end))

    @property
    def is_whole(self) -> bool:
        """Whether it begins and ends with a month."""
        return self.start.day == 1 and (self.end + timedelta(days=1)).day == 1

    def within(self, month: date) -> "Period":
        """The days that it has of that month, which it touches."""
        return Period(max(self.start, month), min(self.end, last_of(month)))

    def covers(self, month: date) -> bool:
        """Whether it has the whole month."""
        return self.start <= month and last_of(month) <= self.end

    @property
    def previous(self) -> "Period":
        """As many months before it where it is made of whole ones, else as many days."""
        end = self.start - timedelta(days=1)
        if self.is_whole:
            return Period(later(self.start, -len(self.months)), end)
        return Period(end - (self.end - self.start), end)


def month_key(day: date) -> str:
    """ "2026-03"."""
    return day.isoformat()[:7]


def _months(start: date, end: date) -> Iterator[date]:
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = later(month, 1)


def usual(today: date) -> dict[str, Period]:
    """The periods that people ask for, by their name."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    half = date(today.year, (today.month - 1) // 6 * 6 + 1, 1)
    return {
        "Este mes": Period(today.replace(day=1), last_of(today)),
        "Trimestre pasado": Period(later(quarter, -3), quarter - timedelta(days=1)),
        "Semestre pasado": Period(later(half, -6), half - timedelta(days=1)),
        "Este año": Period(date(today.year, 1, 1), date(today.year, 12, 31)),
        "Año pasado": Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }


def read_period(since: str, until: str, today: date) -> tuple[Period, str]:
    """What was typed, corrected where that cannot be, and the sentence that says so; nothing typed is this year."""
    year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
    try:
        start = date.fromisoformat(since.strip()) if since.strip() else None
        end = date.fromisoformat(until.strip()) if until.strip() else None
    except ValueError:
        return year, "No se entendió la fecha; se muestra el año en curso."
    if start is None:
        start = year.start if end is None else date(end.year, 1, 1)
    if end is None:
        end = max(year.end, start)
    if end < start:
        return _bounded(end, start, "El periodo terminaba antes de empezar: se invirtieron las fechas.")
    return _bounded(start, end, "")


def _bounded(start: date, end: date, said: str) -> tuple[Period, str]:
    first, most = max(start, FIRST_DAY), max(start, FIRST_DAY).year + LONGEST
    last = max(min(end, date(min(most, 9990), 12, 31)), first)
    if (first, last) == (start, end):
        return Period(start, end), said
    bounds = f"El periodo se recortó: empieza como pronto en {FIRST_DAY.year} y dura a lo sumo {LONGEST} años."
    return Period(first, last), f"{said} {bounds}".strip()
