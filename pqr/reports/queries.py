"""Which facts does a report count?  One grouped SELECT over facts fixed when they happened."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, case, extract, func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reports.conditions import Asked
from pqr.reports.counting import waiting_mails
from pqr.reports.indicator import Count
from pqr.reports.measures import MEASURES
from pqr.reports.periods import Period, month_key
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets.models import Channel, Ticket
from pqr.tickets.states import State


def reception_counts(session: Session, start: date, end: date, office: Office) -> Iterator[Count]:
    """What reached the municipality from `start` to `end`, both Bogotá dates included.

    Mails that wait for a person are counted too: they arrived, and nobody has received them yet.
    """
    yield from _tickets(session, start, end, office)
    yield from _waiting(session, start, end)


def still_in_time(session: Session, start: date, end: date, office: Office, today: date) -> int:
    """How many wait for an office and may still reach one in time: they count as not received until they do."""
    waiting = select(Ticket.day_zero).where(
        Ticket.received_on.between(start, end), Ticket.state == State.FILED, Ticket.first_assigned_at.is_(None)
    )
    days = (office.calendar.business_days_between(day, today) for day in session.scalars(waiting))
    return sum(passed <= office.reception_days for passed in days)


def _tickets(session: Session, start: date, end: date, office: Office) -> Iterator[Count]:
    asked = Asked(end, office.reception_days)  # neither measure asks for the day
    year, month = extract("year", Ticket.received_on), extract("month", Ticket.received_on)
    in_time, online = (_times(measure, asked) for measure in ("received_in_time", "online"))
    keys = (year, month, Secretaria.code, Ticket.channel, Ticket.kind)
    rows = session.execute(
        select(*keys, func.count(), in_time, online)
        .outerjoin(Secretaria, Secretaria.id == Ticket.secretaria_id)
        .where(Ticket.received_on.between(start, end), MEASURES["arrived"].condition(asked))
        .group_by(*keys)
    )
    for in_year, in_month, secretaria, channel, kind, *counted in rows:
        yield Count(f"{int(in_year)}-{int(in_month):02d}", secretaria or "", channel, kind, *counted)


def _times(measure: str, asked: Asked) -> ColumnElement[int]:
    return func.count(case((MEASURES[measure].condition(asked), 1)))


def _waiting(session: Session, start: date, end: date) -> Iterator[Count]:
    """Those about a known case are not a petition of their own."""
    for mail in waiting_mails(session, Period(start, end), {}):
        yield Count(month_key(mail.received_at.astimezone(BOGOTA).date()), "", Channel.EMAIL, "", 1, 0, 1)
