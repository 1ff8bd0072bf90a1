"""How does mail move through the ledgers?  The steps that the workers and the command line share.

A door: it reads the clock and opens transactions. What is slow (parsing, sockets) happens between them.
"""

import structlog

from pqr import clock
from pqr.db import reading, transaction
from pqr.door import office as current_office
from pqr.door import settings
from pqr.intake.process import prepare, process
from pqr.mail import inbox, outbox
from pqr.mail.inbox import InboxMail, Received
from pqr.mail.outbox import Letter, LetterState
from pqr.mail.transport.fetch import fetch
from pqr.mail.transport.send import Delayed, Refused, deliver
from pqr.tickets import files
from pqr.tickets.communicating import letter_left, letter_refused

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


def fetch_mailbox() -> int:
    """Stores what the configured IMAP mailbox holds; returns how many messages, 0 where none is configured."""
    url = settings().imap_url
    return fetch(url, store) if url else 0


def send_waiting() -> int:
    """Hands every letter that is due to the relay; returns how many were tried."""
    tried = 0
    while (letter_id := _claim_letter()) is not None:
        _send(letter_id)
        tried += 1
    return tried


def _send(letter_id: int) -> None:
    error: Exception | None = None
    try:
        _deliver(letter_id)
    except Exception as failure:  # whatever it was, the ledger keeps it: a letter may be late, never forgotten
        error = failure
    with transaction() as session:
        letter, now = session.get_one(Letter, letter_id), clock.now()
        if error is None:
            outbox.mark_sent(letter, now)
            letter_left(session, letter, current_office(session), now)
        elif isinstance(error, Refused):
            outbox.mark_bounced(letter, str(error), now)
            letter_refused(session, letter, now)
        else:
            reason = str(error) if isinstance(error, Delayed) else f"{type(error).__name__}: {error}"
            outbox.mark_delayed(letter, reason, now)
            if letter.state == LetterState.FAILED:
                letter_refused(session, letter, now)
        log.info("letter_tried", letter=letter_id, kind=letter.letter, state=letter.state)


def _deliver(letter_id: int) -> None:
    """In the demonstration letters stay: whoever tries it reads them at /demo/correo."""
    if settings().demo:
        return
    with reading() as session:  # closed before the network takes its time
        office = current_office(session)
        letter = session.get_one(Letter, letter_id)
    enclosed = [(row, files.read(row["sha256"], office)) for row in letter.files]
    deliver(letter, enclosed, settings())


def _claim_mail() -> int | None:
    with transaction() as session:
        return inbox.claim(session, clock.now())


def _claim_letter() -> int | None:
    with transaction() as session:
        return outbox.claim(session, clock.now())
