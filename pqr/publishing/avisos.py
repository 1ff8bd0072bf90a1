"""How is an aviso published, taken down and effective?  Five business days, and then by itself (CPACA art. 69).

A citation for whom no address is known goes up in the same way (art. 68), but by itself it tells nothing.

What an answer or an act decides is kept where it was; the notice points at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import ActNotAllowed
from pqr.mail.outbox import Letter, LetterState
from pqr.publishing.models import Aviso
from pqr.publishing.updates import Published, note_update
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import Way, notice_days
from pqr.tickets.communicating import communicate, notify_closing
from pqr.tickets.duties import TO_TELL, settle
from pqr.tickets.events import history, record
from pqr.tickets.models import Answer, Identity, Ticket
from pqr.tickets.reaching import addressee, is_unnotified, reach
from pqr.tickets.states import State

_PENDING = text("effective_at IS NULL")


@dataclass(frozen=True)
class Publication:
    """To publish an aviso of what the ticket decided. `why`: what makes it the lawful way. `actor`: user:<id>.

    `cites`: only that the person is to come.
    """

    ticket: Ticket
    why: str
    actor: str
    cites: bool = False


def publish(session: Session, publication: Publication, office: Office, now: datetime) -> Aviso:
    """Puts the notice up. Raises ActNotAllowed when nothing waits to be told, or it is up already."""
    ticket = publication.ticket
    withdrawn = is_unnotified(ticket)
    if ticket.state != State.ANSWERED and not withdrawn:
        raise ActNotAllowed("No hay una decisión pendiente de comunicar.")
    if pending_aviso(session, ticket) is not None:
        raise ActNotAllowed("El aviso ya está publicado.")
    today = now.astimezone(BOGOTA).date()
    days = notice_days(today, office.calendar)
    notice = Aviso(
        ticket=ticket,
        answer=None if withdrawn else ticket.answer,
        message_id=_decision(session, ticket) if withdrawn else None,
        cites=publication.cites,
        why=publication.why,
        published_at=now,
        published_on=today,
        last_day=days.last_day,
        effective_on=days.effective_on,
    )
    session.add(notice)
    settle(session, ticket, *TO_TELL, now=now)
    session.flush()  # the event names the notice's id
    record(
        session, ticket.id, "citation_posted" if notice.cites else "notice_published", publication.actor, now,
        notice=notice.id, last_day=days.last_day.isoformat(), why=publication.why,
        **({} if notice.cites else {"effective_on": days.effective_on.isoformat()}),
    )  # fmt: skip
    title = f"{'Citación' if notice.cites else 'Aviso'} de la petición {ticket.radicado}"
    note_update(session, Published("notice", title, f"/avisos/{notice.id}", publication.actor), now)
    return notice


def publish_owed(session: Session, office: Office, now: datetime) -> int:
    """Publishes the answers to whom nothing else can take them: anonymous ones without an address. How many."""
    unpublished = select(Ticket).where(
        Ticket.state == State.ANSWERED,
        Ticket.identity == Identity.ANONYMOUS,
        Ticket.id.not_in(select(Aviso.ticket_id)),
    )
    tickets = session.scalars(unpublished.order_by(Ticket.id).with_for_update(of=Ticket, skip_locked=True)).all()
    return sum(_publish_if_owed(session, ticket, office, now) for ticket in tickets)


def publish_if_owed(session: Session, ticket: Ticket, office: Office, now: datetime) -> bool:
    """The same for this ticket, at once, so that whoever answers sees it."""
    owed = ticket.state == State.ANSWERED and ticket.identity == Identity.ANONYMOUS
    return owed and pending_aviso(session, ticket) is None and _publish_if_owed(session, ticket, office, now)


def _publish_if_owed(session: Session, ticket: Ticket, office: Office, now: datetime) -> bool:
    if addressee(session, ticket, ticket.answer).email or ticket.answer is None:
        return False
    step = reach(session, ticket, office, now.astimezone(BOGOTA).date()).next
    if step.way != Way.NOTICE:
        return False
    publish(session, Publication(ticket, step.why, "system"), office, now)
    return True


def keep_avisos(session: Session, office: Office, now: datetime) -> int:
    """Moves, takes down and gives effect to every notice whose day has come, however late; how many changed."""
    waiting = select(Aviso).where(_PENDING).order_by(Aviso.id).with_for_update(of=Aviso, skip_locked=True)
    return sum(_keep(session, notice, office, now) for notice in session.scalars(waiting).all())


def _keep(session: Session, notice: Aviso, office: Office, now: datetime) -> bool:
    today = now.astimezone(BOGOTA).date()
    changed = _follow_the_calendar(session, notice, office, now)
    told = notice.cites and notice.ticket.communicated_at is not None  # the person came
    if notice.removed_at is None and (today > notice.last_day or told):
        notice.removed_at = now
        record(
            session, notice.ticket_id, "citation_removed" if notice.cites else "notice_removed", "system", now,
            notice=notice.id, last_day=notice.last_day.isoformat(),
        )  # fmt: skip
        changed = True
    if notice.cites:
        notice.effective_at = notice.removed_at
    elif today > notice.effective_on:
        _take_effect(session, notice, office, now)
        changed = True
    return changed


def _follow_the_calendar(session: Session, notice: Aviso, office: Office, now: datetime) -> bool:
    """A closure published meanwhile shut the board, so the notice stays longer; it is never made shorter."""
    days = notice_days(notice.published_on, office.calendar)
    if notice.removed_at is not None or days.last_day <= notice.last_day:
        return False
    before, notice.last_day, notice.effective_on = notice.last_day, days.last_day, days.effective_on
    record(
        session, notice.ticket_id, "notice_moved", "system", now,
        notice=notice.id, before=before.isoformat(), last_day=days.last_day.isoformat(),
        effective_on=days.effective_on.isoformat(),
    )  # fmt: skip
    return True


def _take_effect(session: Session, notice: Aviso, office: Office, now: datetime) -> None:
    end = _end_of(notice.effective_on)
    notice.effective_at, ticket = end, notice.ticket
    if ticket.state == State.ANSWERED:
        communicate(session, ticket, Way.NOTICE, "system", office, now, effective_at=end)
    elif is_unnotified(ticket):
        notify_closing(session, ticket, Way.NOTICE, "system", now, effective_at=end)


def end_sent_avisos(session: Session, office: Office, now: datetime) -> int:
    """Gives effect to each aviso that was sent by mail, at the end of the business day after its delivery; how many."""
    today = now.astimezone(BOGOTA).date()
    sent = session.execute(
        select(Ticket, Letter.sent_at)
        .join(Answer, Answer.ticket_id == Ticket.id)
        .join(Letter, Letter.id == Answer.letter_id)
        .where(Ticket.state == State.ANSWERED, Letter.letter == Way.NOTICE_SENT, Letter.state == LetterState.SENT)
        .with_for_update(of=Ticket, skip_locked=True)
    ).all()
    ended = 0
    for ticket, sent_at in sent:
        assert sent_at is not None  # of a letter that was sent
        effective_on = office.calendar.nth_business_day_after(sent_at.astimezone(BOGOTA).date(), 1)
        if today > effective_on:
            end = _end_of(effective_on)
            communicate(session, ticket, Way.NOTICE_SENT, "system", office, now, effective_at=end)
            ended += 1
    return ended


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), BOGOTA).astimezone(UTC)


def pending_aviso(session: Session, ticket: Ticket) -> Aviso | None:
    """The ticket's notice that has yet to have effect."""
    return session.scalar(select(Aviso).where(_PENDING, Aviso.ticket_id == ticket.id))


def avisos_of(session: Session, ticket: Ticket) -> Sequence[Aviso]:
    """Every notice of the ticket, oldest first."""
    return session.scalars(select(Aviso).where(Aviso.ticket_id == ticket.id).order_by(Aviso.id)).all()


def avisos_up(session: Session) -> Sequence[Aviso]:
    """What is on the board, newest first."""
    up = select(Aviso).where(_PENDING, Aviso.removed_at.is_(None))
    return session.scalars(up.order_by(Aviso.id.desc())).all()


def _decision(session: Session, ticket: Ticket) -> int | None:
    """The message that holds the act which ended the case."""
    found = (event.data.get("message") for event in history(session, ticket.id) if event.kind == ticket.outcome)
    return next(found, None)
