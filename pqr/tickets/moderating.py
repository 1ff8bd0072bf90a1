"""Is it a petition after all?  What looked like a program's waits for the desk, with its number and its clock running.

Nothing discards it: what it is not is said by voiding the number, with an act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.tickets.events import Event, record
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from pqr.tickets.suspicion import LABELS
from pqr.tickets.travelling import route


@dataclass(frozen=True)
class Trust:
    """`actor`: who read it (see Event.actor)."""

    ticket: Ticket
    actor: str


def trust(session: Session, trusted: Trust, office: Office, now: datetime) -> None:
    """It goes on as any other does: to its office, where that is sure. Raises ActNotAllowed where none doubts it."""
    ticket = trusted.ticket
    if not is_doubted(ticket):
        raise ActNotAllowed("Esta petición ya no está por revisar.")
    ticket.doubted_at = None
    record(session, ticket.id, "trusted", trusted.actor, now)
    route(session, ticket, office, now)


def is_doubted(ticket: Ticket) -> bool:
    """Whether it waits for somebody to look; whoever does anything else with it has looked."""
    return ticket.doubted_at is not None and ticket.state == State.FILED


def why_doubted(ticket: Ticket, events: Iterable[Event]) -> list[str]:
    """The reasons in words; none once somebody looked."""
    if not is_doubted(ticket):
        return []
    return [LABELS.get(sign, sign) for event in events if event.kind == "doubted" for sign in event.data["signs"]]
