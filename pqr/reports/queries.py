"""Which facts does a report count?  One grouped SELECT over facts fixed when they happened."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, extract, func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.inbox import InboxMail, Verdict
from pqr.reports.indicator import Count
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets.models import ONLINE, Channel, Ticket
from pqr.tickets.states import Outcome, State


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
    year, month = extract("year", Ticket.received_on), extract("month", Ticket.received_on)
    received = case(
        (
            (Ticket.reception_days <= office.reception_days) & Ticket.acknowledgement_failed_at.is_(None),
            1,
        ),
        else_=0,
    )
    keys = (year, month, Secretaria.code, Ticket.channel, Ticket.kind)
    rows = session.execute(
        select(*keys, func.count(), func.sum(received))
        .outerjoin(Secretaria, Secretaria.id == Ticket.secretaria_id)
        .where(Ticket.received_on.between(start, end), Ticket.outcome != Outcome.VOIDED)
        .group_by(*keys)
    )
    for in_year, in_month, secretaria, channel, kind, total, in_time in rows:
        online = total if channel in ONLINE else 0
        yield Count(
            f"{int(in_year)}-{int(in_month):02d}",
            secretaria or "",
            channel,
            kind,
            total,
            int(in_time),
            online,
        )


def _waiting(session: Session, start: date, end: date) -> Iterator[Count]:
    """One at a time: the desk keeps these few. Those about a known case are not a petition of their own."""
    arrivals = session.scalars(
        select(InboxMail.received_at).where(
            InboxMail.verdict == Verdict.NEEDS_HUMAN,
            InboxMail.closed_at.is_(None),
            InboxMail.ticket_id.is_(None),
            InboxMail.received_at >= _midnight(start),
            InboxMail.received_at < _midnight(end + timedelta(days=1)),
        )
    )
    for arrived in arrivals:
        month = arrived.astimezone(BOGOTA).strftime("%Y-%m")
        yield Count(month, "", Channel.EMAIL, "", 1, 0, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BOGOTA)
