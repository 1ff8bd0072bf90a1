"""What was done at once, where life or integrity are in danger?  CPACA art. 20; the answer is still owed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.errors import ActNotAllowed
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.models import Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import OPEN


@dataclass(frozen=True)
class Measure:
    """`what`: was done, for the person to read; `taken_at`: when. `actor`: user:<id>."""

    ticket: Ticket
    what: str
    taken_at: datetime
    actor: str


def take_measure(session: Session, measure: Measure, now: datetime) -> None:
    """Writes it into the case; the clock runs on. Raises ActNotAllowed."""
    ticket = measure.ticket
    if ticket.state not in OPEN:
        raise ActNotAllowed(
            "La petición ya no está en trámite: la medida se anota mientras se atiende (CPACA, art. 20)."
        )
    if not ticket.received_at <= measure.taken_at <= now:
        raise ActNotAllowed("La medida se tomó después de recibirla y no más tarde de ahora: revise el día y la hora.")
    message = say(session, ticket, measure.actor, measure.what, now)
    record(
        session, ticket.id, "urgent_measure", measure.actor, now,
        message=message.id, text_sha256=digest_of_text(message.text), taken_at=measure.taken_at.isoformat(),
    )  # fmt: skip
