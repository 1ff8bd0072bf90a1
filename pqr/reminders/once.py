"""Was this nudge already given?  The row goes in before the letter: a second worker finds it and writes nothing."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from pqr.db import insert
from pqr.reminders.models import Reminder


def reach(session: Session, ticket_id: int, due_on: date, step: str, now: datetime) -> bool:
    """Whether this is the first time that the step is reached for this date."""
    statement = (
        insert(session, Reminder)
        .values(ticket_id=ticket_id, due_on=due_on, step=step, reached_at=now)
        .on_conflict_do_nothing()
        .returning(Reminder.id)
    )
    return session.scalar(statement) is not None
