"""Who is on the other end of the line?  A real SMTP peer on a socket, as capricious as relays are.

It speaks RFC 5321 by threads, keeps what it took byte for byte, and does at each word what it was told to: another
reply, silence (HANG), a reply that never ends (DRIP) or the end of the connection (DROP). Silence lasts until the
test ends.
"""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

HANG, DRIP, DROP, DROP_INSIDE = "<hang>", "<drip>", "<drop>", "<drop inside>"
GREETING, BYE, CONTENT = "GREETING", "QUIT", "CONTENT"
USUAL = {
    GREETING: "220 peer.example ESMTP",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "RSET": "250 2.0.0 Ok",
    BYE: "221 2.0.0 Bye",
    "AUTH": "235 2.7.0 Authentication successful",
}


@dataclass(frozen=True)
class Taken:
    """One message as it came: its envelope, its bytes, and the number of the connection that brought it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int
    options: str

    @property
    def mail(self) -> EmailMessage:
        """As a mail program reads it."""
        return BytesParser(policy=policy.default).parsebytes(self.raw.replace(b"\r\n", b"\n"))


@dataclass
class Peer:
    """`says`: another reply to a word, or to one recipient ("RCPT ana@x"); a list is used up one by one.

    `offers`: what EHLO announces. `patience`: letters a connection may bring before it is ended without a word.
    `calls`: how many connections came. `heard`: every command.
    """

    says: dict[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES")
    patience: int = 1_000_000
    calls: int = 0
    host: str = "127.0.0.1"
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, user: str = "") -> str:
        """As PQR_SMTP_URL wants it."""
        return f"smtp://{user}{self.host}:{self.port}"

    def reply(self, *words: str) -> str:
        """What it says to the first of these words for which it was told something, else as usual to the last."""
        for word in words:
            told = self.says.get(word)
            if isinstance(told, list):
                told = told.pop(0) if told else None
            if told:
                return str(told)
        return USUAL.get(words[-1], "250 2.0.0 Ok")

    def to(self, address: str) -> list[Taken]:
        """What this address got, oldest first."""
        return [each for each in self.taken if address in each.recipients]


class _Over(Exception):
    """The connection ends."""


class _Line(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        """Speaks until somebody hangs up."""
        self.peer, self.brought = self.server.peer, 0
        self.peer.calls += 1
        self.number = self.peer.calls
        with suppress(_Over, ConnectionError):
            self._say(self.peer.reply(GREETING))
            while self.brought < self.peer.patience:
                self._answer(self._line())

    def _answer(self, line: str) -> None:
        self.peer.heard.append(line)
        word, _, rest = line.partition(" ")
        word = word.upper()
        if word == "EHLO":
            self._say("\r\n".join(f"250-{each}" for each in ("peer.example", *self.peer.offers)) + "\r\n250 HELP")
        elif word == "MAIL":
            self.sender, _, self.options = rest.removeprefix("FROM:").partition(" ")
            self.recipients: list[str] = []
            self._say(self.peer.reply("MAIL"))
        elif word == "RCPT":
            self._recipient(rest[3:].partition(" ")[0].strip("<>"))
        elif word == "DATA":
            self._content()
        else:
            self._say(self.peer.reply(word))
            if word == BYE:
                raise _Over

    def _recipient(self, address: str) -> None:
        reply = self.peer.reply(f"RCPT {address}", "RCPT")
        if reply.startswith("2"):
            self.recipients.append(address)
        self._say(reply)

    def _content(self) -> None:
        reply = self.peer.reply("DATA")
        self._say(reply)
        if not reply.startswith("354"):
            return
        lines = self._lines_of_content()
        self.brought += 1
        reply = self.peer.reply(CONTENT)
        if reply.startswith("2"):
            raw = b"".join(line[1:] if line.startswith(b".") else line for line in lines)
            sender = self.sender.strip("<>")
            self.peer.taken.append(Taken(sender, tuple(self.recipients), raw, self.number, self.options))
        self._say(reply)

    def _lines_of_content(self) -> list[bytes]:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line or self.peer.says.get(CONTENT) == DROP_INSIDE:
                raise _Over
            lines.append(line)
        return lines

    def _line(self) -> str:
        line = self.rfile.readline()
        if not line:
            raise _Over
        return line.decode().rstrip("\r\n")

    def _say(self, reply: str) -> None:
        if reply == HANG:
            self.peer.over.wait()
        while reply == DRIP and not self.peer.over.wait(0.02):
            self.wfile.write(b"2")
        if reply in (HANG, DRIP, DROP):
            raise _Over
        self.wfile.write(f"{reply}\r\n".encode())
        if reply.startswith("421"):
            raise _Over


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close, allow_reuse_address = True, False, True
    peer: Peer


@contextmanager
def peer(**told: Any) -> Iterator[Peer]:
    """A listening peer."""
    one = Peer(**told)
    with listening(one):
        yield one


@contextmanager
def listening(one: Peer) -> Iterator[None]:
    """It takes calls until the block is left; then nobody answers at its port, where it may listen again."""
    one.over.clear()
    with _Server((one.host, one.port), _Line) as server:
        server.peer, one.port = one, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            one.over.set()
            server.shutdown()
            thread.join()
