"""Does the person insist on what the law reserves?  A judge decides: the file goes there (CPACA art. 26).

A municipality's is the juez administrativo, in ten days. For defence, security or foreign relations reposición comes
first, and the file goes once that is refused (Ley 1712 de 2014 art. 27). What the judge orders is delivered as a
complement: the answer and its days stay as they were.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.secretarias.models import ExternalBody
from pqr.terms.appealing import Remedy
from pqr.terms.calendar import BOGOTA
from pqr.terms.deadlines import is_overdue
from pqr.terms.spanish import long_date
from pqr.tickets import letters
from pqr.tickets.answering import Reply, answer_or_complete
from pqr.tickets.appealing import TO_JUDGE
from pqr.tickets.appeals import presented
from pqr.tickets.documents import whom
from pqr.tickets.duties import Duty, meet, owe, pending_duty
from pqr.tickets.events import digest_of_text, history, record
from pqr.tickets.files import StoredFile
from pqr.tickets.issuing import make_document
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.saying import say
from pqr.tickets.transferring import THEIRS
from pqr.tickets.transfers import Transfer

ORDER = "orden_del_juez"


class Judged(StrEnum):
    """What the judge decides (CPACA art. 26)."""

    DENIED = "denied"
    PARTLY = "partly"
    GRANTED = "granted"


JUDGED = {
    Judged.DENIED: "Confirma la reserva: no se entrega",
    Judged.PARTLY: "Ordena entregar una parte",
    Judged.GRANTED: "Ordena entregar lo que se pidió",
}


@dataclass(frozen=True)
class Referral:
    """To which judge. `late_reason`: asked where the law's own days to send it are over."""

    ticket: Ticket
    judge: ExternalBody
    actor: str
    late_reason: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the judge decided and when. `text`: as the person reads it; `by`: the day that the judge set, if any."""

    ticket: Ticket
    judged: Judged
    decided_on: date
    text: str
    actor: str
    by: date | None = None


def send_to_judge(session: Session, referral: Referral, office: Office, now: datetime) -> Transfer:
    """Sends the judge the file, by mail or on paper, and the person a copy. Raises ActNotAllowed."""
    ticket, judge = referral.ticket, referral.judge
    filed, duty = presented(history(session, ticket.id)), _owed(session, ticket)
    assert filed is not None
    late = _check_late(duty, referral, now)
    answer, insisted = ticket.answer, next(each for each in ticket.messages if each.id == filed.message_id)
    assert answer is not None
    values: dict[str, Any] = {
        "body": judge.name, "address": judge.address, "to": "", "security": filed.remedy is Remedy.SECURITY,
        "person": whom(ticket), "identity": ticket.identity, "petition": ticket.body, "denied": answer.text,
        "denied_with": answer.radicado, "provision": answer.provision, "insisted": insisted.text,
        "received_on": filed.received_on, "until": filed.until, "late": filed.is_late,
        "signer": office.about.signer or office.entity,
    }  # fmt: skip
    document, pdf = make_document(session, ticket, "judge", values, office, now)
    sent = Transfer(
        ticket=ticket, body=judge, body_name=judge.name, radicado=document.radicado, reason=duty.term.label,
        made_at=now, pdf_sha256=pdf.sha256,
    )  # fmt: skip
    session.add(sent)
    _write_to_judge(session, sent, pdf, values, office, now)
    session.flush()  # the event names the transfer's id
    document.letter_id = sent.letter_id
    copy = {"transfer": sent, "security": values["security"]}
    letter = letters.to_petitioner(session, ticket, "judge_sent", copy, office, now, files=(pdf.as_row(),))
    meet(session, ticket, duty.code, now)
    facts = document.facts() | {"by_mail": letter is not None}
    record(
        session, ticket.id, "insistence_sent", referral.actor, now, transfer=sent.id, body=sent.body_name,
        to_body_by_mail=sent.letter_id is not None, **facts, **late,
    )  # fmt: skip
    return sent


def note_judgement(session: Session, judgement: Judgement, office: Office, now: datetime) -> None:
    """Writes down what the judge decided and tells the person; what is ordered is due. Raises ActNotAllowed."""
    ticket = judgement.ticket
    filed = presented(history(session, ticket.id))
    if filed is None or not filed.waits_for_the_judge:
        raise ActNotAllowed("No hay un expediente donde el juez.")
    if not filed.received_on <= judgement.decided_on <= now.astimezone(BOGOTA).date():
        raise ActNotAllowed("El día de la decisión debe estar entre el de la insistencia y hoy.")
    message = say(session, ticket, judgement.actor, judgement.text, now)
    due_on = _owe_order(session, judgement, office, now)
    values = {
        "judged": JUDGED[judgement.judged], "decided_on": judgement.decided_on, "message": message, "due_on": due_on,
    }  # fmt: skip
    letter = letters.to_petitioner(session, ticket, "judge_decided", values, office, now)
    record(
        session, ticket.id, "judge_decided", judgement.actor, now, message=message.id, judged=judgement.judged,
        text_sha256=digest_of_text(message.text), decided_on=judgement.decided_on.isoformat(),
        by_mail=letter is not None, **({"due_on": due_on.isoformat()} if due_on else {}),
    )  # fmt: skip


def deliver_ordered(session: Session, reply: Reply, office: Office, now: datetime) -> Answer:
    """Gives the person what the judge ordered, as a complement of the answer. Raises as `answer_or_complete`."""
    meet(session, reply.ticket, ORDER, now)
    return answer_or_complete(session, reply, office, now)


def _owed(session: Session, ticket: Ticket) -> Duty:
    found = (pending_duty(session, ticket, code) for code in TO_JUDGE.values())
    duty = next((each for each in found if each is not None), None)
    if duty is None:
        raise ActNotAllowed("En este caso no hay nada pendiente de enviar al juez.")
    return duty


def _check_late(duty: Duty, referral: Referral, now: datetime) -> dict[str, Any]:
    """What the event says of a late one; only the law's own days ask for a reason. Raises ActNotAllowed."""
    if not is_overdue(duty.due_on, now.astimezone(BOGOTA).date()):
        return {}
    if duty.code == TO_JUDGE[Remedy.SECURITY] and not referral.late_reason.strip():
        raise ActNotAllowed(
            f"Debía enviarse a más tardar el {long_date(duty.due_on)} ({duty.term.source}). Todavía hay que hacerlo: "
            "escriba por qué se hace tarde; queda registrado."
        )
    return {"late": True, "until": duty.due_on.isoformat(), "late_reason": referral.late_reason.strip()}


def _write_to_judge(
    session: Session, sent: Transfer, pdf: StoredFile, values: dict[str, Any], office: Office,
    now: datetime,
) -> None:  # fmt: skip
    """The mail with the file; none where the judge has no address here, or the person is not to be named."""
    ticket = sent.ticket
    if not sent.body.email or ticket.identity == Identity.RESERVED:
        return
    theirs = tuple(
        {"sha256": file.sha256, "name": file.name, "media_type": file.media_type, "size": file.size}
        for file in ticket.attachments
        if file.belongs_to in THEIRS
    )
    envelope = Envelope(letter="judge", recipient=sent.body.email, ticket_id=ticket.id, files=(pdf.as_row(), *theirs))
    letter = write(session, envelope, {**values, "ticket": ticket, "transfer": sent}, office, now)
    session.flush()  # the transfer keeps the id of its letter
    sent.letter_id = letter.id


def _owe_order(session: Session, judgement: Judgement, office: Office, now: datetime) -> date | None:
    if judgement.judged is Judged.DENIED:
        return None
    duty = owe(session, judgement.ticket, ORDER, judgement.decided_on, office, now)
    duty.due_on = judgement.by or duty.due_on
    return duty.due_on
