"""Does a letter reach the relay?  One small message of the service to itself, on the way that every letter takes.

It carries a word that nobody else knows, by which it is recognised when it comes in, whatever relays do to it.
"""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate

from flask import current_app

from pqr.config import Settings
from pqr.mail.addresses import service_address
from pqr.mail.outbox import new_message_id
from pqr.mail.transport.relay import Relay, words_of
from pqr.mail.transport.replies import Delayed, Refused
from pqr.mail.transport.signing import sign


class NotSent(Exception):
    """The relay could not be reached or did not take the probe; the text is what it said."""


def send_probe(settings: Settings, word: str) -> str:
    """Hands the probe to the relay; its final reply. Raises NotSent. Needs an application context."""
    own = service_address(settings.mail_domain)
    content = _probe(settings, own, word)
    try:
        relay = Relay(current_app.extensions["mail"], settings.smtp_seconds)
    except (smtplib.SMTPException, OSError) as failure:
        raise NotSent(words_of(failure)) from failure
    try:
        with relay.bounded():
            relay.begin(own, len(content), utf8=False)
            relay.name(own)
            return relay.hand_over(content)
    except (Refused, Delayed, smtplib.SMTPException, OSError) as failure:
        raise NotSent(words_of(failure)) from failure
    finally:
        relay.say_goodbye()


def _probe(settings: Settings, own: str, word: str) -> bytes:
    probe = EmailMessage()
    probe["From"] = probe["To"] = own
    probe["Subject"] = f"Prueba del correo de PQR {word}"
    probe["Date"], probe["Message-ID"] = formatdate(), new_message_id(settings.mail_domain)
    probe["Auto-Submitted"] = "auto-generated"
    probe.set_content(
        f"El servicio se escribe a sí mismo para comprobar que el correo sale y entra.\n\n{word}\n",
        cte="quoted-printable",
    )
    content = probe.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return sign(content, settings.dkim, settings.mail_domain) if settings.dkim else content
