"""How many petitions of every other kind came, and how long did they take?  Ley 1712/2014, art. 11 h.

The requests of information are left out: the same report lists each of them. Where everybody reads it, it tells of each
kind what the public page does (see `published`), and the days of a kind with `FEWEST_SHOWN` answers or more.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy.orm import Session

from pqr.reports.briefing import HIDDEN, Brief, agreeing, told
from pqr.reports.figures import Asking, figures
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.periods import Period
from pqr.reports.published import publish
from pqr.reports.suppression import FEWEST_SHOWN
from pqr.reports.tallies import Tally
from pqr.terms.kinds import TERMS, TicketKind

COLUMNS = (
    Column("Tipo"),
    Column("Recibidas", Type.NUMBER),
    Column("Respondidas", Type.NUMBER),
    Column("Promedio de días hábiles", Type.DECIMAL),
)
TITLE = "Las demás peticiones"


def other_petitions(session: Session, brief: Brief, left_out: Collection[TicketKind]) -> Section:
    """All kinds but these."""
    period = Period(brief.period.start, brief.period.end)
    by_kind = figures(session, Asking(period), brief.office, brief.today).by.get("kind", {})
    found = {
        str(kind): by_kind[kind]
        for kind in TicketKind
        if kind not in left_out and kind in by_kind and by_kind[kind]["received"]
    }
    total = sum(tally["received"] for tally in found.values())
    sentence = agreeing(
        total,
        "Además se recibió 1 petición de otro tipo.",
        "Además se recibieron {} peticiones de otros tipos.",
        "No se recibieron otras peticiones: sin datos.",
    )
    if brief.shows_small:
        return Section(TITLE, (sentence,), Table(TITLE, COLUMNS, tuple(_rows(found))))
    known = {row.value: row.received for row in publish(session, period, brief.office, brief.today).tables["kind"]}
    hides = f"Los grupos de menos de {FEWEST_SHOWN} no se muestran, para que nadie pueda ser reconocido."
    return Section(TITLE, (sentence, *((hides,) if total else ())), Table(TITLE, COLUMNS, tuple(_shown(found, known))))


def _rows(found: Mapping[str, Tally]) -> Iterator[tuple[Cell, ...]]:
    whole = Tally()
    for kind, tally in found.items():
        whole.add(tally)
        yield TERMS[TicketKind(kind)].label, tally["received"], tally["answered"], tally.average
    if found:
        yield "Total", whole["received"], whole["answered"], whole.average


def _shown(found: Mapping[str, Tally], known: Mapping[str, int | None]) -> Iterator[tuple[Cell, ...]]:
    for kind, tally in found.items():
        received, answered = known.get(kind), tally["answered"]
        is_many = (
            received is not None and answered >= FEWEST_SHOWN and received - answered not in range(1, FEWEST_SHOWN)
        )
        days: tuple[Cell, Cell] = (answered, tally.average) if is_many else (HIDDEN, HIDDEN)
        yield TERMS[TicketKind(kind)].label, told(received), *days
