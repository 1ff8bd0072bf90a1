"""How does a case end without an answer on the merits?  By an official's act, with its reasons, told to the person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.issuing import issue_document
from pqr.tickets.merging import Separation, merged_into, unmerge
from pqr.tickets.models import Message, Ticket
from pqr.tickets.saying import say
from pqr.tickets.states import OPEN, Act, Outcome, after


@dataclass(frozen=True)
class Decision:
    """The act that ends a case. `text`: its reasons, as the person reads them. `actor`: user:<id>."""

    ticket: Ticket
    text: str
    actor: str


def close_unanswered(
    session: Session, decision: Decision, act: Act, outcome: Outcome, office: Office, now: datetime
) -> Message:
    """Closes the ticket, keeps the words, writes the letter named as the outcome. Raises ActNotAllowed.

    What was to be answered with it is answered by itself again.
    """
    ticket = decision.ticket
    ticket.state = after(ticket.state, act)
    ticket.outcome, ticket.closed_at = outcome, now
    message = say(session, ticket, decision.actor, decision.text, now)
    document = issue_document(session, ticket, outcome, {"message": message}, office, now)
    record(
        session, ticket.id, outcome, decision.actor, now,
        message=message.id, text_sha256=digest_of_text(message.text), **document.facts(),
    )  # fmt: skip
    for duplicate in merged_into(session, ticket):
        if duplicate.state in OPEN:
            unmerge(session, Separation(duplicate, "La otra se cerró sin respuesta.", "system"), office, now)
    return message
