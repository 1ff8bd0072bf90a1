"""Whose word is the term, where the law leaves it to whoever asks?  A judge's day and hour, an authority's date."""

from collections.abc import Mapping
from datetime import date, datetime, time

from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.terms.spanish import long_date, long_hour

FIXED_BY: Mapping[TicketKind, str] = {
    TicketKind.TUTELA_INFORME: "el juez",
    TicketKind.ENTE_CONTROL: "la autoridad que lo pide",
    TicketKind.CONCEJO: "el Concejo",
}
_LAST = time(23, 59, 59)


def end_of(day: date) -> datetime:
    """The last instant of a day for which no hour was named."""
    return datetime.combine(day, _LAST, BOGOTA)


def hour_of(fixed_at: datetime | None) -> str:
    """The hour in words, "a las 3:00 p. m."; "" where none was named."""
    local = fixed_at.astimezone(BOGOTA).time() if fixed_at else _LAST
    return "" if local == _LAST else f"a {long_hour(local)}"


def fixed_in_words(kind: TicketKind, fixed_at: datetime) -> str:
    """The sentence that explains such a date."""
    day, hour = long_date(fixed_at.astimezone(BOGOTA).date()), hour_of(fixed_at)
    said = f"La fecha la fijó {FIXED_BY.get(kind, 'la autoridad')}: {day}{', ' + hour if hour else ''}"
    return f"{said.rstrip('.')}."
