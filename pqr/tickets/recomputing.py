"""What does a change of the calendar move?  The due dates of open tickets, foreseen and then said aloud (law R2.25).

Which of them may move, and how far, is `terms.moving`'s to say. A ticket keeps the version of the calendar that
gave its date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.moving import moved_to
from pqr.tickets.events import record
from pqr.tickets.letters import term_of_ticket
from pqr.tickets.models import Ticket
from pqr.tickets.states import State


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
    """A due date that moves."""

    radicado: str
    before: date
    after: date


def foresee(session: Session, change: CalendarChange, office: Office, now: datetime) -> list[Move]:
    """What the calendar of `office` would move, by the date that moves; nothing is changed."""
    return _in_order(move for _, move in _moves(session.scalars(_running()), change, office, now))


def recompute_open(session: Session, change: CalendarChange, office: Office, now: datetime) -> list[Move]:
    """Recomputes the running terms with the calendar of `office`; returns what moved, each with its event."""
    moved = list(_moves(session.scalars(_running().with_for_update(of=Ticket)), change, office, now))
    for ticket, move in moved:
        ticket.day_zero, ticket.due_on = term_of_ticket(ticket, office).day_zero, move.after
        ticket.calendar_version = office.calendar.version
        record(
            session, ticket.id, "due_date_recomputed", change.actor, now,
            before=move.before.isoformat(), due_on=move.after.isoformat(), reason=change.reason,
            calendar=office.calendar.version,
        )  # fmt: skip
    return _in_order(move for _, move in moved)


def _running() -> Select[Ticket]:
    return select(Ticket).where(Ticket.state.in_((State.FILED, State.ASSIGNED))).order_by(Ticket.id)


def _moves(
    tickets: Iterable[Ticket], change: CalendarChange, office: Office, now: datetime
) -> Iterator[tuple[Ticket, Move]]:
    today = now.astimezone(BOGOTA).date()
    for ticket in tickets:
        after = _after(ticket, change, office, today)
        if after != ticket.due_on:
            yield ticket, Move(ticket.radicado, ticket.due_on, after)


def _after(ticket: Ticket, change: CalendarChange, office: Office, today: date) -> date:
    told, counted = ticket.due_on, term_of_ticket(ticket, office).due_on
    if told < today and term_of_ticket(ticket, replace(office, calendar=change.before)).due_on != told:
        return told  # it was kept from another change: this act must not bring that one in
    return moved_to(told, counted, today, change.act_on, office.calendar)


def _in_order(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: (move.before, move.radicado))
