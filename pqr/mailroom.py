"""How does mail move through the ledgers?  The steps that the workers and the command line share.

A door: it reads the clock and opens transactions. What is slow (parsing, sockets) happens between them.
"""

import structlog

from pqr import clock
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
    done = 0
    while (mail_id := _claim_mail()) is not None:
        process_one(mail_id)
        done += 1
    return done


def process_one(mail_id: int) -> None:
    """Parses and settles one stored message. The only place that catches everything: the ledger keeps the error."""
    try:
        with reading() as session:
            raw, office = session.get_one(InboxMail, mail_id).raw, current_office(session)
        prepared = prepare(raw, office)
        with transaction() as session:
            row = process(session, mail_id, prepared, office, clock.now())
            log.info("mail_settled", mail=mail_id, verdict=row.verdict)
    except Exception as error:
        log.error("mail_failed", mail=mail_id, error=type(error).__name__, exc_info=True)
        with transaction() as session:
            inbox.fail(session, mail_id, f"{type(error).__name__}: {error}", clock.now())


def _claim_mail() -> int | None:
    with transaction() as session:
        return inbox.claim(session, clock.now())
