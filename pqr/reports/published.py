"""What may everybody see of the figures?  Sums of whole quarters that have ended, in each of which no group is small.

Every number that is published is made of numbers of quarters that are published too, so that no two periods can be
taken from one another to find a small one; a quarter under way is not told apart, as its figures change by one petition
at a time. See `suppression`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.indicator import Line, Share
from pqr.reports.periods import Period
from pqr.reports.suppression import FEWEST_SHOWN, suppress, suppress_table
from pqr.terms.months import last_of, later

PARTS = ("answered_in_time", "others")
SHOWN = ("kind", "channel", "secretaria", "topic", "place", "priority")
ALONE = (
    "overdue", "transferred", "transferred_in_time", "denied", "withdrawn_express", "withdrawn_tacit",
    "archived_unclear", "extended", "anonymous", "reserved", "verbal", "priority", "duplicates", "voided",
)  # fmt: skip


@dataclass(frozen=True)
class PublicRow:
    """What is published of one value: how many were received, and of these each of `PARTS`; None: hidden."""

    value: str
    received: int | None
    parts: Mapping[str, int | None]

    @property
    def tells(self) -> bool:
        """Whether anything of it is published."""
        return any(count is not None for count in (self.received, *self.parts.values()))


@dataclass(frozen=True)
class Published:
    """`quarters`: what it is made of. `alone`: measures of all; `opinions`: who said so, and of how many."""

    quarters: Sequence[Period]
    tables: Mapping[str, Sequence[PublicRow]]
    alone: Mapping[str, int | None]
    opinions: Mapping[str, tuple[int | None, int | None]]


def quarter_of(day: date) -> Period:
    """The quarter of that day."""
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(start, last_of(later(start, 2)))


def to_quarters(period: Period) -> Period:
    """The period with the whole of its first and last quarter."""
    return Period(quarter_of(period.start).start, quarter_of(period.end).end)


def ended_quarters(period: Period, today: date) -> list[Period]:
    """Those of the period that are over, in order."""
    found, each = [], quarter_of(period.start)
    while each.end <= period.end and each.end < today:
        found.append(each)
        each = quarter_of(each.end + timedelta(days=1))
    return found


def is_publishable(period: Period, today: date) -> bool:
    """Whether it is made of whole quarters that are over."""
    return period == to_quarters(period) and period.end < today


def publish(session: Session, period: Period, office: Office, today: date) -> Published:
    """What is published of the period, which is made of whole quarters."""
    quarters = ended_quarters(period, today)
    each = [figures(session, Asking(quarter), office, today) for quarter in quarters]
    return Published(
        quarters,
        {dimension: _rows(each, dimension) for dimension in SHOWN},
        {key: _sum(_alone(found.whole[key]) for found in each) for key in ALONE},
        {name: _shares([getattr(found.opinions, name) for found in each]) for name in ("answered", "solved")},
    )


def hide_small(lines: Sequence[Line]) -> list[Line]:
    """The lines, with no figure in the place of what would tell of a few.

    How many of a group were received in time says something of the entity and nothing of them: only the group counts.
    """
    shown = suppress({line.key: line.reception.denominator for line in lines})
    none = Share(0, 0)
    return [line if shown[line.key] is not None else Line(line.key, none, none) for line in lines]


def _two(share: Share) -> dict[str, int]:
    return {"in": share.numerator, "out": share.denominator - share.numerator}


def _rows(each: Sequence[Figures], dimension: str) -> list[PublicRow]:
    tables = [suppress_table(_counts(found, dimension)) for found in each]
    values = dict.fromkeys(value for table in tables for value in table.cells)
    rows = [
        PublicRow(
            value,
            _sum(table.by_row.get(value, 0) for table in tables),
            {part: _sum(table.cells[value][part] if value in table.cells else 0 for table in tables) for part in PARTS},
        )
        for value in values
    ]
    return sorted(rows, key=lambda row: (-(row.received or 0), row.value))


def _counts(found: Figures, dimension: str) -> dict[str, dict[str, int]]:
    """By value and part; what nobody asked for is not there."""
    counts = {}
    for value, tally in found.by.get(dimension, {}).items():
        if tally["received"]:
            in_time = tally["answered_in_time"]
            counts[value] = {"answered_in_time": in_time, "others": tally["received"] - in_time}
    return counts


def _alone(count: int) -> int | None:
    return None if 0 < count < FEWEST_SHOWN else count


def _shares(shares: Sequence[Share]) -> tuple[int | None, int | None]:
    yes = [suppress(_two(share))["in"] for share in shares]
    return _sum(yes), _sum(_alone(share.denominator) for share in shares)


def _sum(counts: Iterable[int | None]) -> int | None:
    """None as soon as one of them is hidden."""
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)
