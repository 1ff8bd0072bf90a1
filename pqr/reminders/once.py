"""Was this nudge already given?  The row goes in before the letter: a second worker finds it and writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from pqr.db import insert
from pqr.reminders.models import Reminder

AT_ONCE = 1000  # rows of one statement: SQLite takes 32,766 values


class Rung(NamedTuple):
    """A step of one ladder. `code`: of the duty, "" for the ticket itself; `due_on`: another day is another ladder."""

    ticket_id: int
    code: str
    due_on: date
    step: str


def reach(session: Session, ticket_id: int, due_on: date, step: str, now: datetime) -> bool:
    """Whether this is the first time that the step is reached for this date."""
    return bool(reach_all(session, [Rung(ticket_id, "", due_on, step)], now))


def reach_all(session: Session, rungs: Sequence[Rung], now: datetime) -> set[Rung]:
    """Those of them that are reached for the first time, in few statements however many there are."""
    fresh: set[Rung] = set()
    columns = [getattr(Reminder, name) for name in Rung._fields]
    for first in range(0, len(rungs), AT_ONCE):
        rows = [{**rung._asdict(), "reached_at": now} for rung in rungs[first : first + AT_ONCE]]
        statement = insert(session, Reminder).values(rows).on_conflict_do_nothing().returning(*columns)
        fresh |= {Rung(*row) for row in session.execute(statement)}
    return fresh
