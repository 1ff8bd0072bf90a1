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
from pqr.tickets.copies import check_moment, copies_arrived, copies_came_back
from pqr.tickets.duties import TO_TELL, settle
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
    handed_at: datetime | None = None,
) -> Ticket:
    """Closes an answered ticket because the person has the answer. `way`: a key of `WAYS`.

    `effective_at`: since when by law, where it is not now; `handed_at`: when it was handed over, which is written down
    later. Raises ActNotAllowed when there is no answer to communicate, or where it cannot have been handed over then.
    """
    since = effective_at or handed_at or now
    effective_on = since.astimezone(BOGOTA).date()
    state, answer = after(ticket.state, Act.COMMUNICATE), ticket.answer
    assert answer is not None
    assert answer.sent_at is not None
    if handed_at is not None:
        check_moment(handed_at, answer.sent_at, now)
    ticket.state = state
    ticket.outcome, ticket.communicated_at, ticket.closed_at = Outcome.ANSWERED, since, now
    ticket.days_used = read_clock(session, ticket, office).used_by(effective_on)
    ticket.in_time = since <= ticket.fixed_at if ticket.fixed_at else effective_on <= ticket.due_on
    answer.communicated_by = way
    settle(session, ticket, *TO_TELL, now=now)
    record(
        session, ticket.id, "communicated", actor, now,
        way=way, days_used=ticket.days_used, **_since(effective_at, handed_at),
    )  # fmt: skip
    if way != "notice":  # what is on the board is read, and not in anybody's hands
        copies_arrived(session, answer, way, actor, since, now)
    return ticket


def _since(effective_at: datetime | None, handed_at: datetime | None) -> dict[str, str]:
    """What the event says of the moment, where it is not its own."""
    by_law = {"effective_on": effective_at.astimezone(BOGOTA).date().isoformat()} if effective_at else {}
    return by_law | ({"handed_at": handed_at.isoformat()} if handed_at else {})


def notify_closing(
    session: Session,
    ticket: Ticket,
    way: str,
    actor: str,
    now: datetime,
    *,
    effective_at: datetime | None = None,
    handed_at: datetime | None = None,
) -> None:
    """Writes down that the person was notified of the act that ended the case (CPACA art. 17). Raises ActNotAllowed."""
    if handed_at is not None and ticket.closed_at is not None:
        check_moment(handed_at, ticket.closed_at, now)
    ticket.communicated_at = effective_at or handed_at or now
    record(session, ticket.id, "notified", actor, now, way=way, **_since(effective_at, handed_at))


def take_back(ticket: Ticket, answer: Answer) -> None:
    """The person does not have the answer after all: the case waits for another way."""
    ticket.state, answer.communicated_by = after(ticket.state, Act.BOUNCE), ""
    ticket.outcome, ticket.communicated_at, ticket.closed_at = "", None, None
    ticket.days_used, ticket.in_time = None, None


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
    more = _carried(session, letter) if letter.letter == "complement" else None
    if more is not None:
        copies_arrived(session, more, "mail", "system", now, now)


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
    carried = _carried(session, letter)
    if carried is not None:
        copies_came_back(session, carried)


def _carried(session: Session, letter: Letter) -> Answer | None:
    """The answer, or what completes it, that went with the letter."""
    return session.scalar(select(Answer).where(Answer.letter_id == letter.id))


def _answer_in(session: Session, letter: Letter) -> Answer | None:
    """The answer that the letter carries; what completes an answer has no bearing on where the case stands."""
    return session.scalar(select(Answer).where(Answer.letter_id == letter.id, Answer.completes_id.is_(None)))
