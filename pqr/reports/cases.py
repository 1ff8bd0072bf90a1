"""Which petitions are behind a number?  Exactly those that the measure counts: the condition is the same one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.reports.conditions import Asked
from pqr.reports.counting import Waiting, having, waiting_mails
from pqr.reports.figures import Asking
from pqr.reports.measures import MEASURES
from pqr.secretarias.models import Secretaria
from pqr.tickets.models import Ticket
from pqr.tickets.paging import LATEST_RECEIVED
from pqr.tickets.queries import COLUMNS, PAGE, Page, row_of


@dataclass(frozen=True)
class Cases:
    """A page of the petitions, latest first, and before the first page the mails that wait for a person."""

    page: Page
    mails: Sequence[Waiting]


def cases(session: Session, measure: str, asking: Asking, office: Office, today: date, after: str = "") -> Cases:
    """What the measure counts; `after`: the key of a page (see `Page`). Raises KeyError for no measure."""
    query = behind(measure, asking, office, today).order_by(*LATEST_RECEIVED.on(Ticket)).limit(PAGE + 1)
    key = LATEST_RECEIVED.read(after) if after else None
    if key is not None:
        query = query.where(LATEST_RECEIVED.beyond(key))
    found = session.execute(query).all()
    rows = [row_of(row) for row in found[:PAGE]]
    mails = waiting_mails(session, asking.period, asking.filters) if MEASURES[measure].mails and key is None else ()
    return Cases(Page(rows, LATEST_RECEIVED.write(rows[-1]) if len(found) > PAGE else ""), mails)


def behind(measure: str, asking: Asking, office: Office, today: date) -> Select[*tuple[object, ...]]:
    """The petitions that the measure counts, as the desk's lists show them, in no order."""
    asked, period = Asked(today, office.reception_days), asking.period
    counted = MEASURES[measure].parts or (measure,)
    return (
        select(*COLUMNS)
        .outerjoin(Secretaria, Ticket.secretaria_id == Secretaria.id)
        .where(
            Ticket.received_on.between(period.start, period.end),
            or_(*(MEASURES[part].condition(asked) for part in counted)),
            *having(asking.filters),
        )
    )
