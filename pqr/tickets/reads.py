"""Who looked at whose data, and when?  One line for each look, with nothing of what was seen.

An official sees what the work needs (Ley 1581 de 2012, art. 4); whoever looks without need must be found by Control
Interno. What is kept is who, which case, what was opened and when; never a word that was read or looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.accounts.models import User
from pqr.db import Model
from pqr.tickets.models import Ticket

PAGE = 50


class Looked(StrEnum):
    """What was opened."""

    CASE = "case"
    SEARCH = "search"
    FILE = "file"
    LETTER = "letter"
    WHOLE = "whole"
    IDENTITY = "identity"
    MAIL = "mail"
    PERSONS = "persons"
    LIST = "list"


class Read(Model):
    """One look. `ticket_id`: None for what is not of one case. `page`: by which door, as the program names it."""

    __tablename__ = "reads"
    __table_args__ = (Index("ix_reads_ticket_id", "ticket_id", "id"), Index("ix_reads_user_id", "user_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    what: Mapped[str] = mapped_column(String(20))
    page: Mapped[str] = mapped_column(String(60))


@dataclass(frozen=True)
class Seen:
    """A line as Control Interno reads it; `id` is also the key of the next page."""

    id: int
    at: datetime
    email: str
    radicado: str
    what: Looked


@dataclass(frozen=True)
class Wanted:
    """Which lines: of this case, of this account, older than the line `before`; "" and 0 ask for all."""

    radicado: str = ""
    email: str = ""
    before: int = 0


def note(session: Session, look: Read) -> None:
    """Writes the look down."""
    session.add(look)


def seen(session: Session, wanted: Wanted) -> Sequence[Seen]:
    """The latest looks first, up to a page and one more."""
    query = select(Read.id, Read.at, User.email, Ticket.radicado, Read.what).join(User, User.id == Read.user_id)
    query = query.join(Ticket, Ticket.id == Read.ticket_id, isouter=not wanted.radicado)
    if wanted.radicado:
        query = query.where(Ticket.radicado == wanted.radicado)
    if wanted.email:
        query = query.where(User.email == wanted.email)
    if wanted.before:
        query = query.where(Read.id < wanted.before)
    rows = session.execute(query.order_by(Read.id.desc()).limit(PAGE + 1))
    return [Seen(row.id, row.at, row.email, row.radicado or "", Looked(row.what)) for row in rows]


def forget(session: Session, days: int, now: datetime) -> None:
    """What was seen longer ago than the municipality keeps it."""
    session.execute(delete(Read).where(Read.at < now - timedelta(days=days)))
