"""How many are there now?  The measures over the petitions of some days, counted from the tickets themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, literal, null, or_, select, text
from sqlalchemy.orm import Session

from pqr.mail.inbox import InboxMail, Verdict
from pqr.reports.conditions import Asked
from pqr.reports.dimensions import DIMENSIONS, MONTH
from pqr.reports.measures import KEPT, LIVE, MEASURES
from pqr.reports.periods import Period, month_key
from pqr.reports.tallies import Counted
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
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
# Written out as in the indexes, since neither database matches a partial index with bound values.
_WAITING = (text("tickets.state IN ('filed', 'assigned', 'awaiting_petitioner')"), text("tickets.state = 'answered'"))


@dataclass(frozen=True)
class Waiting:
    """A mail that waits for a person: it arrived, and nobody has received it yet."""

    id: int
    received_at: datetime


def count_fixed(session: Session, periods: Iterable[Period], filters: Filters, asked: Asked) -> Counted:
    """The measures that no day changes, of the petitions received in those periods."""
    days = [Ticket.received_on.between(each.start, each.end) for each in periods]
    return _counted(session, [fixed(asked).where(or_(false(), *days), *having(filters))], KEPT)


def fixed(asked: Asked) -> Select[Any]:
    """Day, values, bits and days used of every petition."""
    answered = case((MEASURES["answered"].condition(asked), Ticket.days_used))
    return select(Ticket.received_on, *_values(), _bits(KEPT, asked), answered).outerjoin(Secretaria)


def count_waiting(session: Session, period: Period, filters: Filters, asked: Asked) -> Counted:
    """The measures of what waits for an answer, of the petitions received in the period."""
    wanted = (Ticket.received_on.between(period.start, period.end), *having(filters))
    bits = select(Ticket.received_on, *_values(), _bits(LIVE, asked), null()).outerjoin(Secretaria)
    return _counted(session, [bits.where(waits, *wanted) for waits in _WAITING], LIVE)


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
            InboxMail.received_at >= _midnight(period.start),
            InboxMail.received_at < _midnight(period.end + timedelta(days=1)),
        )
        .order_by(InboxMail.received_at, InboxMail.id)
    )
    return [Waiting(*row) for row in rows]


def count_mails(mails: Sequence[Waiting]) -> Counted:
    """Those mails, for the measures that count them."""
    measures = tuple(measure.key for measure in MEASURES.values() if measure.mails)
    values = {dimension: [value] * len(mails) for dimension, value in MAIL.items()}
    values[MONTH] = [month_key(mail.received_at.astimezone(BOGOTA).date()) for mail in mails]
    return Counted(measures, values, [(1 << len(measures)) - 1] * len(mails), [None] * len(mails))


def having(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that petitions meet which have all those values."""
    return [DIMENSIONS[dimension].having(value) for dimension, value in filters.items()]


def _values() -> list[ColumnElement[Any]]:
    return [dimension.column.label(dimension.key) for dimension in DIMENSIONS.values()]


def _bits(measures: Sequence[str], asked: Asked) -> ColumnElement[int]:
    bits: ColumnElement[int] = literal(0)
    for place, key in enumerate(measures):
        bits = bits + case((MEASURES[key].condition(asked), 1 << place), else_=0)
    return bits.label("bits")


def _counted(session: Session, queries: Iterable[Select[Any]], measures: Sequence[str]) -> Counted:
    rows = [tuple(row) for query in queries for row in session.execute(query)]
    on, *columns, bits, used = zip(*rows, strict=True) if rows else [()] * (len(DIMENSIONS) + 3)
    keys: dict[date, str] = {day: month_key(day) for day in set(on)}
    values = {name: _told(column) for name, column in zip(DIMENSIONS, columns, strict=True)}
    return Counted(measures, values | {MONTH: [keys[day] for day in on]}, bits, used)


def _told(column: Sequence[Any]) -> list[str]:
    names = {value: "" if value is None else str(value) for value in set(column)}
    return [names[value] for value in column]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BOGOTA)
