"""Which number comes next?  Two counters a year, without gaps, locked until the caller's transaction ends.

A database sequence would leave gaps on a roll-back; the archive's rule forbids them (AGN Acuerdo 001 de 2024).
"""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert
from pqr.terms.calendar import BOGOTA
from pqr.tickets.radicado import Series, format_radicado


class Counter(Model):
    """The last number given in a series and year (Bogotá's year)."""

    __tablename__ = "counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    series: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int]


def take_next(session: Session, series: Series, now: datetime) -> str:
    """The next radicado of the series. Other filers wait here until this transaction ends."""
    year = now.astimezone(BOGOTA).year
    statement = (
        insert(session, Counter)
        .values(year=year, series=series, last=1)
        .on_conflict_do_update(index_elements=["year", "series"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    return format_radicado(year, series, session.scalars(statement).one())


def last_given(session: Session) -> dict[tuple[int, str], int]:
    """Per (year, series), the last number given."""
    rows = session.execute(select(Counter.year, Counter.series, Counter.last))
    return {(year, series): last for year, series, last in rows}
