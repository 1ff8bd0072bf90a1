"""What did the petition lack when it was received, and who said so?  CPACA art. 15 inc. 2 and 3.

It is told at the counter, and filed all the same if the person insists: that note is never a ground to refuse. Whoever
notes it has ten business days left to ask for it (art. 17).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.tickets.duties import ASK_TO_COMPLETE, owe
from pqr.tickets.events import Event, digest_of_text, record
from pqr.tickets.models import Message, Ticket
from pqr.tickets.saying import say

NOTED = "missing_noted"


def note_lacking(session: Session, ticket: Ticket, words: str, actor: str, office: Office, now: datetime) -> None:
    """Keeps the note, as the person reads it on the receipt. `actor`: user:<id>."""
    message = say(session, ticket, actor, words, now)
    record(session, ticket.id, NOTED, actor, now, message=message.id, text_sha256=digest_of_text(message.text))
    owe(session, ticket, ASK_TO_COMPLETE, ticket.day_zero, office, now)


def lacking_of(session: Session, ticket: Ticket) -> str:
    """What was noted when it was filed; "" where nothing was."""
    noted = session.scalar(select(Event).where(Event.ticket_id == ticket.id, Event.kind == NOTED).limit(1))
    message = session.get(Message, noted.data["message"]) if noted else None
    return message.text if message else ""
