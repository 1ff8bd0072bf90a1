"""How are many petitions counted at once, and how is a figure read off the counts?  Pure.

A petition is its values in each dimension, a number whose bits say which measures count it, and its days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar, cast

from pqr.reports.indicator import Share

_Key = TypeVar("_Key", str, int)
Cells = dict[str, dict[str, "Tally"]]  # by dimension and value; "" of dimension "": all


@dataclass
class Tally:
    """How many each measure counts; how many took so many days to be answered; how many wait that are due on a day."""

    counts: dict[str, int] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, measure: str) -> int:
        return self.counts.get(measure, 0)

    def add(self, other: "Tally") -> None:
        """Counts the other's too."""
        _add(self.counts, other.counts)
        _add(self.days, other.days)
        _add(self.due, other.due)

    def share(self, numerator: str, *denominator: str) -> Share:
        """One measure in the sum of others."""
        return Share(self[numerator], sum(self[each] for each in denominator))

    @property
    def average(self) -> float | None:
        """Mean of the days, one decimal; None where nothing was answered."""
        number = sum(self.days.values())
        return round(sum(day * times for day, times in self.days.items()) / number, 1) if number else None

    @property
    def median(self) -> float | None:
        """The middle of the days, or the mean of the two in the middle; None where nothing was answered."""
        number = sum(self.days.values())
        if not number:
            return None
        return (self._at((number - 1) // 2) + self._at(number // 2)) / 2

    def _at(self, place: int) -> int:
        for day, times in sorted(self.days.items()):
            place -= times
            if place < 0:
                return day
        raise AssertionError("the place is within the days")

    def as_json(self, measures: Sequence[str]) -> list[list[Any]]:
        """The places and counts of those measures that count any, each day with its times, each due day with its."""
        counts = {place: self.counts[measure] for place, measure in enumerate(measures) if self[measure]}
        pairs = (counts.items(), self.days.items(), self.due.items())
        return [[*chain.from_iterable(part)] for part in pairs]

    @classmethod
    def from_json(cls, kept: list[list[Any]], measures: Sequence[str]) -> "Tally":
        """What `as_json` of the same measures gave."""
        counts, days, due = (zip(part[::2], part[1::2], strict=True) for part in kept)
        return cls({measures[place]: times for place, times in counts}, dict(days), dict(due))


def _add(mine: dict[_Key, int], more: Mapping[_Key, int]) -> None:
    for key, times in more.items():
        mine[key] = mine.get(key, 0) + times


@dataclass(frozen=True)
class Counted:
    """Petitions by column: `values` by dimension, the rest beside them. `measures`: what each bit means.

    `days`: used until it was answered; `due`: the last day ("2026-03-25") of what still waits.
    """

    measures: Sequence[str]
    values: Mapping[str, Sequence[str]]
    bits: Sequence[int]
    days: Sequence[int | None]
    due: Sequence[str | None]

    def cells(self) -> Cells:
        """All of them, by each dimension."""
        return {
            dimension: _tallies(Counter(zip(column, *self._facts, strict=True)), self.measures)
            for dimension, column in self._columns.items()
        }

    def slices(self, by: str) -> dict[str, Cells]:
        """The same for those of each value of the dimension `by`."""
        found: dict[str, Cells] = {}
        for dimension, column in self._columns.items():
            split: dict[str, dict[_Fact, int]] = {}
            for (value, *fact), times in Counter(zip(self.values[by], column, *self._facts, strict=True)).items():
                split.setdefault(value, {})[cast(_Fact, tuple(fact))] = times
            for value, facts in split.items():
                found.setdefault(value, {})[dimension] = _tallies(facts, self.measures)
        return found

    @property
    def _columns(self) -> Mapping[str, Sequence[str]]:
        return {"": [""] * len(self.bits), **self.values}

    @property
    def _facts(self) -> tuple[Sequence[int], Sequence[int | None], Sequence[str | None]]:
        return self.bits, self.days, self.due


_Fact = tuple[str, int, int | None, str | None]


def _tallies(facts: Mapping[_Fact, int], measures: Sequence[str]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for (value, bits, days, due), times in facts.items():
        tally = found.setdefault(value, Tally())
        for place, measure in enumerate(measures):
            if bits >> place & 1:
                tally.counts[measure] = tally[measure] + times
        if days is not None:
            tally.days[days] = tally.days.get(days, 0) + times
        if due is not None:
            tally.due[due] = tally.due.get(due, 0) + times
    return found


def add_all(cells: Cells, more: Iterable[Cells]) -> Cells:
    """The first with the others added to it."""
    for each in more:
        for dimension, tallies in each.items():
            known = cells.setdefault(dimension, {})
            for value, tally in tallies.items():
                known.setdefault(value, Tally()).add(tally)
    return cells
