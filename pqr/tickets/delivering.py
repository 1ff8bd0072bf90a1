"""Has the person the copies that silence gave them?  Three business days, and afterwards all the same.

CPACA art. 14 num. 1. By hand or by post an official says when and to whom; what goes by mail goes as an answer, and
counts once the person's server took it, or once the answer that holds it was communicated in any other way.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.terms.calendar import BOGOTA
from pqr.terms.silence import COPIES
from pqr.tickets.answering import Reply, answer_or_complete
from pqr.tickets.copies import check_moment, record_delivery
from pqr.tickets.duties import meet, pending_duty
from pqr.tickets.events import digest_of_text
from pqr.tickets.files import StoredFile
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.saying import say

BY_MAIL = "mail"
WAYS = {
    "counter": "En la ventanilla",
    "postal": "Por correo postal",
    BY_MAIL: "Por correo electrónico, con los archivos que adjunto",
}
WORDS = "Le entregamos las copias que pidió. Van en los archivos que acompañan esta respuesta."


@dataclass(frozen=True)
class Delivery:
    """`way`: a key of `WAYS`. `note`: to whom and what proves it; `at`: when. `actor`: user:<id>."""

    ticket: Ticket
    way: str
    at: datetime
    actor: str
    note: str = ""
    files: tuple[StoredFile, ...] = ()


def deliver_copies(session: Session, delivery: Delivery, office: Office, now: datetime) -> None:
    """Notes the delivery, or sends the copies. Raises ActNotAllowed, or NotUnderstood for nothing to send or say."""
    ticket = delivery.ticket
    duty = pending_duty(session, ticket, COPIES)
    if duty is None:
        raise ActNotAllowed("En este caso no hay copias pendientes por el silencio (CPACA, art. 14, núm. 1).")
    if delivery.way == BY_MAIL:
        _send(session, delivery, office, now)
        return
    check_moment(delivery.at, datetime.combine(duty.since + timedelta(days=1), time(), BOGOTA), now)
    if not delivery.note.strip():
        raise NotUnderstood("Diga a quién se le entregaron y qué prueba queda.")
    if delivery.files:
        _answer(session, delivery, office, now)
    message = say(session, ticket, delivery.actor, delivery.note, now)
    meet(session, ticket, COPIES, delivery.at)
    record_delivery(
        session, duty, delivery.way, delivery.actor, delivery.at, now,
        message=message.id, text_sha256=digest_of_text(message.text),
    )  # fmt: skip


def _send(session: Session, delivery: Delivery, office: Office, now: datetime) -> None:
    person = delivery.ticket.petitioner
    if person is None or not person.email:
        raise ActNotAllowed("La persona no dejó correo: entregue las copias en la ventanilla o por correo postal.")
    if not delivery.files:
        raise NotUnderstood("Adjunte las copias que se envían por correo.")
    _answer(session, delivery, office, now)


def _answer(session: Session, delivery: Delivery, office: Office, now: datetime) -> Answer:
    reply = Reply(delivery.ticket, WORDS, delivery.actor, delivery.files, final=True)
    return answer_or_complete(session, reply, office, now)
