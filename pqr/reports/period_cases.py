"""Which tickets are behind a report, and how many of them may still change?"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.reports.briefing import Brief
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome, State


def cases_of(session: Session, brief: Brief) -> tuple[int, ...]:
    """The tickets received in the period, without the annulled ones, in the order of their numbers."""
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    valid = select(Ticket.id).where(received, Ticket.outcome != Outcome.VOIDED)
    return tuple(session.scalars(valid.order_by(Ticket.id)))


def still_open(session: Session, brief: Brief) -> int:
    """How many of them are not closed."""
    received = Ticket.received_on.between(brief.period.start, brief.period.end)
    return session.scalar(select(func.count(Ticket.id)).where(received, Ticket.state != State.CLOSED)) or 0
