"""What do the tests of the rooms begin with?  Drafts, offices, raw mails and the ledgers' short ways, no fixtures."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import select

from pqr.closures.calendar import load_calendar
from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.addresses import Action
from pqr.mail.inbox import Received
from pqr.mail.outbox import Letter
from pqr.secretarias.directory import by_code
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets import letters
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.filing import Draft, PetitionerData, file_ticket
from pqr.tickets.models import Channel

CITIZEN = "ana@correo.example"
WATER = ("No llega agua al acueducto", "Hace dos semanas no llega el agua a la vereda; hay un tubo roto.")


def at(text):
    """An instant from Bogotá's clock: at("2026-03-03 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA).astimezone(UTC)


NOW = at("2026-03-03 10:00")  # a Tuesday; the next holiday is Monday the 23rd


def office_of(session, settings, **changes):
    """What acts may know, with the calendar of this database."""
    return replace(settings.office(load_calendar(session)), **changes)


def draft(subject=WATER[0], body=WATER[1], **changes):
    """A petition about water by a named person, received at NOW by the web form."""
    given = {
        "kind": TicketKind.PETICION_GENERAL,
        "channel": Channel.WEB,
        "received_at": NOW,
        "petitioner": PetitionerData(name="Ana Prueba", email=CITIZEN),
    }
    return Draft(subject=subject, body=body, **(given | changes))


def filed(session, office, now=NOW, **changes):
    """A filed ticket, flushed."""
    ticket = file_ticket(session, draft(**{"received_at": now} | changes), office, now)
    session.flush()
    return ticket


def assigned(session, office, code="planeacion", now=NOW, **changes):
    """A filed ticket in the hands of that office."""
    ticket = filed(session, office, now, **changes)
    assign(session, Assignment(ticket, by_code(session, code), "prueba", "user:1"), office, now)
    session.flush()
    return ticket


def letters_of(session, letter=None, ticket=None):
    """The outbox, oldest first; only this template's or this ticket's letters if given."""
    query = select(Letter).order_by(Letter.id)
    query = query.where(Letter.letter == letter) if letter else query
    return session.scalars(query.where(Letter.ticket_id == ticket.id) if ticket else query).all()


def raw_mail(sender=CITIZEN, to="pqr@puerres.example", subject="", text="", files=(), **headers):
    """The bytes of a mail; `headers`: message_id="<a@b>" is Message-ID. `files`: (name, type, bytes)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, to
    if subject:
        mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(text)
    for name, media_type, content in files:
        main, _, sub = media_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def arrive(session, office, raw, now=NOW, to=()):
    """Stores and settles a message, in the session's transaction; returns its row."""
    row, _ = inbox.store(session, Received(raw, envelope_to=to, source="smtp"), now)
    process(session, row.id, prepare(raw, office), office, now)
    session.flush()
    return row


def reply_from_office(ticket, office, text, action=Action.ANSWER, **given):
    """The bytes of an office's reply to the signed address of that action."""
    sender = given.pop("sender", ticket.secretaria.email if ticket.secretaria else "nadie@puerres.example")
    to = letters.signed(ticket, action, office)
    return raw_mail(sender, to, given.pop("subject", f"Re: {ticket.radicado}"), text, **given)


def delivery_report(letter, recipient, action="failed", status="5.1.1"):
    """The bytes of a delivery status notification (RFC 3464) about one of our letters."""
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: pqr@puerres.example\r\nSubject: Undelivered Mail\r\n"
        "MIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNo se pudo entregar.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 No such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n\r\n--b--\r\n"
    ).encode()
