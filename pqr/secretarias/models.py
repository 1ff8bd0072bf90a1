"""Which offices and topics are there?"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.db import Model

DESK = "atencion"
CONTROL_INTERNO = "control_interno"
DESPACHO = "despacho"


class Secretaria(Model):
    """An office that answers. `external`: not part of the alcaldía, so a petition is transferred to it.

    `email` receives the letters; answers are accepted from it and from `other_emails` (comma separated). From
    `away_from` to `away_until`, both included, the substitute gets the letters too and may answer for it.
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
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))

    substitute: Mapped["Secretaria | None"] = relationship(remote_side=[id])

    @property
    def addresses(self) -> frozenset[str]:
        """Every address, lower-case, from which an answer of this office is accepted."""
        given = f"{self.email},{self.other_emails}".split(",")
        return frozenset(address.strip().lower() for address in given if address.strip())

    def stand_in(self, day: date) -> "Secretaria | None":
        """The office that receives for this one on that day, if it is away."""
        away = self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until
        return self.substitute if away else None

    def addresses_on(self, day: date) -> frozenset[str]:
        """The addresses from which an answer is accepted on that day."""
        other = self.stand_in(day)
        return self.addresses | other.addresses if other else self.addresses

    def copies_on(self, day: date) -> tuple[str, ...]:
        """Who else gets its letters that day."""
        other = self.stand_in(day)
        return (other.email,) if other and other.email != self.email else ()


class ExternalBody(Model):
    """An entity that is not the municipality's, to which a petition is transferred (CPACA art. 21).

    `email`: where transfers go, "" while it is not known. A topic names it in `transfer_to`.
    """

    __tablename__ = "external_bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(250), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Topic(Model):
    """A matter citizens write about. Without `secretaria` it belongs to another entity: `transfer_to`.

    `sensitive`: its cases are shown to nobody one by one, not even without names (Ley 1581 de 2012, arts. 5 and 7).
    """

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    transfer_to: Mapped[str] = mapped_column(String(120), default="")
    keywords: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())

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
