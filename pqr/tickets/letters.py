"""Which letters does a ticket send, to whom, and what do they reveal?

A letter to an office carries no more personal data than the answer needs: the name of a petitioner who gave it,
nothing of one who is anonymous or reserved, and never an address, a telephone or a document number.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.addresses import Action, SignedAddress, sign, survey_token, verification_code
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, Letter
from pqr.mail.pacing import hold_back
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import digest_of_text
from pqr.tickets.files import Unread
from pqr.tickets.groups import shared_with
from pqr.tickets.models import Answer, Channel, Identity, Message, Ticket
from pqr.tickets.suspensions import clock_of, explained


def acknowledge(
    session: Session, ticket: Ticket, unread: Sequence[Unread], office: Office, now: datetime, *, lacking: str = ""
) -> Letter | None:
    """Tells the petitioner the number, the date and the code (CPACA art. 61 num. 3); None without an address.

    `unread`: the files that must be sent again; `lacking`: what was noted that the petition lacks.
    """
    explanation = explained(ticket, clock_of(ticket, (), office))  # it just began to run
    digest = digest_of_text(ticket.body)
    values = {"explanation": explanation, "unread": unread, "lacking": lacking, "digest": digest}
    letter = to_petitioner(session, ticket, "acknowledgement", values, office, now, automatic="auto-replied")
    if letter is not None and ticket.channel == Channel.EMAIL and office.limits:
        hold_back(session, letter, now)
    return letter


def tell_unread(
    session: Session, ticket: Ticket, unread: Sequence[Unread], office: Office, now: datetime
) -> Letter | None:
    """Asks the petitioner to send these files again; None without an address."""
    return to_petitioner(session, ticket, "unread_files", {"unread": unread}, office, now, automatic="auto-replied")


def tell_secretaria(session: Session, ticket: Ticket, office: Office, now: datetime) -> Letter:
    """Gives the petition to its office, with the signed addresses to answer, return or extend by mail."""
    secretaria = ticket.secretaria
    assert secretaria is not None
    envelope = Envelope(
        letter="assignment",
        recipient=secretaria.email,
        copies=secretaria.copies_on(now.astimezone(BOGOTA).date()),
        ticket_id=ticket.id,
        reply_to=signed(ticket, Action.ANSWER, office),
        automatic="auto-generated",
        files=_enclosures(ticket),
    )
    values = {
        **_values(ticket, office),
        "petitioner_name": name_for_office(ticket),
        **_mailto(ticket, office),
    }
    return write(session, envelope, values, office, now)


def send_answer(
    session: Session, answer: Answer, files: tuple[dict[str, Any], ...], office: Office, now: datetime
) -> Letter | None:
    """Sends the answer, in the thread of the petitioner's own mail; None when there is no address to send to."""
    letter = "complement" if answer.completes else "answer"
    values = {"answer": answer, "survey": survey_link(answer.ticket, office), "shared": shared_with(answer, office)}
    return to_petitioner(session, answer.ticket, letter, values, office, now, files=files)


def ask(session: Session, question: Message, office: Office, now: datetime) -> Letter | None:
    """Asks the petitioner what the office needs to know; None when there is no address to ask at."""
    return to_petitioner(session, question.ticket, "question", {"question": question}, office, now)


def tell_merged(session: Session, ticket: Ticket, main: str, office: Office, now: datetime) -> Letter | None:
    """Tells the petitioner that it is answered with another one. `main`: its radicado, where it is their own."""
    return to_petitioner(session, ticket, "merged", {"main": main}, office, now)


def tell_separated(session: Session, ticket: Ticket, office: Office, now: datetime) -> Letter | None:
    """Tells the petitioner that it is answered by itself again."""
    return to_petitioner(session, ticket, "separated", {}, office, now)


def forward_message(session: Session, message: Message, office: Office, now: datetime) -> Letter | None:
    """Passes the petitioner's new words to the office that has the case; None while it is on the desk."""
    ticket = message.ticket
    if ticket.secretaria is None:
        return None
    envelope = Envelope(
        letter="follow_up",
        recipient=ticket.secretaria.email,
        copies=ticket.secretaria.copies_on(now.astimezone(BOGOTA).date()),
        ticket_id=ticket.id,
        reply_to=signed(ticket, Action.ANSWER, office),
        automatic="auto-generated",
    )
    return write(session, envelope, {**_values(ticket, office), "message": message}, office, now)


def signed(ticket: Ticket, action: Action, office: Office) -> str:
    """The address that means this action on this ticket."""
    return sign(SignedAddress(action, ticket.id), office.keys[0], office.mail_domain)


def code_of(ticket: Ticket, office: Office) -> str:
    """The ticket's verification code, as printed for the petitioner."""
    return verification_code(ticket.radicado, office.keys[0])


def link_for_petitioner(ticket: Ticket, office: Office) -> str:
    """Where the petitioner follows the case."""
    return f"{office.base_url}/radicado/{ticket.radicado}?code={code_of(ticket, office)}"


def survey_link(ticket: Ticket, office: Office) -> str:
    """Where the petitioner says whether the answer answers."""
    return f"{office.base_url}/encuesta/{survey_token(ticket.id, office.keys[0])}"


def name_for_office(ticket: Ticket) -> str:
    """The petitioner's name where the office may know it, else why not, in words."""
    if ticket.identity == Identity.RESERVED:
        return "Identidad reservada"
    if ticket.identity == Identity.ANONYMOUS or ticket.petitioner is None:
        return "Anónimo"
    return ticket.petitioner.name or "No dio su nombre"


def to_petitioner(
    session: Session,
    ticket: Ticket,
    letter: str,
    values: dict[str, Any],
    office: Office,
    now: datetime,
    *,
    automatic: str = "",
    files: tuple[dict[str, Any], ...] = (),
) -> Letter | None:
    """Writes this letter to the person, in the thread of their mails; None when there is no address to send to."""
    if ticket.petitioner is None or not ticket.petitioner.email:
        return None
    envelope = Envelope(
        letter=letter,
        recipient=ticket.petitioner.email,
        ticket_id=ticket.id,
        reply_to=signed(ticket, Action.CITIZEN, office),
        answers=tuple(ticket.thread_ids.split()),
        automatic=automatic,
        files=files,
    )
    private = {"code": code_of(ticket, office), "link": link_for_petitioner(ticket, office)}
    return write(session, envelope, {**_values(ticket, office), **private, **values}, office, now)


def _values(ticket: Ticket, office: Office) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "kind": TERMS[TicketKind(ticket.kind)].label,
        "desk_link": f"{office.base_url}/atencion/radicado/{ticket.radicado}",
    }


def _enclosures(ticket: Ticket) -> tuple[dict[str, Any], ...]:
    """All of them; what is too large to send becomes a link when the letter leaves."""
    return tuple(
        {"sha256": file.sha256, "name": file.name, "media_type": file.media_type, "size": file.size}
        for file in ticket.attachments
    )


def _mailto(ticket: Ticket, office: Office) -> dict[str, str]:
    returning = "No es competencia de esta dependencia porque: "
    extending = "Días hábiles que necesita: \nPorque: "
    asking = "Necesitamos que nos cuente: "
    return {
        "ask_link": _link(ticket, Action.ASK, "Pregunta sobre", asking, office),
        "return_link": _link(ticket, Action.RETURN, "Devolver", returning, office),
        "extend_link": _link(ticket, Action.EXTEND, "Prórroga", extending, office),
    }


def _link(ticket: Ticket, action: Action, word: str, body: str, office: Office) -> str:
    address, subject = signed(ticket, action, office), f"{word} {ticket.radicado}"
    # RFC 6068: a line break in a mailto link is CRLF
    return f"mailto:{address}?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
