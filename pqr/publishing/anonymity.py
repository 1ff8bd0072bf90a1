"""How much of each case may everybody see?  Whatever is put together, never something of fewer than some cases. Pure.

Source: Ley 1581/2012 arts. 4 f and 6 e; Sweeney's k-anonymity, with every column taken for one that may identify.
A case is told by *ladders*: the labels of one fact, the coarsest first ("presencial", "counter"). What is shown of a
case is a prefix of each ladder, so nobody is left out and nothing is changed: of some, less is told.

Two things are published, and must be safe together:

- Rows. All begin as one group, of which nothing is shown; each step shows one label more of one ladder wherever the
  groups that it makes, and what stays behind, have enough cases. So each row stands for at least `fewest` alike. Who
  looks at fewer columns sees the same groups or unions of them, so no choice of columns has a smaller one.
- Counts of some ladders. Each ladder is cut first by itself in the same way, so a count and what remains beside it
  are never small (complementary suppression). What a count leaves over once the rows that show its label are taken
  away is nobody or at least `fewest` too; else rows are made to show less.

Then no count of cases of a row with a label follows from the two, but 0 or at least `fewest`: it lies between
max(0, a + w - n) and min(a, w), `a` the cases of the row, `w` those left over of the label, `n` all that hide it
(Fréchet); every number between is possible, and where there is one alone, it is `min(a, w)`. Different ladders tell
nothing of each other: inside a row any way of joining them fits what is published. This holds as long as no other
column tells of a counted ladder: `columns` takes care of that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Labels = tuple[str, ...]
Case = tuple[Labels, ...]
Key = TypeVar("Key", Labels, Case)


@dataclass(frozen=True)
class Release:
    """What may be published. `rows`: what is shown of a case, with how many such there are.

    `counts`: by ladder, what is shown of it alone, with how many such. Both sum up to all the cases.
    """

    rows: Mapping[Case, int]
    counts: Mapping[int, Mapping[Labels, int]]


@dataclass(frozen=True)
class _Group:
    """Cases of which the same is shown: of each ladder the first `depths` labels."""

    cases: Mapping[Case, int]
    depths: tuple[int, ...]

    @property
    def shown(self) -> Case:
        case = next(iter(self.cases))
        return tuple(labels[:depth] for labels, depth in zip(case, self.depths, strict=True))


def release(cases: Mapping[Case, int], steps: Sequence[int], counted: Sequence[int], fewest: int) -> Release | None:
    """What may be told of these cases, given with how many there are of each; None of fewer than `fewest`.

    `steps`: the ladders in the order in which one label more of them is shown; the first ones keep most.
    `counted`: the ladders whose counts are published.
    """
    if sum(cases.values()) < fewest:
        return None
    counts: dict[int, Mapping[Labels, int]] = {}
    for ladder in counted:
        cases = _cut(cases, ladder, fewest)
        counts[ladder] = _sums((case[ladder], number) for case, number in cases.items())
    groups = [_whole(cases)]
    for ladder in steps:
        groups = [part for group in groups for part in _split(group, ladder, fewest)]
    rows = _sums((group.shown, sum(group.cases.values())) for group in groups)
    for ladder in counted:
        _hide_differences(rows, ladder, counts[ladder], fewest)
    return Release(rows, counts)


def _whole(cases: Mapping[Case, int]) -> _Group:
    return _Group(cases, (0,) * len(next(iter(cases))))


def _cut(cases: Mapping[Case, int], ladder: int, fewest: int) -> Mapping[Case, int]:
    """The cases with this ladder as short as it must be where nothing else is shown. A label keeps all or none."""
    groups, deepest = [_whole(cases)], max(len(case[ladder]) for case in cases)
    for _ in range(deepest):
        groups = [part for group in groups for part in _split(group, ladder, fewest, spares=False)]
    return _sums(
        ((*case[:ladder], case[ladder][: group.depths[ladder]], *case[ladder + 1 :]), number)
        for group in groups
        for case, number in group.cases.items()
    )


def _split(group: _Group, ladder: int, fewest: int, *, spares: bool = True) -> Iterator[_Group]:
    """The group's parts of which one label more may be shown, and what stays as it was.

    Where a few would stay alone, others stay with them: `fewest` of the largest part if it can spare them and
    `spares`, else the whole smallest part.
    """
    depth, parts = group.depths[ladder], defaultdict[Labels, Counter[Case]](Counter)
    for case, number in group.cases.items():
        parts[case[ladder][: depth + 1]][case] = number
    told = {labels: part.total() for labels, part in parts.items() if len(labels) > depth and part.total() >= fewest}
    rest = sum((part for labels, part in parts.items() if labels not in told), Counter[Case]())
    while told and 0 < rest.total() < fewest:
        largest = max(told, key=lambda labels: (told[labels], labels))
        if spares and told[largest] >= 2 * fewest:
            rest += _taken(parts[largest], fewest)
        else:
            least = min(told, key=lambda labels: (told[labels], labels))
            rest += parts[least]
            del told[least]
    deeper = (*group.depths[:ladder], depth + 1, *group.depths[ladder + 1 :])
    for labels in sorted(told):
        yield _Group(parts[labels], deeper)
    if rest:
        yield _Group(rest, group.depths)


def _taken(part: Counter[Case], number: int) -> Counter[Case]:
    """So many cases out of the part, in an order that is the same whenever they are the same."""
    taken: Counter[Case] = Counter()
    for case in sorted(part):
        taken[case] = min(part[case], number - taken.total())
        if taken.total() == number:
            break
    part -= taken
    return taken


def _hide_differences(rows: dict[Case, int], ladder: int, counts: Mapping[Labels, int], fewest: int) -> None:
    """Shortens this ladder in rows until none of its counts leaves a few over. It ends: each time less is shown."""
    whole = _by_prefix(counts)
    while True:
        shown = _by_prefix(_sums((case[ladder], number) for case, number in rows.items()))
        told = next((labels for labels in sorted(shown) if 0 < whole[labels] - shown[labels] < fewest), None)
        if told is None:
            return
        below = [case for case in rows if case[ladder][: len(told)] == told]
        least = min(below, key=lambda case: (rows[case], case))
        shorter = (*least[:ladder], told[:-1], *least[ladder + 1 :])
        rows[shorter] = rows.get(shorter, 0) + rows.pop(least)


def _by_prefix(counts: Mapping[Labels, int]) -> Mapping[Labels, int]:
    """How many begin with each label, at every height of the ladder."""
    return _sums((labels[:height], number) for labels, number in counts.items() for height in range(len(labels) + 1))


def _sums(pairs: Iterator[tuple[Key, int]]) -> Counter[Key]:
    sums: Counter[Key] = Counter()
    for key, number in pairs:
        sums[key] += number
    return sums
