"""What was sent to another authority?  One row a transfer, of the whole petition or of a part of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.db import Model
from pqr.secretarias.models import ExternalBody
from pqr.tickets.models import Ticket


class Transfer(Model):
    """`radicado`: its exit number. `body_name`, as it was then; `part`: what was sent, "" for all of it.

    `letter_id`: of the mail to the body; without one it goes by hand, and `delivered_at` says when that was noted.
    """

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("external_bodies.id"))
    body_name: Mapped[str] = mapped_column(String(120))
    radicado: Mapped[str] = mapped_column(String(20), unique=True)
    part: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    made_at: Mapped[datetime]
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    delivered_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship()
    body: Mapped[ExternalBody] = relationship()

    @property
    def is_undelivered(self) -> bool:
        """Whether somebody still has to print it and take it there."""
        return self.letter_id is None and self.delivered_at is None


def transfers_of(session: Session, ticket: Ticket) -> Sequence[Transfer]:
    """The ticket's, oldest first."""
    return session.scalars(select(Transfer).where(Transfer.ticket_id == ticket.id).order_by(Transfer.id)).all()
