"""How many are there now?  The measures over the petitions of some days, counted from the tickets themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, literal, or_, select
from sqlalchemy.orm import Session

from pqr.mail.inbox import InboxMail, Verdict
from pqr.reports.conditions import RUNS, Asked
from pqr.reports.dimensions import DIMENSIONS, MONTH
from pqr.reports.measures import KEPT, MEASURES
from pqr.reports.periods import Period, month_key
from pqr.reports.tallies import Counted
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.months import midnight
from pqr.tickets.models import Channel, Ticket

Filters = Mapping[str, str]  # a value by dimension, which all must have
MAIL = {
    "kind": "",
    "channel": str(Channel.EMAIL),
    "secretaria": "",
    "topic": "",
    "place": "",
    "priority": "9",
    "identity": "",
}


@dataclass(frozen=True)
class Waiting:
    """A mail that waits for a person: it arrived, and nobody has received it yet."""

    id: int
    received_at: datetime


def count_tickets(session: Session, periods: Iterable[Period], filters: Filters, asked: Asked) -> Counted:
    """The petitions received in those periods."""
    days = [Ticket.received_on.between(each.start, each.end) for each in periods]
    rows = session.execute(every_ticket(asked).where(or_(false(), *days), *having(filters))).all()
    on, *columns, bits, used, due = zip(*rows, strict=True) if rows else [()] * (len(DIMENSIONS) + 4)
    keys: dict[date, str] = {day: month_key(day) for day in set(on)}
    values = {name: _told(column) for name, column in zip(DIMENSIONS, columns, strict=True)}
    waits = {day: day.isoformat() for day in set(due) if day is not None}
    return Counted(KEPT, values | {MONTH: [keys[day] for day in on]}, bits, used, [waits.get(day) for day in due])


def every_ticket(asked: Asked) -> Select[Any]:
    """Of each petition: day of receipt, values, bits, days used and due date. Nothing that changes by itself."""
    answered, waits = case((MEASURES["answered"].condition(asked), Ticket.days_used)), case((RUNS, Ticket.due_on))
    values = [dimension.column.label(dimension.key) for dimension in DIMENSIONS.values()]
    return select(Ticket.received_on, *values, _bits(asked), answered, waits).outerjoin(Secretaria)


def waiting_mails(session: Session, period: Period, filters: Filters) -> Sequence[Waiting]:
    """The mails that wait for a person and are no follow-up of a known case, oldest first: the desk keeps these few."""
    if any(MAIL.get(dimension, month_key(period.start)) != value for dimension, value in filters.items()):
        return ()
    rows = session.execute(
        select(InboxMail.id, InboxMail.received_at)
        .where(
            InboxMail.verdict == Verdict.NEEDS_HUMAN,
            InboxMail.closed_at.is_(None),
            InboxMail.ticket_id.is_(None),
            InboxMail.received_at >= midnight(period.start),
            InboxMail.received_at < midnight(period.end + timedelta(days=1)),
        )
        .order_by(InboxMail.received_at, InboxMail.id)
    )
    return [Waiting(*row) for row in rows]


def count_mails(mails: Sequence[Waiting]) -> Counted:
    """Those mails, for the measures that count them."""
    measures = tuple(measure.key for measure in MEASURES.values() if measure.mails)
    values = {dimension: [value] * len(mails) for dimension, value in MAIL.items()}
    values[MONTH] = [month_key(mail.received_at.astimezone(BOGOTA).date()) for mail in mails]
    no_days = [None] * len(mails)
    return Counted(measures, values, [(1 << len(measures)) - 1] * len(mails), no_days, no_days)


def having(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that petitions meet which have all those values."""
    return [DIMENSIONS[dimension].having(value) for dimension, value in filters.items()]


def _bits(asked: Asked) -> ColumnElement[int]:
    bits: ColumnElement[int] = literal(0)
    for place, key in enumerate(KEPT):
        bits = bits + case((MEASURES[key].condition(asked), 1 << place), else_=0)
    return bits.label("bits")


def _told(column: Sequence[Any]) -> list[str]:
    names = {value: "" if value is None else str(value) for value in set(column)}
    return [names[value] for value in column]
