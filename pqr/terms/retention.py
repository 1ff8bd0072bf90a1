"""Until when is a closed case kept?  (Ley 594 de 2000, art. 24; the years are those of the entity's own TRD.)

It only says a date. When it comes an archive committee decides, by an act and an inventory: nothing here is deleted.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pqr.terms.calendar import same_day_of_month


class Disposition(StrEnum):
    """What the TRD orders at the end."""

    KEEP = "keep"
    SELECT = "select"
    DISCARD = "discard"


@dataclass(frozen=True)
class Retention:
    """How long a kind of record is kept, in years, first in the office's archive and then in the central one."""

    years_in_office: int
    years_in_central: int
    disposition: Disposition


def kept_until(closed_on: date, retention: Retention) -> date | None:
    """The last day; None for what is kept for ever. Years go by the calendar from the closing of the case."""
    if retention.disposition is Disposition.KEEP:
        return None
    return same_day_of_month(closed_on, 12 * (retention.years_in_office + retention.years_in_central))
