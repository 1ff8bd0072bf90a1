"""Since when does a ticket's clock stand still, and what does its clock say?

The one place where the pure clock of the law (`terms.clock`) is made from what is stored, and kept again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.config import Office
from pqr.db import Model
from pqr.errors import ActNotAllowed
from pqr.terms import clock as law
from pqr.terms.clock import Cause, Clock, ClockRefusal
from pqr.terms.deadlines import ClosingRule, ExtensionTooLong
from pqr.terms.explaining import explain_clock
from pqr.terms.fixing import fixed_in_words
from pqr.terms.kinds import TicketKind
from pqr.terms.receipt import in_bogota
from pqr.terms.spanish import long_date
from pqr.tickets.models import Ticket

STILL = text("resumed_at IS NULL")


class Suspension(Model):
    """One time that the clock stood still; a ticket has one open at most. `cause`: a `terms.clock.Cause`.

    `until`: what the person has to answer, perhaps made longer once (`extended_until`). `supplied_at`: when the person
    last wrote since. `resumed_at`: when what was awaited came, not when an official said so. `message_id`: the words.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        Index("uq_suspensions_open", "ticket_id", unique=True, sqlite_where=STILL, postgresql_where=STILL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    cause: Mapped[str] = mapped_column(String(20))
    requested_at: Mapped[datetime]
    until: Mapped[date | None]
    extended_until: Mapped[date | None]
    supplied_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))

    @property
    def last_day(self) -> date | None:
        """The person's last day."""
        return self.extended_until or self.until

    def is_unmet(self, today: date) -> bool:
        """Whether the person's time is over and nothing came: the withdrawal or the archive may be proposed."""
        return self.last_day is not None and self.last_day < today and self.supplied_at is None


def suspensions_of(session: Session, ticket_id: int) -> Sequence[Suspension]:
    """All of the ticket's, oldest first."""
    return session.scalars(
        select(Suspension).where(Suspension.ticket_id == ticket_id).order_by(Suspension.requested_at, Suspension.id)
    ).all()


def open_suspensions(session: Session, ticket_ids: Sequence[int]) -> dict[int, Suspension]:
    """Those in force, by ticket."""
    if not ticket_ids:
        return {}
    found = select(Suspension).where(Suspension.ticket_id.in_(ticket_ids), STILL)
    return {each.ticket_id: each for each in session.scalars(found)}


def open_suspension(session: Session, ticket: Ticket) -> Suspension:
    """The one in force. Raises ActNotAllowed where the clock runs."""
    found = open_suspensions(session, [ticket.id]).get(ticket.id)
    if found is None:
        raise ActNotAllowed("El plazo no está suspendido.")
    return found


def clock_of(ticket: Ticket, suspensions: Sequence[Suspension], office: Office) -> Clock:
    """The clock that those facts make, by the calendar in force."""
    return Clock(
        code=ticket.kind,
        received_at=ticket.received_at,
        calendar=office.calendar,
        rule=ClosingRule.parse(ticket.closing_rule),
        extension=ticket.extension,
        suspensions=tuple(law.Suspension(Cause(row.cause), row.requested_at, row.resumed_at) for row in suspensions),
        stopped_at=ticket.closed_at,
    )


def read_clock(session: Session, ticket: Ticket, office: Office) -> Clock:
    """The ticket's clock."""
    return clock_of(ticket, suspensions_of(session, ticket.id), office)


def keep(ticket: Ticket, clock: Clock) -> None:
    """What the ticket stores of its clock. While it stands still the old due date stays (but see `note_supplied`)."""
    ticket.day_zero = clock.term.day_zero
    if ticket.fixed_at is None:
        ticket.due_on = clock.due_on or ticket.due_on
    ticket.term_length, ticket.term_unit = clock.term.length, clock.term.unit
    ticket.term_source, ticket.extension = clock.term.source, clock.extension
    ticket.calendar_version, ticket.elapsed = clock.term.calendar_version, clock.elapsed
    ticket.suspended_on = in_bogota(clock.suspended.requested_at).date() if clock.suspended else None


def explanation(session: Session, ticket: Ticket, office: Office) -> tuple[str, ...]:
    """How the ticket's due date was counted, in sentences."""
    return explained(ticket, read_clock(session, ticket, office))


def explained(ticket: Ticket, clock: Clock) -> tuple[str, ...]:
    """The same of a clock that was read."""
    if ticket.fixed_at is not None:
        return (fixed_in_words(TicketKind(ticket.kind), ticket.fixed_at),)
    told = explain_clock(clock)
    if clock.due_on in (None, ticket.due_on):
        return told
    return (*told, f"El calendario cambió después: se conserva la fecha ya dicha, {long_date(ticket.due_on)}.")


def suspend(session: Session, ticket: Ticket, asked: Suspension, office: Office) -> Suspension:
    """Stops the clock for `asked`, a new row. Raises ActNotAllowed with the article and the date that forbid it."""
    with lawfully():
        clock = read_clock(session, ticket, office).suspend(Cause(asked.cause), asked.requested_at)
    asked.ticket_id = ticket.id
    session.add(asked)
    keep(ticket, clock)
    return asked


def resume(session: Session, ticket: Ticket, at: datetime, office: Office) -> Clock:
    """Lets the clock go on the business day after `at`. Raises ActNotAllowed."""
    row = open_suspension(session, ticket)
    with lawfully():
        clock = read_clock(session, ticket, office).resume(at)
    row.resumed_at = at
    keep(ticket, clock)
    return clock


def note_supplied(session: Session, ticket: Ticket, at: datetime, office: Office) -> None:
    """The person wrote: whoever waits for that is to look at it, and in time.

    If that was what lacked, the clock runs again by law though nobody has looked yet: the due date is that one.
    """
    waits = ticket.suspended_on is not None and ticket.closed_at is None
    row = open_suspensions(session, [ticket.id]).get(ticket.id) if waits else None
    if row is None or row.until is None:
        return
    if row.supplied_at is None:
        ticket.due_on = read_clock(session, ticket, office).resume(max(at, row.requested_at)).due_on or ticket.due_on
    row.supplied_at = at


@contextmanager
def lawfully(error: type[ActNotAllowed] = ActNotAllowed) -> Iterator[None]:
    """What the clock refuses becomes a refusal of the act, in the same words."""
    try:
        yield
    except (ClockRefusal, ExtensionTooLong) as refusal:
        raise error(str(refusal)) from None
