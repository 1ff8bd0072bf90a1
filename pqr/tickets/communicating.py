"""Has the person received the answer?  Only then is the ticket closed (CPACA arts. 56, 65-69; R3.3).

Mail counts when the next server accepted it and stops counting when a delivery report says otherwise; paper and
notices count when an official says so, by name.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.outbox import Letter
from pqr.terms.calendar import BOGOTA
from pqr.tickets.events import record
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import Act, Outcome, State, after
from pqr.tickets.suspensions import read_clock

WAYS = {
    "mail": "Correo electrónico",
    "portal": "Consulta en el portal",
    "counter": "Entrega en la ventanilla",
    "postal": "Correo postal",
    "electronic": "Notificación electrónica",
    "notice_sent": "Aviso enviado con la copia completa",
    "notice": "Aviso en cartelera y página web",
    "conclusive": "La persona la recurrió: la conoce (CPACA, art. 72)",
}


def communicate(
    session: Session,
    ticket: Ticket,
    way: str,
    actor: str,
    office: Office,
    now: datetime,
    *,
    effective_at: datetime | None = None,
) -> Ticket:
    """Closes an answered ticket because the person has the answer. `way`: a key of `WAYS`.

    `effective_at`: since when by law, where it is not now. Raises ActNotAllowed when there is no answer to communicate.
    """
    since = effective_at or now
    effective_on = since.astimezone(BOGOTA).date()
    ticket.state = after(ticket.state, Act.COMMUNICATE)
    ticket.outcome, ticket.communicated_at, ticket.closed_at = Outcome.ANSWERED, since, now
    ticket.days_used = read_clock(session, ticket, office).used_by(effective_on)
    assert ticket.answer is not None
    ticket.answer.communicated_by = way
    extra = {"effective_on": effective_on.isoformat()} if effective_at else {}
    record(session, ticket.id, "communicated", actor, now, way=way, days_used=ticket.days_used, **extra)
    return ticket


def notify_closing(
    session: Session, ticket: Ticket, way: str, actor: str, now: datetime, *, effective_at: datetime | None = None
) -> None:
    """Writes down that the person was notified of the act that ended the case (CPACA art. 17)."""
    ticket.communicated_at = effective_at or now
    extra = {"effective_on": effective_at.astimezone(BOGOTA).date().isoformat()} if effective_at else {}
    record(session, ticket.id, "notified", actor, now, way=way, **extra)


def take_back(ticket: Ticket, answer: Answer) -> None:
    """The person does not have the answer after all: the case waits for another way."""
    ticket.state, answer.communicated_by = after(ticket.state, Act.BOUNCE), ""
    ticket.outcome, ticket.communicated_at, ticket.closed_at, ticket.days_used = "", None, None, None


def letter_left(session: Session, letter: Letter, office: Office, now: datetime) -> None:
    """What a letter that was accepted changes: the answer that it carries counts as communicated."""
    if letter.ticket_id is None:
        return
    record(
        session,
        letter.ticket_id,
        "letter_sent",
        "system",
        now,
        letter=letter.letter,
        message_id=letter.message_id,
    )
    if letter.letter == "acknowledgement":
        session.get_one(Ticket, letter.ticket_id).acknowledgement_failed_at = None
    answer = _answer_in(session, letter)
    # A citation or a notification only announces the decision: it has effect when the person opens it or comes.
    if answer is not None and answer.ticket.state == State.ANSWERED and letter.letter == "answer":
        communicate(session, answer.ticket, "mail", "system", office, now)


def letter_refused(session: Session, letter: Letter, now: datetime) -> None:
    """What a letter that came back changes: the case returns to the desk, the receipt no longer counts."""
    if letter.ticket_id is None:
        return
    record(
        session, letter.ticket_id, "letter_bounced", "system", now,
        letter=letter.letter, message_id=letter.message_id,
    )  # fmt: skip
    if letter.letter == "acknowledgement":
        session.get_one(Ticket, letter.ticket_id).acknowledgement_failed_at = now
    answer = _answer_in(session, letter)
    # Who took it at the counter, or read it in the portal, has it whatever became of the letter.
    if answer is not None and answer.communicated_by in ("", "mail", "notice_sent"):
        take_back(answer.ticket, answer)


def _answer_in(session: Session, letter: Letter) -> Answer | None:
    """The answer that the letter carries; what completes an answer has no bearing on where the case stands."""
    return session.scalar(select(Answer).where(Answer.letter_id == letter.id, Answer.completes_id.is_(None)))
