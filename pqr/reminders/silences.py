"""For whom did silence decide?  Written into the case once, when the day has passed; nothing else changes by itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reminders.models import Reminder
from pqr.reminders.once import reach
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind
from pqr.terms.silence import COPIES, silence
from pqr.tickets.duties import owe
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.queries import IS_ANSWERED, IS_OPEN
from pqr.tickets.states import State

STEP = "silence"
_KINDS = [kind.value for kind, term in TERMS.items() if term.silence]


def note_silences(session: Session, office: Office, now: datetime) -> int:
    """Records each silence that has come about; returns how many."""
    today = now.astimezone(BOGOTA).date()
    told = select(Reminder.id).where(Reminder.ticket_id == Ticket.id, Reminder.step == STEP).exists()
    found = list[Ticket]()
    for stands in (IS_OPEN, IS_ANSWERED):  # each has an index of its own
        unanswered = select(Ticket).where(
            stands,
            Ticket.state != State.AWAITING_PETITIONER,
            Ticket.kind.in_(_KINDS),
            Ticket.suspended_on.is_(None),
            Ticket.due_on < today,
            ~told,
        )
        found += session.scalars(unanswered).all()
    return sum(_note(session, ticket, office, now) for ticket in sorted(found, key=lambda ticket: ticket.id))


def _note(session: Session, ticket: Ticket, office: Office, now: datetime) -> bool:
    today = now.astimezone(BOGOTA).date()
    reached = silence(TicketKind(ticket.kind), ticket.day_zero, ticket.due_on, today, office.calendar)
    if reached is None or not reach(session, ticket.id, reached.since, STEP, now):
        return False
    if reached.copies_by:
        owe(session, ticket, COPIES, reached.since, office, now)
    copies = {"copies_by": reached.copies_by.isoformat()} if reached.copies_by else {}
    kind = "silence_positive" if reached.positive else "silence_negative"
    record(session, ticket.id, kind, "system", now, since=reached.since.isoformat(), **copies)
    return True
