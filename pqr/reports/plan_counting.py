"""What does the service count of the plan by itself?  A month that is over is fixed, and is the same next year."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.publishing.procedures import Procedure
from pqr.publishing.procedures import Reading as PageReading
from pqr.publishing.updates import SiteUpdate
from pqr.reports.actions import MEASURES, OF_MEASURE
from pqr.reports.figures import Asking, figures
from pqr.reports.handing_over import linked_share
from pqr.reports.indicator import Share
from pqr.reports.periods import Period
from pqr.reports.plan import Reading, Source
from pqr.reports.readings import COUNTED, PlanReading, goal_of, keep_counted
from pqr.reports.register import clean_register
from pqr.terms.months import last_of, later
from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Petitioner, Ticket

SETTLES_IN = 5  # business days after a month's end: which letters come back is known by then
CATCHES_UP = 12  # months, where no worker ran
LIVE_UP_TO = 5_000  # entries; of a larger register the page shows what the worker counted this month
Counter = Callable[[Session, date, date, Office], Share]


def _updates(session: Session, start: date, end: date, office: Office) -> Share:
    counted = select(func.count()).select_from(SiteUpdate).where(SiteUpdate.on.between(start, end))
    return Share(session.scalar(counted) or 0, 1)


def _procedures(session: Session, start: date, end: date, office: Office) -> Share:
    published = select(func.count()).select_from(Procedure).where(Procedure.active)
    opened = (
        select(func.count(PageReading.procedure_id.distinct()))
        .join(Procedure, Procedure.id == PageReading.procedure_id)
        .where(PageReading.day.between(start, end), Procedure.active)
    )
    return Share(session.scalar(opened) or 0, session.scalar(published) or 0)


def _reception(session: Session, start: date, end: date, office: Office) -> Share:
    return figures(session, Asking(Period(start, end)), office, end).rate("reception")


def _register(session: Session, start: date, end: date, office: Office) -> Share:
    return clean_register(session)


def _handover(session: Session, start: date, end: date, office: Office) -> Share:
    return linked_share(session)


COUNTERS: dict[str, Counter] = {
    "updates": _updates,
    "procedures": _procedures,
    "reception": _reception,
    "register": _register,
    "handover": _handover,
}


def count(session: Session, measure: str, month: date, office: Office, today: date) -> Reading:
    """The measure of this month; on its last day, or today where that is still to come."""
    end = min(last_of(month), today)
    if MEASURES[measure].source is Source.TODAY:
        end = today
    share = COUNTERS[measure](session, month, end, office)
    action = OF_MEASURE[measure]
    return Reading(end, share.numerator, share.denominator, goal_of(session, action.code).value, action.unit)


def count_now(session: Session, measure: str, office: Office, today: date) -> Reading | None:
    """As things stand; None where counting would keep the page waiting."""
    some = select(Petitioner.id).limit(LIVE_UP_TO + 1).subquery()  # all of them would be counted one by one
    if measure == "register" and (session.scalar(select(func.count()).select_from(some)) or 0) > LIVE_UP_TO:
        return None
    return count(session, measure, later(today, 0), office, today)


@dataclass(frozen=True)
class Month:
    """What the service counted of a month."""

    measure: str
    month: date
    reading: Reading


def unfixed_months(session: Session, office: Office, now: datetime) -> list[Month]:
    """Every month that is over and not fixed yet, and this month's state, counted now; no petitions are no reading."""
    today = in_bogota(now).date()
    rows = session.execute(select(PlanReading.measure, PlanReading.month).where(PlanReading.actor == COUNTED))
    known = {(measure, month) for measure, month in rows}
    wanted = [(each, month) for each in COUNTERS for month in _months(session, MEASURES[each].source, office, today)]
    counted = (
        Month(measure, month, count(session, measure, month, office, today))
        for measure, month in wanted
        if (measure, month) not in known
    )
    return [each for each in counted if each.reading.denominator]


def fix_months(session: Session, months: Iterable[Month], now: datetime) -> None:
    """Keeps them, and those that somebody else kept meanwhile as they are."""
    for each in months:
        keep_counted(session, each.measure, each.month, each.reading, now)


def _months(session: Session, source: Source, office: Office, today: date) -> Iterator[date]:
    if source is Source.TODAY:
        yield later(today, 0)
        return
    start, month, settles_in = service_began(session), later(today, 0), max(SETTLES_IN, office.reception_days)
    for _ in range(CATCHES_UP):
        month = later(month, -1)
        if start is None or last_of(month) < start:
            return
        if office.calendar.business_days_between(last_of(month), today) > settles_in:
            yield month


def service_began(session: Session) -> date | None:
    """The day of the first petition or publication; None before there is any."""
    firsts = (session.scalar(select(func.min(column))) for column in (Ticket.received_on, SiteUpdate.on))
    return min((day for day in firsts if day), default=None)
