"""What do officials tell one another about a case?  Notes that no letter, public page or PDF ever carries.

A table of its own, so that nothing that reads a case's messages for its petitioner can meet one. The desk finds a
case by the words of its notes; an office reads them on its own cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.tickets import indexing
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.models import Ticket


class InternalNote(Model):
    """One official's words for the others. `author`: user:<id>."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    author: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    written_at: Mapped[datetime]


@dataclass(frozen=True)
class Annotation:
    """What an official writes on a ticket. `actor`: user:<id>."""

    ticket: Ticket
    text: str
    actor: str


def annotate(session: Session, annotation: Annotation, now: datetime) -> InternalNote:
    """Keeps the note. It sends no letter, moves nothing, and the event holds its digest alone."""
    ticket, text = annotation.ticket, annotation.text
    note = InternalNote(ticket_id=ticket.id, author=annotation.actor, text=text, written_at=now)
    session.add(note)
    session.flush()  # the event names the note's id
    record(session, ticket.id, "noted", annotation.actor, now, note=note.id, text_sha256=digest_of_text(text))
    indexing.index(session, ticket, text, desk=True)
    return note


def notes_of(session: Session, ticket: Ticket) -> Sequence[InternalNote]:
    """The notes of the case, oldest first."""
    return session.scalars(
        select(InternalNote).where(InternalNote.ticket_id == ticket.id).order_by(InternalNote.id)
    ).all()
