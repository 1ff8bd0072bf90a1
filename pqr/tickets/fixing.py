"""Which day and hour did the judge, or the authority that asks, fix for the answer?  Then that one is the due date.

Decreto 2591 de 1991 art. 19 for a tutela; the request itself for a control body or the Concejo. What was counted until
then was a prudent alarm. A change of the calendar does not move what an authority fixed.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from pqr.errors import ActNotAllowed
from pqr.mail.letters import instant
from pqr.terms.calendar import BOGOTA
from pqr.terms.fixing import FIXED_BY, end_of
from pqr.terms.kinds import TicketKind
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after


@dataclass(frozen=True)
class Fixing:
    """`hour`: by Bogotá's clock; None: until the end of that day. `act`: which names it. `actor`: user:<id>."""

    ticket: Ticket
    day: date
    hour: time | None
    act: str
    actor: str


def fix_date(session: Session, fixing: Fixing, now: datetime) -> Ticket:
    """Gives the ticket that date. Raises ActNotAllowed where nobody fixes one, or for one before it was received."""
    ticket = fixing.ticket
    after(ticket.state, Act.FIX_DATE)
    authority = FIXED_BY.get(TicketKind(ticket.kind))
    if authority is None:
        raise ActNotAllowed(f"La fecha de esta petición la da la ley, no una autoridad: {ticket.term_source}.")
    at = datetime.combine(fixing.day, fixing.hour, BOGOTA) if fixing.hour else end_of(fixing.day)
    if at <= ticket.received_at:
        raise ActNotAllowed(f"Se recibió el {instant(ticket.received_at)}: la fecha que fijó {authority} es posterior.")
    if fixing.hour is None and ticket.kind == TicketKind.TUTELA_INFORME:
        raise ActNotAllowed("El juez fija día y hora (Decreto 2591 de 1991, art. 19): escriba también la hora.")
    before, ticket.due_on, ticket.fixed_at = ticket.due_on, fixing.day, at
    record(
        session, ticket.id, "date_fixed", fixing.actor, now,
        before=before.isoformat(), due_on=fixing.day.isoformat(), at=at.isoformat(), reason=fixing.act.strip(),
    )  # fmt: skip
    return ticket
