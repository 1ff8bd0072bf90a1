"""How does the house stand this week?  One letter to the head of the entity: what is late first, by office.

It is written on the week's first business day, or on the first one after an outage; nothing personal is in it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.reminders.deadlines import Deadline, Reach, deadlines
from pqr.reminders.digests import first_time, was_written, way_out
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import DESPACHO, Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets.models import Ticket

WEEK = timedelta(days=7)


@dataclass
class Load:
    """What an office owes: each deadline with its business days left, the nearest first."""

    late: list[tuple[Deadline, int]] = field(default_factory=list)
    this_week: list[tuple[Deadline, int]] = field(default_factory=list)


def weekly_digest(session: Session, desk: Secretaria, office: Office, now: datetime) -> bool:
    """Enqueues the letter of this week, once, and not where there is nothing to tell."""
    head, today = by_code(session, DESPACHO), now.astimezone(BOGOTA).date()
    monday = today - timedelta(days=today.weekday())
    if head is None or not head.wants_digest or was_written(session, head, "weekly", monday):
        return False
    near = deadlines(session, office.calendar, desk, today, Reach.before(monday + WEEK))
    loads, received, answered = _loads(near, today, office), *_last_week(session, monday)
    if not (loads or received or answered) or not first_time(session, head, "weekly", monday, now):
        return False
    envelope = Envelope(
        letter="weekly",
        recipient=head.email,
        copies=head.copies_on(today),
        automatic="auto-generated",
        headers=way_out(head, office),
    )
    values = {
        "secretaria": head,
        "today": today,
        "loads": loads,
        "late": sum(len(load.late) for load in loads.values()),
        "this_week": sum(len(load.this_week) for load in loads.values()),
        "received": received,
        "answered": answered,
        "desk_link": f"{office.base_url}/atencion/?vista=vencidas",
    }
    write(session, envelope, values, office, now)
    return True


def _loads(near: Sequence[Deadline], today: date, office: Office) -> dict[Secretaria, Load]:
    """By office, that with most lateness first."""
    loads: dict[Secretaria, Load] = defaultdict(Load)
    for each in sorted(near, key=lambda deadline: (deadline.due_on, deadline.ticket.id)):
        left = office.calendar.business_days_between(today, each.due_on)
        load = loads[each.recipient]
        (load.late if each.due_on < today else load.this_week).append((each, left))
    return dict(sorted(loads.items(), key=lambda item: (-len(item[1].late), item[0].id)))


def _last_week(session: Session, monday: date) -> tuple[int, int]:
    """How many were received and how many answered, from Monday to Sunday."""
    since = datetime.combine(monday - WEEK, datetime.min.time(), BOGOTA)
    counted = select(func.count(Ticket.id))
    received = counted.where(Ticket.received_on >= monday - WEEK, Ticket.received_on < monday)
    answered = counted.where(Ticket.answered_at >= since, Ticket.answered_at < since + WEEK)
    return session.scalar(received) or 0, session.scalar(answered) or 0
