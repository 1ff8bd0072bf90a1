"""What does a change of the calendar move?  The due dates of open tickets, said aloud, never silently (R2.25).

A suspended term has no date to move: it is counted when it goes on. A date that has passed is not moved into the
future: a decree of today does not make yesterday's lateness punctual.
"""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.terms.calendar import BOGOTA
from pqr.terms.clock import Clock
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from pqr.tickets.suspensions import Suspension, clock_of, keep


def recompute_open(session: Session, reason: str, actor: str, office: Office, now: datetime) -> int:
    """Recomputes the running terms with the calendar in force; returns how many dates moved.

    `reason`: the act that changed the calendar, kept in each ticket's event.
    """
    today = now.astimezone(BOGOTA).date()
    running = select(Ticket).where(
        Ticket.state.in_((State.FILED, State.ASSIGNED)), Ticket.suspended_on.is_(None), Ticket.due_on >= today
    )
    stood = defaultdict(list)
    of_running = Suspension.ticket_id.in_(running.with_only_columns(Ticket.id))
    for each in session.scalars(select(Suspension).where(of_running).order_by(Suspension.requested_at, Suspension.id)):
        stood[each.ticket_id].append(each)
    changed = ((ticket, clock_of(ticket, stood[ticket.id], office)) for ticket in session.scalars(running))
    return sum(_recompute(session, ticket, clock, reason, actor, now) for ticket, clock in changed)


def _recompute(session: Session, ticket: Ticket, clock: Clock, reason: str, actor: str, now: datetime) -> bool:
    before = ticket.due_on
    keep(ticket, clock)
    if ticket.due_on == before:
        return False
    record(
        session, ticket.id, "due_date_recomputed", actor, now,
        before=before.isoformat(), due_on=ticket.due_on.isoformat(), reason=reason, calendar=ticket.calendar_version,
    )  # fmt: skip
    return True
