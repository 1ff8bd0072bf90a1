"""What does a change of the calendar move?  The due dates of open tickets, said aloud, never silently (R2.25).

A date that has passed is not moved into the future: a decree of today does not make yesterday's lateness punctual.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import ClosingRule, due_date
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import State


def recompute_open(session: Session, reason: str, actor: str, office: Office, now: datetime) -> int:
    """Recomputes the running terms with the calendar in force; returns how many dates moved.

    `reason`: the act that changed the calendar, kept in each ticket's event.
    """
    today = now.astimezone(BOGOTA).date()
    running = select(Ticket).where(Ticket.state.in_((State.FILED, State.ASSIGNED)), Ticket.due_on >= today)
    return sum(_recompute(session, ticket, reason, actor, office, now) for ticket in session.scalars(running))


def _recompute(session: Session, ticket: Ticket, reason: str, actor: str, office: Office, now: datetime) -> bool:
    rule = ClosingRule.parse(ticket.closing_rule)
    due = due_date(ticket.kind, ticket.received_at, office.calendar, rule, ticket.extension)
    ticket.calendar_version, before = due.calendar_version, ticket.due_on
    if due.due_on == before:
        return False
    ticket.day_zero, ticket.due_on = due.day_zero, due.due_on
    record(
        session, ticket.id, "due_date_recomputed", actor, now,
        before=before.isoformat(), due_on=due.due_on.isoformat(), reason=reason, calendar=due.calendar_version,
    )  # fmt: skip
    return True
