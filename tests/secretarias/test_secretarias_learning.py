"""Does what past assignments teach stay a modest advice: never sure of itself, never silent by accident?"""

import random

from hypothesis import given
from hypothesis import strategies as st

from pqr.secretarias.learning import (
    ENOUGH_EXAMPLES,
    ENOUGH_OFFICES,
    Example,
    Learned,
    advise,
    learn,
    useful_stems,
)

WORDS = {
    1: "vía puente pavimento hueco derrumbe camino",
    2: "vacuna médico hospital enfermo salud puesto",
    3: "predial impuesto recibo pago factura descuento",
}
TEXTS = st.text(max_size=200)


def examples(each=20):
    chance = random.Random(7)  # noqa: S311 - the same words every time
    return [
        Example(office, useful_stems(" ".join(chance.sample(words.split(), 3)) + " alcalde municipio"))
        for office, words in WORDS.items()
        for _ in range(each)
    ]


LEARNED = learn(examples())


def test_what_reads_like_the_past_goes_where_the_past_went():
    for office, words in WORDS.items():
        advice = advise(LEARNED, useful_stems(f"Solicito {words} por favor"))
        assert advice
        assert advice.office == office
        assert advice.right >= 0.9
        assert set(advice.words) <= useful_stems(words)


def test_too_few_examples_or_offices_teach_nothing():
    assert learn(examples()[: ENOUGH_EXAMPLES - 1]) == []
    assert learn([each for each in examples(40) if each.office < ENOUGH_OFFICES]) == []
    assert advise([], useful_stems("un hueco en la vía")) is None


def test_words_that_nobody_wrote_before_give_no_advice():
    assert advise(LEARNED, useful_stems("xilófono zarzuela")) is None
    assert advise(LEARNED, frozenset()) is None


def test_words_that_every_office_hears_give_no_advice():
    assert advise(LEARNED, useful_stems("el alcalde del municipio")) is None


def test_an_office_that_was_proposed_wrongly_more_often_than_not_is_not_proposed():
    poor = [Learned(each.office, each.examples, each.counts, 10, 4) for each in LEARNED]
    assert advise(poor, useful_stems(WORDS[1])) is None


def test_what_it_says_of_itself_was_counted_on_petitions_kept_apart():
    chance = random.Random(3)  # noqa: S311 - the same words every time
    mixed = [Example(chance.choice((1, 2, 3)), each.words) for each in examples(60)]  # assigned without reason
    assert sum(each.right for each in learn(mixed)) < 0.6 * sum(each.tried for each in learn(mixed))
    for each in learn(examples(60)):
        assert each.tried == each.right == 60


def test_a_name_that_stands_in_one_petition_is_forgotten():
    learned = learn([*examples(), Example(1, useful_stems("hueco Zutanita"))])
    assert all("zutanit" not in each.counts for each in learned)


@given(TEXTS)
def test_whatever_is_written_the_belief_is_a_share_and_nothing_breaks(text):
    advice = advise(LEARNED, useful_stems(text + " hueco"))
    assert advice is None or (0 <= advice.belief <= 1 and 0 <= advice.right <= 1)


@given(st.lists(st.tuples(st.integers(1, 4), TEXTS), min_size=ENOUGH_EXAMPLES, max_size=70), st.randoms())
def test_the_order_of_the_examples_changes_nothing(rows, chance):
    told = [Example(office, useful_stems(text)) for office, text in rows]
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert learn(told) == learn(shuffled)
    assert advise(learn(told), useful_stems("hueco")) == advise(learn(shuffled), useful_stems("hueco"))
