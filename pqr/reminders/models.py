"""Which nudges were already given?  A row is inserted before its letter: the unique key makes it once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pqr.db import Model


class Reminder(Model):
    """A step of a ladder that was reached for a due date; an extension starts a new ladder.

    `code`: of the duty whose ladder it is, "" for that of the ticket itself.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("ticket_id", "code", "due_on", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    due_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(20))
    reached_at: Mapped[datetime]


class Digest(Model):
    """A summary that an office got: `kind` "daily" of that day, or "weekly" of the week whose Monday it is."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("secretaria_id", "kind", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    secretaria_id: Mapped[int] = mapped_column(ForeignKey("secretarias.id"))
    kind: Mapped[str] = mapped_column(String(10), default="daily", server_default="daily")
    day: Mapped[date]
    sent_at: Mapped[datetime]
