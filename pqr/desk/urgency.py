"""How is the time that is left said and drawn?  In words, a colour and a shape, since some see no colour. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from pqr.terms.calendar import BOGOTA, Calendar
from pqr.terms.deadlines import business_days_left, is_overdue
from pqr.terms.spanish import counted, long_date, long_hour, weekday_name
from pqr.tickets.queries import SOON
from pqr.tickets.states import State

SHAPES = {"late": "■", "today": "◆", "soon": "▲", "calm": "●", "waits": "‖", "done": "✓"}


@dataclass(frozen=True)
class Urgency:
    """`level`: a key of `SHAPES`; `words`: "quedan 4 días hábiles"."""

    level: str
    words: str

    @property
    def shape(self) -> str:
        """The sign that goes with the colour."""
        return SHAPES[self.level]


def urgency(state: str, due_on: date, today: date, calendar: Calendar, suspended_on: date | None = None) -> Urgency:
    """How near the due date is. An answer that the person does not have yet stops nothing."""
    if state == State.CLOSED:
        return Urgency("done", "cerrada")
    if suspended_on is not None or state == State.AWAITING_PETITIONER:
        return Urgency("waits", "término suspendido")
    left = business_days_left(due_on, today, calendar)
    if is_overdue(due_on, today):
        return Urgency("late", _late(due_on, today, -left))
    if due_on == today:
        return Urgency("today", "vence hoy")
    return Urgency("soon" if left <= SOON else "calm", f"{'queda' if left == 1 else 'quedan'} {_days(left)}")


def short_day(when: date) -> str:
    """A day in a column: "mar 3 feb 2026"; an instant by Bogotá's calendar."""
    day = when.astimezone(BOGOTA).date() if isinstance(when, datetime) else when
    weekday, number, _, month, _, year = long_date(day).split()
    return f"{weekday[:3]} {number} {month[:3]} {year}"


def short_instant(moment: datetime) -> str:
    """An instant in a column: "mar 3 feb 2026, 9:15 a. m."."""
    hour = moment.astimezone(BOGOTA).time().replace(second=0, microsecond=0)
    return f"{short_day(moment)}, {long_hour(hour).split(maxsplit=1)[1]}"


def _late(due_on: date, today: date, days: int) -> str:
    if days == 0:  # a weekend or a holiday after the last day
        return f"venció el {weekday_name(due_on)}"
    return f"venció hace {_days(days)}"


def _days(number: int) -> str:
    return counted(number, "día hábil", "días hábiles")
