"""To which office did officials send what reads like this?  Multinomial naive Bayes over stems. Pure.

It only ever advises. What it says of itself is measured, not computed from its own belief, which naive Bayes always
overstates: a fifth of the examples is kept apart in turn, and what is told is how many of those it would have sent
right.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pqr.secretarias.routing import small_words, stems

ENOUGH_EXAMPLES = 50
ENOUGH_OFFICES = 3
KEPT_APART = 5  # every fifth example
FEW = 2000  # examples: up to these each is kept apart once, of more one fifth says enough
ENOUGH_TRIED = 5  # of an office's proposals, before anything is said about them
LEAST_RIGHT = 0.5
LEAST_BELIEF = 0.6
STEMS_OF_AN_OFFICE = 1500
_SEEN_ONCE = 1  # a stem of a single petition is somebody's name or a slip of the pen
_LENGTHS = range(3, 33)


@dataclass(frozen=True)
class Example:
    """A petition that an official gave to this office. `words`: as `useful_stems` gives them."""

    office: int
    words: frozenset[str]


@dataclass(frozen=True)
class Learned:
    """What is known of one office: in how many `examples` each stem stood.

    `tried`: how many petitions kept apart would have been sent to it; `right`: how many of them belonged there.
    """

    office: int
    examples: int
    counts: Mapping[str, int] = field(default_factory=dict)
    tried: int = 0
    right: int = 0


@dataclass(frozen=True)
class Advice:
    """The office, how much the rule believes in it (0 to 1), and how often it was right before (0 to 1).

    `words`: the stems that spoke most for it.
    """

    office: int
    belief: float
    right: float
    words: tuple[str, ...]


def useful_stems(text: str) -> frozenset[str]:
    """The stems that may say what a petition is about: no numbers, no small words, nothing endless."""
    return frozenset(
        stem for stem in stems(text) if len(stem) in _LENGTHS and not stem.isdecimal() and stem not in small_words()
    )


def learn(examples: Sequence[Example]) -> list[Learned]:
    """What the examples teach, in the order of the offices; whatever order they come in. Empty while too few."""
    if len(examples) < ENOUGH_EXAMPLES or len({each.office for each in examples}) < ENOUGH_OFFICES:
        return []
    ordered = sorted(examples, key=lambda each: (each.office, sorted(each.words)))
    tried: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for turn in range(KEPT_APART if len(ordered) <= FEW else 1):
        rest = [each for place, each in enumerate(ordered) if place % KEPT_APART != turn]
        _try(_Scales(_count(rest)), ordered[turn::KEPT_APART], tried, right)
    return [
        Learned(each.office, each.examples, each.counts, tried[each.office], right[each.office])
        for each in _count(ordered)
    ]


def advise(learned: Sequence[Learned], words: frozenset[str]) -> Advice | None:
    """The office that fits best; None where nothing speaks for one, or it was wrong too often to be heard."""
    best, belief = _Scales(learned).weigh(words)
    if best is None or belief < LEAST_BELIEF or best.tried < ENOUGH_TRIED:
        return None
    right = best.right / best.tried
    return Advice(best.office, belief, right, _speaking(best, learned, words)) if right >= LEAST_RIGHT else None


class _Scales:
    """The offices with what weighing each text asks of them."""

    def __init__(self, learned: Sequence[Learned]) -> None:
        self._learned = learned
        self._vocabulary = frozenset().union(*(each.counts for each in learned))
        size = len(self._vocabulary)
        self._totals = [math.log(sum(each.counts.values()) + size) if size else 0.0 for each in learned]

    def weigh(self, words: frozenset[str]) -> tuple[Learned | None, float]:
        """The office and the belief in it; nobody for words that no office has ever had."""
        known = words & self._vocabulary
        if not known:
            return None, 0.0
        scores = [self._score(place, known) for place in range(len(self._learned))]
        top = max(range(len(scores)), key=scores.__getitem__)
        return self._learned[top], 1 / math.fsum(math.exp(score - scores[top]) for score in scores)

    def _score(self, place: int, words: frozenset[str]) -> float:
        """Logarithm, up to what all offices share; one is added to each count (Laplace)."""
        office = self._learned[place]
        spoken = math.fsum(math.log(office.counts.get(word, 0) + 1) for word in words)  # in whatever order
        return math.log(office.examples) + spoken - len(words) * self._totals[place]


def _count(examples: Iterable[Example]) -> list[Learned]:
    sizes: Counter[int] = Counter()
    counts: dict[int, Counter[str]] = {}
    for each in examples:
        sizes[each.office] += 1
        counts.setdefault(each.office, Counter()).update(each.words)
    everywhere = sum(counts.values(), Counter[str]())
    return [Learned(office, sizes[office], _pruned(counts[office], everywhere)) for office in sorted(counts)]


def _pruned(counts: Counter[str], everywhere: Counter[str]) -> dict[str, int]:
    kept = [stem for stem in counts if everywhere[stem] > _SEEN_ONCE]
    return {stem: counts[stem] for stem in sorted(kept, key=lambda stem: (-counts[stem], stem))[:STEMS_OF_AN_OFFICE]}


def _try(scales: _Scales, apart: Sequence[Example], tried: Counter[int], right: Counter[int]) -> None:
    for each in apart:
        best, belief = scales.weigh(each.words)
        if best is not None and belief >= LEAST_BELIEF:
            tried[best.office] += 1
            right[best.office] += best.office == each.office


def _speaking(best: Learned, learned: Sequence[Learned], words: frozenset[str]) -> tuple[str, ...]:
    def weight(word: str) -> float:
        others = sum(each.counts.get(word, 0) for each in learned) - best.counts[word]
        return best.counts[word] / (others + 1)

    return tuple(sorted((word for word in words if word in best.counts), key=lambda word: (-weight(word), word))[:4])
