"""What is it about?  The topic, set or taken away by a person; it moves neither the ticket nor its term."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.secretarias.models import Topic
from pqr.tickets.events import record
from pqr.tickets.models import Ticket


@dataclass(frozen=True)
class Label:
    """`topic`: None takes the topic away. `actor`: who decides (see Event.actor)."""

    ticket: Ticket
    topic: Topic | None
    actor: str


def label(session: Session, given: Label, now: datetime) -> bool:
    """Sets the topic and records it, in whatever state the ticket is; False where it had that topic already."""
    ticket, before = given.ticket, given.ticket.topic
    if before is given.topic:
        return False
    ticket.topic = given.topic
    record(session, ticket.id, "labelled", given.actor, now, before=_named(before), topic=_named(given.topic))
    return True


def _named(topic: Topic | None) -> dict[str, object] | None:
    """The name as it was that day: topics are renamed."""
    return {"id": topic.id, "name": topic.name} if topic else None
