"""What was published on the site, when and by whom?  The plan's first indicator counts it: four updates a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.terms.months import last_of, later
from pqr.terms.receipt import in_bogota

A_MONTH = 4  # updates, by the municipality's Gobierno en Línea plan


class SiteUpdate(Model):
    """One publication; only added to. `what`: of `WHAT`. `path`: where it stood. `actor`: user:<id> or system.

    `on`: the day in Bogotá.
    """

    __tablename__ = "site_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    on: Mapped[date] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(60))


WHAT = {
    "procedure": "Trámite o servicio",
    "procedure_changed": "Trámite o servicio actualizado",
    "notice": "Aviso",
    "answer": "Respuesta a muchas peticiones",
    "report": "Informe",
    "erratum": "Fe de erratas",
    "news": "Novedad",
    "news_changed": "Novedad actualizada",
    "data": "Datos abiertos",
}


@dataclass(frozen=True)
class Published:
    """`what`: of `WHAT`; `actor`: user:<id> or system."""

    what: str
    title: str
    path: str
    actor: str


def note_update(session: Session, published: Published, now: datetime) -> None:
    """Adds it to the ledger. The same page changed again on the same day by the same person is one update."""
    on = in_bogota(now).date()
    same = (SiteUpdate.on == on, SiteUpdate.path == published.path, SiteUpdate.actor == published.actor)
    if session.scalar(select(SiteUpdate.id).where(*same).limit(1)) is None:
        session.add(
            SiteUpdate(
                at=now, on=on, what=published.what, title=published.title, path=published.path, actor=published.actor
            )
        )


def updates_of_month(session: Session, month: date) -> Sequence[SiteUpdate]:
    """Those of the month that this day is in, newest first."""
    found = select(SiteUpdate).where(SiteUpdate.on.between(later(month, 0), last_of(month)))
    return session.scalars(found.order_by(SiteUpdate.id.desc())).all()
