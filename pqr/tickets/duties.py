"""What else must be done on a case by a day of its own, beside the answer?  Copies, a file for the judge, a mark.

A duty is a step of the law (`terms.kinds.STEPS`, or a kind where the law makes it one) that an act or time makes due.
Its lateness is computed, never stored.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.config import Office
from pqr.db import Model
from pqr.errors import ActNotAllowed
from pqr.terms.deadlines import last_day
from pqr.terms.kinds import Term, term_of
from pqr.tickets.models import Ticket

IS_PENDING = text("met_at IS NULL")
ASK_TO_COMPLETE = "requerimiento_completar"
TO_TRANSFER = ("traslado", "traslado_reclamo")
TO_CITE, BY_NOTICE = "citacion", "aviso_por_notificar"
TO_TELL = (TO_CITE, BY_NOTICE)
OF_THE_OPEN = (ASK_TO_COMPLETE, *TO_TRANSFER)  # what is no longer to be done once the case is answered or closed


class Duty(Model):
    """`code`: of `terms.kinds.term_of`. `since`: the day before its first one. One of a code is pending at most."""

    __tablename__ = "duties"
    __table_args__ = (
        Index(
            "uq_duties_pending", "ticket_id", "code", unique=True,
            sqlite_where=IS_PENDING, postgresql_where=IS_PENDING,
        ),
        Index("ix_duties_due_on", "due_on", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    since: Mapped[date]
    due_on: Mapped[date]
    arose_at: Mapped[datetime]
    met_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="joined", innerjoin=True)

    @property
    def term(self) -> Term:
        """Its length, its norm and its name."""
        return term_of(self.code)


def owe(session: Session, ticket: Ticket, code: str, since: date, office: Office, now: datetime) -> Duty:
    """The duty, from now on due; the one that is pending already, if any."""
    pending = pending_duty(session, ticket, code)
    if pending is not None:
        return pending
    term = term_of(code)
    due_on = last_day(since, term.length, term.unit, office.calendar)
    duty = Duty(ticket=ticket, code=code, since=since, due_on=due_on, arose_at=now)
    session.add(duty)
    return duty


def meet(session: Session, ticket: Ticket, code: str, now: datetime) -> Duty:
    """The duty, done now. Raises ActNotAllowed where it is not due."""
    duty = pending_duty(session, ticket, code)
    if duty is None:
        raise ActNotAllowed(f"En este caso no está pendiente: {term_of(code).label}.")
    duty.met_at = now
    return duty


def settle(session: Session, ticket: Ticket, *codes: str, now: datetime) -> None:
    """Those of them that are pending are done now, by an act that does them in passing; nothing where none is."""
    pending = select(Duty).where(Duty.ticket_id == ticket.id, Duty.code.in_(codes), IS_PENDING)
    for duty in session.scalars(pending):
        duty.met_at = now


def release(session: Session, ticket: Ticket, code: str) -> None:
    """It is no longer due, though nobody did it; nothing where it was not."""
    duty = pending_duty(session, ticket, code)
    if duty is not None:
        session.delete(duty)


def pending_duty(session: Session, ticket: Ticket, code: str) -> Duty | None:
    """The one that is still to be done, if any."""
    return session.scalar(select(Duty).where(Duty.ticket_id == ticket.id, Duty.code == code, IS_PENDING))


def duties_of(session: Session, ticket: Ticket) -> Sequence[Duty]:
    """All that ever arose on this case, by their day."""
    return session.scalars(select(Duty).where(Duty.ticket_id == ticket.id).order_by(Duty.due_on, Duty.id)).all()


def pending_of(session: Session, ticket: Ticket) -> list[Duty]:
    """Those of this case that are still to be done, by their day."""
    return [each for each in duties_of(session, ticket) if each.met_at is None]


def pending_duties(session: Session) -> Sequence[Duty]:
    """Those of every case, by their day."""
    return session.scalars(select(Duty).where(IS_PENDING).order_by(Duty.due_on, Duty.id)).all()


def with_duties(until: date) -> Select[int]:
    """The ids of the tickets with one that is pending and due by that day, late or near."""
    return select(Duty.ticket_id).where(IS_PENDING, Duty.due_on <= until)


def next_duties(session: Session, ticket_ids: Sequence[int], until: date) -> dict[int, Duty]:
    """Of each of these tickets the pending one that is due first, where that is by that day."""
    if not ticket_ids:
        return {}
    found = select(Duty).where(IS_PENDING, Duty.due_on <= until, Duty.ticket_id.in_(ticket_ids))
    return {each.ticket_id: each for each in session.scalars(found.order_by(Duty.due_on.desc(), Duty.id.desc()))}
