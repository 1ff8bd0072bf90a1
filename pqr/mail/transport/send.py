"""How does a letter leave?  By SMTP through the municipality's relay; it writes nothing into the ledger.

From is always the service's own address, so that DMARC holds; the envelope sender is a signed address of the
letter, so that a delivery report finds it.
"""

import smtplib
import ssl
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_mail import Attachment, Connection, Mail, Message

from pqr.config import Settings
from pqr.mail.addresses import Action, SignedAddress, service_address, sign
from pqr.mail.outbox import Letter

TIMEOUT_SECONDS = 30
PERMANENT = 500


class Refused(Exception):
    """The far side will never take this letter; the text is its answer."""


class Delayed(Exception):
    """The letter could not leave now; the text says why."""


class PatientConnection(Connection):
    """Flask-Mail's connection with a time limit and verified TLS: a relay that hangs must not hold the worker."""

    def configure_host(self) -> smtplib.SMTP:
        """The connected, authenticated client."""
        mail, tls = self.mail, ssl.create_default_context()
        host: smtplib.SMTP
        if mail.use_ssl:
            host = smtplib.SMTP_SSL(mail.server, mail.port, timeout=TIMEOUT_SECONDS, context=tls)
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=TIMEOUT_SECONDS)
        if mail.use_tls:
            host.starttls(context=tls)
        if mail.username and mail.password:
            host.login(mail.username, mail.password)
        return host


def mail_settings(url: str) -> dict[str, Any]:
    """Flask-Mail's settings for `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`."""
    parts = urlsplit(url)
    return {
        "MAIL_SERVER": parts.hostname or "localhost",
        "MAIL_PORT": parts.port or {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25),
        "MAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_SUPPRESS_SEND": False,
    }


def deliver(letter: Letter, files: Sequence[tuple[dict[str, Any], bytes]], settings: Settings) -> None:
    """Hands the letter to the relay. Raises Refused or Delayed. Needs an application context."""
    message = as_message(letter, files, settings)
    bounces_to = sign(SignedAddress(Action.BOUNCE, letter.id), settings.secret_keys[0], settings.mail_domain)
    mail: Mail = current_app.extensions["mail"]
    try:
        with PatientConnection(mail) as connection:
            connection.send(message, envelope_from=bounces_to)
    except smtplib.SMTPRecipientsRefused as refusal:
        raise _verdict(max(code for code, _ in refusal.recipients.values()), refusal) from refusal
    except smtplib.SMTPDataError as refusal:
        raise _verdict(refusal.smtp_code, refusal) from refusal
    except (smtplib.SMTPException, OSError) as failure:
        # A wrong password or an unknown sender is our own fault: no letter may be given up for it.
        raise Delayed(f"{type(failure).__name__}: {failure}") from failure


def as_message(letter: Letter, files: Sequence[tuple[dict[str, Any], bytes]], settings: Settings) -> Message:
    """The letter as MIME, with its fixed Message-ID."""
    message = Message(
        subject=letter.subject,
        sender=(f'"{letter.sender_name}"', service_address(settings.mail_domain)),
        recipients=[letter.recipient],
        cc=[copy for copy in letter.copies.split(",") if copy],
        reply_to=letter.reply_to or None,
        body=letter.text,
        html=letter.html,
        extra_headers=dict(letter.headers),
        attachments=[Attachment(row["name"], row["media_type"], content) for row, content in files],
    )
    message.msgId = letter.message_id
    return message


def _verdict(code: int, refusal: smtplib.SMTPException) -> Exception:
    return Refused(str(refusal)) if code >= PERMANENT else Delayed(str(refusal))
