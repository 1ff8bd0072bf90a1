"""Who must be nudged for a contribution?  The asked office, the day before and on the day; then its digest says so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reminders.schedule import contribution_is_near
from pqr.secretarias.models import Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets import contribution_letters
from pqr.tickets.contributions import IS_PENDING, Contribution
from pqr.tickets.models import Ticket
from pqr.tickets.states import OPEN


def remind_contributions(session: Session, office: Office, now: datetime) -> int:
    """Enqueues the reminders of this day; returns the number of letters."""
    today, written = now.astimezone(BOGOTA).date(), 0
    for each in _pending(session):
        asked_on = each.asked_at.astimezone(BOGOTA).date()
        if contribution_is_near(each.due_on, asked_on, today, office.calendar) and _first_today(session, each, today):
            contribution_letters.remind(session, each, office, now)
            written += 1
    return written


def late_contributions(session: Session, today: date) -> Mapping[Secretaria, Sequence[Contribution]]:
    """Those whose day has passed, by the office that was asked, the oldest first."""
    late: dict[Secretaria, list[Contribution]] = defaultdict(list)
    for contribution in _pending(session):
        if contribution.due_on < today:
            late[contribution.secretaria].append(contribution)
    return late


def _pending(session: Session) -> Sequence[Contribution]:
    """Those that are waited for on cases that are open."""
    return session.scalars(
        select(Contribution)
        .join(Ticket)
        .where(IS_PENDING, Ticket.state.in_(OPEN))
        .order_by(Contribution.due_on, Contribution.id)
    ).all()


def _first_today(session: Session, contribution: Contribution, today: date) -> bool:
    """Whether no other worker has reminded of it today."""
    fresh = or_(Contribution.reminded_on.is_(None), Contribution.reminded_on < today)
    statement = update(Contribution).where(Contribution.id == contribution.id, fresh).values(reminded_on=today)
    return session.scalar(statement.returning(Contribution.id)) is not None
