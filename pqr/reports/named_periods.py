"""Of which months is a report?  Quarters, half-years and years by the calendar (law.md §5). Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pqr.terms.spanish import long_date

QUARTER, HALF, YEAR = 3, 6, 12  # months
_LETTERS = {QUARTER: "T", HALF: "S"}
_NAME = re.compile(r"(?P<year>20\d{2})(?:-(?P<letter>[TS])(?P<number>[1-4]))?", re.ASCII)


@dataclass(frozen=True)
class NamedPeriod:
    """Both days included. `name`: as its address carries it, "2026-T3", "2026-S2", "2026"."""

    name: str
    start: date
    end: date

    @property
    def words(self) -> str:
        """ "1 de julio al 30 de septiembre de 2026"."""
        first, last = _day(self.start), _day(self.end)
        return f"{first.removesuffix(f' de {self.end.year}')} al {last}"


def _day(day: date) -> str:
    return long_date(day).split(" ", 1)[1]


def period_of(day: date, months: int) -> NamedPeriod:
    """The period of that many months that this day is in."""
    number = (day.month - 1) // months
    last = (number + 1) * months
    start = date(day.year, number * months + 1, 1)
    end = date(day.year, last, monthrange(day.year, last)[1])
    name = f"{day.year}-{_LETTERS[months]}{number + 1}" if months in _LETTERS else str(day.year)
    return NamedPeriod(name, start, end)


def period_before(day: date, months: int) -> NamedPeriod:
    """The latest period of that many months that ended before this day."""
    return period_of(period_of(day, months).start - timedelta(days=1), months)


def read_period(name: str, months: int) -> NamedPeriod | None:
    """The period with this name; None where there is none of that many months."""
    found = _NAME.fullmatch(name)
    if found is None or (found["letter"] or "") != _LETTERS.get(months, ""):
        return None
    number = int(found["number"] or 1)
    return period_of(date(int(found["year"]), number * months, 1), months) if number * months <= YEAR else None


def between(start: date, end: date) -> NamedPeriod:
    """Any days; a period of the calendar keeps its name."""
    for months in (QUARTER, HALF, YEAR):
        if (whole := period_of(start, months)) and (whole.start, whole.end) == (start, end):
            return whole
    return NamedPeriod(f"{start}_{end}", start, end)
