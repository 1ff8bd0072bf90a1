"""Does the person still owe what was asked?  One letter, some days before their time ends; nothing ends by itself."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reminders.once import reach
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Cause
from pqr.terms.completing import completing
from pqr.tickets.events import record
from pqr.tickets.letters import to_petitioner
from pqr.tickets.models import Message, Ticket
from pqr.tickets.states import State
from pqr.tickets.suspensions import STILL, Suspension

DAYS_BEFORE = 5  # business days: time enough to go down to the town and back
STEP = "petitioner"


def remind_petitioners(session: Session, office: Office, now: datetime) -> int:
    """Writes to whoever sent nothing and whose time ends soon; returns the number of letters."""
    today = now.astimezone(BOGOTA).date()
    soon = office.calendar.nth_business_day_after(today, DAYS_BEFORE)
    waiting = session.execute(
        select(Suspension, Ticket, Message)
        .join(Ticket, Ticket.id == Suspension.ticket_id)
        .join(Message, Message.id == Suspension.message_id)
        .where(
            Ticket.state == State.AWAITING_PETITIONER,
            STILL,
            Suspension.supplied_at.is_(None),
            func.coalesce(Suspension.extended_until, Suspension.until).between(today, soon),
        )
        .order_by(Suspension.ticket_id)
    ).all()
    return sum(_remind(session, *row, office, now) for row in waiting)


def _remind(
    session: Session, asked: Suspension, ticket: Ticket, message: Message, office: Office, now: datetime
) -> bool:
    assert asked.last_day is not None
    if not reach(session, ticket.id, asked.last_day, STEP, now):
        return False
    may_ask = bool(completing(ticket.kind).supply.extension)
    more_time = asked.cause == Cause.COMPLETION and asked.extended_until is None and may_ask
    values = {"message": message, "until": asked.last_day, "more_time": more_time}
    letter = to_petitioner(session, ticket, "completion_reminder", values, office, now, automatic="auto-generated")
    if letter is not None:
        record(session, ticket.id, "petitioner_reminded", "system", now, until=asked.last_day.isoformat())
    return letter is not None
