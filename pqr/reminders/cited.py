"""Who was cited and did not come?  From then on the aviso is due (CPACA art. 69)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reminders.once import reach as first_time
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import Way
from pqr.tickets.duties import BY_NOTICE, owe
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket
from pqr.tickets.queries import IS_ANSWERED
from pqr.tickets.reaching import reach

STEP = "cited"
_NOTICES = (Way.NOTICE_SENT, Way.NOTICE)


def note_absent(session: Session, office: Office, now: datetime) -> None:
    """Makes the aviso due for each whose days to come are over, once for each citation."""
    today = now.astimezone(BOGOTA).date()
    cited = session.execute(
        select(Ticket, Event.data)
        .join(Event, Event.ticket_id == Ticket.id)
        .where(IS_ANSWERED, Event.kind.in_(("cited", "citation_posted")))
        .order_by(Ticket.answered_at, Ticket.id, Event.seq)
    ).all()
    for ticket, data in cited:
        until = date.fromisoformat(data.get("until") or data["last_day"])
        over = until < today and first_time(session, ticket.id, until, STEP, now)
        if over and _lacks_the_aviso(session, ticket, office, today):
            owe(session, ticket, BY_NOTICE, until, office, now)


def _lacks_the_aviso(session: Session, ticket: Ticket, office: Office, today: date) -> bool:
    published = select(Event.id).where(Event.ticket_id == ticket.id, Event.kind == "notice_published").limit(1)
    found = reach(session, ticket, office, today)
    return found.next.way in _NOTICES and found.next.way not in found.tried and session.scalar(published) is None
