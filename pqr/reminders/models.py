"""Which nudges were already given?  A row is inserted before its letter: the unique key makes it once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pqr.db import Model


class Reminder(Model):
    """A step of the ladder that was reached for a due date; an extension starts a new ladder."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("ticket_id", "due_on", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    due_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(20))
    reached_at: Mapped[datetime]


class Digest(Model):
    """The morning summary of an office, once a day."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("secretaria_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    secretaria_id: Mapped[int] = mapped_column(ForeignKey("secretarias.id"))
    day: Mapped[date]
    sent_at: Mapped[datetime]
