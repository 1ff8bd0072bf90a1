"""What can be done at the alcaldía, with what and how long does it take?  Trámites and services, and how often read.

Readings are counted a day, of nobody: no cookie, no address.
"""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pqr.db import Model, insert
from pqr.secretarias.models import Secretaria
from pqr.secretarias.routing import fold, small_words
from pqr.tickets.words import words_of


class Procedure(Model):
    """A trámite or a service. `slug`: in its address, for good. `requirements`, `steps`: one a line.

    `norm`, `link` (where it is done online): perhaps "". `active`: on the site. `changed_on`: its last change.
    """

    __tablename__ = "procedures"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    secretaria_id: Mapped[int] = mapped_column(ForeignKey("secretarias.id"), index=True)
    summary: Mapped[str]
    requirements: Mapped[str] = mapped_column(default="")
    steps: Mapped[str] = mapped_column(default="")
    cost: Mapped[str] = mapped_column(String(200))
    duration: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    norm: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    active: Mapped[bool] = mapped_column(default=True)
    changed_on: Mapped[date]

    secretaria: Mapped[Secretaria] = relationship(lazy="joined")

    @property
    def path(self) -> str:
        """Its page."""
        return f"/tramites/{self.slug}"


class Reading(Model):
    """How often a procedure's page was opened on a day of Bogotá."""

    __tablename__ = "procedure_readings"

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int]


def slug_of(session: Session, name: str) -> str:
    """An address of its own for a procedure of this name."""
    wanted = "-".join(re.findall(r"[a-z0-9]+", fold(name).replace("ñ", "n")))[:70].strip("-") or "tramite"
    taken = set(session.scalars(select(Procedure.slug).where(Procedure.slug.startswith(wanted, autoescape=True))))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def by_slug(session: Session, slug: str) -> Procedure | None:
    """The one with this address that is on the site."""
    return session.scalar(select(Procedure).where(Procedure.slug == slug, Procedure.active))


def published(session: Session, asked: str = "") -> Sequence[Procedure]:
    """Those on the site by office and name; `asked`: only those with every one of these words."""
    found = select(Procedure).join(Secretaria).where(Procedure.active).order_by(Secretaria.name, Procedure.name)
    words = set(words_of(asked))
    return [each for each in session.scalars(found) if words <= _words(each)]


def nearest(session: Session, said: str, most: int) -> Sequence[Procedure]:
    """Those on the site whose name shares a word with what somebody said, the closest first."""
    words = set(words_of(said)) - small_words()
    shared = {each: len(words & set(words_of(each.name))) for each in published(session)} if words else {}
    return sorted((each for each, count in shared.items() if count), key=lambda each: -shared[each])[:most]


def _words(procedure: Procedure) -> set[str]:
    texts = (procedure.name, procedure.summary, procedure.requirements, procedure.secretaria.name)
    return {word for text in texts for word in words_of(text)}


def note_reading(session: Session, procedure_id: int, day: date) -> None:
    """Counts one."""
    statement = insert(session, Reading).values(procedure_id=procedure_id, day=day, times=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Reading.procedure_id, Reading.day], set_={"times": Reading.times + 1}
        )
    )


def readings_since(session: Session, day: date) -> dict[int, int]:
    """How often each procedure was read from this day on, by its id."""
    found = select(Reading.procedure_id, func.sum(Reading.times)).where(Reading.day >= day)
    return dict(iter(session.execute(found.group_by(Reading.procedure_id))))
