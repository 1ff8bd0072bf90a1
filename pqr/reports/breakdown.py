"""How are the figures of a report told apart?  One table for each dimension, over the figures of a period.

Every received petition is in exactly one of `ENDINGS`, so that each row adds up.
"""

from collections.abc import Mapping, Sequence

from pqr.reports.figures import rate_of
from pqr.reports.official import Cell, Column, Table, Type
from pqr.reports.tallies import Tally

ENDINGS = {
    "answered_in_time": "A tiempo",
    "answered_late": "Tarde",
    "pending": "Pendientes",
    "transferred": "Trasladadas",
    "otherwise": "Otros finales",
}


def by_dimension(about: str, label: str, found: Mapping[str, Tally], names: Mapping[str, str]) -> Table:
    """One row for each value that something has, in the order given; the last one is the sum."""
    rows = {value: tally for value, tally in found.items() if tally["received"]}
    columns = (
        Column(label),
        *(Column(title, Type.NUMBER) for title in ("Recibidas", *ENDINGS.values())),
        Column("Oportunidad", Type.SHARE),
        Column("Promedio de días", Type.DECIMAL),
        Column("Mediana de días", Type.DECIMAL),
    )
    total = Tally()
    for tally in rows.values():
        total.add(tally)
    named = [
        *((names.get(value, value), tally) for value, tally in rows.items()),
        *([("Total", total)] if rows else []),
    ]
    return Table(about, columns, tuple(_row(name, tally) for name, tally in named))


def _row(name: str, tally: Tally) -> tuple[Cell, ...]:
    endings = [tally[ending] for ending in ENDINGS if ending != "otherwise"]
    return (
        name, tally["received"], *endings, tally["received"] - sum(endings),
        rate_of(tally, "timeliness").rate, tally.average, tally.median,
    )  # fmt: skip


def most_first(found: Mapping[str, Tally]) -> dict[str, Tally]:
    """The values, those that received most first."""
    return dict(sorted(found.items(), key=lambda item: (-item[1]["received"], item[0])))


def top(found: Mapping[str, Tally], many: int, rest: str) -> dict[str, Tally]:
    """The first ones, and all others together under that name."""
    ordered = list(most_first({value: tally for value, tally in found.items() if tally["received"]}).items())
    kept = dict(ordered[:many])
    for _, tally in ordered[many:]:
        kept.setdefault(rest, Tally()).add(tally)
    return kept


def in_order(found: Mapping[str, Tally], values: Sequence[str]) -> dict[str, Tally]:
    """The values that there are, in this order."""
    return {value: found[value] for value in values if value in found}
