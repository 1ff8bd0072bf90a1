"""What did people say of their answers?  By the month in which they said it; nothing leads back to a petition."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pqr.reports.counting import Filters
from pqr.reports.indicator import Share
from pqr.reports.periods import Period
from pqr.secretarias.models import Secretaria
from pqr.terms.months import later
from pqr.tickets.surveying import Satisfaction

_COLUMNS = {"kind": Satisfaction.kind, "channel": Satisfaction.channel, "secretaria": Secretaria.code}


@dataclass(frozen=True)
class Opinions:
    """`answered`: of those who spoke, who said that what they asked was answered; `solved`: that it is solved."""

    answered: Share
    solved: Share


def opinions(session: Session, period: Period, filters: Filters) -> Opinions:
    """Of whole months: those that begin in the period. With a filter by what an opinion does not hold: none."""
    if not set(filters) <= set(_COLUMNS):
        return Opinions(Share(0, 0), Share(0, 0))
    wanted = [_COLUMNS[name] == value if value else _COLUMNS[name].is_(None) for name, value in filters.items()]
    answered, solved = (func.count(case((said, 1))) for said in (Satisfaction.answered, Satisfaction.solved))
    row = session.execute(
        select(func.count(), answered, solved)
        .select_from(Satisfaction)
        .outerjoin(Secretaria)
        .where(Satisfaction.month.between(later(period.start, 0), period.end), *wanted)
    ).one()
    return Opinions(Share(row[1], row[0]), Share(row[2], row[0]))
