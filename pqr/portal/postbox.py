"""How does the demonstration write a mail?  As any mail program would, through the service's own SMTP door."""

import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from pqr.config import Settings
from pqr.mail.letters import instant
from pqr.mail.outbox import Letter

TIMEOUT_SECONDS = 10
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where one connects when a server listens on all
_MAILTO = re.compile(r"mailto:[^\s<>\"']+\?[^\s<>\"']+")


class NotTaken(Exception):
    """The mail did not enter; the text says why, in Spanish."""


@dataclass(frozen=True)
class Way:
    """One way of replying to a letter: its button, whom to write to, and what is already written."""

    label: str
    to: str
    subject: str
    text: str = ""


@dataclass(frozen=True)
class Note:
    """A mail as somebody types it. `answers`: the letter that it replies to."""

    sender: str
    to: str
    subject: str
    text: str
    answers: Letter | None = None


def ways_to_reply(letter: Letter, service: str) -> list[Way]:
    """The reply button, and the links that the letter itself offers (devolver, prórroga). `service`: our address."""
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    ways = [Way("Responder", letter.reply_to or service, subject)]
    return ways + [_of_link(link) for link in dict.fromkeys(_MAILTO.findall(letter.text))]


def send(note: Note, settings: Settings) -> None:
    """Hands the mail to the service. Raises NotTaken."""
    host = EVERYWHERE.get(settings.mail_in_host, settings.mail_in_host)
    try:
        with smtplib.SMTP(host, settings.mail_in_port, timeout=TIMEOUT_SECONDS) as door:
            door.send_message(_compose(note))
    except smtplib.SMTPRecipientsRefused as error:
        raise NotTaken(f"El servicio no recibe correo para {note.to}: {_said(error.recipients.values())}") from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"El servicio rechazó el correo: {_said([(error.smtp_code, error.smtp_error)])}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(
            f"Nadie recibe correo en {host}:{settings.mail_in_port}. ¿Está en marcha el servicio (./pqr.sh up)?"
        ) from error


def _of_link(link: str) -> Way:
    parts = urlsplit(link)
    given = parse_qs(parts.query.replace("+", "%2B"))
    subject = given.get("subject", [""])[0]
    return Way(subject.split(" ")[0], unquote(parts.path), subject, given.get("body", [""])[0])


def _compose(note: Note) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = note.sender, note.to, note.subject
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = make_msgid(domain=note.sender.rpartition("@")[2] or None)
    if note.answers is not None:
        mail["In-Reply-To"] = mail["References"] = note.answers.message_id
        mail.set_content(f"{note.text}\n\n{_quoted(note.answers)}\n")
    else:
        mail.set_content(f"{note.text}\n")
    return mail


def _quoted(letter: Letter) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    return f"El {instant(letter.created_at)}, {letter.sender_name} escribió:\n\n{lines}"


def _said(answers: Iterable[tuple[int, bytes | str]]) -> str:
    texts = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text for _, text in answers)
    return "; ".join(texts)
