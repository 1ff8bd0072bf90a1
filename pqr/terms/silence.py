"""What does the law presume when nobody answered in time?  It never frees anybody from answering.

Positive (CPACA art. 14 num. 1): what was asked for counts as granted, is no longer denied, and the copies are due in
three days. Negative (art. 83): after three months the person may go to a judge.
"""

from dataclasses import dataclass
from datetime import date

from pqr.terms.calendar import Calendar, same_day_of_month
from pqr.terms.deadlines import is_overdue
from pqr.terms.kinds import STEPS, TERMS, TicketKind

COPIES = "copias_por_silencio"
MONTHS = 3
# Whoever asks for what the entity knows or keeps: of a public service's user (Ley 142) no copies are due.
_GIVES_COPIES = frozenset({TicketKind.INFORMACION, TicketKind.DOCUMENTOS, TicketKind.VEEDURIA})


@dataclass(frozen=True)
class Silence:
    """`since`: the day that ended without an answer. `copies_by`: the last day for the copies; None: none are due."""

    positive: bool
    since: date
    copies_by: date | None = None


def silence(kind: TicketKind, day_zero: date, due_on: date, today: date, calendar: Calendar) -> Silence | None:
    """The silence that has come about by today where no answer was communicated; None: not yet, or never.

    `due_on`: of a clock that runs, its extension included.
    """
    presumed = TERMS[kind].silence
    if presumed == "positive" and is_overdue(due_on, today):
        copies = calendar.nth_business_day_after(due_on, STEPS[COPIES].length) if kind in _GIVES_COPIES else None
        return Silence(True, due_on, copies)
    ends = same_day_of_month(day_zero, MONTHS)
    if presumed == "negative" and today > ends:
        return Silence(False, ends)
    return None
