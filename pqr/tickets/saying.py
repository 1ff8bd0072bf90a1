"""What is written into a case by an official: words for the person, or the person's own, taken down."""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.errors import NotUnderstood
from pqr.tickets import indexing
from pqr.tickets.models import Message, Ticket


def say(session: Session, ticket: Ticket, author: str, words: str, now: datetime) -> Message:
    """Keeps the words on the case. `author`: see `Message`. Raises NotUnderstood where there are none."""
    if not words.strip():
        raise NotUnderstood("Falta el texto.")
    message = Message(ticket=ticket, author=author, text=words.strip(), written_at=now)
    session.add(message)
    session.flush()  # events and suspensions name the message's id
    indexing.index(session, ticket, message.text)
    return message
