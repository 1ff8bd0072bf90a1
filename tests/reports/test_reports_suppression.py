"""Can nobody work out a small count from what is published?"""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.reports.suppression import FEWEST_SHOWN, suppress, suppress_table, total_of

COUNTS = st.integers(0, 40) | st.integers(0, 6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=5)
)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([9], [9]),
        ([9, 0, 5], [9, 0, 5]),
        ([9, 4], [None, None]),
        ([30, 4, 12, 20], [30, None, None, 20]),  # the smallest other one
        ([30, 3, 3, 20], [30, None, None, 20]),  # 6 may be 2 and 4
        ([30, 4, 4, 20], [30, None, None, None]),  # 8 can only be 4 and 4
        ([30, 1, 1, 20, 25], [30, None, None, None, 25]),
        ([30, 4, 12, 12], [30, None, None, None]),  # which of two equal ones would be told by their order
        ([3, 0], [None, None]),
    ],
)
def test_small_counts_are_hidden_with_what_would_tell_them(counts, shown):
    assert list(suppress(dict(enumerate(counts))).values()) == shown


@pytest.mark.parametrize(("counts", "total"), [([3, 0], None), ([4, 4], None), ([3, 3], 6), ([9], 9), ([2, 40], 42)])
def test_a_total_that_tells_its_parts_is_hidden(counts, total):
    assert total_of(dict(enumerate(counts))) == total


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=4))
def test_who_knows_the_rule_and_the_total_still_doubts_every_hidden_count(counts):
    shown = suppress(dict(enumerate(counts)))
    assert not any(count is not None and 0 < count < FEWEST_SHOWN for count in shown.values())
    if None not in shown.values() or total_of(dict(enumerate(counts))) is None:
        return
    hidden = [place for place, count in shown.items() if count is None]
    secret = sum(counts[place] for place in hidden)
    fitting = []
    for some in product(range(secret + 1), repeat=len(hidden) - 1):
        other = dict(enumerate(counts)) | dict(zip(hidden, (*some, secret - sum(some)), strict=True))
        if sum(some) <= secret and suppress(other) == shown:
            fitting.append(other)
    for place, count in shown.items():
        assert count is not None or len({other[place] for other in fitting}) > 1


@settings(deadline=None)
@given(TABLES)
def test_no_hidden_cell_of_a_table_follows_from_its_sums(rows):
    table = suppress_table({r: dict(enumerate(row)) for r, row in enumerate(rows)})
    width = len(rows[0])
    unknown = [(r, c) for r in range(len(rows)) for c in range(width) if table.cells[r][c] is None]
    unknown += [("row", r) for r, total in table.by_row.items() if total is None]
    unknown += [("column", c) for c, total in table.by_column.items() if total is None]
    if table.total is None:
        unknown.append("total")
    known = _equations(rows, unknown)
    for cell in unknown:
        assert not _follows(known, [Fraction(cell == each) for each in unknown]), cell


def _equations(rows, unknown):
    """What the published sums say of what is hidden: a vector each."""
    width = len(rows[0])
    every = [[*((r, c) for c in range(width)), ("row", r)] for r in range(len(rows))]
    every += [[*((r, c) for r in range(len(rows))), ("column", c)] for c in range(width)]
    every += [[*((side, n) for n in range(size)), "total"] for side, size in (("row", len(rows)), ("column", width))]
    return [[Fraction(0 if each not in line else -1 if each == line[-1] else 1) for each in unknown] for line in every]


def _rank(vectors):
    rows, rank = [list(vector) for vector in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        rows = [
            row
            if row is pivot or not row[column]
            else [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
            for row in rows
        ]
        rank += 1
    return rank


def _follows(known, asked):
    return _rank([*known, asked]) == _rank(known)


@settings(deadline=None)
@given(TABLES)
def test_what_is_hidden_in_a_line_whose_sum_is_shown_is_never_few(rows):
    named = {r: dict(enumerate(row)) for r, row in enumerate(rows)}
    table = suppress_table(named)
    for r, row in named.items():
        hidden = [row[c] for c, shown in table.cells[r].items() if shown is None]
        assert table.by_row[r] is None or not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST_SHOWN)
        for c, count in row.items():
            assert table.cells[r][c] in (None, count)
            assert table.cells[r][c] is None or not 0 < count < FEWEST_SHOWN


@settings(deadline=None)
@given(TABLES)
def test_what_everybody_knows_to_be_nobody_is_shown_and_hides_nothing(rows):
    named = {r: dict(enumerate(row)) for r, row in enumerate(rows)}
    table = suppress_table(named)
    for r, row in named.items():
        for c in row:
            if 0 in (table.by_row[r], table.by_column[c]):
                assert table.cells[r][c] == 0


def test_a_line_of_nobody_is_no_hiding_place():
    table = suppress_table(dict(enumerate({"x": a, "y": b, "z": c} for a, b, c in ((0, 0, 0), (0, 0, 0), (0, 1, 4)))))
    assert table.cells[0] == table.cells[1] == {"x": 0, "y": 0, "z": 0}
    assert table.cells[2] == {"x": 0, "y": None, "z": None}


def test_a_table_whose_sums_would_tell_its_total_shows_nothing():
    table = suppress_table({"a": {"x": 4, "y": 4}})
    assert (table.total, table.by_row, table.by_column) == (None, {"a": None}, {"x": None, "y": None})


def test_a_table_without_small_counts_is_shown_whole():
    table = suppress_table({"a": {"x": 9, "y": 0}, "b": {"x": 5, "y": 30}})
    assert (table.cells["b"], table.by_row, table.by_column, table.total) == (
        {"x": 5, "y": 30}, {"a": 9, "b": 35}, {"x": 14, "y": 30}, 44,
    )  # fmt: skip
