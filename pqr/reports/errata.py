"""What would the same report say today?  Cell by cell, what changed since it was frozen. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from pqr.reports.official import NO_DATA, OfficialReport, Table, shown

ABSENT = "no aparecía"
GONE = "ya no aparece"


@dataclass(frozen=True)
class Change:
    """`where`: heading, row and column in words; `before` and `now` as they are read."""

    where: str
    before: str
    now: str


def changes(frozen: OfficialReport, today: OfficialReport) -> tuple[Change, ...]:
    """The cells of its tables that are not what they were. What only a newer program counts is no change."""
    tables = dict(today.tables)
    found = (_of_table(heading, table, tables[heading]) for heading, table in frozen.tables if heading in tables)
    return tuple(change for each in found for change in each)


def _of_table(heading: str, before: Table, now: Table) -> Iterator[Change]:
    old, new = _cells(before), _cells(now)
    columns = {column.title for column in before.columns} & {column.title for column in now.columns}
    for row, cells in old.items():
        if row not in new:
            yield Change(f"{heading}: {row}", _row(cells), GONE)
            continue
        for title, cell in cells.items():
            if title in columns and cell != new[row][title]:
                yield Change(f"{heading}: {row}, {title.lower()}", cell, new[row][title])
    for row, cells in new.items():
        if row not in old and any(cell not in ("0", NO_DATA) for cell in cells.values()):
            yield Change(f"{heading}: {row}", ABSENT, _row(cells))


def _cells(table: Table) -> dict[str, dict[str, str]]:
    """By the name of the row and the title of the column; the name itself is left out."""
    titles = [column.title for column in table.columns]
    rows = ([shown(cell, column.type) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows)
    return {row[0]: dict(zip(titles[1:], row[1:], strict=True)) for row in rows}


def _row(cells: dict[str, str]) -> str:
    return "; ".join(f"{title.lower()}: {cell}" for title, cell in cells.items())
