"""How does mail come in by IMAP?  Polled, stored, and only then moved to the folder of what was done.

Nothing depends on read or unread flags, and nothing is ever deleted: a message is done when it is in the folder.
"""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted

from pqr.mail.inbox import Received

DONE_FOLDER = "PQR-recibidos"
AT_MOST = 100
TIMEOUT_SECONDS = 30


def fetch(url: str, store: Callable[[Received], object]) -> int:
    """Stores every message of the inbox at `imap(s)://user:password@host:port/INBOX`; returns how many.

    `store` commits one message or raises; what was not stored stays where it is. Raises OSError or
    imap_tools.MailboxLoginError when the server cannot be had.
    """
    parts = urlsplit(url)
    with _open(url).login(
        unquote(parts.username or ""), unquote(parts.password or ""), parts.path.strip("/") or "INBOX"
    ) as mailbox:
        if not mailbox.folder.exists(DONE_FOLDER):
            mailbox.folder.create(DONE_FOLDER)
        uids = mailbox.uids("ALL")[:AT_MOST]
        for uid in uids:
            _take(mailbox, uid, store)
    return len(uids)


def _open(url: str) -> BaseMailBox:
    parts = urlsplit(url)
    if parts.scheme == "imaps":
        return MailBox(parts.hostname or "", parts.port or 993, timeout=TIMEOUT_SECONDS)
    return MailBoxUnencrypted(parts.hostname or "", parts.port or 143, timeout=TIMEOUT_SECONDS)


def _take(mailbox: BaseMailBox, uid: str, store: Callable[[Received], object]) -> None:
    """One message at a time: a huge or broken one must not take the others with it."""
    _, data = mailbox.client.uid("fetch", uid, "(BODY.PEEK[])")
    raw = next((part[1] for part in data if isinstance(part, tuple)), None)
    if raw is None:
        return
    store(Received(raw=bytes(raw), source="imap"))
    mailbox.move([uid], DONE_FOLDER)
