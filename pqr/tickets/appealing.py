"""Is a decision appealed, and what is decided on it?  CPACA arts. 74 to 87; Ley 1712 de 2014 art. 27 for its reserves.

What came late is received like the rest: that it is refused for it, or that it is not, is decided with reasons
(art. 78). Nothing of what was answered changes, nor its days.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.terms.appealing import NAMES, TERM_OF, Remedy, appeal_until
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import DAYS_TO_COME, Way, next_step
from pqr.terms.spanish import long_date
from pqr.tickets import letters
from pqr.tickets.appeals import Presented, presented, remedy_of
from pqr.tickets.communicating import communicate, notify_closing
from pqr.tickets.duties import Duty, meet, owe
from pqr.tickets.events import digest_of_text, history, record
from pqr.tickets.issuing import Document, make_document
from pqr.tickets.models import Message, Ticket
from pqr.tickets.reaching import addressee, is_unnotified
from pqr.tickets.saying import say
from pqr.tickets.states import State

APPEAL = "recurso_reposicion"
TO_JUDGE = {Remedy.INSISTENCE: "envio_al_juez", Remedy.SECURITY: "envio_al_juez_seguridad"}
EVENTS = {
    Remedy.REPOSICION: "appealed",
    Remedy.INSISTENCE: "insistence",
    Remedy.SECURITY: "insistence_security",
}


class Result(StrEnum):
    """What is decided on an appeal (CPACA arts. 78 and 80)."""

    CONFIRMED = "confirmed"
    MODIFIED = "modified"
    REVOKED = "revoked"
    LATE = "late"


RESULTS = {
    Result.CONFIRMED: "Confirma la decisión",
    Result.MODIFIED: "Cambia la decisión en parte",
    Result.REVOKED: "Revoca la decisión",
    Result.LATE: "Rechaza el recurso por haberse presentado tarde",
}


@dataclass(frozen=True)
class Appeal:
    """What the person presented. `message`: its words, on the case; `received_at`: when they reached the municipality.

    `higher`: the person also asks for apelación. `remedy`: for a reserve, where the norm does not tell which of the two
    it is. `actor`: citizen or user:<id>.
    """

    ticket: Ticket
    message: Message
    received_at: datetime
    actor: str
    higher: bool = False
    remedy: Remedy | None = None


@dataclass(frozen=True)
class Resolution:
    """What is decided and why, as the person reads it. `elevated`: goes on to the superior, as apelación."""

    ticket: Ticket
    result: Result
    text: str
    actor: str
    elevated: bool = False


def present(session: Session, filed: Appeal, office: Office, now: datetime) -> Duty:
    """Registers it with its true day, and what is due by it. Raises ActNotAllowed where nothing lies."""
    ticket = filed.ticket
    remedy = _lying(session, filed)
    if not _decided_at(ticket) <= filed.received_at <= now:
        raise ActNotAllowed("El día debe estar entre el de la decisión y hoy.")
    notified_on = _notified_at(session, filed, office, now).astimezone(BOGOTA).date()
    received_on = filed.received_at.astimezone(BOGOTA).date()
    until, higher = appeal_until(remedy, notified_on, office.calendar), filed.higher and remedy is Remedy.REPOSICION
    record(
        session, ticket.id, EVENTS[remedy], filed.actor, now, message=filed.message.id, remedy=remedy,
        text_sha256=digest_of_text(filed.message.text), notified_on=notified_on.isoformat(),
        received_on=received_on.isoformat(), until=until.isoformat(), higher=higher,
    )  # fmt: skip
    code = TO_JUDGE[remedy] if remedy is Remedy.INSISTENCE else APPEAL
    duty = owe(session, ticket, code, received_on, office, now)
    values = {
        "remedy": remedy, "name": NAMES[remedy], "message": filed.message, "received_on": received_on, "until": until,
        "due_on": duty.due_on, "higher": higher, "source": TERM_OF[remedy].source,
    }  # fmt: skip
    letters.to_petitioner(session, ticket, "appeal_received", values, office, now)
    return duty


def decide(session: Session, resolution: Resolution, office: Office, now: datetime) -> Document:
    """Decides it in a letter with its number, of which the person is notified. Raises ActNotAllowed."""
    ticket = resolution.ticket
    filed = presented(history(session, ticket.id))
    if filed is None or filed.remedy is Remedy.INSISTENCE:
        raise ActNotAllowed("No hay un recurso por decidir.")
    _check(resolution, filed)
    if not resolution.elevated:
        meet(session, ticket, APPEAL, now)
    message = say(session, ticket, resolution.actor, resolution.text, now)
    today = now.astimezone(BOGOTA).date()
    to_judge = filed.remedy is Remedy.SECURITY and resolution.result in (Result.CONFIRMED, Result.MODIFIED)
    values = {
        "message": message, "result": RESULTS[resolution.result], "received_on": filed.received_on,
        "elevated": resolution.elevated, "to_judge": to_judge,
    }  # fmt: skip
    document, _ = make_document(session, ticket, "appeal_decision", values, office, now)
    step = next_step(True, addressee(session, ticket, None, "appeal_decided"), ())
    until = office.calendar.nth_business_day_after(today, DAYS_TO_COME)
    mail = {"document": document, "until": until, "accepts": step.way == Way.ELECTRONIC}
    letter = letters.to_petitioner(session, ticket, "appeal_decided", mail, office, now)
    session.flush()  # the document keeps the id of its letter
    document.letter_id = letter.id if letter else None
    record(
        session, ticket.id, "appeal_decided", resolution.actor, now, message=message.id, result=resolution.result,
        text_sha256=digest_of_text(message.text), elevated=resolution.elevated, way=step.way, why=step.why,
        **document.facts(),
    )  # fmt: skip
    if to_judge:
        owe(session, ticket, TO_JUDGE[Remedy.SECURITY], today, office, now)
    return document


def note_told(session: Session, ticket: Ticket, way: str, actor: str, now: datetime) -> None:
    """Writes down that the person was notified of what was decided. `way`: of `communicating.WAYS`."""
    filed = presented(history(session, ticket.id))
    if filed is None or not filed.waits_to_be_told:
        raise ActNotAllowed("No hay una decisión de un recurso por notificar.")
    record(session, ticket.id, "appeal_notified", actor, now, way=way)


def _lying(session: Session, filed: Appeal) -> Remedy:
    """What lies against the decision. Raises ActNotAllowed."""
    lies = remedy_of(filed.ticket)
    if lies is None:
        raise ActNotAllowed("Contra lo que se le respondió no procede recurso: no niega nada (CPACA, art. 74).")
    before = presented(history(session, filed.ticket.id))
    if before is not None:
        raise ActNotAllowed(
            f"Ya se presentó el {long_date(before.received_on)}. Contra lo que se decide sobre él no hay otro: anótelo "
            "como mensaje del caso (CPACA, art. 87)."
        )
    return filed.remedy if filed.remedy in TO_JUDGE and lies in TO_JUDGE else lies


def _decided_at(ticket: Ticket) -> datetime:
    decided = ticket.answered_at or ticket.closed_at
    assert decided is not None
    return decided


def _notified_at(session: Session, filed: Appeal, office: Office, now: datetime) -> datetime:
    """Since when the decision has effect. Who appeals it knows it: that notifies, too (CPACA art. 72)."""
    ticket, at = filed.ticket, filed.received_at
    if ticket.state == State.ANSWERED:
        communicate(session, ticket, "conclusive", filed.actor, office, now, effective_at=at)
    elif is_unnotified(ticket):
        notify_closing(session, ticket, "conclusive", filed.actor, now, effective_at=at)
    assert ticket.communicated_at is not None
    return ticket.communicated_at


def _check(resolution: Resolution, filed: Presented) -> None:
    if resolution.result is Result.LATE and not filed.is_late:
        raise ActNotAllowed(
            f"Se presentó el {long_date(filed.received_on)} y podía presentarse hasta el {long_date(filed.until)}: no "
            "se puede rechazar por tarde (CPACA, arts. 76 y 78)."
        )
    if resolution.elevated and not filed.higher:
        raise ActNotAllowed("La persona no pidió apelación (CPACA, art. 76).")
    if resolution.elevated and resolution.result in (Result.REVOKED, Result.LATE):
        raise ActNotAllowed("Solo pasa al superior lo que no se revoca y se presentó a tiempo (CPACA, arts. 74 y 78).")
