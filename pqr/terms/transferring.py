"""Until when must a petition go to whoever is competent?  CPACA art. 21; Ley 1581 de 2012 art. 15 for habeas data.

Late, it must still go: not sending it helps nobody, and the entity's fault is not the competence's.
"""

from dataclasses import dataclass
from datetime import date

from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TicketKind


@dataclass(frozen=True)
class TransferTerm:
    """Business days after receipt, and the norm behind them."""

    days: int
    source: str


_ANY = TransferTerm(5, "CPACA, art. 21")
_HABEAS_DATA = TransferTerm(2, "Ley 1581 de 2012, art. 15")


def transfer_term(kind: TicketKind) -> TransferTerm:
    """The time to send a petition of this kind to another authority."""
    return _HABEAS_DATA if kind is TicketKind.HABEAS_DATA_RECLAMO else _ANY


def transfer_step(kind: TicketKind) -> str:
    """The code of that step of a case (`kinds.STEPS`)."""
    return "traslado_reclamo" if kind is TicketKind.HABEAS_DATA_RECLAMO else "traslado"


def transfer_until(kind: TicketKind, day_zero: date, calendar: Calendar) -> date:
    """The last day in time. `day_zero`: the day of receipt."""
    return calendar.nth_business_day_after(day_zero, transfer_term(kind).days)
