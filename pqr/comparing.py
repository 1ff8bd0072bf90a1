"""Is everything that the mailbox holds in the inbox ledger?  Asked each day: a difference is an alarm.

A door. By Message-ID where the ledger has it, else by the very bytes. It changes nothing: what is missing is named
by its number in the folder, never by its sender or its subject.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pqr import clock
from pqr.db import reading
from pqr.door import settings
from pqr.fetching import account, meet, read
from pqr.mail import mailbox
from pqr.mail.message import parse
from pqr.mail.transport.imap import BATCH, DONE_FOLDER, Folder, Seen, opened
from pqr.terms.calendar import BOGOTA

PATIENCE = timedelta(hours=1)


def compare_mailbox() -> list[str]:
    """One sentence for each message that should have a row and has none; empty when all is well or none is set.

    What arrived in the last hour may still be on its way. Raises MailboxUnavailable or SinceNeeded.
    """
    found = account(settings())
    if found is None:
        return []
    with opened(found) as folder:
        place, uids = meet(folder, found.name), folder.uids()
        with reading() as session:
            known = mailbox.known(session, place, uids)
        findings = list(_missing(folder, [uid for uid in uids if uid not in known], found.folder))
        done = folder.other(DONE_FOLDER)
        return findings + (list(_missing(done, done.uids(), found.folder)) if done else [])


def _missing(folder: Folder, uids: Sequence[int], entrance: str) -> Iterator[str]:
    latest = clock.now() - PATIENCE
    for start in range(0, len(uids), BATCH):
        for seen in _unknown(list(folder.look_over(uids[start : start + BATCH]))):
            if _is_over(seen.arrived_at, latest) and not _has_its_bytes(folder, seen.uid):
                remedy = f"Páselo a la carpeta {entrance} para que se radique."
                if folder.name == entrance:
                    remedy = "Busque «mail_not_taken» en lo que dice el servicio."
                yield f"{folder.name}: el mensaje {seen.uid}{_when(seen.arrived_at)} no está en el registro. {remedy}"


def _unknown(batch: Sequence[Seen]) -> list[Seen]:
    ids = {seen.uid: parse(seen.head).message_id[:250] for seen in batch}
    with reading() as session:
        stored = mailbox.stored_ids(session, filter(None, ids.values()))
    return [seen for seen in batch if ids[seen.uid] not in stored]


def _has_its_bytes(folder: Folder, uid: int) -> bool:
    size = folder.size(uid)
    message = read(folder, uid, size) if size is not None else None
    if message is None:
        return True  # a person took it away just now
    with reading() as session:
        return mailbox.is_stored(session, message.received)


def _is_over(arrived_at: datetime | None, latest: datetime) -> bool:
    return arrived_at is None or arrived_at < latest


def _when(arrived_at: datetime | None) -> str:
    return f" (llegó el {arrived_at.astimezone(BOGOTA):%Y-%m-%d})" if arrived_at else ""
