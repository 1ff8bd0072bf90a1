"""Which offices and topics are there?"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.db import Model

DESK = "atencion"
CONTROL_INTERNO = "control_interno"
DESPACHO = "despacho"


class Secretaria(Model):
    """An office that answers. `external`: not part of the alcaldía, so a petition is transferred to it.

    `email` receives the letters; answers are accepted from it and from `other_emails` (comma separated).
    """

    __tablename__ = "secretarias"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    external: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str] = mapped_column(String(254))
    other_emails: Mapped[str] = mapped_column(default="")
    duties: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    wants_digest: Mapped[bool] = mapped_column(default=True)

    @property
    def addresses(self) -> frozenset[str]:
        """Every address, lower-case, from which an answer of this office is accepted."""
        given = f"{self.email},{self.other_emails}".split(",")
        return frozenset(address.strip().lower() for address in given if address.strip())


class Topic(Model):
    """A matter citizens write about. Without `secretaria` it belongs to another entity: `transfer_to`."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    transfer_to: Mapped[str] = mapped_column(String(120), default="")
    keywords: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    secretaria: Mapped[Secretaria | None] = relationship()


class Lesson(Model):
    """What past assignments teach about an office (see `learning.Learned`); `counts`: stem to number of examples."""

    __tablename__ = "lessons"

    secretaria_id: Mapped[int] = mapped_column(ForeignKey("secretarias.id"), primary_key=True, autoincrement=False)
    examples: Mapped[int]
    tried: Mapped[int]
    right: Mapped[int]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    learned_at: Mapped[datetime]
