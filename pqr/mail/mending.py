"""What does a person do with a letter that could not leave?  Send it again, to another address, or let it rest.

And what does the service do with what a wrong clock has put off for years?
"""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from pqr.mail.dead_addresses import revive
from pqr.mail.inbox import IS_OPEN, InboxMail
from pqr.mail.outbox import IS_QUEUED, Letter, LetterState

LONGEST = timedelta(days=2)  # no lease and no pause is longer


def retry(session: Session, letter_id: int, now: datetime) -> Letter:
    """Queues a letter again from the first attempt; whoever asks for it says that its address is good.

    Raises sqlalchemy.exc.NoResultFound for an unknown id and ValueError for one that was sent.
    """
    letter = _unsent(session, letter_id)
    for address in letter.addresses:
        revive(session, address)
    return _queue(letter, now)


def redirect(session: Session, letter_id: int, address: str, now: datetime) -> Letter:
    """Queues a letter again for another address, which is good; the first one stays as dead as it is.

    Raises as `retry` does.
    """
    letter = _unsent(session, letter_id)
    letter.recipient = address
    revive(session, address)
    return _queue(letter, now)


def dismiss(session: Session, letter_id: int, reason: str) -> Letter:
    """Lets a letter rest: it is not sent and nobody is asked about it again. Raises as `retry` does."""
    letter = _unsent(session, letter_id)
    letter.state, letter.last_error = LetterState.DISMISSED, reason[:500]
    return letter


def take_from_the_future(session: Session, now: datetime) -> int:
    """Makes due what waits longer than anything may: the clock was ahead, and has been set right. How many."""
    freed = 0
    for ledger, waits in ((InboxMail, IS_OPEN), (Letter, IS_QUEUED)):
        late = update(ledger).where(waits, ledger.next_try_at > now + LONGEST).values(next_try_at=now)
        done = session.execute(late)
        freed += done.rowcount if isinstance(done, CursorResult) else 0
    return freed


def _unsent(session: Session, letter_id: int) -> Letter:
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    if letter.state == LetterState.SENT:
        raise ValueError(f"La carta {letter_id} ya salió.")
    return letter


def _queue(letter: Letter, now: datetime) -> Letter:
    letter.state, letter.attempts, letter.next_try_at, letter.bounced_at = LetterState.QUEUED, 0, now, None
    letter.last_error = ""
    return letter
