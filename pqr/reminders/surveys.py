"""Who has not said what the answer was worth?  One letter, some days after it, and never another."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reminders.models import Reminder
from pqr.reminders.once import reach
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.tickets.letters import survey_link, to_petitioner
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome
from pqr.tickets.surveying import Surveyed

STEP = "survey"
AFTER, UNTIL = 5, 10  # business days since the case was closed: after these nobody is asked any more
_THAT_LONG, _DAY = 60, timedelta(days=1)  # so many days hold `UNTIL` business days whatever is closed between


def ask_opinions(session: Session, office: Office, now: datetime) -> int:
    """Writes to whoever has the answer and did not speak; returns the number of letters."""
    today = now.astimezone(BOGOTA).date()
    spoke = select(Surveyed.ticket_id).where(Surveyed.ticket_id == Ticket.id)
    asked = select(Reminder.id).where(Reminder.ticket_id == Ticket.id, Reminder.step == STEP)
    first, last = _days(today, office.calendar)
    told = session.scalars(
        select(Ticket)
        .where(
            text("tickets.state = 'closed'"),
            Ticket.closed_at >= datetime.combine(first, time.min, BOGOTA),
            Ticket.closed_at < datetime.combine(last + _DAY, time.min, BOGOTA),
            Ticket.outcome == Outcome.ANSWERED,
            ~spoke.exists(),
            ~asked.exists(),
        )
        .order_by(Ticket.closed_at, Ticket.id)
    )
    return sum(_ask(session, ticket, office, now) for ticket in told.all())


def _days(today: date, calendar: Calendar) -> tuple[date, date]:
    """The first and the last day on which the cases were closed whose time is today."""
    past = (today - _DAY * back for back in range(AFTER, _THAT_LONG))
    days = [day for day in past if AFTER <= calendar.business_days_between(day, today) <= UNTIL]
    return min(days), max(days)


def _ask(session: Session, ticket: Ticket, office: Office, now: datetime) -> bool:
    if not reach(session, ticket.id, now.astimezone(BOGOTA).date(), STEP, now):
        return False
    values = {"survey": survey_link(ticket, office)}
    return to_petitioner(session, ticket, "survey", values, office, now, automatic="auto-generated") is not None
