"""What is a notice?  An aviso on the web page and on the board (CPACA art. 69 inc. 2), or a citation (art. 68)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.db import Model
from pqr.tickets.models import Answer, Message, Ticket

_PENDING = text("effective_at IS NULL")


class Aviso(Model):
    """One aviso of an answer, or of the decision (`message`) that ended a case. Dates in Bogotá, instants in UTC.

    `cites`: it calls the person to come and be told (art. 68), and by itself tells nothing. `why`: what makes it the
    lawful way. `last_day`: the fifth business day. `removed_at`: when it left the list.
    `effective_at`: the end of `effective_on`, once it has passed. One at a time for a ticket.
    """

    __tablename__ = "avisos"
    __table_args__ = (
        Index("uq_avisos_pending", "ticket_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    cites: Mapped[bool] = mapped_column(default=False, server_default=false())
    why: Mapped[str] = mapped_column(String(250))
    published_at: Mapped[datetime]
    published_on: Mapped[date]
    last_day: Mapped[date]
    effective_on: Mapped[date]
    removed_at: Mapped[datetime | None]
    effective_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="joined")
    answer: Mapped[Answer | None] = relationship(lazy="joined")
    message: Mapped[Message | None] = relationship(lazy="joined")
