"""Is what identifies somebody who does not show the name sealed, wherever a ledger keeps it?  See `pqr.sealing`.

The petitioner's row is sealed when the petition is filed, and with it the address on every letter; a mail's bytes,
before it is read. This seals the rest: who sent the mails of such a case, and what older versions kept in clear.
"""

from collections.abc import Iterator

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pqr.mail.inbox import InboxMail, Verdict
from pqr.mail.outbox import Letter
from pqr.sealing import MARK, alias, open_texts, seal_texts
from pqr.tickets.models import IDENTIFYING, Identity, Ticket

BATCH = 100
_IN_CLEAR = func.substr(InboxMail.raw, 1, len(MARK), type_=LargeBinary) != MARK.encode()


def hide_sender(mail: InboxMail, ticket: Ticket) -> None:
    """Seals who sent this message of the case; of one that filed it, an alias stays, to count the sender's others."""
    if ticket.identity == Identity.NAMED:
        return
    if mail.verdict == Verdict.NEW_TICKET and "@" in mail.sender:
        mail.sender = alias(mail.sender)
    seal_texts(mail, ("reason",) if mail.verdict == Verdict.NEW_TICKET else ("sender", "reason"))


def hidden(session: Session) -> Iterator[Ticket]:
    """The tickets whose petitioner does not show the name to all."""
    found = select(Ticket).where(Ticket.identity != Identity.NAMED).order_by(Ticket.id)
    yield from session.scalars(found.execution_options(yield_per=BATCH))


def seal_what_is_not(session: Session) -> None:
    """Seals what an older version of the program kept in clear; what is sealed stays as it is."""
    for ticket in hidden(session):
        person = ticket.petitioner
        if person is not None:
            seal_texts(person, IDENTIFYING)
            _seal_letters(session, ticket, person.email)
        for mail in session.scalars(select(InboxMail).where(InboxMail.ticket_id == ticket.id)):
            hide_sender(mail, ticket)
        for mail in session.scalars(select(InboxMail).where(InboxMail.ticket_id == ticket.id, _IN_CLEAR)):
            assert mail.raw  # loads what is to be written again, sealed
            flag_modified(mail, "raw")
            flag_modified(mail, "envelope_from")


def _seal_letters(session: Session, ticket: Ticket, address: str) -> None:
    for letter in session.scalars(select(Letter).where(Letter.ticket_id == ticket.id)):
        theirs = letter.is_for_petitioner or letter.recipient == address
        if theirs and open_texts(letter, ("recipient",)):
            seal_texts(letter, ("recipient", "last_error", "response"))
