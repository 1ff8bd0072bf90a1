"""Who else looks at this case now?  A sign that two may be writing the same answer, and nothing to be counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.accounts.models import User
from pqr.db import Model, insert

FRESH = timedelta(seconds=75)  # an open page says every twenty seconds that it is there


class Viewing(Model):
    """When somebody last had the case open."""

    __tablename__ = "viewings"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]


def look(session: Session, ticket_id: int, user_id: int, now: datetime) -> None:
    """Says that this person has the case open."""
    statement = insert(session, Viewing).values(ticket_id=ticket_id, user_id=user_id, seen_at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["ticket_id", "user_id"], set_={"seen_at": now}))


def others_looking(session: Session, ticket_id: int, user_id: int, now: datetime) -> Sequence[str]:
    """The addresses of those who have it open besides this person."""
    return session.scalars(
        select(User.email)
        .join(Viewing, Viewing.user_id == User.id)
        .where(Viewing.ticket_id == ticket_id, Viewing.user_id != user_id, Viewing.seen_at > now - FRESH)
        .order_by(User.email)
    ).all()


def forget(session: Session, now: datetime) -> None:
    """Nobody needs to know who looked at what a day ago."""
    session.execute(delete(Viewing).where(Viewing.seen_at < now - timedelta(days=1)))
