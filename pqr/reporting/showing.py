"""How do the figures stand on a page?  Groups, rows in their order, and the change since the period before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pqr.reports.dimensions import DIMENSIONS, MONTH, name_of, names_of
from pqr.reports.figures import Figures, rate_of
from pqr.reports.indicator import Line, Share
from pqr.reports.measures import MEASURES, RATES, Measure, Rate
from pqr.reports.tallies import Tally

GROUPS = {
    "Qué pasó con lo recibido": (
        "received", "answered_in_time", "answered_late", "pending_in_time", "overdue", "suspended", "transferred",
        "withdrawn_express", "withdrawn_tacit", "archived_unclear", "rejected", "by_reference",
    ),
    "De ellas": (
        "extended", "stopped", "transferred_in_time", "denied", "denied_reserved", "duplicates", "anonymous",
        "reserved", "verbal", "priority",
    ),
    "Radicados": ("numbered", "voided", "arrived", "received_in_time", "online"),
}  # fmt: skip
COLUMNS = ("received", "answered_in_time", "answered_late", "pending_in_time", "overdue", "suspended", "transferred")
MOST_ROWS = {"topic": 10, "place": 10}


@dataclass(frozen=True)
class Figure:
    """One measure, now and in the period before."""

    measure: Measure
    now: int
    before: int


@dataclass(frozen=True)
class Fraction:
    """One rate, now and in the period before."""

    rate: Rate
    now: Share
    before: Share

    @property
    def change(self) -> float | None:
        """Percentage points since then; None where one of them is no figure."""
        if self.now.rate is None or self.before.rate is None:
            return None
        return round((self.now.rate - self.before.rate) * 100, 1)


@dataclass(frozen=True)
class Row:
    """One value of a dimension."""

    value: str
    name: str
    tally: Tally
    timeliness: Share


@dataclass(frozen=True)
class Breakdown:
    """The values of a dimension, most petitions first. `more`: how many are not shown."""

    dimension: str
    label: str
    rows: Sequence[Row]
    more: int = 0


def groups(found: Figures, before: Figures) -> Mapping[str, Sequence[Figure]]:
    """Every measure that is shown, in its group."""
    return {
        title: [Figure(MEASURES[key], found.whole[key], before.whole[key]) for key in keys]
        for title, keys in GROUPS.items()
    }


def fractions(found: Figures, before: Figures) -> Sequence[Fraction]:
    """Every rate."""
    return [Fraction(rate, found.rate(key), before.rate(key)) for key, rate in RATES.items()]


def by_month(found: Figures) -> Sequence[Line]:
    """The indicator of each month."""
    months = sorted(found.by.get(MONTH, {}).items())
    return [Line(key, rate_of(tally, "reception"), rate_of(tally, "utilisation")) for key, tally in months]


def breakdowns(session: Session, found: Figures) -> Sequence[Breakdown]:
    """The tables by month and by each dimension that was not filtered by."""
    shown = [MONTH, *(name for name in DIMENSIONS if name not in found.asking.filters)]
    return [_breakdown(session, found, name) for name in shown if found.by.get(name)]


def _breakdown(session: Session, found: Figures, dimension: str) -> Breakdown:
    if dimension == MONTH:
        rows, label, names = sorted(found.by[MONTH].items()), "Mes", {}
    else:
        rows = sorted(found.by[dimension].items(), key=lambda each: (-each[1]["received"], each[0]))
        label, names = DIMENSIONS[dimension].label, dict(names_of(session, dimension))
    rows = [(value, tally) for value, tally in rows if tally["received"] or tally["arrived"]]
    most = MOST_ROWS.get(dimension, len(rows))
    shown = [
        Row(value, name_of(names, dimension, value), tally, rate_of(tally, "timeliness"))
        for value, tally in rows[:most]
    ]
    return Breakdown(dimension, label, shown, max(len(rows) - most, 0))
