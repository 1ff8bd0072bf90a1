"""Which days must be kept, and by whom?  That of every answer, and that of each duty beside it.

The ladder and the digests know nothing else of a case. Of all that run only those are read whole of which somebody is
told just now. What a duty is due for does not matter here: its office, or the
desk, is nudged for all of them alike.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from pqr.reminders.models import Reminder
from pqr.reminders.schedule import LAST_STEPS
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import Calendar
from pqr.terms.deadlines import is_overdue
from pqr.terms.kinds import LAPSING, TERMS, Term, TicketKind, Unit, term_of
from pqr.tickets.duties import IS_PENDING, Duty
from pqr.tickets.models import Ticket
from pqr.tickets.queries import IS_OPEN
from pqr.tickets.states import State
from pqr.tickets.suspensions import STILL, Suspension

MAY_STILL_BE_EXTENDED = 3  # business days before the end: then the letter says that an extension must be told by then
# The person sent something: by law the clock may run again already, whoever has yet to look at it.
_MAY_RUN = (Ticket.state == State.AWAITING_PETITIONER) & Ticket.id.in_(
    select(Suspension.ticket_id).where(STILL, Suspension.supplied_at.is_not(None))
)
Columns = TypeVarTuple("Columns")


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


class Ladder(NamedTuple):
    """What the steps of a deadline are counted from, read without its case. `whole`: business days of its term."""

    ticket_id: int
    code: str
    due_on: date
    whole: int


@dataclass(frozen=True)
class Reach:
    """Which deadlines are wanted, and how many at most: conditions on `Ticket`, and on `Duty` joined to it."""

    tickets: Sequence[ColumnElement[bool]] = ()
    duties: Sequence[ColumnElement[bool]] = ()
    most: int | None = None

    @classmethod
    def before(cls, day: date) -> "Reach":
        """Those of earlier days."""
        return cls((Ticket.due_on < day,), (Duty.due_on < day,))

    @classmethod
    def of(cls, recipient: Secretaria, desk: Secretaria, most: int | None = None) -> "Reach":
        """Those that this office keeps."""
        whose = Ticket.secretaria_id == recipient.id
        whose = whose | Ticket.secretaria_id.is_(None) if recipient is desk else whose
        return cls((whose,), (whose,), most)

    @classmethod
    def within(cls, ticket_ids: Collection[int]) -> "Reach":
        """Those of these cases."""
        return cls((Ticket.id.in_(ticket_ids),), (Ticket.id.in_(ticket_ids),))


def deadlines(session: Session, calendar: Calendar, desk: Secretaria, today: date, reach: Reach) -> list[Deadline]:
    """Those that are running, by day. What may no longer be done after its day is left out then."""
    tickets = _running(select(Ticket)).where(*reach.tickets).order_by(Ticket.due_on, Ticket.id).limit(reach.most)
    found = [
        Deadline(each, "", each.due_on, _whole(calendar, each), each.secretaria or desk)
        for each in session.scalars(tickets)
    ]
    owed = select(Duty).join(Duty.ticket).options(contains_eager(Duty.ticket)).where(IS_PENDING, *reach.duties)
    for duty in session.scalars(owed.order_by(Duty.due_on, Duty.id).limit(reach.most)):
        if _may_still_be_done(duty.code, duty.due_on, today):
            whole, recipient = calendar.business_days_between(duty.since, duty.due_on), duty.ticket.secretaria or desk
            copied = (desk,) if recipient is not desk else ()
            found.append(Deadline(duty.ticket, duty.code, duty.due_on, whole, recipient, copied))
    return found


def count(session: Session, reach: Reach) -> int:
    """How many answers of them are running."""
    return session.scalar(_running(select(func.count(Ticket.id))).where(*reach.tickets)) or 0


def untold(session: Session, calendar: Calendar, today: date) -> Iterator[Ladder]:
    """Those of which some step may have been reached that nobody was told; cases are not read for it.

    Far from its day a term has one step, its half: whoever was told of any has been told of that one.
    """
    last_steps = calendar.nth_business_day_after(today, LAST_STEPS + 1)
    told = select(Reminder.id)
    told_of_ticket = told.where(
        Reminder.ticket_id == Ticket.id, Reminder.code == "", Reminder.due_on == Ticket.due_on
    ).exists()
    told_of_duty = told.where(
        Reminder.ticket_id == Duty.ticket_id, Reminder.code == Duty.code, Reminder.due_on == Duty.due_on
    ).exists()
    tickets = _running(select(*_COUNTED)).where((Ticket.due_on < last_steps) | ~told_of_ticket)
    for row in session.execute(tickets):
        yield Ladder(row.id, "", row.due_on, _whole(calendar, row))
    duties = select(Duty.ticket_id, Duty.code, Duty.since, Duty.due_on)
    for number, code, since, due_on in session.execute(
        duties.where(IS_PENDING, (Duty.due_on < last_steps) | ~told_of_duty)
    ):
        if _may_still_be_done(code, due_on, today):
            yield Ladder(number, code, due_on, calendar.business_days_between(since, due_on))


def _running(query: Select[*Columns]) -> Select[*Columns]:
    return query.where(IS_OPEN, (Ticket.state != State.AWAITING_PETITIONER) & Ticket.suspended_on.is_(None) | _MAY_RUN)


def _may_still_be_done(code: str, due_on: date, today: date) -> bool:
    return code not in LAPSING or not is_overdue(due_on, today)


_COUNTED = (
    Ticket.id, Ticket.day_zero, Ticket.due_on, Ticket.term_unit, Ticket.term_length, Ticket.extension,
)  # fmt: skip


def _whole(calendar: Calendar, of: Any) -> int:
    """Business days of the term, without those in which it stood still. `of`: a ticket, or a row of `_COUNTED`."""
    if of.term_unit == Unit.MONTHS:
        return calendar.business_days_between(of.day_zero, of.due_on)
    return cast(int, of.term_length + of.extension)
