"""What does a change of the calendar move?  The dates of open tickets and of pending duties (law R2.25).

It is foreseen, and then said aloud. Which of them may move, and how far, is `terms.moving`'s to say. A ticket keeps
the version of the calendar that gave its date. A suspended term has no date to move: it is counted when it goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.clock import Clock
from pqr.terms.deadlines import last_day
from pqr.terms.kinds import term_of
from pqr.terms.moving import moved_to
from pqr.tickets.duties import Duty, pending_duties
from pqr.tickets.events import record
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from pqr.tickets.suspensions import Suspension, clock_of, keep


@dataclass(frozen=True)
class CalendarChange:
    """`before`: the calendar in force until now. `act_on`: the date of the act that orders the change, if known.

    `reason`: that act in words, kept in each ticket's event.
    """

    before: Calendar
    act_on: date | None
    reason: str
    actor: str


@dataclass(frozen=True)
class Move:
    """A due date that moves. `code`: of the duty whose date it is, "" for the answer's."""

    radicado: str
    before: date
    after: date
    code: str = ""

    @property
    def what(self) -> str:
        """What is due then, where it is not the answer."""
        return term_of(self.code).label if self.code else ""


def foresee(session: Session, change: CalendarChange, office: Office, now: datetime) -> list[Move]:
    """What the calendar of `office` would move, by the date that moves; nothing is changed."""
    answers = [move for _, _, move in _moves(_clocks(session, _RUNNING, office), change, now)]
    return _in_order([*answers, *(move for _, move in _duty_moves(session, change, office, now))])


def recompute_open(session: Session, change: CalendarChange, office: Office, now: datetime) -> list[Move]:
    """Recomputes the running terms with the calendar of `office`; returns what moved, each with its event."""
    moved = list(_moves(_clocks(session, _RUNNING.with_for_update(of=Ticket), office), change, now))
    for ticket, clock, move in moved:
        keep(ticket, clock)
        ticket.due_on = move.after
        record(
            session, ticket.id, "due_date_recomputed", change.actor, now,
            before=move.before.isoformat(), due_on=move.after.isoformat(), reason=change.reason,
            calendar=office.calendar.version,
        )  # fmt: skip
    duties = list(_duty_moves(session, change, office, now))
    for duty, move in duties:
        duty.due_on = move.after
        record(
            session, duty.ticket_id, "duty_moved", change.actor, now,
            code=duty.code, before=move.before.isoformat(), due_on=move.after.isoformat(), reason=change.reason,
        )  # fmt: skip
    return _in_order([*(move for _, _, move in moved), *(move for _, move in duties)])


_RUNNING = (
    select(Ticket)
    .where(Ticket.state.in_((State.FILED, State.ASSIGNED)), Ticket.suspended_on.is_(None), Ticket.fixed_at.is_(None))
    .order_by(Ticket.id)
)


def _clocks(session: Session, running: Select[Ticket], office: Office) -> Iterator[tuple[Ticket, Clock]]:
    """Each ticket with its clock by the calendar of `office`, in two statements."""
    tickets, stood = session.scalars(running).all(), defaultdict(list)
    of_running = Suspension.ticket_id.in_(_RUNNING.with_only_columns(Ticket.id).order_by(None))
    for each in session.scalars(select(Suspension).where(of_running).order_by(Suspension.requested_at, Suspension.id)):
        stood[each.ticket_id].append(each)
    return ((ticket, clock_of(ticket, stood[ticket.id], office)) for ticket in tickets)


def _moves(
    clocks: Iterable[tuple[Ticket, Clock]], change: CalendarChange, now: datetime
) -> Iterator[tuple[Ticket, Clock, Move]]:
    today = now.astimezone(BOGOTA).date()
    for ticket, clock in clocks:
        after = _after(ticket.due_on, clock, change, today)
        if after != ticket.due_on:
            yield ticket, clock, Move(ticket.radicado, ticket.due_on, after)


def _duty_moves(session: Session, change: CalendarChange, office: Office, now: datetime) -> Iterator[tuple[Duty, Move]]:
    """The pending ones that were counted by the calendar until now: a day that somebody fixed stays."""
    today = now.astimezone(BOGOTA).date()
    for duty in pending_duties(session):
        told, term = duty.due_on, duty.term
        if last_day(duty.since, term.length, term.unit, change.before) != told:
            continue
        counted = last_day(duty.since, term.length, term.unit, office.calendar)
        after = moved_to(told, counted, today, change.act_on, office.calendar)
        if after != told:
            yield duty, Move(duty.ticket.radicado, told, after, duty.code)


def _after(told: date, clock: Clock, change: CalendarChange, today: date) -> date:
    if told < today and replace(clock, calendar=change.before).due_on != told:
        return told  # it was kept from another change: this act must not bring that one in
    return moved_to(told, clock.due_on or told, today, change.act_on, clock.calendar)


def _in_order(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: (move.before, move.radicado, move.code))
