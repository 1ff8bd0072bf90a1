"""How does mail move through the ledgers?  The steps that the workers and the command line share.

A door: it reads the clock and opens transactions. What is slow (parsing, sockets) happens between them.
"""

from dataclasses import dataclass, replace
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from pqr import clock
from pqr.config import Office
from pqr.db import reading, transaction
from pqr.door import office as current_office
from pqr.intake.process import prepare, process
from pqr.mail import inbox
from pqr.mail.inbox import Claimed, InboxMail, Received
from pqr.posting import send_waiting as send_waiting
from pqr.turns import Turn

log = structlog.get_logger(__name__)
_turn = Turn()


def store(received: Received) -> tuple[int, bool]:
    """Commits the raw message; returns its row's id and whether it is new or was stored before."""
    with transaction() as session:
        row, fresh = inbox.store(session, received, clock.now())
        return row.id, fresh


def process_waiting() -> int:
    """Settles every message that is due; returns how many. One that fails is counted and left for later.

    While another thread of this process is at it, returns at once: that one looks again before it ends.
    """
    return _turn.run(_work_off_all)


def _work_off_all() -> int:
    done, task = 0, _claim_mail()
    while task is not None:
        task, done = _work_off(task, claims_next=True), done + 1
    return done


def process_one(mail_id: int) -> None:
    """Parses and settles one stored message."""
    with reading() as session:
        task = _Task(Claimed(mail_id, session.get_one(InboxMail, mail_id).raw), current_office(session), monotonic())
    _work_off(task)


@dataclass(frozen=True)
class _Task:
    """A stored message that is ours to settle, and the office as it was read at that second of the machine's clock."""

    mail: Claimed
    office: Office
    read_at: float


def _work_off(task: _Task, *, claims_next: bool = False) -> _Task | None:
    """Settles the message and, in the same transaction, claims the next: every commit waits for the disk.

    The only place that catches everything: the ledger keeps the error.
    """
    mail_id = task.mail.mail_id
    try:
        prepared = prepare(task.mail.raw, task.office)
        with transaction() as session:
            row = process(session, mail_id, prepared, task.office, clock.now())
            following = _claimed(session, task) if claims_next else None
    except Exception as error:
        log.error("mail_failed", mail=mail_id, error=type(error).__name__, exc_info=True)
        with transaction() as session:
            inbox.fail(session, mail_id, f"{type(error).__name__}: {error}", clock.now())
        return _claim_mail() if claims_next else None
    log.info("mail_settled", mail=mail_id, verdict=row.verdict)
    return following


def _claim_mail() -> _Task | None:
    with transaction() as session:
        return _claimed(session)


def _claimed(session: Session, before: _Task | None = None) -> _Task | None:
    """The next message, with the office of the one before if that is no older than a second."""
    mail = inbox.claim(session, clock.now())
    if mail is None:
        return None
    if before is not None and monotonic() - before.read_at < 1:
        return replace(before, mail=mail)
    return _Task(mail, current_office(session), monotonic())
