"""How is the person told of an answer?  With its text; or by notification, or cited to come, where it decides anew.

A decision that must be notified never travels in a mail: it has effect when the person opens it, and that is certified
(CPACA arts. 56 and 67 num. 1).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.mail.outbox import Letter
from pqr.terms.appealing import appeal
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import DAYS_TO_COME, AnswerOutcome, Way
from pqr.tickets import files, letters
from pqr.tickets.duties import TO_TELL, settle
from pqr.tickets.events import record
from pqr.tickets.files import StoredFile
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.reaching import addressee
from pqr.tickets.states import State

Files = tuple[dict[str, Any], ...]
TOLD_BY = {"notification": Way.ELECTRONIC, "citation": Way.CITATION}


@dataclass(frozen=True)
class Telling:
    """One try at one channel. `reason`: why not the one that the rule proposes. `actor`: user:<id>."""

    ticket: Ticket
    way: Way
    actor: str
    reason: str = ""


def tell_answer(session: Session, answer: Answer, enclosed: Files, office: Office, now: datetime) -> Letter | None:
    """The first letter of an answer; None when there is no address to send to."""
    if answer.completes is not None or not answer.must_be_notified:
        return letters.send_answer(session, answer, enclosed, office, now)
    person = answer.ticket.petitioner
    if person is not None and person.accepts_electronic_notification:
        return notify(session, answer, office, now)
    return citation(session, answer, office, now)


def notify(session: Session, answer: Answer, office: Office, now: datetime) -> Letter | None:
    """Says that a decision waits behind the link, and what may be done about it."""
    values = {"answer": answer, "appeal": appeal(AnswerOutcome(answer.outcome), answer.provision)}
    return letters.to_petitioner(session, answer.ticket, "notification", values, office, now)


def citation(session: Session, answer: Answer, office: Office, now: datetime) -> Letter | None:
    """Asks the person to come, or to accept being notified on the page."""
    until = office.calendar.nth_business_day_after(now.astimezone(BOGOTA).date(), DAYS_TO_COME)
    values = {"answer": answer, "until": until}
    return letters.to_petitioner(session, answer.ticket, "citation", values, office, now)


def tell_again(session: Session, telling: Telling, office: Office, now: datetime) -> Letter | None:
    """Tries an electronic notification, a citation or an aviso sent. Raises ActNotAllowed where there is no answer."""
    ticket, answer = telling.ticket, telling.ticket.answer
    if answer is None or ticket.state != State.ANSWERED:
        raise ActNotAllowed("No hay una respuesta pendiente de notificar.")
    reachable = addressee(session, ticket, answer).email
    letter = _LETTERS[telling.way](session, answer, office, now) if reachable else None
    if letter is not None:
        session.flush()  # the answer keeps the id of its letter
        answer.letter_id = letter.id
    note_telling(session, telling, letter is not None, office, now)
    return letter


def note_telling(session: Session, telling: Telling, by_mail: bool, office: Office, now: datetime) -> None:
    """Writes down the try: what follows is counted from it."""
    until = office.calendar.nth_business_day_after(now.astimezone(BOGOTA).date(), DAYS_TO_COME)
    extra = {"until": until.isoformat()} if telling.way == Way.CITATION else {}
    why = {"reason": telling.reason} if telling.reason else {}
    settle(session, telling.ticket, *TO_TELL, now=now)
    record(session, telling.ticket.id, _EVENTS[telling.way], telling.actor, now, by_mail=by_mail, **extra, **why)


def _send_notice(session: Session, answer: Answer, office: Office, now: datetime) -> Letter | None:
    """The aviso with a full copy, to the address of the file (CPACA art. 69)."""
    size = len(files.read(answer.pdf_sha256, office))
    paper = StoredFile(answer.pdf_sha256, f"respuesta-{answer.radicado}.pdf", "application/pdf", size).as_row()
    values = {"answer": answer, "appeal": appeal(AnswerOutcome(answer.outcome), answer.provision)}
    return letters.to_petitioner(session, answer.ticket, "notice_sent", values, office, now, files=(paper,))


_LETTERS = {Way.ELECTRONIC: notify, Way.CITATION: citation, Way.NOTICE_SENT: _send_notice}
_EVENTS = {Way.ELECTRONIC: "notification_sent", Way.CITATION: "cited", Way.NOTICE_SENT: "notice_sent"}
