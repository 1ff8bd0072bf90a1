"""Which days must be kept, and by whom?  That of every answer, and that of each duty beside it.

The ladder and the digests know nothing else of a case. What a duty is due for does not matter here: its office, or the
desk, is nudged for all of them alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import Calendar
from pqr.terms.deadlines import is_overdue
from pqr.terms.kinds import LAPSING, TERMS, Term, TicketKind, Unit, term_of
from pqr.tickets.duties import pending_duties
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from pqr.tickets.suspensions import Suspension

RUNNING = (State.FILED, State.ASSIGNED)
MAY_STILL_BE_EXTENDED = 3  # business days before the end: then the letter says that an extension must be told by then
# The person sent something: by law the clock may run again already, whoever has yet to look at it.
_PERHAPS_RUNNING = (Ticket.state == State.AWAITING_PETITIONER) & Ticket.id.in_(
    select(Suspension.ticket_id).where(Suspension.resumed_at.is_(None), Suspension.supplied_at.is_not(None))
)


@dataclass(frozen=True)
class Deadline:
    """A day and who keeps it. `code`: of the duty, "" for the answer; `whole`: business days of its term.

    `copied`: who reads along from the first day.
    """

    ticket: Ticket
    code: str
    due_on: date
    whole: int
    recipient: Secretaria
    copied: tuple[Secretaria, ...] = ()

    @property
    def duty(self) -> Term | None:
        """What must be done, where it is not the answer."""
        return term_of(self.code) if self.code else None

    def extendable(self, days_left: int) -> bool:
        """Whether the time has come to tell the person of an extension, which is lawful to the last day."""
        if self.code or self.ticket.extension or not 0 <= days_left <= MAY_STILL_BE_EXTENDED:
            return False
        return TERMS[TicketKind(self.ticket.kind)].extension > 0


def deadlines(session: Session, office: Office, desk: Secretaria, today: date) -> list[Deadline]:
    """All that are running, by office and day. What may no longer be done after its day is left out then."""
    return [*_answers(session, office.calendar, desk), *_duties(session, office.calendar, desk, today)]


def _answers(session: Session, calendar: Calendar, desk: Secretaria) -> Iterator[Deadline]:
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.state.in_(RUNNING) & Ticket.suspended_on.is_(None) | _PERHAPS_RUNNING)
        .order_by(Ticket.secretaria_id, Ticket.due_on, Ticket.id)
    )
    return (Deadline(each, "", each.due_on, _whole(each, calendar), each.secretaria or desk) for each in tickets.all())


def _duties(session: Session, calendar: Calendar, desk: Secretaria, today: date) -> Iterator[Deadline]:
    for duty in pending_duties(session):
        if duty.code in LAPSING and is_overdue(duty.due_on, today):
            continue
        whole, recipient = calendar.business_days_between(duty.since, duty.due_on), duty.ticket.secretaria or desk
        copied = (desk,) if recipient is not desk else ()
        yield Deadline(duty.ticket, duty.code, duty.due_on, whole, recipient, copied)


def _whole(ticket: Ticket, calendar: Calendar) -> int:
    """Business days of the term, without those in which it stood still."""
    if ticket.term_unit == Unit.MONTHS:
        return calendar.business_days_between(ticket.day_zero, ticket.due_on)
    return ticket.term_length + ticket.extension
