"""How does one speak with an IMAP mailbox?  Numbers, sizes, bytes, folders (RFC 9051); it stores nothing itself.

Nothing is ever deleted. A message that is done is moved; a server without MOVE (RFC 6851) gets a copy in the folder
and the original stays where it is, known by its position, for \\Deleted and EXPUNGE are never used. Flags are
neither read nor set.
"""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from imaplib import IMAP4, Internaldate2tuple
from time import mktime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from pqr.errors import PqrError

DONE_FOLDER = "PQR-recibidos"
REVIEW_FOLDER = "PQR-revisar"
TIMEOUT_SECONDS = 30
BATCH = 500
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")
_NAMESPACE = re.compile(rb'^\(\("((?:[^"\\]|\\.)*)"')


class MailboxUnavailable(PqrError):
    """The mailbox cannot be had; the text says why and which setting to look at, and never holds a password."""


class Token(Protocol):
    """What gives an OAuth access token, and forgets one that the server did not take."""

    def __call__(self) -> str:
        """An access token."""

    def forget(self) -> None:
        """The next call must give another one."""


@dataclass(frozen=True)
class Account:
    """Where the mailbox is and who opens it. `token`: gives an OAuth access token; then there is no password."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    token: "Token | None" = None

    @classmethod
    def of(cls, url: str, token: "Token | None" = None) -> "Account":
        """From `imap(s)://user:password@host:port/FOLDER`."""
        parts = urlsplit(url)
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(parts.scheme, parts.hostname or "", port, user, password, folder, token)

    @property
    def name(self) -> str:
        """What the ledger calls this mailbox."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True)
class Seen:
    """A message as a look over a folder shows it. `head`: its Message-ID header, raw. `arrived_at`: UTC."""

    uid: int
    arrived_at: datetime | None
    head: bytes


class Folder:
    """An opened folder of a mailbox, by its full name."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self.box, self.name = box, folder
        self.uidvalidity = int(box.client.response("UIDVALIDITY")[1][-1] or 0)  # SELECT has just told it
        # Servers tell the most of what they can only after the login.
        self.abilities = frozenset(box.client.capability()[1][-1].decode().upper().split())
        self.prefix = self._prefix() if "NAMESPACE" in self.abilities else ""
        self._there: set[str] = set()

    @property
    def can_move(self) -> bool:
        """Whether a message can leave for another folder without being deleted here."""
        return "MOVE" in self.abilities

    def uids(self) -> list[int]:
        """Every message, oldest first, whatever its flags."""
        return sorted(map(int, self.box.uids("ALL", charset=None)))

    def uids_before(self, day: date) -> list[int]:
        """The messages that the server received before this day."""
        found = self.box.uids(f"BEFORE {day.day}-{MONTHS[day.month - 1]}-{day.year}", charset=None)
        return sorted(map(int, found))

    def size(self, uid: int) -> int | None:
        """Bytes of a message, without reading it; None when it is gone."""
        found = _SIZE.search(b" ".join(_lines(self._fetch(str(uid), "(RFC822.SIZE)"))))
        return int(found[1]) if found else None

    def raw(self, uid: int, part: str = "") -> bytes | None:
        """The bytes of a message, or of its `HEADER`; None when it is gone, for a person may be working there."""
        data = self._fetch(str(uid), f"(BODY.PEEK[{part}])")
        return next((bytes(piece[1]) for piece in data if isinstance(piece, tuple)), None)

    def look_over(self, uids: Sequence[int]) -> Iterator[Seen]:
        """When each message arrived and its Message-ID, in few questions."""
        for start in range(0, len(uids), BATCH):
            batch = ",".join(map(str, uids[start : start + BATCH]))
            yield from _seen(self._fetch(batch, "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))

    def put_away(self, uid: int, folder: str) -> None:
        """Moves a message there, or copies it where the server cannot move."""
        name = self.prefix + folder
        if name not in self._there and not self.has(folder):
            self.box.folder.create(name)
            self.box.folder.subscribe(name, True)  # else webmail may not show it
        self._there.add(name)
        status, said = self.box.client.uid("MOVE" if self.can_move else "COPY", str(uid), f'"{name}"')
        if status != "OK":
            raise MailboxUnavailable(f"PQR_IMAP_URL: el servidor no dejó pasar un mensaje a {folder}: {said!r}")

    def has(self, folder: str) -> bool:
        """Whether the mailbox has this folder of ours."""
        return bool(self.box.folder.exists(self.prefix + folder))

    def other(self, folder: str) -> "Folder | None":
        """Another folder of the same mailbox, opened instead of this one; None where there is none."""
        name = self.prefix + folder
        if not self.has(folder):
            return None
        self.box.folder.set(name, readonly=True)
        return Folder(self.box, name)

    def _fetch(self, uids: str, parts: str) -> list[object]:
        status, data = self.box.client.uid("FETCH", uids, parts)
        if status != "OK":
            raise MailboxUnavailable(f"PQR_IMAP_URL: el servidor no entregó un mensaje: {data!r}")
        return [piece for piece in data if piece is not None]

    def _prefix(self) -> str:
        """What folder names must begin with: `INBOX.` on many shared hosts (RFC 2342)."""
        found = _NAMESPACE.match(self.box.client.namespace()[1][-1] or b"")
        return found[1].decode() if found else ""


@contextmanager
def opened(account: Account) -> Iterator[Folder]:
    """The account's folder, opened for the length of the block.

    Raises MailboxUnavailable where it cannot be had or is lost on the way.
    """
    try:
        with _connected(account) as box:
            _enter(box, account)
            yield Folder(box, account.folder)
    except MailboxFolderSelectError:
        raise MailboxUnavailable(f"PQR_IMAP_URL: el buzón no tiene la carpeta {account.folder}.") from None
    except (OSError, IMAP4.error, ImapToolsError) as error:
        raise MailboxUnavailable(f"PQR_IMAP_URL: {account.host} no responde bien ({error}).") from error


@contextmanager
def _connected(account: Account) -> Iterator[BaseMailBox]:
    tls = ssl.create_default_context()  # without it, imaplib would take any certificate
    box: BaseMailBox
    if account.scheme == "imaps":
        box = MailBox(account.host, account.port, timeout=TIMEOUT_SECONDS, ssl_context=tls)
    else:
        box = MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT_SECONDS)
    try:
        if account.scheme == "imap+starttls":
            box.client.starttls(tls)
        yield box
        box.logout()
    finally:
        with suppress(OSError):
            box.client.shutdown()


def _enter(box: BaseMailBox, account: Account) -> None:
    """Logs in. What the server answers to a wrong password is not repeated: some repeat the command itself."""
    try:
        if account.token:
            box.xoauth2(account.user, account.token(), initial_folder=None)
        elif (account.user + account.password).isascii():
            box.login(account.user, account.password, initial_folder=None)
        else:
            box.login_utf8(account.user, account.password, initial_folder=None)
    except (MailboxLoginError, IMAP4.error) as error:
        if isinstance(error, IMAP4.abort):
            raise
        if account.token:
            account.token.forget()
        what = "la autorización (PQR_IMAP_OAUTH_*)" if account.token else "el usuario o la contraseña"
        raise MailboxUnavailable(f"PQR_IMAP_URL: {account.host} no aceptó {what} de {account.user}.") from None
    box.folder.set(account.folder)


def _lines(data: Sequence[object]) -> Iterator[bytes]:
    for piece in data:
        yield from (part for part in (piece if isinstance(piece, tuple) else (piece,)) if isinstance(part, bytes))


def _seen(data: Sequence[object]) -> Iterator[Seen]:
    for piece, after in zip(data, [*data[1:], b""], strict=True):
        if isinstance(piece, tuple):
            facts = piece[0] + (after if isinstance(after, bytes) else b"")  # servers choose the order
            uid, moment = _UID.search(facts), Internaldate2tuple(facts)
            if uid:
                arrived_at = datetime.fromtimestamp(mktime(moment), UTC) if moment else None
                yield Seen(int(uid[1]), arrived_at, bytes(piece[1]))
