"""What does an office need to know from the person?  A question by mail; the term goes on running meanwhile.

It is not the request to complete the petition, which stops the clock (CPACA art. 17, Ley 1755 de 2015).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.tickets import letters
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.models import Message, Ticket
from pqr.tickets.states import Act, after


@dataclass(frozen=True)
class Question:
    """`text`: as the person reads it. `author`: secretaria:<code> or user:<id>. `inbox_id`: the mail it came by."""

    ticket: Ticket
    text: str
    author: str
    inbox_id: int | None = None


def reads_on_the_portal(ticket: Ticket) -> bool:
    """Whether who left no address follows the case by number and code, and can be asked and answer there."""
    person = ticket.petitioner
    return person is None or (person.answer_by == "portal" and not person.email)


def ask_petitioner(session: Session, question: Question, office: Office, now: datetime) -> Message:
    """Keeps the question on the case and sends it. The person's answer comes back as a message of the case.

    Raises ActNotAllowed where the case is over or nobody can be written to, NotUnderstood for no words.
    """
    ticket = question.ticket
    after(ticket.state, Act.ASK)
    if not question.text.strip():
        raise NotUnderstood("Falta la pregunta para la persona.")
    message = Message(
        ticket=ticket,
        author=question.author,
        text=question.text.strip(),
        written_at=now,
        inbox_id=question.inbox_id,
    )
    if letters.ask(session, message, office, now) is None and not reads_on_the_portal(ticket):
        raise ActNotAllowed(
            f"La persona de {ticket.radicado} no dejó correo: atención al usuario puede llamarla o citarla."
        )
    session.add(message)
    session.flush()  # the event names the message's id
    record(
        session, ticket.id, "asked", question.author, now,
        message=message.id, text_sha256=digest_of_text(message.text),
    )  # fmt: skip
    return message
