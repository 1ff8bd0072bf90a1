"""Does the person accept to be notified electronically?  Theirs to say and to take back (CPACA art. 56)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.errors import ActNotAllowed
from pqr.tickets.events import record
from pqr.tickets.models import Ticket


@dataclass(frozen=True)
class Acceptance:
    """What the person asked. `reason`: how, where an official writes it down. `actor`: citizen or user:<id>."""

    ticket: Ticket
    accepts: bool
    actor: str
    reason: str = ""


def accept_electronic(session: Session, asked: Acceptance, now: datetime) -> None:
    """Keeps the acceptance or its withdrawal. Raises ActNotAllowed where there is nobody to notify, or no change."""
    person = asked.ticket.petitioner
    if person is None:
        raise ActNotAllowed("No se sabe quién presentó la petición.")
    if person.accepts_electronic_notification == asked.accepts:
        raise ActNotAllowed("Ya está registrado así.")
    if asked.accepts and not person.email and asked.actor != "citizen":
        raise ActNotAllowed("No dejó un correo: no hay a dónde notificarle electrónicamente (CPACA, art. 56).")
    person.accepts_electronic_notification = asked.accepts
    kind = "electronic_accepted" if asked.accepts else "electronic_revoked"
    record(session, asked.ticket.id, kind, asked.actor, now, reason=asked.reason[:500])
