"""What does an act on a message work with?  The message made ready, its row, and what the ledgers know of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import NotUnderstood
from pqr.intake.classify import Facts
from pqr.intake.facts import Told
from pqr.intake.kind import asks_for_reserve
from pqr.mail import quoting
from pqr.mail.bounces import DeliveryReport
from pqr.mail.inbox import InboxMail
from pqr.mail.message import IncomingMail
from pqr.tickets.files import StoredFile, Unread
from pqr.tickets.models import Identity, Ticket


def identity_by_words(mail: IncomingMail) -> Identity:
    """What a mail, which has no box to tick, says in words of its writer's name."""
    return Identity.RESERVED if asks_for_reserve(mail.subject, mail.text) else Identity.NAMED


@dataclass(frozen=True)
class Prepared:
    """A stored message, parsed, its files in the store: all that is slow, done before the transaction.

    `left_out`: files that are only in the message itself, because they are infected.
    """

    mail: IncomingMail
    reply: quoting.Reply
    files: tuple[StoredFile, ...]
    report: DeliveryReport | None
    left_out: tuple[Unread, ...] = ()

    def files_to_send(self) -> tuple[StoredFile, ...]:
        """The files of an answer. Raises NotUnderstood where one was left out: it does not leave without it."""
        if self.left_out:
            names = ", ".join(f"«{each.name}»" for each in self.left_out)
            raise NotUnderstood(
                f"La respuesta no salió: {names} trae un virus. Revise su equipo y envíela otra vez con una copia sana."
            )
        return self.files


@dataclass(frozen=True)
class Work:
    """One message on its way to where it ends, in the caller's transaction."""

    session: Session
    row: InboxMail
    prepared: Prepared
    told: Told
    facts: Facts
    office: Office
    now: datetime

    @property
    def case_id(self) -> int | None:
        """The ticket that the message speaks of."""
        return self.facts.case.ticket_id if self.facts.case else None

    @property
    def ticket(self) -> Ticket:
        """That ticket. Raises sqlalchemy.exc.NoResultFound where there is none."""
        return self.session.get_one(Ticket, self.case_id)
