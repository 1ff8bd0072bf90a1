"""Which counts may everybody see?  None that points at a few persons, nor those that would give such a one away. Pure.

Source: Ley 1581/2012 arts. 4 f and 6 e. Groups under a threshold are hidden; then, as sums are published, as many
others (the smallest first) as it takes for no hidden count to follow from what is shown. No count is always shown as 0,
unless it has to hide another.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST_SHOWN = 5
Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


@dataclass(frozen=True)
class Table(Generic[Row, Column]):
    """What may be shown of a table and its sums; None: hidden."""

    cells: Mapping[Row, Mapping[Column, int | None]]
    by_row: Mapping[Row, int | None]
    by_column: Mapping[Column, int | None]
    total: int | None


def suppress(cells: Mapping[Key, int], threshold: int = FEWEST_SHOWN) -> Mapping[Key, int | None]:
    """The cells of one row whose total is published too; None where one is hidden.

    A total under the threshold, or one of nothing but hidden cells, is for the caller to hide: see `total_of`.
    """
    hidden = {key for key, count in cells.items() if 0 < count < threshold}
    while _betrays([cells[key] for key in hidden], threshold):
        shown = [count for key, count in cells.items() if key not in hidden]
        if not shown:
            break
        least = min(shown, key=lambda count: (count == 0, count))
        hidden |= {key for key, count in cells.items() if count == least}  # all of them: their order would tell
    return {key: None if key in hidden else count for key, count in cells.items()}


def total_of(cells: Mapping[Key, int], threshold: int = FEWEST_SHOWN) -> int | None:
    """The total of a row beside which `suppress` may show the rest; None where the total itself tells too much."""
    shown = suppress(cells, threshold)
    hidden = [cells[key] for key, count in shown.items() if count is None]
    return None if _betrays(hidden, threshold) else sum(cells.values())


def _betrays(hidden: Collection[int], threshold: int) -> bool:
    """Whether their known sum tells them, to somebody who knows this rule."""
    if not hidden:
        return False
    together, most = sum(hidden), len(hidden) * (threshold - 1)
    told = max(hidden) < threshold and together in (len(hidden), most)
    return together < threshold or len(hidden) == 1 or told


def suppress_table(rows: Mapping[Row, Mapping[Column, int]], threshold: int = FEWEST_SHOWN) -> Table[Row, Column]:
    """A table whose sums by row and by column, and the sum of all, are published too. Every row has every column.

    Where a sum is hidden, so is all that it sums. Where it is shown as 0, its cells are known and can hide nothing.
    """
    columns = tuple(dict.fromkeys(column for row in rows.values() for column in row))
    row_sums = {row: sum(cells.values()) for row, cells in rows.items()}
    column_sums = {column: sum(cells[column] for cells in rows.values()) for column in columns}
    by_row, by_column = dict(suppress(row_sums, threshold)), dict(suppress(column_sums, threshold))
    total = total_of(row_sums, threshold)
    if total is None or total_of(column_sums, threshold) is None:  # either side's sums would tell the other's
        by_row, by_column, total = dict.fromkeys(rows), dict.fromkeys(columns), None
    counts = {
        (row, column): rows[row][column] for row in rows for column in columns if by_row[row] != 0 != by_column[column]
    }
    hidden = {
        (row, column)
        for (row, column), count in counts.items()
        if by_row[row] is None or by_column[column] is None or 0 < count < threshold
    }
    while weak := next(_weak(counts, hidden, by_row, by_column, threshold), None):
        hidden.add(weak)
    cells = {
        row: {column: None if (row, column) in hidden else rows[row][column] for column in columns} for row in rows
    }
    return Table(cells, by_row, by_column, total)


def _weak(
    counts: Mapping[tuple[Row, Column], int],
    hidden: Set[tuple[Row, Column]],
    by_row: Mapping[Row, int | None],
    by_column: Mapping[Column, int | None],
    threshold: int,
) -> Iterator[tuple[Row, Column]]:
    """What else to hide: in a line whose shown sum tells its hidden cells, then beside a cell that the sums tell."""
    lines: list[tuple[int | None, list[tuple[Row, Column]]]] = [
        *((shown, [cell for cell in counts if cell[0] == row]) for row, shown in by_row.items()),
        *((shown, [cell for cell in counts if cell[1] == column]) for column, shown in by_column.items()),
    ]
    for shown, line in lines:
        free = [cell for cell in line if cell not in hidden]
        if shown is not None and free and _betrays([counts[cell] for cell in line if cell in hidden], threshold):
            yield _least(counts, free)
    ways = _ways(hidden, by_row, by_column)
    for row, column in counts:
        if (row, column) not in hidden:
            continue
        reached = _reached((0, row), (1, column), ways)
        if (1, column) in reached:
            continue
        across = [
            cell for cell in counts if cell not in hidden and ((0, cell[0]) in reached) != ((1, cell[1]) in reached)
        ]
        if across:
            yield _least(counts, across)


def _least(counts: Mapping[tuple[Row, Column], int], cells: Collection[tuple[Row, Column]]) -> tuple[Row, Column]:
    return min(cells, key=lambda cell: (counts[cell] == 0, counts[cell]))


_Line = tuple[int, Hashable]  # 0: a row, 1: a column, 2: what is not shown of the sums


def _ways(
    hidden: Set[tuple[Row, Column]], by_row: Mapping[Row, int | None], by_column: Mapping[Column, int | None]
) -> Mapping[_Line, set[_Line]]:
    """Which lines hang together by a hidden cell; those whose sum is hidden do so by their sums."""
    ways: defaultdict[_Line, set[_Line]] = defaultdict(set)
    ends: list[tuple[_Line, _Line]] = [((0, row), (1, column)) for row, column in hidden]
    ends += [((0, row), (2, "")) for row, shown in by_row.items() if shown is None]
    ends += [((1, column), (2, "")) for column, shown in by_column.items() if shown is None]
    for one, other in ends:
        ways[one].add(other)
        ways[other].add(one)
    return ways


def _reached(start: _Line, barred: _Line, ways: Mapping[_Line, set[_Line]]) -> Set[_Line]:
    """The lines that hang together with `start`, without the cell that it shares with `barred`.

    A hidden cell follows from the sums exactly where no such way leads to its other line (Gusfield 1988).
    """
    reached: set[_Line] = set()
    found = [start]
    while found:
        line = found.pop()
        if line not in reached:
            reached.add(line)
            found += ways[line] - {barred} if line == start else ways[line]
    return reached
