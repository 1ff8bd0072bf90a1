"""How does the IMAP mailbox reach the inbox ledger?  Stored and committed first, put away after.

A door: it reads the clock and opens transactions, never one around a socket. A message is new as long as its
UIDVALIDITY and UID are in no row, whatever its flags and its age; what could not be stored stays where it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from imaplib import IMAP4

import structlog
from sqlalchemy.exc import DBAPIError

from pqr import clock
from pqr.config import Settings
from pqr.db import reading, transaction
from pqr.door import office, settings
from pqr.errors import PqrError
from pqr.intake.oversize import MAX_BYTES, Oversize, set_aside
from pqr.mail import inbox, mailbox
from pqr.mail.inbox import Received
from pqr.mail.mailbox import Place
from pqr.mail.transport.imap import DONE_FOLDER, REVIEW_FOLDER, Account, Folder, MailboxUnavailable, opened
from pqr.mail.transport.tokens import TokenSource
from pqr.terms.calendar import BOGOTA

AT_MOST = 100

log = structlog.get_logger(__name__)


class SinceNeeded(PqrError):
    """The mailbox held messages before our time, and nobody has said from which day on they are to be filed."""


def account(configured: Settings) -> Account | None:
    """The configured mailbox; None where there is none."""
    if not configured.imap_url:
        return None
    token = TokenSource(configured.imap_oauth, configured.data_dir) if configured.imap_oauth else None
    return Account.of(configured.imap_url, token)


def fetch_mailbox() -> int:
    """Stores what is new in the configured mailbox; returns how many messages, at most `AT_MOST`, 0 without one.

    Raises MailboxUnavailable, or SinceNeeded before anything of an old mailbox is touched.
    """
    found = account(settings())
    if found is None:
        return 0
    with opened(found) as folder:
        place = meet(folder, found.name)
        return _take_new(folder, place)


def meet(folder: Folder, name: str) -> Place:
    """The mailbox in the ledger. On its first visit, and when its server numbers anew, the past is marked as such.

    Raises SinceNeeded for one that is new to us and not empty, until PQR_IMAP_SINCE says where the past ends.
    """
    with reading() as session:
        found = mailbox.find(session, name)
    if found is not None and found.uidvalidity == folder.uidvalidity:
        return Place(found.id, folder.uidvalidity)
    since = settings().imap_since or (found.since if found else None)
    if found is None and since is None and (held := len(folder.uids())):
        raise _since_needed(held)
    past = folder.uids_before(since) if since else []
    with transaction() as session:
        place, now = mailbox.enter(session, name, folder.uidvalidity, since, clock.now()), clock.now()
        mailbox.leave_untouched(session, place, past, now)
    log.info("mailbox_met", uidvalidity=folder.uidvalidity, left_untouched=len(past))
    return place


def past_to_settle(configured: Settings) -> Iterator[str]:
    """What `pqr check` says of a mailbox that nobody has read yet, or that cannot be had; it asks no database."""
    found = account(configured)
    if found is None or configured.imap_since is not None:
        return
    try:
        with opened(found) as folder:
            if folder.uids() and not folder.has(DONE_FOLDER):
                yield str(_since_needed(len(folder.uids())))
    except MailboxUnavailable as trouble:
        yield str(trouble)


def _since_needed(held: int) -> SinceNeeded:
    return SinceNeeded(
        f"PQR_IMAP_SINCE: el buzón ya tiene {held} mensajes. Diga desde qué día se radican (por ejemplo"
        f" PQR_IMAP_SINCE={clock.now().astimezone(BOGOTA):%Y-%m-%d}); los anteriores no se tocan ni se contestan. Hasta"
        " entonces no se lee ninguno."
    )


def _take_new(folder: Folder, place: Place) -> int:
    uids = folder.uids()
    with reading() as session:
        known = mailbox.known(session, place, uids)
    taken = 0
    for uid in uids:
        if taken >= AT_MOST:
            break
        if not known.get(uid):
            taken += _take_safely(folder, place, uid, stored=uid in known)
    return taken


def _take_safely(folder: Folder, place: Place, uid: int, stored: bool) -> bool:
    """One message that cannot be taken must not keep the next one back; a lost connection or database ends it all."""
    try:
        return _take(folder, place, uid, stored)
    except (OSError, IMAP4.abort):
        raise
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        reason = str(error) if isinstance(error, PqrError) else type(error).__name__
        log.error("mail_not_taken", uid=uid, reason=reason)
    return False


def _take(folder: Folder, place: Place, uid: int, stored: bool) -> bool:
    """Whether a message was stored now; one that was stored before and is still here is only put away."""
    size = folder.size(uid)
    message = read(folder, uid, size) if size is not None and not stored else None
    if size is None or (message is None and not stored):
        return False  # somebody took it away meanwhile
    fresh, ours = _store(place, uid, message) if message else (True, True)
    if not ours:
        return False  # another reader of this mailbox was faster, and puts it away
    if fresh or folder.can_move:  # a copy that was made under the old numbers is not made twice
        folder.put_away(uid, REVIEW_FOLDER if size > MAX_BYTES else DONE_FOLDER)
    with transaction() as session:
        mailbox.put_away(session, place, uid, clock.now())
    return message is not None


@dataclass(frozen=True)
class Read:
    """A message of the mailbox. `too_large`: its size in bytes when only its headers were read, else 0."""

    received: Received
    too_large: int = 0


def read(folder: Folder, uid: int, size: int) -> Read | None:
    """A message, or the headers of one that is too large; None when it is gone."""
    too_large = size if size > MAX_BYTES else 0
    raw = folder.raw(uid, "HEADER" if too_large else "")
    return None if raw is None else Read(Received(raw=raw, source="imap"), too_large)


def _store(place: Place, uid: int, message: Read) -> tuple[bool, bool]:
    """Commits the message with its position: whether its bytes are new, and whether its position is."""
    with transaction() as session:
        mailbox.lock(session, place)
        row, fresh = inbox.store(session, message.received, clock.now())
        if fresh and message.too_large:
            oversize = Oversize(row, message.too_large, REVIEW_FOLDER)
            set_aside(session, oversize, office(session), clock.now())
        ours = mailbox.remember(session, place, uid, row.id)
    log.info("mail_stored", mail=row.id, known=not fresh)
    return fresh, ours
