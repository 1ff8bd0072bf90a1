"""How does mail move through the ledgers?  The steps that the workers and the command line share.

A door: it reads the clock and opens transactions. What is slow (parsing, sockets) happens between them.
"""

from collections import deque
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Self

import structlog
from sqlalchemy.orm import Session

from pqr import cause, clock, metrics
from pqr.config import Office
from pqr.db import reading, transaction
from pqr.door import office as current_office
from pqr.errors import PqrError
from pqr.intake.process import prepare, process
from pqr.intake.work import Prepared
from pqr.mail import inbox
from pqr.mail.inbox import Claimed, InboxMail, Received
from pqr.posting import send_waiting as send_waiting
from pqr.sealing import LOST_BYTES
from pqr.secretarias.directory import Directory, lend, read_directory
from pqr.turns import Turn

AHEAD = 2  # messages that one worker holds: the one that is settled and the one that is being read
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
    done = 0
    with ThreadPoolExecutor(1, "pqr-reading") as reader:
        line = deque(_claim_mails(reader))
        while line:
            line.extend(_work_off(line.popleft(), reader, AHEAD - len(line)))
            done += 1
    return done


def process_one(mail_id: int) -> None:
    """Parses and settles one stored message."""
    with reading() as session:
        mail, known = Claimed(mail_id, session.get_one(InboxMail, mail_id).raw), _Known.now(session)
    with ThreadPoolExecutor(1) as reader:
        _work_off(_begun(mail, known, reader), reader)


@dataclass(frozen=True)
class _Known:
    """What every message is settled with, as it was read at that second of the machine's clock."""

    office: Office
    directory: Directory
    read_at: float

    @classmethod
    def now(cls, session: Session) -> Self:
        return cls(current_office(session), read_directory(session), monotonic())


@dataclass(frozen=True)
class _Task:
    """A stored message that is ours to settle; another thread makes it ready meanwhile."""

    mail_id: int
    known: _Known
    prepared: Future[Prepared]


def _work_off(task: _Task, reader: Executor, wanted: int = 0) -> list[_Task]:
    """Settles the message and, in the same transaction, claims the next: every commit waits for the disk.

    The only place that catches everything: the ledger keeps the error.
    """
    with cause.by(f"mail-{task.mail_id}"):
        return _settle(task, reader, wanted)


def _settle(task: _Task, reader: Executor, wanted: int) -> list[_Task]:
    try:
        prepared = task.prepared.result()
        with transaction() as session:
            lend(session, task.known.directory)
            row = process(session, task.mail_id, prepared, task.known.office, clock.now())
            following = _claimed(session, reader, wanted, task.known)
    except Exception as error:
        log.error("mail_failed", mail=task.mail_id, error=type(error).__name__, exc_info=True)
        with transaction() as session:
            inbox.fail(session, task.mail_id, f"{type(error).__name__}: {error}", clock.now())
        return _claim_mails(reader, wanted)
    log.info("mail_settled", mail=task.mail_id, verdict=row.verdict)
    metrics.mail(row.verdict)
    return following


def _claim_mails(reader: Executor, wanted: int = AHEAD) -> list[_Task]:
    with transaction() as session:
        return _claimed(session, reader, wanted)


def _claimed(session: Session, reader: Executor, wanted: int, known: _Known | None = None) -> list[_Task]:
    """The next messages, as many as are wanted. `known`: with what the last one was settled, good for a second.

    Only the first in line may have been tried before: one that ends its worker each time takes no neighbour along.
    """
    tasks = list[_Task]()
    for place in range(AHEAD - wanted, AHEAD):
        mail = inbox.claim(session, clock.now(), untried=place > 0)
        if mail is None:
            break
        if known is None or monotonic() - known.read_at >= 1:
            known = _Known.now(session)
        tasks.append(_begun(mail, known, reader))
    return tasks


def _begun(mail: Claimed, known: _Known, reader: Executor) -> _Task:
    return _Task(mail.mail_id, known, reader.submit(_made_ready, mail.raw, known.office))


def _made_ready(raw: bytes, office: Office) -> Prepared:
    if raw is LOST_BYTES:  # read as it is, it would be an empty petition
        raise PqrError("ninguna clave de PQR_SECRET_KEY abre el mensaje: ponga también la anterior y reinténtelo")
    return prepare(raw, office)
