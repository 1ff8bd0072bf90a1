"""How is a figure told apart, and which may everybody see?  The tables of the reports, over the figures of a period.

Where everybody reads, every received petition is in exactly one of `ENDINGS`, and small groups are hidden in each
table together with what would tell them (see `suppression`). What a group is made of is shown where the group is.
No table crosses two dimensions.
"""

from collections.abc import Mapping, Sequence

from pqr.reports.briefing import told
from pqr.reports.figures import rate_of
from pqr.reports.official import Cell, Column, Table, Type
from pqr.reports.suppression import suppress, total_of
from pqr.reports.tallies import Tally

PENDING = ("pending_in_time", "overdue", "suspended")
OTHERWISE = ("withdrawn_express", "withdrawn_tacit", "archived_unclear", "rejected", "by_reference")
PARTS = ("denied", "denied_reserved", "extended", "stopped", "anonymous", "reserved", "priority", "duplicates")
VERBAL = "verbal"  # a sum of two channels, which another table shows: not for everybody
ENDINGS = {
    "answered_in_time": "A tiempo",
    "answered_late": "Tarde",
    "pending": "Pendientes",
    "transferred": "Trasladadas",
    "otherwise": "Otros finales",
}
Counts = Mapping[str, int | None]


def counts_of(whole: Tally, shows_small: bool) -> Counts:
    """What may be said of all petitions, by measure; None: few, or what would tell few."""
    names = ("received", "answered", *ENDINGS, *PENDING, *OTHERWISE, *PARTS, VERBAL)
    plain = {name: whole[name] for name in names} | {"otherwise": _otherwise(whole)}
    if shows_small:
        return plain
    endings = {name: plain[name] for name in ENDINGS}
    shown: dict[str, int | None] = {"received": total_of(endings), VERBAL: None, **suppress(endings)}
    times = (shown["answered_in_time"], shown["answered_late"])
    shown["answered"] = None if None in times or shown["received"] is None else plain["answered"]
    for group, parts in (("pending", PENDING), ("otherwise", OTHERWISE)):
        row = suppress({part: plain[part] for part in parts})
        shown |= row if shown[group] is not None else dict.fromkeys(parts)
    for part in PARTS:
        of = "denied" if part == "denied_reserved" else "answered" if part == "denied" else "received"
        both = {"in": plain[part], "out": plain[of] - plain[part]}
        shown[part] = suppress(both)["in"] if shown[of] is not None else None
    return shown


def _otherwise(tally: Tally) -> int:
    """What ended in a way that is neither an answer nor a transfer; the rest of a petition's ways are counted here."""
    ended = ("answered_in_time", "answered_late", "pending_in_time", "overdue", "suspended", "transferred")
    return tally["received"] - sum(tally[name] for name in ended)


def by_dimension(
    about: str, label: str, found: Mapping[str, Tally], names: Mapping[str, str], shows_small: bool
) -> Table:
    """One row for each value, in the order given; the last one is the sum. In public: how many came, no more."""
    rows = {value: tally for value, tally in found.items() if tally["received"]}
    if shows_small:
        return _whole(about, label, rows, names)
    received = {value: tally["received"] for value, tally in rows.items()}
    cells = [(names.get(value, value), told(count)) for value, count in suppress(received).items()]
    total = [("Total", told(total_of(received)))] if rows else []
    return Table(about, (Column(label), Column("Recibidas", Type.NUMBER)), (*cells, *total))


def _columns(label: str) -> tuple[Column, ...]:
    return (Column(label), *(Column(title, Type.NUMBER) for title in ("Recibidas", *ENDINGS.values())))


def _endings(tally: Tally) -> dict[str, int]:
    return {name: tally[name] for name in ENDINGS} | {"otherwise": _otherwise(tally)}


def _whole(about: str, label: str, rows: Mapping[str, Tally], names: Mapping[str, str]) -> Table:
    columns = (
        *_columns(label),
        Column("Oportunidad", Type.SHARE),
        Column("Promedio de días", Type.DECIMAL),
        Column("Mediana de días", Type.DECIMAL),
    )
    total = Tally()
    for tally in rows.values():
        total.add(tally)
    named = [(names.get(value, value), tally) for value, tally in rows.items()]
    cells = [_row(name, tally) for name, tally in (*named, *([("Total", total)] if rows else []))]
    return Table(about, columns, tuple(cells))


def _row(name: str, tally: Tally) -> tuple[Cell, ...]:
    return (
        name, tally["received"], *_endings(tally).values(),
        rate_of(tally, "timeliness").rate, tally.average, tally.median,
    )  # fmt: skip


def most_first(found: Mapping[str, Tally], measure: str = "received") -> dict[str, Tally]:
    """The values, those with most first."""
    return dict(sorted(found.items(), key=lambda item: (-item[1][measure], item[0])))


def top(found: Mapping[str, Tally], many: int, rest: str) -> dict[str, Tally]:
    """The first ones, and all others together under that name."""
    ordered = most_first({value: tally for value, tally in found.items() if tally["received"]})
    kept, others = dict(list(ordered.items())[:many]), list(ordered.values())[many:]
    if others:
        together = Tally()
        for tally in others:
            together.add(tally)
        kept[rest] = together
    return kept


def in_order(found: Mapping[str, Tally], values: Sequence[str]) -> dict[str, Tally]:
    """The values that there are, in this order."""
    return {value: found[value] for value in values if value in found}
