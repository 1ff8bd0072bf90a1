"""Which rows of a list are there twice?  Compared only within small blocks, so that a hundred thousand take seconds.

Pure: it sees tidied rows (`likeness`) and gives back row numbers and reasons, never what the rows say.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from pqr.reports.likeness import Person, why_exact, why_likely

LARGEST_BLOCK = 60  # rows; in a larger one each is compared with those whose names stand next to its own
NEIGHBOURS = 8
Keys = Callable[[Person], Iterable[Hashable]]


@dataclass(frozen=True)
class Group:
    """Rows that are one entry (`is_exact`) or may be. `rows`: in order. `why`: each reason once."""

    rows: tuple[int, ...]
    why: tuple[str, ...]
    is_exact: bool


@dataclass(frozen=True)
class Findings:
    """What a list holds. `rows`: with a name or a document. `empty`: without either, compared with nothing."""

    rows: int
    empty: int
    groups: tuple[Group, ...]

    @property
    def surplus(self) -> int:
        """Rows that are certainly there already: of every exact group all but one."""
        return sum(len(group.rows) - 1 for group in self.groups if group.is_exact)

    @property
    def likely(self) -> int:
        """Rows that a person should look at: of every likely group all but one."""
        return sum(len(group.rows) - 1 for group in self.groups if not group.is_exact)

    @property
    def clean(self) -> int:
        """Rows that are no surplus copies."""
        return self.rows - self.surplus


def find_duplicates(persons: Iterable[Person]) -> Findings:
    """The groups, exact ones first, each kind by its first row. A likely group names one row of each exact one."""
    everybody = list(persons)
    known = [each for each in everybody if each.document or each.words]
    exact, likely = _Groups(), _Groups()
    for keys in (_by_document, _by_name_and_birth):
        for first, *others in _blocks(known, keys):
            for other in others:
                exact.join(first.row, other.row, why_exact(first, other))
    firsts = [each for each in known if exact.first(each.row) == each.row]
    for one, other in _candidates(firsts):
        if why := why_likely(one, other):
            likely.join(one.row, other.row, why)
    return Findings(len(known), len(everybody) - len(known), (*exact.groups(True), *likely.groups(False)))


def _candidates(persons: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    for keys in (_by_birth, _by_figures, _by_sounds, _by_most_sounds):
        for block in _blocks(persons, keys):
            if len(block) <= LARGEST_BLOCK:
                yield from combinations(block, 2)
                continue
            block.sort(key=lambda each: each.sounds)
            for step in range(1, NEIGHBOURS + 1):
                yield from zip(block, block[step:], strict=False)


def _blocks(persons: Iterable[Person], keys: Keys) -> Iterator[list[Person]]:
    blocks: dict[Hashable, list[Person]] = defaultdict(list)
    for each in persons:
        for key in keys(each):
            blocks[key].append(each)
    return (block for block in blocks.values() if len(block) > 1)


def _by_document(one: Person) -> Iterable[Hashable]:
    return (one.document,) if one.document else ()


def _by_name_and_birth(one: Person) -> Iterable[Hashable]:
    return ((one.born, one.words),) if one.born and len(one.words) > 1 else ()


def _by_birth(one: Person) -> Iterable[Hashable]:
    return (one.born,) if one.born else ()


def _by_figures(one: Person) -> Iterable[Hashable]:
    """Two figures that changed places are still the same figures."""
    return ("".join(sorted(one.document)),) if one.document else ()


def _by_sounds(one: Person) -> Iterable[Hashable]:
    return (one.sounds,) if len(one.sounds) > 1 else ()


def _by_most_sounds(one: Person) -> Iterable[Hashable]:
    """The name without each of its words: one of them may be missing, or mistyped."""
    places = range(len(one.sounds)) if len(one.sounds) > 2 else ()
    return {one.sounds[:place] + one.sounds[place + 1 :] for place in places} | {one.sounds}


class _Groups:
    """Rows joined so far; the first row of a group stands for it."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._why: dict[int, dict[str, None]] = {}

    def first(self, row: int) -> int:
        """The smallest row of this row's group."""
        while (parent := self._parent.get(row, row)) != row:
            self._parent[row] = row = self._parent.get(parent, parent)
        return row

    def join(self, one: int, other: int, why: str) -> None:
        """Both are of one group, for this reason."""
        low, high = sorted((self.first(one), self.first(other)))
        if low != high:
            self._parent[high] = low
            self._why[low] = self._why.get(low, {}) | self._why.pop(high, {})
        self._why.setdefault(low, {})[why] = None

    def groups(self, is_exact: bool) -> Iterator[Group]:
        """All of them, by their first row."""
        rows = defaultdict(list)
        for row in self._parent:
            rows[self.first(row)].append(row)
        for first in sorted(rows):
            yield Group((first, *sorted(rows[first])), tuple(self._why[first]), is_exact)
