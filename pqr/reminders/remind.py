"""How is an office nudged?  The ladder's letters and the morning digest, each once.

The row goes in before the letter, in one transaction: a second worker finds it and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.db import insert
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.inbox import waiting_for_a_person
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, stuck
from pqr.reminders.awaiting import remind_petitioners
from pqr.reminders.contributions import late_contributions, remind_contributions
from pqr.reminders.models import Digest
from pqr.reminders.once import reach
from pqr.reminders.schedule import Step, may_write, steps_reached
from pqr.reminders.silences import note_silences
from pqr.reminders.surveys import ask_opinions
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import CONTROL_INTERNO, DESK, DESPACHO, Secretaria
from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.kinds import TERMS, TicketKind, Unit
from pqr.tickets.contributions import Contribution
from pqr.tickets.events import record
from pqr.tickets.letters import signed
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from pqr.tickets.suspensions import Suspension

RUNNING = (State.FILED, State.ASSIGNED)
# The person sent something: by law the clock may run again already, whoever has yet to look at it.
_PERHAPS_RUNNING = (Ticket.state == State.AWAITING_PETITIONER) & Ticket.id.in_(
    select(Suspension.ticket_id).where(Suspension.resumed_at.is_(None), Suspension.supplied_at.is_not(None))
)


def remind_all(session: Session, office: Office, now: datetime) -> int:
    """Enqueues every reminder and digest that is due at this hour; returns the number of letters."""
    if not may_write(now, office.calendar):
        return 0
    note_silences(session, office, now)
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.state.in_(RUNNING) & Ticket.suspended_on.is_(None) | _PERHAPS_RUNNING)
        .order_by(Ticket.secretaria_id, Ticket.due_on, Ticket.id)
    ).all()
    reminded = sum(_remind(session, ticket, office, now) for ticket in tickets)
    reminded += remind_contributions(session, office, now) + remind_petitioners(session, office, now)
    reminded += ask_opinions(session, office, now)
    return reminded + _digests(session, tickets, office, now)


def _remind(session: Session, ticket: Ticket, office: Office, now: datetime) -> bool:
    today = now.astimezone(BOGOTA).date()
    steps = steps_reached(_whole(ticket, office.calendar), ticket.due_on, today, office.calendar)
    fresh = [step for step in steps if reach(session, ticket.id, ticket.due_on, step.name, now)]
    if not fresh or fresh[-1] != steps[-1]:
        return False
    step = steps[-1]
    record(session, ticket.id, "reminded", "system", now, step=step.name, days_left=step.days_left)
    recipient = ticket.secretaria or _desk(session)
    envelope = Envelope(
        letter="reminder",
        recipient=recipient.email,
        ticket_id=ticket.id,
        copies=tuple(dict.fromkeys((*recipient.copies_on(today), *_copies(session, step, recipient)))),
        reply_to=signed(ticket, Action.ANSWER, office) if ticket.secretaria else "",
        automatic="auto-generated",
    )
    values = {
        "ticket": ticket,
        "step": step,
        "kind": TERMS[TicketKind(ticket.kind)].label,
        "desk_link": f"{office.base_url}/atencion/radicado/{ticket.radicado}",
    }
    write(session, envelope, values, office, now)
    return True


def _whole(ticket: Ticket, calendar: Calendar) -> int:
    """Business days of the term, without those in which it stood still."""
    if ticket.term_unit == Unit.MONTHS:
        return calendar.business_days_between(ticket.day_zero, ticket.due_on)
    return ticket.term_length + ticket.extension


def _copies(session: Session, step: Step, recipient: Secretaria) -> Iterable[str]:
    codes = [CONTROL_INTERNO] * step.overdue + [DESPACHO] * step.reaches_the_mayor
    offices = (by_code(session, code) for code in codes)
    return [office.email for office in offices if office is not None and office.id != recipient.id]


def _desk(session: Session) -> Secretaria:
    desk = by_code(session, DESK)
    assert desk is not None, "the directory has no desk"
    return desk


def _digests(session: Session, tickets: Sequence[Ticket], office: Office, now: datetime) -> int:
    today, desk, written = now.astimezone(BOGOTA).date(), _desk(session), 0
    waiting: dict[Secretaria, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        waiting[ticket.secretaria or desk].append(ticket)
    late = late_contributions(session, today)
    for secretaria in sorted({*waiting, *late} - {desk}, key=lambda each: each.id):
        written += _digest(session, secretaria, waiting[secretaria], late.get(secretaria, ()), office, now)
    if desk in {*waiting, *late} or waiting_for_a_person(session, limit=1) or stuck(session, limit=1):
        written += _digest(session, desk, waiting[desk], late.get(desk, ()), office, now)
    return written


def _digest(
    session: Session,
    secretaria: Secretaria,
    tickets: Sequence[Ticket],
    late: Sequence[Contribution],
    office: Office,
    now: datetime,
) -> bool:
    today = now.astimezone(BOGOTA).date()
    if not secretaria.wants_digest or not _first_today(session, secretaria, today, now):
        return False
    leave = sign(SignedAddress(Action.UNSUBSCRIBE, secretaria.id), office.keys[0], office.mail_domain)
    envelope = Envelope(
        letter="digest",
        recipient=secretaria.email,
        copies=secretaria.copies_on(today),
        automatic="auto-generated",
        headers={"List-Unsubscribe": f"<mailto:{leave}?subject=Baja>"},
    )
    is_desk = secretaria.code == DESK
    values = {
        "secretaria": secretaria,
        "today": today,
        "rows": [(t, office.calendar.business_days_between(today, t.due_on)) for t in tickets],
        "late": late,
        "mails": len(waiting_for_a_person(session)) if is_desk else 0,
        "stuck": len(stuck(session)) if is_desk else 0,
        "desk_link": f"{office.base_url}/atencion/",
    }
    write(session, envelope, values, office, now)
    return True


def _first_today(session: Session, secretaria: Secretaria, today: date, now: datetime) -> bool:
    statement = (
        insert(session, Digest)
        .values(secretaria_id=secretaria.id, day=today, sent_at=now)
        .on_conflict_do_nothing()
        .returning(Digest.id)
    )
    return session.scalar(statement) is not None
