"""Which calendar is in force?  Rows in, the pure `Calendar` of the law out; and the seed of those rows."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.closures.models import ClosureRow
from pqr.settled import kept
from pqr.terms.calendar import Calendar, Closure, ClosureKind
from pqr.terms.holidays import national_holidays

NATIONAL_ACT = "Ley 51 de 1983, Ley 2578 de 2026"
CARNIVAL = {(1, 5): "Carnaval de Negros y Blancos", (1, 6): "Carnaval de Negros y Blancos"}
YEARS_AHEAD = 3


_FACTS = (
    ClosureRow.day,
    ClosureRow.kind,
    ClosureRow.name,
    ClosureRow.act,
    ClosureRow.closes_at,
    ClosureRow.national,
    ClosureRow.active,
)


def load_calendar(session: Session) -> Calendar:
    """The calendar of the active rows. Years without national rows follow the national rule by themselves."""
    return kept(session, "calendar", _read)


def _read(session: Session) -> Calendar:
    rows = session.execute(select(*_FACTS).order_by(ClosureRow.day, ClosureRow.id))
    return _calendar(tuple(tuple(row) for row in rows))


def calendar_if(session: Session, wanted: ClosureRow) -> Calendar:
    """The calendar that this row would make, in the place of the one with its id if there is one; nothing is kept."""
    others = session.execute(select(*_FACTS).where(ClosureRow.id != (wanted.id or 0)).order_by(ClosureRow.day))
    return _calendar((*(tuple(row) for row in others), tuple(getattr(wanted, fact.key) for fact in _FACTS)))


@lru_cache(maxsize=4)  # a calendar works out much about itself, and it is asked for with every petition
def _calendar(rows: tuple[tuple[Any, ...], ...]) -> Calendar:
    return Calendar(
        closures=tuple(
            Closure(day, ClosureKind(kind), name, "" if national else act, closes_at)
            for day, kind, name, act, closes_at, national, active in rows
            if active
        ),
        national_years=frozenset(row[0].year for row in rows if row[5]),
    )


def seed_closures(session: Session, years: Iterable[int], now: datetime) -> int:
    """Adds the national holidays, and Carnival as an inactive proposal, of the years not yet seeded.

    Returns the number of rows added. A row that somebody switched off stays off.
    """
    seeded = set(session.scalars(select(ClosureRow.day).where(ClosureRow.national)))
    done = {day.year for day in seeded}
    rows = [row for year in years if year not in done for row in _year(year, now)]
    session.add_all(rows)
    return len(rows)


def _year(year: int, now: datetime) -> list[ClosureRow]:
    holidays = [
        _full_day(day, name, NATIONAL_ACT, national=True, now=now) for day, name in national_holidays(year).items()
    ]
    # Local custom, not law: it closes nothing until somebody writes the decree's number and switches it on.
    carnival = [
        _full_day(date(year, month, day), name, "", national=False, now=now) for (month, day), name in CARNIVAL.items()
    ]
    return holidays + carnival


def _full_day(day: date, name: str, act: str, national: bool, now: datetime) -> ClosureRow:
    return ClosureRow(
        day=day,
        kind=ClosureKind.FULL_DAY,
        name=name,
        act=act,
        national=national,
        active=national,
        created_at=now,
    )
