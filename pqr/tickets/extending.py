"""May the term be longer?  Once, with reasons, told before it ends, never beyond double (CPACA art. 14 par.)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ExtensionNotAllowed
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import record
from pqr.tickets.issuing import issue_document
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act, after
from pqr.tickets.suspensions import keep, lawfully, read_clock


@dataclass(frozen=True)
class Extension:
    """`days`: business days to add. `reason`: told to the petitioner word by word. `actor`: who asks."""

    ticket: Ticket
    days: int
    reason: str
    actor: str


def extend_term(session: Session, extension: Extension, office: Office, now: datetime) -> Ticket:
    """Moves the due date and tells the petitioner. Raises ExtensionNotAllowed or ActNotAllowed, in words."""
    ticket = extension.ticket
    ticket.state = after(ticket.state, Act.EXTEND)
    _check(extension)
    before = ticket.due_on
    with lawfully(ExtensionNotAllowed):
        keep(ticket, read_clock(session, ticket, office).extend(extension.days, now))
    document = issue_document(session, ticket, "extension", {"reason": extension.reason, "before": before}, office, now)
    record(
        session, ticket.id, "extended", extension.actor, now,
        days=extension.days, reason=extension.reason, before=before.isoformat(), due_on=ticket.due_on.isoformat(),
        **document.facts(),
    )  # fmt: skip
    return ticket


def _check(extension: Extension) -> None:
    ticket = extension.ticket
    most = TERMS[TicketKind(ticket.kind)].extension
    if not ticket.extension and not 1 <= extension.days <= most:
        raise ExtensionNotAllowed(
            f"Se piden {extension.days} días hábiles; para este tipo se admiten de 1 a {most}."
            if most
            else "Este tipo de petición no admite prórroga."
        )
    if not extension.reason.strip():
        raise ExtensionNotAllowed("Falta la razón de la prórroga: se le dice al peticionario.")
