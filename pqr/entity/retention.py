"""Which series of the TRD is each kind of petition filed under, and how long is it kept there?"""

from collections.abc import Sequence

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.terms.retention import Disposition, Retention

EVERY_OTHER = ""


class Series(Model):
    """One series. `kind`: of the petitions, "" for every other kind. `act`: that adopts the TRD, "" while proposed."""

    __tablename__ = "retention_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), unique=True)
    code: Mapped[str] = mapped_column(String(30), default="")
    name: Mapped[str] = mapped_column(String(120))
    years_in_office: Mapped[int]
    years_in_central: Mapped[int]
    disposition: Mapped[str] = mapped_column(String(10))
    act: Mapped[str] = mapped_column(String(120), default="")

    @property
    def rule(self) -> Retention:
        """As the rule reads it."""
        return Retention(self.years_in_office, self.years_in_central, Disposition(self.disposition))


def seed_retention(session: Session) -> None:
    """One series for all, as municipal TRDs usually have it, until somebody writes the entity's own."""
    if session.scalar(select(Series.id).limit(1)) is None:
        session.add(
            Series(
                kind=EVERY_OTHER,
                name="Peticiones, quejas, reclamos, sugerencias y denuncias",
                years_in_office=2,
                years_in_central=8,
                disposition=Disposition.SELECT,
            )
        )


def all_series(session: Session) -> Sequence[Series]:
    """The one for every other kind first."""
    return session.scalars(select(Series).order_by(Series.kind)).all()


def series_of(session: Session, kind: str) -> Series | None:
    """The kind's own, else that of every other kind."""
    found = {row.kind: row for row in session.scalars(select(Series).where(Series.kind.in_((kind, EVERY_OTHER))))}
    return found.get(kind) or found.get(EVERY_OTHER)
