"""Which figures does the address ask for?  Period and filters, read and written; what cannot be read asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from pqr.reports.dimensions import DIMENSIONS, MONTH, name_of, names_of
from pqr.reports.figures import Asking
from pqr.reports.periods import Period, read_period

NAMES = {
    "kind": "tipo",
    "channel": "canal",
    "secretaria": "dependencia",
    "topic": "tema",
    "place": "lugar",
    "priority": "prioridad",
    "identity": "identidad",
}
NONE = "-"  # in an address: those that have no value
CHOSEN = ("kind", "channel", "secretaria", "topic", "priority", "identity")  # in the form; a place, by its link
LONGEST = 120


@dataclass(frozen=True)
class Asked:
    """What the address asks. `problem`: what was corrected, said. `own`: the office that its reader is bound to."""

    asking: Asking
    problem: str = ""
    own: str | None = None

    def arguments(self, **more: str) -> dict[str, Any]:
        """The address again, with these dimensions' values in the place of what it has; "" takes one away."""
        period, given = self.asking.period, dict(self.asking.filters)
        if MONTH in more:
            year, month = map(int, more.pop(MONTH).split("-"))
            period = period.within(date(year, month, 1))
        told = {
            NAMES[name]: value or NONE for name, value in (given | more).items() if name != "secretaria" or not self.own
        }
        return {"desde": period.start.isoformat(), "hasta": period.end.isoformat(), **told}

    def cases(self, measure: str, **more: str) -> str:
        """The address of the list behind a number."""
        return url_for("desk.report_cases", medida=measure, **self.arguments(**more))

    def without(self, dimension: str) -> str:
        """The address of the page with one filter less."""
        given = {name: value for name, value in self.asking.filters.items() if name != dimension}
        return url_for("desk.reports", **Asked(Asking(self.asking.period, given), own=self.own).arguments())

    def page(self, period: Period | None = None, **more: str) -> str:
        """The address of the figures, of another period or with more filters."""
        asking = Asking(period or self.asking.period, self.asking.filters)
        return url_for("desk.reports", **Asked(asking, own=self.own).arguments(**more))


def read_asked(today: date, own: str | None = None) -> Asked:
    """What this request asks. `own`: the code of the office whose petitions are all that the reader sees."""
    period, problem = read_period(request.args.get("desde", ""), request.args.get("hasta", ""), today)
    filters = {} if own is None else {"secretaria": own}
    for dimension, name in NAMES.items():
        value = request.args.get(name, "").replace("\x00", "")[:LONGEST]
        if value and dimension not in filters:
            filters[dimension] = "" if value == NONE else value
    return Asked(Asking(period, filters), problem, own)


def chips(session: Session, asked: Asked) -> list[tuple[str, str, str]]:
    """Each filter: the dimension, the value's name, and the address without it."""
    return [
        (DIMENSIONS[name].label, name_of(names_of(session, name), name, value), asked.without(name))
        for name, value in asked.asking.filters.items()
        if not (asked.own and name == "secretaria")
    ]


def choices(session: Session, asked: Asked) -> list[tuple[str, str, Mapping[str, str], str]]:
    """What the form offers: name in the address, label, values with their names, and the chosen one."""
    shown = [name for name in CHOSEN if not (asked.own and name == "secretaria")]
    return [
        (
            NAMES[name],
            DIMENSIONS[name].label,
            {value or NONE: words for value, words in names_of(session, name).items()},
            asked.asking.filters[name] or NONE if name in asked.asking.filters else "",
        )
        for name in shown
    ]
