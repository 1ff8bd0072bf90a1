"""Which kind is it really?  The content decides, not the name that was given to it (CPACA art. 16 par.).

The term is that of the true kind, counted from the original receipt: a mistake of ours does not start it again.
The event holds both dates. It writes no letter: the notice that the person is owed where the date moves belongs to
the acts that the law orders to be told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.deadlines import ClosingRule, DueDate, ExtensionTooLong, due_date
from pqr.terms.kinds import TicketKind
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after


@dataclass(frozen=True)
class Reclassification:
    """`reason`: why it is of that kind. `actor`: who decides (see Event.actor)."""

    ticket: Ticket
    kind: TicketKind
    reason: str
    actor: str


def reclassify(session: Session, change: Reclassification, office: Office, now: datetime) -> bool:
    """Gives the ticket its kind and that kind's term; False where it had that kind already.

    Raises ActNotAllowed while the clock is stopped, once it is answered, and where an extension that the person was
    told of is longer than the new kind admits.
    """
    ticket, kind, due_on = change.ticket, change.ticket.kind, change.ticket.due_on
    if kind == change.kind:
        return False
    after(ticket.state, Act.RECLASSIFY)
    due = _term_of(change, office)
    ticket.kind = change.kind
    ticket.day_zero, ticket.due_on, ticket.calendar_version = due.day_zero, due.due_on, due.calendar_version
    ticket.term_length, ticket.term_unit, ticket.term_source = due.length, due.unit, due.source
    record(
        session, ticket.id, "reclassified", change.actor, now,
        kind=change.kind, before=kind, due_on=due.due_on.isoformat(), due_before=due_on.isoformat(),
        source=due.source, calendar=due.calendar_version, reason=change.reason,
    )  # fmt: skip
    return True


def _term_of(change: Reclassification, office: Office) -> DueDate:
    ticket, rule = change.ticket, ClosingRule.parse(change.ticket.closing_rule)
    try:
        return due_date(change.kind, ticket.received_at, office.calendar, rule, ticket.extension)
    except ExtensionTooLong as refusal:
        raise ActNotAllowed(f"No se puede cambiar el tipo, porque ya tiene una prórroga. {refusal}") from None
