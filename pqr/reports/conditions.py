"""When does a measure count a petition?  The conditions in SQL, over facts that were fixed when they happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Index, and_, or_, select, text, true

from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import OPEN, Outcome, State
from pqr.tickets.suspensions import Suspension


@dataclass(frozen=True)
class Asked:
    """What a condition may depend on: today's date in Bogotá, and the days in which an office must have it."""

    today: date
    reception_days: int


# Written out, as the index needs it; these few would else be looked for among all answers.
DENIED = text("outcome IN ('denied', 'denied_reserved')")
Index("ix_answers_denied", Answer.ticket_id, sqlite_where=DENIED, postgresql_where=DENIED)
Condition = Callable[[Asked], ColumnElement[bool]]

ANSWERED = Ticket.outcome == Outcome.ANSWERED
UNFINISHED = Ticket.state != State.CLOSED
STOPPED = and_(Ticket.state.in_(sorted(OPEN)), Ticket.suspended_on.is_not(None))
RUNS = and_(UNFINISHED, or_(Ticket.state == State.ANSWERED, Ticket.suspended_on.is_(None)))
EVER_STOPPED = Ticket.id.in_(select(Suspension.ticket_id))


def every(asked: Asked) -> ColumnElement[bool]:
    """All numbers that were given."""
    return true()


def valid(asked: Asked) -> ColumnElement[bool]:
    """All but the annulled ones."""
    return Ticket.outcome != Outcome.VOIDED


def of_valid(condition: ColumnElement[bool]) -> Condition:
    """Those of them that meet this."""
    return lambda asked: and_(valid(asked), condition)


def ended(outcome: Outcome) -> Condition:
    """Those that ended so."""
    return lambda asked: Ticket.outcome == outcome


def transferred_in_time(asked: Asked) -> ColumnElement[bool]:
    """Those that were sent to whoever is competent within the term of that."""
    return and_(Ticket.outcome == Outcome.TRANSFERRED, Ticket.in_time.is_(True))


def in_hands_in_time(asked: Asked) -> ColumnElement[bool]:
    """Those that an office had in time, with an acknowledgement that did not come back."""
    in_time = and_(Ticket.reception_days <= asked.reception_days, Ticket.acknowledgement_failed_at.is_(None))
    return and_(valid(asked), in_time)


def still_in_time(asked: Asked) -> ColumnElement[bool]:
    """Those that wait with days left."""
    return and_(RUNS, Ticket.due_on >= asked.today)


def overdue(asked: Asked) -> ColumnElement[bool]:
    """Those that wait with none."""
    return and_(RUNS, Ticket.due_on < asked.today)


def can_be_judged(asked: Asked) -> ColumnElement[bool]:
    """Those that were answered or should have been."""
    return or_(ANSWERED, overdue(asked))


def denied(*outcomes: AnswerOutcome) -> Condition:
    """Those whose answer denied so: the one that left, not what completes it."""
    first = Answer.sent_at.is_not(None) & Answer.completes_id.is_(None) & Answer.outcome.in_(outcomes)
    return of_valid(Ticket.id.in_(select(Answer.ticket_id).where(DENIED, first)))
