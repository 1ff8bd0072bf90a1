"""Who saw the identity that somebody asked to keep reserved, and why?  Written down, and told to Control Interno.

The letter says who looked and the reason, never whom they saw.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import CONTROL_INTERNO
from pqr.tickets.events import record
from pqr.tickets.models import Ticket


@dataclass(frozen=True)
class Revelation:
    """`actor`: user:<id>. `who`: the official's account, as Control Interno reads it."""

    ticket: Ticket
    reason: str
    actor: str
    who: str


def reveal(session: Session, seen: Revelation, office: Office, now: datetime) -> None:
    """Records that the official sees the identity, and tells Control Interno at once."""
    ticket, control = seen.ticket, by_code(session, CONTROL_INTERNO)
    record(session, ticket.id, "identity_revealed", seen.actor, now, reason=seen.reason)
    if control is None:
        return
    envelope = Envelope(
        letter="identity_revealed", recipient=control.email, ticket_id=ticket.id, automatic="auto-generated"
    )
    values = {
        "ticket": ticket,
        "who": seen.who,
        "reason": seen.reason,
        "moment": now,
        "desk_link": f"{office.base_url}/atencion/radicado/{ticket.radicado}",
    }
    write(session, envelope, values, office, now)
