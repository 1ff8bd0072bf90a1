"""What was asked of a second office, and what did it contribute?  The table, and who sees a case by it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from pqr.db import Model
from pqr.secretarias.models import Secretaria
from pqr.tickets.models import Ticket

IS_PENDING = text("given_at IS NULL AND cancelled_at IS NULL")
REACH = "SELECT ticket_id FROM contributions WHERE secretaria_id = :office AND cancelled_at IS NULL"


class Contribution(Model):
    """`question`: what is asked, by `asker` (None: the desk). `due_on`: internal, never after the case's own date.

    `text`: what the asked office wrote, for the staff alone. `reminded_on`: the day of its latest reminder.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        Index("ix_contributions_pending", "due_on", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    secretaria_id: Mapped[int] = mapped_column(ForeignKey("secretarias.id"), index=True)
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    question: Mapped[str]
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    reminded_on: Mapped[date | None]

    ticket: Mapped[Ticket] = relationship()
    secretaria: Mapped[Secretaria] = relationship(foreign_keys=[secretaria_id], lazy="joined")

    @property
    def is_pending(self) -> bool:
        """Whether it is still waited for."""
        return self.given_at is None and self.cancelled_at is None


def contributions_of(session: Session, ticket: Ticket) -> Sequence[Contribution]:
    """All that was ever asked of other offices on this case, oldest first."""
    return session.scalars(
        select(Contribution).where(Contribution.ticket_id == ticket.id).order_by(Contribution.id)
    ).all()


def hold(session: Session, contribution_id: int) -> Contribution:
    """The contribution as it is now, held against others. Raises sqlalchemy.exc.NoResultFound."""
    found = select(Contribution).where(Contribution.id == contribution_id).with_for_update(of=Contribution)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def pending_of(session: Session, ticket: Ticket) -> list[Contribution]:
    """What is still waited for."""
    return [each for each in contributions_of(session, ticket) if each.is_pending]


def shared_with(office_id: int) -> Select[int]:
    """The ids of the tickets on which this office was asked to contribute, and the asking still stands."""
    return select(Contribution.ticket_id).where(
        Contribution.secretaria_id == office_id, Contribution.cancelled_at.is_(None)
    )


def within_reach(office_id: int) -> ColumnElement[bool]:
    """The tickets that an official of this office may see: its own, and those shared with it."""
    return or_(Ticket.secretaria_id == office_id, Ticket.id.in_(shared_with(office_id)))


def is_shared_with(ticket: Ticket, office_id: int) -> bool:
    """The same of one ticket that is not the office's own."""
    session = object_session(ticket)
    asked = shared_with(office_id).where(Contribution.ticket_id == ticket.id).limit(1)
    return session is not None and session.scalar(asked) is not None
