"""What has each month come to?  Its counts, kept by a worker, so that a report costs as many months as it covers.

A month's counts are kept whole and for each value of the dimensions with few values. They are true up to an event: a
month with a younger one is counted anew by whoever asks, until the worker has come by. Counts that were made by other
rules than today's are nobody's.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, String, delete, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.reports.conditions import Asked
from pqr.reports.counting import Filters, count_tickets, every_ticket
from pqr.reports.dimensions import DIMENSIONS
from pqr.reports.measures import KEPT
from pqr.reports.periods import Period, month_key
from pqr.reports.tallies import Cells, Tally
from pqr.terms.months import last_of, later
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket


class KeptCounts(Model):
    """The counts of a month's petitions that have this value in this dimension; "" and "": of all of them."""

    __tablename__ = "kept_counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    cells: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)


class KeptUntil(Model):
    """Up to which event the kept counts are true. `rules`: a digest of what was counted, and how."""

    __tablename__ = "kept_until"

    rules: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[int]


@lru_cache(maxsize=8)
def rules(asked: Asked) -> str:
    """Changes with any condition or setting that changes a count. To write it costs more than most pages."""
    query = every_ticket(asked).compile()
    told = f"{query} {sorted(query.params.items())} {KEPT} {sorted(DIMENSIONS)}"
    return hashlib.sha256(told.encode()).hexdigest()


def last_event(session: Session) -> int:
    """The id of the last event, when every one before it is there to be read or never will be.

    PostgreSQL gives ids out before the transactions end, in any order: here it waits for those that write.
    """
    last = session.scalar(select(func.max(Event.id))) or 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = '2s'"))  # whoever files must not wait for this
        session.execute(text("LOCK TABLE events IN SHARE MODE"))
    return last


def changed_months(session: Session, asked: Asked) -> list[date] | None:
    """The months with an event since they were kept; None where nothing is kept by these rules."""
    until = session.scalar(select(KeptUntil.event_id).where(KeptUntil.rules == rules(asked)))
    if until is None:
        return None
    # The sign lets SQLite begin with the few young events.
    days = select(Ticket.received_on).join(Event, Event.ticket_id == Ticket.id).where(Event.id > until).distinct()
    return sorted({later(day, 0) for day in session.scalars(days)})


def months_with_petitions(session: Session) -> list[date]:
    """The first day of each, in order."""
    first, last = session.execute(select(func.min(Ticket.received_on), func.max(Ticket.received_on))).one()
    return list(Period(first, last).months) if first is not None else []


def count_month(session: Session, month: date, asked: Asked) -> list[KeptCounts]:
    """What there is to keep of the month."""
    key, found = month_key(month), count_tickets(session, [Period(month, last_of(month))], {}, asked)
    kept = [("", "", found.cells())]
    for name in (name for name, dimension in DIMENSIONS.items() if dimension.kept):
        kept += [(name, value, cells) for value, cells in found.slices(name).items()]
    return [KeptCounts(month=key, dimension=name, value=value, cells=_as_json(cells)) for name, value, cells in kept]


def keep_month(session: Session, month: date, counts: Iterable[KeptCounts]) -> None:
    """Keeps what was counted in the place of what was kept of the month."""
    session.execute(delete(KeptCounts).where(KeptCounts.month == month_key(month)))
    session.add_all(counts)


def forget(session: Session) -> None:
    """Keeps nothing: what was counted by other rules must never be read by these, nor these by those."""
    session.execute(delete(KeptUntil))
    session.execute(delete(KeptCounts))


def keep_until(session: Session, event_id: int, asked: Asked) -> None:
    """All that is kept is true up to this event."""
    session.execute(delete(KeptUntil))
    session.add(KeptUntil(rules=rules(asked), event_id=event_id))


def read_kept(session: Session, months: Iterable[date], filters: Filters) -> list[Cells]:
    """What is kept of those months, with at most one filter."""
    dimension, value = next(iter(filters.items()), ("", ""))
    rows = session.scalars(
        select(KeptCounts.cells).where(
            KeptCounts.month.in_([month_key(month) for month in months]),
            KeptCounts.dimension == dimension,
            KeptCounts.value == value,
        )
    )
    return [_from_json(cells) for cells in rows]


def can_be_kept(filters: Filters) -> bool:
    """Whether the counts with these filters are among those that are kept."""
    return len(filters) <= 1 and all(DIMENSIONS[name].kept for name in filters)


def _as_json(cells: Cells) -> dict[str, dict[str, Any]]:
    return {name: {value: tally.as_json(KEPT) for value, tally in by.items()} for name, by in cells.items()}


def _from_json(cells: dict[str, dict[str, Any]]) -> Cells:
    return {name: {value: Tally.from_json(kept, KEPT) for value, kept in by.items()} for name, by in cells.items()}
