"""Whose turn comes first?  The flags that a person sets or takes away; the legal number of days stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.priority import LABELS, rank
from pqr.tickets.states import Act, after


@dataclass(frozen=True)
class Turn:
    """`flags`: all that the ticket is to have, of `priority.LABELS`. `actor`: who decides (see Event.actor)."""

    ticket: Ticket
    flags: frozenset[str]
    actor: str


def prioritise(session: Session, turn: Turn, now: datetime) -> bool:
    """Sets the flags and records them; False where they are as they were. Raises ActNotAllowed once answered."""
    ticket, before = turn.ticket, list(turn.ticket.priority)
    if frozenset(before) == turn.flags:
        return False
    after(ticket.state, Act.PRIORITISE)
    ticket.priority = [flag for flag in LABELS if flag in turn.flags]
    ticket.priority_rank = rank(ticket.priority)
    record(session, ticket.id, "prioritised", turn.actor, now, before=before, flags=ticket.priority)
    return True
