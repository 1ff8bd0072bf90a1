"""When did the person first read the answer on its page?  Written down once, with its instant and nothing of who."""

from datetime import datetime

from sqlalchemy.orm import Session

from pqr.tickets.events import record
from pqr.tickets.models import Ticket


def note_opening(session: Session, ticket: Ticket, actor: str, now: datetime) -> bool:
    """Keeps the first opening of the ticket's answer; whether this was it."""
    answer = ticket.answer
    if answer is None or answer.opened_at is not None:
        return False
    answer.opened_at = now
    record(session, ticket.id, "answer_opened", actor, now, answer=answer.id)
    return True
