"""What is a group?  Analogous petitions of more than ten persons, which get one answer (CPACA art. 22).

Each of them stays a petition of its own, with its number, its clock and its secrecy.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.config import Office
from pqr.db import Model
from pqr.secretarias.models import Secretaria
from pqr.terms.grouping import SOURCE

if TYPE_CHECKING:
    from pqr.tickets.models import Answer


class PetitionGroup(Model):
    """`title` is published with the answer. `secretaria_id`: who answers all; None: the desk.

    `text`, `signer` and `persons`, those who asked, are of the answer. `newspaper`: where it was printed, and when.
    """

    __tablename__ = "petition_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    founded_by: Mapped[str] = mapped_column(String(60))
    founded_at: Mapped[datetime]
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    text: Mapped[str] = mapped_column(default="")
    signer: Mapped[str] = mapped_column(String(120), default="")
    persons: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    newspaper: Mapped[str] = mapped_column(String(120), default="")
    newspaper_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    secretaria: Mapped[Secretaria | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


def group_answered_by(answer: "Answer") -> PetitionGroup | None:
    """The group of which this is the one answer, if it is."""
    group = answer.ticket.group
    return group if group is not None and group.answered_at is not None and group.text == answer.text else None


def shared_with(answer: "Answer", office: Office) -> str:
    """What its paper says of the others who asked the same; "" of an answer to one."""
    group = group_answered_by(answer)
    if group is None:
        return ""
    return (
        f"Es la única respuesta a {group.persons} personas que pidieron lo mismo ({SOURCE}). Está publicada, sin "
        f"nombres, en {office.base_url}/respuestas/{group.id}."
    )


def waiting_groups(session: Session) -> Sequence[PetitionGroup]:
    """Those without an answer, the newest first."""
    waiting = select(PetitionGroup).where(PetitionGroup.answered_at.is_(None))
    return session.scalars(waiting.order_by(PetitionGroup.id.desc()).limit(50)).all()


def published_groups(session: Session) -> Sequence[PetitionGroup]:
    """Those with an answer, the newest first."""
    answered = select(PetitionGroup).where(PetitionGroup.answered_at.is_not(None))
    return session.scalars(answered.order_by(PetitionGroup.answered_at.desc(), PetitionGroup.id.desc())).all()
