"""What do the figures of a period say?  One answer for every page, report and file: see `measures` for what each is.

found = figures(session, Asking(Period(start, end), {"kind": "queja"}), office, today)
found.whole["received"], found.rate("timeliness").numerator, found.by["secretaria"]["hacienda"]["overdue"]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reports.conditions import Asked
from pqr.reports.counting import Filters, count_mails, count_tickets, waiting_mails
from pqr.reports.indicator import Share
from pqr.reports.keeping import can_be_kept, changed_months, read_kept
from pqr.reports.measures import RATES, SUMS
from pqr.reports.opinions import Opinions, opinions
from pqr.reports.periods import Period
from pqr.reports.tallies import Cells, Tally, add_all


@dataclass(frozen=True)
class Asking:
    """Whose figures: of what was received in the period and has all the values of the filters (see `DIMENSIONS`)."""

    period: Period
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """The figures of the period: of all, and by dimension and value. `month` is a dimension too, "2026-03" a value.

    A value that nothing has is not there: `of` gives zeros.
    """

    asking: Asking
    whole: Tally
    by: Mapping[str, Mapping[str, Tally]]
    opinions: Opinions

    def of(self, dimension: str, value: str) -> Tally:
        """The figures of one value."""
        return self.by.get(dimension, {}).get(value, Tally())

    def rate(self, key: str) -> Share:
        """A rate of all."""
        return rate_of(self.whole, key)

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.whole["arrived"] or self.whole["numbered"])


def rate_of(tally: Tally, key: str) -> Share:
    """A rate of `RATES` as the fraction that it is."""
    return tally.share(RATES[key].numerator, RATES[key].denominator)


def figures(session: Session, asking: Asking, office: Office, today: date) -> Figures:
    """The figures as they are today."""
    asked, period, filters = Asked(today, office.reception_days), asking.period, asking.filters
    cells = _tickets(session, period, filters, asked)
    mails = waiting_mails(session, period, filters)
    add_all(cells, [count_mails(mails).cells()])
    for by in cells.values():
        for tally in by.values():
            _complete(tally, today)
    whole = cells.pop("", {}).get("", Tally())
    return Figures(asking, whole, cells, opinions(session, period, filters))


def _complete(tally: Tally, today: date) -> None:
    """Adds what the day makes of those that wait, and the sums."""
    overdue = sum(times for day, times in tally.due.items() if day < today.isoformat())
    tally.counts |= {"overdue": overdue, "pending_in_time": sum(tally.due.values()) - overdue}
    for measure in SUMS:
        tally.counts[measure.key] = sum(tally[part] for part in measure.parts)


def _tickets(session: Session, period: Period, filters: Filters, asked: Asked) -> Cells:
    """What no day changes: as it was kept where it may be, counted where not."""
    changed = changed_months(session, asked) if can_be_kept(filters) else None
    if changed is None:
        return count_tickets(session, [period], filters, asked).cells()
    kept = [month for month in period.months if period.covers(month) and month not in changed]
    counted = [period.within(month) for month in period.months if month not in kept]
    found = read_kept(session, kept, filters)
    if counted:
        found.append(count_tickets(session, counted, filters, asked).cells())
    return add_all({}, found)
