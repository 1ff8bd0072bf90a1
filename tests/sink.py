"""Where do the service's letters go in a test?  To a real SMTP server of this process, which can also refuse."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port


@dataclass
class Sink:
    """A relay that keeps every letter. `refusal`: what it answers to a recipient instead of taking the letter."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    refusal: str = ""
    arrival: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """As PQR_SMTP_URL wants it."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, recipient: str) -> list[EmailMessage]:
        """The letters that this person has received, oldest first."""
        return [letter for letter in self.letters if recipient in str(letter["To"])]

    def wait_for(self, recipient: str, words: str, seconds: float = 60) -> EmailMessage:
        """The first letter to this person whose subject has these words, once it is here."""

        def found() -> EmailMessage | None:
            return next((letter for letter in self.to(recipient) if words in str(letter["Subject"])), None)

        with self.arrival:
            letter = self.arrival.wait_for(found, seconds)
        assert letter is not None, f"no letter «{words}» for {recipient} in {seconds} s"
        return letter

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuses where told to."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keeps the letter as a mail program would read it."""
        parsed = BytesParser(policy=policy.default).parsebytes(envelope.content)
        with self.arrival:
            self.letters.append(parsed)
            self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
            self.arrival.notify_all()
        return "250 2.0.0 kept"


@contextmanager
def sink(port: int | None = None) -> Iterator[Sink]:
    """A listening sink."""
    kept = Sink(port or free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def reply_to(letter: EmailMessage, sender: str, text: str, to: str = "") -> bytes:
    """What a person's mail program sends when that person answers the letter, its text quoted below."""
    answer = EmailMessage()
    answer["From"] = sender
    answer["To"] = to or str(letter["Reply-To"])
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["In-Reply-To"] = answer["References"] = str(letter["Message-ID"])
    answer["Message-ID"] = f"<{abs(hash((sender, text, str(letter['Message-ID']))))}@cliente.example>"
    body = letter.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    answer.set_content(
        f"{text}\n\nEl mar, 3 feb 2026 a las 9:15, Alcaldía (<pqr@puerres.example>) escribió:\n{quoted}\n"
    )
    return answer.as_bytes()


def petition(sender: str, subject: str, text: str, message_id: str = "") -> bytes:
    """A mail that a citizen writes to the service."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "pqr@puerres.example", subject
    mail["Message-ID"] = message_id or f"<{abs(hash((sender, subject, text)))}@cliente.example>"
    mail.set_content(text)
    return mail.as_bytes()
