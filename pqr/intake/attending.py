"""What does a person do with a message that the service could not place?

The same acts as for mail that places itself, chosen by an official. The message is closed, never deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.intake.work import Prepared, identity_by_words
from pqr.mail.inbox import APART, InboxMail, Verdict
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets.answering import Reply, answer_or_complete
from pqr.tickets.contributing import Gift, contribute
from pqr.tickets.contributions import pending_of
from pqr.tickets.events import record
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.hiding import hide_sender
from pqr.tickets.models import Channel, Ticket


class Fate(StrEnum):
    """Where the official sends the message."""

    NEW_TICKET = "radicar"
    ADD = "agregar"
    ANSWER = "responder"
    CONTRIBUTE = "aportar"
    DISCARD = "descartar"


@dataclass(frozen=True)
class Attendance:
    """The official's decision. `ticket`: the case that it is about, for ADD, ANSWER and CONTRIBUTE.

    `kind`, `petitioner`: for NEW_TICKET. `reason`: for DISCARD. `actor`: user:<id>.
    """

    mail: InboxMail
    prepared: Prepared
    fate: Fate
    actor: str
    ticket: Ticket | None = None
    kind: TicketKind = TicketKind.PETICION_GENERAL
    petitioner: PetitionerData | None = None
    reason: str = ""


def attend(session: Session, attendance: Attendance, office: Office, now: datetime) -> Ticket | None:
    """Does what was decided and closes the message; the ticket it ended in, None when it ended in none.

    Raises ActNotAllowed for a message that does not wait for a person, and whatever the act itself refuses.
    """
    mail = attendance.mail
    if mail.verdict != Verdict.NEEDS_HUMAN or mail.closed_at is not None:
        raise ActNotAllowed("Este mensaje ya fue atendido por otra persona.")
    ticket = _ACTS[attendance.fate](session, attendance, office, now)
    mail.ticket_id = ticket.id if ticket else mail.ticket_id
    mail.closed_at, mail.closed_by = now, attendance.actor
    if ticket is not None:
        hide_sender(mail, ticket)
    if mail.ticket_id is not None:
        record(
            session, mail.ticket_id, "mail_attended", attendance.actor, now,
            inbox=mail.id, fate=attendance.fate, raw_sha256=mail.digest,
        )  # fmt: skip
    return ticket


def reopen(session: Session, mail: InboxMail, actor: str, now: datetime) -> None:
    """Puts a message that was set aside, or that a person discarded, among those that wait for a person.

    Raises ActNotAllowed for any other one.
    """
    if mail.verdict not in APART:
        raise ActNotAllowed("Este mensaje no está apartado: ya está por leer o en su caso.")
    before, mail.verdict = mail.verdict, Verdict.NEEDS_HUMAN
    mail.reason = f"Lo recuperó una persona. Antes: {mail.reason}"
    mail.closed_at, mail.closed_by = None, ""
    if mail.ticket_id is not None:
        record(session, mail.ticket_id, "mail_reopened", actor, now, inbox=mail.id, before=before)


def _file(session: Session, attendance: Attendance, office: Office, now: datetime) -> Ticket:
    mail = attendance.prepared.mail
    given = attendance.petitioner or PetitionerData(name=mail.sender_name, email=mail.reply_to or mail.sender)
    draft = Draft(
        kind=attendance.kind,
        subject=mail.subject,
        body=mail.text,
        channel=Channel.EMAIL,
        received_at=attendance.mail.received_at,
        identity=identity_by_words(mail),
        petitioner=given,
        files=attendance.prepared.files,
        left_out=attendance.prepared.left_out,
        message_ids=(mail.message_id,) if mail.message_id else (),
        author=attendance.actor,
    )
    return file_ticket(session, draft, office, now)


def _add(session: Session, attendance: Attendance, office: Office, now: datetime) -> Ticket:
    prepared, ticket = attendance.prepared, _ticket_of(attendance)
    follow_up = FollowUp(
        ticket,
        prepared.reply.new or prepared.mail.text,
        attendance.actor,
        prepared.files,
        attendance.mail.id,
        prepared.mail.message_id,
        prepared.left_out,
    )
    add_message(session, follow_up, office, now)
    return ticket


def _answer(session: Session, attendance: Attendance, office: Office, now: datetime) -> Ticket:
    prepared, ticket = attendance.prepared, _ticket_of(attendance)
    if ticket.secretaria is None:
        raise ActNotAllowed(f"La petición {ticket.radicado} no está en ninguna dependencia: asígnela primero.")
    author = f"secretaria:{ticket.secretaria.code}"
    reply = Reply(ticket, prepared.reply.new, author, prepared.files_to_send(), attendance.mail.id, final=True)
    answer_or_complete(session, reply, office, now)
    return ticket


def _contribute(session: Session, attendance: Attendance, office: Office, now: datetime) -> Ticket:
    prepared, ticket = attendance.prepared, _ticket_of(attendance)
    waited_for = pending_of(session, ticket)
    today, sender = now.astimezone(BOGOTA).date(), prepared.mail.sender
    theirs = [each for each in waited_for if sender in each.secretaria.addresses_on(today)] or waited_for
    if len(theirs) != 1:
        trouble = "hay varios aportes pedidos: agréguelo desde el caso" if theirs else "no se espera ningún aporte"
        raise ActNotAllowed(f"En {ticket.radicado} {trouble}.")
    author = f"secretaria:{theirs[0].secretaria.code}"
    gift = Gift(theirs[0], prepared.reply.new, author, prepared.files_to_send(), attendance.mail.id)
    contribute(session, gift, office, now)
    return ticket


def _discard(session: Session, attendance: Attendance, office: Office, now: datetime) -> None:
    if not attendance.reason.strip():
        raise NotUnderstood("Falta la razón para no radicar este mensaje.")
    attendance.mail.reason = f"{attendance.mail.reason} Se descartó: {attendance.reason.strip()}".strip()
    attendance.mail.verdict = Verdict.DISCARDED


def _ticket_of(attendance: Attendance) -> Ticket:
    if attendance.ticket is None:
        raise NotUnderstood("Falta el radicado del caso.")
    return attendance.ticket


_ACTS = {
    Fate.NEW_TICKET: _file,
    Fate.ADD: _add,
    Fate.ANSWER: _answer,
    Fate.CONTRIBUTE: _contribute,
    Fate.DISCARD: _discard,
}
