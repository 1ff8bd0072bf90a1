"""What must the file keep that nobody is sent?  An official's note on a case: who received it, what proves it.

The words are a row of the case and the event holds their digest, so the chain names nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.tickets import indexing
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.models import Message, Ticket


@dataclass(frozen=True)
class Note:
    """`kind`: the event's; `facts`: more data for it, without names. `actor`: user:<id>."""

    ticket: Ticket
    kind: str
    text: str
    actor: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def add_note(session: Session, note: Note, now: datetime) -> Message:
    """Keeps the note on the case. It sends no letter and moves nothing."""
    message = Message(ticket=note.ticket, author=note.actor, text=note.text, written_at=now)
    session.add(message)
    session.flush()  # the event names the message's id
    record(
        session, note.ticket.id, note.kind, note.actor, now,
        message=message.id, text_sha256=digest_of_text(note.text), **note.facts,
    )  # fmt: skip
    indexing.index(session, note.ticket, note.text)
    return message
