"""How is an office nudged?  The ladders' letters, each once; whoever has many at once gets one digest of them all.

The row goes in before the letter, in one transaction: a second worker finds it and writes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.addresses import Action
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.reminders.awaiting import remind_petitioners
from pqr.reminders.cited import note_absent
from pqr.reminders.contributions import remind_contributions
from pqr.reminders.deadlines import Deadline, Reach, deadlines, untold
from pqr.reminders.digests import daily_digests
from pqr.reminders.once import AT_ONCE, Rung, reach_all
from pqr.reminders.schedule import Step, may_write, steps_reached
from pqr.reminders.silences import note_silences
from pqr.reminders.surveys import ask_opinions
from pqr.reminders.weekly import weekly_digest
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import CONTROL_INTERNO, DESK, DESPACHO, Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.terms.fixing import hour_of
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import record
from pqr.tickets.letters import signed

FEW = 5  # letters that an office gets in one run; more than these, as after an outage, are one digest


class Nudge(NamedTuple):
    """A deadline and the step of its ladder that was reached just now."""

    deadline: Deadline
    step: Step


def remind_all(session: Session, office: Office, now: datetime) -> int:
    """Enqueues every reminder and digest that is due at this hour; returns the number of letters."""
    if not may_write(now, office.calendar):
        return 0
    today, desk = now.astimezone(BOGOTA).date(), _desk(session)
    note_silences(session, office, now)
    note_absent(session, office, now)
    nudges: dict[Secretaria, list[Nudge]] = defaultdict(list)
    for nudge in _reached(session, desk, office, now):
        nudges[nudge.deadline.recipient].append(nudge)
    few = {recipient: found for recipient, found in nudges.items() if len(found) <= FEW}
    many = {recipient: _readers(session, found, today) for recipient, found in nudges.items() if recipient not in few}
    for recipient in nudges:
        for nudge in nudges[recipient]:
            _tell(session, nudge, office, now, by_letter=recipient in few)
    written = sum(map(len, few.values()))
    written += remind_contributions(session, office, now) + remind_petitioners(session, office, now)
    written += ask_opinions(session, office, now)
    written += daily_digests(session, desk, many, office, now)
    return written + weekly_digest(session, desk, office, now)


def _reached(session: Session, desk: Secretaria, office: Office, now: datetime) -> list[Nudge]:
    """The deadlines whose latest step nobody was told yet; those that it passed over count as told."""
    today, latest, before = now.astimezone(BOGOTA).date(), dict[Rung, Step](), dict[Rung, list[Rung]]()
    for ladder in untold(session, office.calendar, today):
        steps = steps_reached(ladder.whole, ladder.due_on, today, office.calendar)
        rungs = [Rung(ladder.ticket_id, ladder.code, ladder.due_on, step.name) for step in steps]
        if rungs:
            latest[rungs[-1]], before[rungs[-1]] = steps[-1], rungs[:-1]
    fresh = reach_all(session, list(latest), now)
    reach_all(session, [rung for last in latest if last in fresh for rung in before[last]], now)
    told = {(rung.ticket_id, rung.code): latest[rung] for rung in fresh}
    ids, nudges = sorted({rung.ticket_id for rung in fresh}), list[Nudge]()
    for first in range(0, len(ids), AT_ONCE):
        some = Reach.within(ids[first : first + AT_ONCE])
        for each in deadlines(session, office.calendar, desk, today, some):
            if (each.ticket.id, each.code) in told:
                nudges.append(Nudge(each, told[each.ticket.id, each.code]))
    return sorted(nudges, key=lambda nudge: (nudge.deadline.recipient.id, nudge.deadline.due_on))


def _tell(session: Session, nudge: Nudge, office: Office, now: datetime, *, by_letter: bool) -> None:
    (deadline, step), today = nudge, now.astimezone(BOGOTA).date()
    ticket, code = deadline.ticket, {"code": deadline.code} if deadline.code else {}
    record(session, ticket.id, "reminded", "system", now, step=step.name, days_left=step.days_left, **code)
    if not by_letter:
        return
    answers = ticket.secretaria is not None and not deadline.code
    envelope = Envelope(
        letter="reminder",
        recipient=deadline.recipient.email,
        ticket_id=ticket.id,
        copies=_readers(session, [nudge], today),
        reply_to=signed(ticket, Action.ANSWER, office) if answers else "",
        automatic="auto-generated",
    )
    values = {
        "ticket": ticket,
        "step": step,
        "due_on": deadline.due_on,
        "hour": "" if deadline.code else hour_of(ticket.fixed_at),
        "duty": deadline.duty,
        "extendable": deadline.extendable(step.days_left),
        "kind": TERMS[TicketKind(ticket.kind)].label,
        "desk_link": f"{office.base_url}/atencion/radicado/{ticket.radicado}",
    }
    write(session, envelope, values, office, now)


def _readers(session: Session, nudges: Sequence[Nudge], today: date) -> tuple[str, ...]:
    """Who reads along: the substitute, the desk of what is not an answer, and the chiefs of what is late."""
    recipient = nudges[0].deadline.recipient
    codes = [
        *[CONTROL_INTERNO] * any(nudge.step.overdue for nudge in nudges),
        *[DESPACHO] * any(nudge.step.reaches_the_mayor for nudge in nudges),
    ]
    along = [each for nudge in nudges for each in nudge.deadline.copied]
    chiefs = [office for code in codes if (office := by_code(session, code)) is not None]
    copies = [each.email for each in (*along, *chiefs) if each.id != recipient.id]
    return tuple(dict.fromkeys((*recipient.copies_on(today), *copies)))


def _desk(session: Session) -> Secretaria:
    desk = by_code(session, DESK)
    assert desk is not None, "the directory has no desk"
    return desk
