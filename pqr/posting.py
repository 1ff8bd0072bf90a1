"""How do letters leave the outbox?  The door of the sending half: it reads the clock and opens transactions.

A letter is claimed in one transaction, sent outside of any, and settled in another: a process that dies in between
repeats that one letter, under the same Message-ID. It is one because a process sends one letter at a time.
"""

import structlog
from sqlalchemy.orm import Session

from pqr import cause, clock
from pqr.checkups import note
from pqr.db import reading, transaction
from pqr.door import office as current_office
from pqr.door import settings
from pqr.mail import dead_addresses, outbox
from pqr.mail.outbox import Letter, LetterState
from pqr.mail.transport.compose import Parcel
from pqr.mail.transport.replies import Delayed, Refused
from pqr.mail.transport.send import Post, Receipt
from pqr.terms.calendar import BOGOTA
from pqr.terms.spanish import long_date
from pqr.tickets import files
from pqr.tickets.communicating import letter_left, letter_refused
from pqr.tickets.letters import link_for_petitioner
from pqr.tickets.models import Ticket
from pqr.turns import Turn
from pqr.watching.rules import RELAY

log = structlog.get_logger(__name__)
_turn = Turn()


def send_waiting() -> int:
    """Hands every letter that is due to the relay, over one connection; returns how many were tried.

    While another thread of this process is at it, returns at once: that one looks again before it ends.
    """
    return _turn.run(_send_all)


def _send_all() -> int:
    tried, taken = 0, 0
    with Post(settings()) as post:
        while (letter_id := _claim_letter()) is not None:
            taken += _send(letter_id, post)
            tried += 1
    if tried:
        note(RELAY, trouble="" if taken else "El servidor de salida no toma las cartas.")
    return tried


def send_now(letter_id: int) -> None:
    """Sends this letter without waiting for a worker, unless one has it already."""
    with transaction() as session:
        mine = outbox.claim_this(session, letter_id, clock.now())
    if mine:
        with Post(settings()) as post:
            _send(letter_id, post)


def _claim_letter() -> int | None:
    with transaction() as session:
        now = clock.now()
        for letter in outbox.give_up(session, now):
            letter_refused(session, letter, now)
        return outbox.claim(session, now)


def _send(letter_id: int, post: Post) -> bool:
    """Whether the relay took it, or said for good that nobody can."""
    try:
        receipt = Receipt() if settings().demo else post.deliver(_parcel(letter_id))
    except Exception as failure:  # whatever it was, the ledger keeps it: a letter may be late, never forgotten
        log.error("letter_failed", letter=letter_id, error=type(failure).__name__, exc_info=True)
        receipt = Receipt(Delayed(f"{type(failure).__name__}: {failure}"))
    with transaction() as session:
        letter = session.get_one(Letter, letter_id)
        with cause.by(letter.request):
            _settle(session, letter, receipt)
            log.info("letter_tried", letter=letter_id, kind=letter.letter, state=letter.state)
    return not isinstance(receipt.trouble, Delayed)


def _parcel(letter_id: int) -> Parcel:
    with reading() as session:  # closed before the network takes its time
        office, letter = current_office(session), session.get_one(Letter, letter_id)
        dead = {} if settings().mail_all_to else dead_addresses.among(session, letter.addresses)
        link = _link(session, letter)
    told = {address: _why_not(row) for address, row in dead.items()}
    return Parcel(letter, lambda digest: files.read(digest, office), link, told)


def _link(session: Session, letter: Letter) -> str:
    """Where its reader finds files that do not fit: the petitioner's own page, with the code, or the desk's."""
    office = current_office(session)
    ticket = session.get(Ticket, letter.ticket_id) if letter.ticket_id is not None else None
    if ticket is None:
        return office.base_url
    if ticket.petitioner is not None and ticket.petitioner.email == letter.recipient:
        return link_for_petitioner(ticket, office)
    return f"{office.base_url}/atencion/radicado/{ticket.radicado}"


def _why_not(row: dead_addresses.DeadAddress) -> str:
    day = long_date(row.since.astimezone(BOGOTA).date())
    return f"No se le escribió: la dirección no existe, según su servidor el {day} ({row.reason})."


def _settle(session: Session, letter: Letter, receipt: Receipt) -> None:
    now, trouble = clock.now(), receipt.trouble
    for address, reason in receipt.gone.items():
        if not settings().mail_all_to:
            known = letter.recipient if address == letter.recipient else address  # which may be sealed
            dead_addresses.bury(session, known, reason, now)
    if receipt.response and receipt.composed is not None and receipt.composed.linked:
        outbox.keep_as_told(letter, receipt.composed.text, receipt.composed.html, receipt.composed.linked)
    if receipt.late or (receipt.copies_are_settled and isinstance(trouble, Delayed)):
        outbox.part_from_copies(session, letter, receipt.late, now)
    if trouble is None:
        outbox.mark_sent(letter, now, receipt.response)
        letter_left(session, letter, current_office(session), now)
        return
    if isinstance(trouble, Refused):
        outbox.mark_bounced(letter, str(trouble), now)
    else:
        outbox.mark_delayed(letter, str(trouble), now)
    if letter.state != LetterState.QUEUED:
        letter_refused(session, letter, now)
