"""How are many petitions counted at once, and how is a figure read off the counts?  Pure.

A petition is its values in each dimension, a number whose bits say which measures count it, and the days it took.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pqr.reports.indicator import Share

Cells = dict[str, dict[str, "Tally"]]  # by dimension and value; "" of dimension "": all


@dataclass
class Tally:
    """How many each measure counts, and how many petitions took so many days to be answered."""

    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def __getitem__(self, measure: str) -> int:
        return self.counts[measure]

    def add(self, other: "Tally") -> None:
        """Counts the other's too."""
        self.counts.update(other.counts)
        self.days.update(other.days)

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

    def as_json(self, measures: Sequence[str]) -> list[list[int]]:
        """The counts of those measures, then each day with its times."""
        days = [number for pair in sorted(self.days.items()) for number in pair]
        return [[self.counts[measure] for measure in measures], days]

    @classmethod
    def from_json(cls, kept: list[list[int]], measures: Sequence[str]) -> "Tally":
        """What `as_json` of the same measures gave."""
        counts, days = kept
        return cls(
            Counter(dict(zip(measures, counts, strict=True))), Counter(dict(zip(days[::2], days[1::2], strict=True)))
        )


@dataclass(frozen=True)
class Counted:
    """Petitions by column: `values` by dimension, `bits` and `days` beside them. `measures`: what each bit means."""

    measures: Sequence[str]
    values: Mapping[str, Sequence[str]]
    bits: Sequence[int]
    days: Sequence[int | None]

    def cells(self) -> Cells:
        """All of them, by each dimension."""
        found: Cells = {"": self._tallies(Counter(zip([""] * len(self.bits), self.bits, self.days, strict=True)))}
        for dimension, column in self.values.items():
            found[dimension] = self._tallies(Counter(zip(column, self.bits, self.days, strict=True)))
        return found

    def slices(self, by: str) -> dict[str, Cells]:
        """The same for those of each value of the dimension `by`."""
        found: dict[str, Cells] = {}
        of = self.values[by]
        for dimension, column in {"": [""] * len(self.bits), **self.values}.items():
            split: dict[str, Counter[tuple[str, int, int | None]]] = {}
            for (value, *rest), times in Counter(zip(of, column, self.bits, self.days, strict=True)).items():
                split.setdefault(value, Counter())[tuple(rest)] += times  # type: ignore[index]
            for value, counter in split.items():
                found.setdefault(value, {})[dimension] = self._tallies(counter)
        return found

    def _tallies(self, counter: Mapping[tuple[str, int, int | None], int]) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for (value, bits, days), times in counter.items():
            tally = found.setdefault(value, Tally())
            for place, measure in enumerate(self.measures):
                if bits >> place & 1:
                    tally.counts[measure] += times
            if days is not None:
                tally.days[days] += times
        return found


def add_all(cells: Cells, more: Iterable[Cells]) -> Cells:
    """The first with the others added to it."""
    for each in more:
        for dimension, tallies in each.items():
            known = cells.setdefault(dimension, {})
            for value, tally in tallies.items():
                known.setdefault(value, Tally()).add(tally)
    return cells
