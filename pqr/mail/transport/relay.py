"""How do we speak with the relay?  One SMTP connection with verified TLS and a limit to every wait.

It knows commands and replies (RFC 5321), nothing of letters.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail

from pqr.mail.outbox import SLOWEST_LINE
from pqr.mail.transport.replies import CLOSING, Stage, judge, said

LONGEST_SECONDS = 150  # for the envelope, and again for the content, however slowly the relay drips
AFTER_DATA = 4  # the relay scans what it got before it answers; giving up too early sends twice (RFC 5321 §4.5.3.2.6)
GOODBYE_SECONDS = 2


class PatientConnection(Connection):
    """Flask-Mail's connection with a time limit and verified TLS: a relay that hangs must not hold the worker."""

    def __init__(self, mail: Mail, seconds: int) -> None:
        super().__init__(mail)
        self.seconds = seconds

    def configure_host(self) -> smtplib.SMTP:
        """The connected, authenticated client. Raises smtplib.SMTPException or OSError."""
        mail, host = self.mail, self._connect()
        try:
            if mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def _connect(self) -> smtplib.SMTP:
        mail = self.mail
        if mail.use_ssl:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(mail.server, mail.port, timeout=self.seconds, context=context)
        return smtplib.SMTP(mail.server, mail.port, timeout=self.seconds)


class Relay:
    """An open connection. A reply of 421 is an ended connection: smtplib.SMTPServerDisconnected."""

    def __init__(self, mail: Mail, seconds: int) -> None:
        self._host, self._seconds = PatientConnection(mail, seconds).configure_host(), seconds

    @property
    def most(self) -> int:
        """The largest message that it takes (RFC 1870), in bytes; 0 where it does not say."""
        announced = self._host.esmtp_features.get("size", "").strip()
        return int(announced) if announced.isdigit() else 0

    @property
    def knows_utf8(self) -> bool:
        """Whether it takes addresses that are not ASCII (RFC 6531)."""
        return self._host.has_extn("smtputf8")

    def is_alive(self) -> bool:
        """Whether another letter may follow; it forgets what the last one left behind."""
        try:
            return self._host.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def begin(self, sender: str, size: int, utf8: bool) -> None:
        """Names the sender. Raises Refused or Delayed."""
        options = [f"SIZE={size}"] if self._host.has_extn("size") else []
        options += ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
        _expect(Stage.MAIL, self._host.mail(sender, options))

    def name(self, recipient: str) -> None:
        """Names one recipient. Raises Refused or Delayed."""
        _expect(Stage.RCPT, self._host.rcpt(recipient))

    def hand_over(self, content: bytes) -> str:
        """Sends the message to the named recipients; the final reply. Raises Refused or Delayed."""
        travel = len(content) / SLOWEST_LINE
        with self.bounded(travel), self._patience(self._seconds * AFTER_DATA + travel):
            try:
                return _expect(Stage.DATA, self._host.data(content))
            except smtplib.SMTPDataError as refusal:
                return _expect(Stage.DATA, (refusal.smtp_code, refusal.smtp_error))

    @contextmanager
    def bounded(self, more: float = 0) -> Iterator[None]:
        """Ends the connection if the block lasts longer than `LONGEST_SECONDS` and `more`, whatever trickles in."""
        timer = Timer(LONGEST_SECONDS + more, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Hangs up without a word."""
        self._host.close()

    def say_goodbye(self) -> None:
        """Takes leave and hangs up."""
        try:
            with self._patience(GOODBYE_SECONDS), suppress(smtplib.SMTPException, OSError):
                self._host.quit()
        finally:
            self._host.close()

    def _cut(self) -> None:
        with suppress(OSError):
            if self._host.sock is not None:
                self._host.sock.shutdown(2)

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        line = self._host.sock
        if line is not None:
            line.settimeout(seconds)
        try:
            yield
        finally:
            if self._host.sock is not None:
                self._host.sock.settimeout(self._seconds)


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


def words_of(failure: Exception) -> str:
    """A failure in one line, the server's own words where it had any."""
    if isinstance(failure, smtplib.SMTPResponseException):
        return said(failure.smtp_code, failure.smtp_error)
    return f"{type(failure).__name__}: {failure}"


def timed_out(failure: BaseException) -> bool:
    """Whether the relay said nothing for too long, rather than ending the connection; smtplib makes one of both."""
    return isinstance(failure, TimeoutError) or isinstance(failure.__context__, TimeoutError)


def _expect(stage: Stage, reply: tuple[int, bytes | str]) -> str:
    code, words = reply
    if code == CLOSING:
        raise smtplib.SMTPServerDisconnected(said(code, words))
    if code // 100 != 2:
        raise judge(stage, code, words)
    return said(code, words)
