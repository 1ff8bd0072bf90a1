"""How does mail move through the ledgers?  The steps that the workers and the command line share.

A door: it reads the clock and opens transactions. What is slow (parsing, sockets) happens between them.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from pqr import clock
from pqr.config import Office
from pqr.db import reading, transaction
from pqr.door import office as current_office
from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.inbox import InboxMail, Received
from pqr.posting import send_waiting as send_waiting

log = structlog.get_logger(__name__)


def store(received: Received) -> tuple[int, bool]:
    """Commits the raw message; returns its row's id and whether it is new or was stored before."""
    with transaction() as session:
        row, fresh = inbox.store(session, received, clock.now())
        return row.id, fresh


def process_waiting() -> int:
    """Settles every message that is due; returns how many. One that fails is counted and left for later."""
    done, mail = 0, _claim_mail()
    while mail is not None:
        mail, done = _work_off(mail, claims_next=True), done + 1
    return done


def process_one(mail_id: int) -> None:
    """Parses and settles one stored message."""
    with reading() as session:
        mail = _Claimed(mail_id, session.get_one(InboxMail, mail_id).raw, current_office(session))
    _work_off(mail)


@dataclass(frozen=True)
class _Claimed:
    """A stored message that is ours to settle, and the office of now."""

    mail_id: int
    raw: bytes
    office: Office


def _work_off(mail: _Claimed, *, claims_next: bool = False) -> _Claimed | None:
    """Settles the message and, in the same transaction, claims the next: every commit waits for the disk.

    The only place that catches everything: the ledger keeps the error.
    """
    try:
        prepared = prepare(mail.raw, mail.office)
        with transaction() as session:
            row = process(session, mail.mail_id, prepared, mail.office, clock.now())
            following = _claimed(session) if claims_next else None
    except Exception as error:
        log.error("mail_failed", mail=mail.mail_id, error=type(error).__name__, exc_info=True)
        with transaction() as session:
            inbox.fail(session, mail.mail_id, f"{type(error).__name__}: {error}", clock.now())
        return _claim_mail() if claims_next else None
    log.info("mail_settled", mail=mail.mail_id, verdict=row.verdict)
    return following


def _claim_mail() -> _Claimed | None:
    with transaction() as session:
        return _claimed(session)


def _claimed(session: Session) -> _Claimed | None:
    row = inbox.claim(session, clock.now())
    return _Claimed(row.id, row.raw, current_office(session)) if row is not None else None
