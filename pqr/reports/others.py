"""How many petitions of every other kind came, and how long did they take?  Ley 1712/2014, art. 11 h.

The requests of information are left out, each of which the same report publishes: from their number and a sum of all
the hidden ones would follow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.reports.briefing import HIDDEN, Brief, agreeing, average, told
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.suppression import FEWEST_SHOWN, suppress_table
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome, State

COLUMNS = (
    Column("Tipo"),
    Column("Recibidas", Type.NUMBER),
    Column("Respondidas", Type.NUMBER),
    Column("Promedio de días hábiles", Type.DECIMAL),
)
_IN, _OUT = "answered", "not yet"


@dataclass(frozen=True)
class Others:
    """The section, and how many of its petitions may still change."""

    section: Section
    still_open: int


@dataclass(frozen=True)
class Kind:
    """Petitions of one kind: how many came, were answered, in how many days together, and are open."""

    received: int
    answered: int
    days: int
    still_open: int


def other_petitions(session: Session, brief: Brief, left_out: Collection[TicketKind]) -> tuple[Others, Sequence[int]]:
    """All kinds but these, and the ids of the tickets that were counted."""
    counted = (
        Ticket.kind.not_in(left_out),
        Ticket.received_on.between(brief.period.start, brief.period.end),
        Ticket.outcome != Outcome.VOIDED,
    )
    grouped = select(
        Ticket.kind,
        Ticket.state == State.CLOSED,
        func.count(),
        func.count(Ticket.days_used),
        func.sum(Ticket.days_used),
    )
    kinds: dict[str, Kind] = {}
    for kind, closed, received, answered, days in session.execute(
        grouped.where(*counted).group_by(Ticket.kind, Ticket.state == State.CLOSED)
    ):
        before = kinds.get(kind, Kind(0, 0, 0, 0))
        kinds[kind] = Kind(
            before.received + received,
            before.answered + answered,
            before.days + (days or 0),
            before.still_open + (0 if closed else received),
        )
    cases = session.scalars(select(Ticket.id).where(*counted)).all()
    return Others(_section(kinds, brief.shows_small), sum(each.still_open for each in kinds.values())), cases


def _section(kinds: Mapping[str, Kind], shows_small: bool) -> Section:
    total = sum(each.received for each in kinds.values())
    ordered = {str(kind): kinds[kind] for kind in TicketKind if kind in kinds}
    rows, shown_total = _open_rows(ordered) if shows_small else _public_rows(ordered)
    names = {str(kind): TERMS[kind].label for kind in TicketKind} | {"": "Total"}
    table = Table("Las demás peticiones", COLUMNS, tuple((names[kind], *cells) for kind, *cells in rows))
    if not total:
        sentence = "No se recibieron otras peticiones: sin datos."
    elif isinstance(shown_total, int):
        sentence = agreeing(
            shown_total,
            "Además se recibió 1 petición de otro tipo.",
            "Además se recibieron {} peticiones de otros tipos.",
        )
    else:
        sentence = "Además se recibieron peticiones de otros tipos."
    hides = (f"Los grupos de menos de {FEWEST_SHOWN} no se muestran, para que nadie pueda ser reconocido.",)
    return Section("Las demás peticiones", (sentence, *(() if shows_small or not total else hides)), table)


def _open_rows(kinds: Mapping[str, Kind]) -> tuple[list[tuple[str, Cell, Cell, Cell]], Cell]:
    whole = Kind(
        *(
            sum(getattr(each, name) for each in kinds.values())
            for name in ("received", "answered", "days", "still_open")
        )
    )
    named = [*kinds.items(), *([("", whole)] if kinds else [])]
    return [
        (kind, each.received, each.answered, average(each.days, each.answered)) for kind, each in named
    ], whole.received


def _public_rows(kinds: Mapping[str, Kind]) -> tuple[list[tuple[str, Cell, Cell, Cell]], Cell]:
    shown = suppress_table(
        {kind: {_IN: each.answered, _OUT: each.received - each.answered} for kind, each in kinds.items()}
    )
    rows: list[tuple[str, Cell, Cell, Cell]] = []
    for kind, each in kinds.items():
        answered = shown.cells[kind][_IN]
        mean: Cell = HIDDEN if answered is None else average(each.days, each.answered)
        rows.append((kind, told(shown.by_row[kind]), told(answered), mean))
    if kinds:
        hides = any(row[3] == HIDDEN for row in rows)
        days = average(sum(each.days for each in kinds.values()), sum(each.answered for each in kinds.values()))
        rows.append(("", told(shown.total), told(shown.by_column[_IN]), HIDDEN if hides else days))
    return rows, shown.total
