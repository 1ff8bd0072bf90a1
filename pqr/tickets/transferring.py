"""Is it another authority's?  It goes there with its file, and the person gets a copy (CPACA art. 21).

After the five days it goes all the same, with the reason of the delay: being late makes nobody competent. Of a part,
the municipality's own part keeps its clock.

Whoever asked for reserve is not named: nothing goes by mail, the paper says how to answer through the alcaldía, and an
official takes it in a closed envelope, with the files that do not give the person away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.secretarias.models import ExternalBody
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.terms.spanish import long_date
from pqr.terms.transferring import transfer_term, transfer_until
from pqr.tickets import letters
from pqr.tickets.closing import Decision, close_unanswered
from pqr.tickets.counter import take_next
from pqr.tickets.documents import transfer_pdf, whom
from pqr.tickets.events import digest_of_text, history, record
from pqr.tickets.files import StoredFile
from pqr.tickets.issuing import Document, keep_document
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.radicado import Series
from pqr.tickets.saying import say
from pqr.tickets.states import Act, Outcome, after
from pqr.tickets.transfers import Transfer

THEIRS = ("petition", "message")  # the files that are the person's


@dataclass(frozen=True)
class Sending:
    """To whom and why, as the person reads it. `part`: what is sent, "" for all. `late_reason`: asked when late."""

    ticket: Ticket
    body: ExternalBody
    reason: str
    actor: str
    part: str = ""
    late_reason: str = ""


def transfer(session: Session, sending: Sending, office: Office, now: datetime) -> Transfer:
    """Sends the petition, or a part of it, and tells the person. Raises ActNotAllowed."""
    ticket = sending.ticket
    after(ticket.state, Act.TRANSFER_PART if sending.part else Act.TRANSFER)
    late = _check_late(sending, office, now)
    sent = Transfer(
        ticket=ticket,
        body=sending.body,
        body_name=sending.body.name,
        radicado=take_next(session, Series.EXIT, now),
        part=sending.part.strip(),
        reason=sending.reason.strip(),
        made_at=now,
    )
    session.add(sent)
    words = _words_since(session, ticket)
    document = Document(ticket_id=ticket.id, kind="transfer", radicado=sent.radicado)
    document, pdf = keep_document(session, document, transfer_pdf(sent, words, office), office, now)
    sent.pdf_sha256 = pdf.sha256
    _write_to_body(session, sent, pdf, words, office, now)
    session.flush()  # the event names the transfer's id
    document.letter_id = sent.letter_id
    facts = {
        "transfer": sent.id, "radicado": sent.radicado, "body": sent.body_name, "pdf_sha256": pdf.sha256,
        "to_body_by_mail": sent.letter_id is not None, **late,
    }  # fmt: skip
    enclosed = (pdf.as_row(),)
    if sent.part:
        _tell_part(session, sending, sent, enclosed, facts, office, now)
    else:
        decision = Decision(ticket, sent.reason, sending.actor, told={"transfer": sent}, facts=facts, files=enclosed)
        close_unanswered(session, decision, Act.TRANSFER, Outcome.TRANSFERRED, office, now)
        ticket.in_time = not late
    return sent


def note_delivery(session: Session, sent: Transfer, proof: str, actor: str, now: datetime) -> None:
    """Writes down that the paper was taken to the body. `proof`: who received it. Raises ActNotAllowed."""
    if not sent.is_undelivered:
        raise ActNotAllowed("Ese traslado ya salió.")
    sent.delivered_at = now
    record(
        session, sent.ticket_id, "transfer_delivered", actor, now,
        transfer=sent.id, body=sent.body_name, radicado=sent.radicado, proof=proof.strip(),
    )  # fmt: skip


def _tell_part(
    session: Session,
    sending: Sending,
    sent: Transfer,
    enclosed: tuple[dict[str, Any], ...],
    facts: dict[str, Any],
    office: Office,
    now: datetime,
) -> None:
    ticket = sending.ticket
    message = say(session, ticket, sending.actor, f"{sent.part}\n\n{sent.reason}", now)
    values = {"message": message, "transfer": sent}
    letter = letters.to_petitioner(session, ticket, "transferred", values, office, now, files=enclosed)
    record(
        session, ticket.id, "transferred_part", sending.actor, now,
        message=message.id, text_sha256=digest_of_text(message.text), by_mail=letter is not None, **facts,
    )  # fmt: skip


def _check_late(sending: Sending, office: Office, now: datetime) -> dict[str, Any]:
    """What the event says of a late one. Raises ActNotAllowed where it does not say why."""
    kind = TicketKind(sending.ticket.kind)
    until, term = transfer_until(kind, sending.ticket.day_zero, office.calendar), transfer_term(kind)
    if now.astimezone(BOGOTA).date() <= until:
        return {}
    if not sending.late_reason.strip():
        raise ActNotAllowed(
            f"El traslado debía hacerse a más tardar el {long_date(until)}: son {term.days} días hábiles después de "
            f"recibida ({term.source}). Todavía hay que hacerlo: escriba por qué se hace tarde; queda registrado."
        )
    return {"late": True, "until": until.isoformat(), "late_reason": sending.late_reason.strip()}


def _words_since(session: Session, ticket: Ticket) -> list[str]:
    """What the person added after filing."""
    added = {event.data.get("message") for event in history(session, ticket.id) if event.kind == "follow_up"}
    return [message.text for message in ticket.messages if message.id in added and message.text.strip()]


def _write_to_body(
    session: Session, sent: Transfer, pdf: StoredFile, words: Sequence[str], office: Office, now: datetime
) -> None:
    """The mail with the file; none where the body has no address or the person is not to be named."""
    ticket = sent.ticket
    if not sent.body.email or ticket.identity == Identity.RESERVED:
        return
    theirs = [
        {"sha256": file.sha256, "name": file.name, "media_type": file.media_type, "size": file.size}
        for file in ticket.attachments
        if file.belongs_to in THEIRS
    ]
    envelope = Envelope(
        letter="transfer", recipient=sent.body.email, ticket_id=ticket.id, files=(pdf.as_row(), *theirs)
    )
    values = {"ticket": ticket, "transfer": sent, "words": words, "person": whom(ticket), "files": theirs}
    letter = write(session, envelope, values, office, now)
    session.flush()  # the transfer keeps the id of its letter
    sent.letter_id = letter.id
