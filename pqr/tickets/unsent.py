"""What has an official begun to write?  Words that were not sent, kept for who wrote them and for nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert


class Unsent(Model):
    """One person's draft on one case. `kind`: of the form that it was written in."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "ticket_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    saved_at: Mapped[datetime]


@dataclass(frozen=True)
class Place:
    """Where a draft belongs: whose, on which case, in which form."""

    user_id: int
    ticket_id: int
    kind: str


def keep(session: Session, place: Place, text: str, now: datetime) -> None:
    """Keeps the words in place of those that were there; no words: drops the draft."""
    if not text.strip():
        return drop(session, place)
    row = {"user_id": place.user_id, "ticket_id": place.ticket_id, "kind": place.kind}
    said = {"text": text, "saved_at": now}
    statement = insert(session, Unsent).values(**row, **said)
    session.execute(statement.on_conflict_do_update(index_elements=list(row), set_=said))


def drop(session: Session, place: Place) -> None:
    """Forgets the draft: it was sent, or nobody wants it."""
    session.execute(
        delete(Unsent).where(
            Unsent.user_id == place.user_id, Unsent.ticket_id == place.ticket_id, Unsent.kind == place.kind
        )
    )


def unsent_of(session: Session, user_id: int, ticket_id: int) -> Sequence[Unsent]:
    """What this person has begun to write on the case."""
    return session.scalars(select(Unsent).where(Unsent.user_id == user_id, Unsent.ticket_id == ticket_id)).all()
