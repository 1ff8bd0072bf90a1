"""Which kind is it really?  The content decides, not the name that was given to it (CPACA art. 16 par.).

The term is that of the true kind, counted from the original receipt: a mistake of ours does not start it again.
The event holds both dates. It writes no letter: the notice that the person is owed where the date moves belongs to
the acts that the law orders to be told.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.deadlines import ExtensionTooLong
from pqr.terms.kinds import TicketKind
from pqr.terms.spanish import long_date
from pqr.tickets.claiming import owe_mark, release_mark
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after
from pqr.tickets.suspensions import keep, read_clock


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
    _count_anew(session, change, office)
    ticket.kind = change.kind
    release_mark(session, ticket)
    owe_mark(session, ticket, ticket.day_zero, office, now)
    record(
        session, ticket.id, "reclassified", change.actor, now,
        kind=change.kind, before=kind, due_on=ticket.due_on.isoformat(), due_before=due_on.isoformat(),
        source=ticket.term_source, calendar=ticket.calendar_version, reason=change.reason,
    )  # fmt: skip
    return True


def _count_anew(session: Session, change: Reclassification, office: Office) -> None:
    ticket = change.ticket
    if ticket.suspended_on is not None:
        since = long_date(ticket.suspended_on)
        raise ActNotAllowed(f"El plazo está suspendido desde el {since}: cambie el tipo cuando se reactive.")
    ticket.fixed_at = None  # what an authority fixed was for what it asked
    clock = replace(read_clock(session, ticket, office), code=change.kind)
    try:
        keep(ticket, clock)
    except ExtensionTooLong as refusal:
        raise ActNotAllowed(f"No se puede cambiar el tipo, porque ya tiene una prórroga. {refusal}") from None
