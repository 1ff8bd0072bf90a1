"""Are two rows one person?  A table of pairs that are and pairs that are not, as a clerk in Nariño would say."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.reports.likeness import birth_of, document_of, fold, person, same_name, sound, why_exact, why_likely, words_of

BORN = "02/01/1980"
ONE = ("1085123456", "María Fernanda Rosero Paz", BORN)
EXACT = {
    "points in the number": (ONE, ("1.085.123.456", "Otra Persona", "")),
    "a spreadsheet's number": (ONE, ("1085123456.0", "", "")),
    "letters before the number": (ONE, ("C.C. 1085123456", "", "")),
    "zeros before the number": (ONE, ("0001085123456", "", "")),
    "accents and capitals": (("", ONE[1], BORN), ("", "MARIA FERNANDA ROSERO PAZ", BORN)),
    "surnames first": (("", ONE[1], BORN), ("", "Rosero Paz, María Fernanda", "1980-01-02")),
    "particles": (("", "Rosa de la Cruz Mora", BORN), ("", "Rosa Cruz Mora", "19800102")),
    "ñ lost by a program": (("", "Luis Muñoz Ibarra", BORN), ("", "LUIS MUNOZ IBARRA", BORN)),
}
LIKELY = {
    "b and v, z and s": (("1085123456", "Luz Velásquez Vivas", BORN), ("98765432", "Lus Belasques Bibas", BORN)),
    "h, ll and y": (("", "Hermelina Carvallo Yela", BORN), ("", "Ermelina Carvayo Llela", BORN)),
    "y and i": (("", "Yaneth Tapia Ruiz", BORN), ("", "Janet Tapia Ruiz", BORN)),
    "English names as they are heard": (("", "Jhon Geovanny Erazo", BORN), ("", "John Yeobani Erazo", BORN)),
    "a second name left out": (("", "Ana Rosero Paz", BORN), ("", "Ana Lucía Rosero Paz", BORN)),
    "one letter in a long word": (("", "Segundo Benavides Coral", BORN), ("", "Segundo Benavidez Corral", BORN)),
    "two figures changed places": (("1085123456", "Rosa Paz Mora", ""), ("1085123546", "Rosa Paz Mora", "")),
    "one figure mistyped": (("1085123456", "Rosa Paz Mora", "01/01/1970"), ("1085123457", "Rosa Paz Mora", BORN)),
    "day and month changed places": (("", "Rosa Paz Mora", "05/06/1970"), ("", "Rosa Paz Mora", "06/05/1970")),
    "nothing to tell them by": (("1085123456", "Rosa Elvira Paz", ""), ("", "Rosa Elvira Paz", BORN)),
}
NEITHER = {
    "twins": (("", "Juan Carlos Rosero Paz", BORN), ("", "Juan David Rosero Paz", BORN)),
    "brother and sister": (("", "Luis Mario Rosero Paz", BORN), ("", "Luis María Rosero Paz", BORN)),
    "a sister named after a brother": (("", "Fernando Paz Mora", BORN), ("", "Fernanda Paz Mora", BORN)),
    "father and son": (("1085123456", "José Paz Mora", "02/01/1950"), ("98765432", "José Paz Mora", "07/09/1981")),
    "the same common name": (("1085123456", "María Paz", ""), ("98765432", "María Paz", "")),
    "only a first name": (("", "María", BORN), ("", "María", BORN)),
    "numbers that stand for nobody": (("0000000000", "Ana Ruiz Mora", ""), ("0000000000", "Luis Paz Coral", "")),
    "a number that was not given": (("no tiene", "Ana Ruiz Mora", ""), ("NO TIENE", "Luis Paz Coral", "")),
    "the date of those who do not know it": (("", "Ana Ruiz", "01/01/1900"), ("", "Luis Paz", "01/01/1900")),
    "numbers in a row": (("1085123456", "Ana Ruiz Mora", BORN), ("1085123457", "Luis Paz Coral", "03/02/1981")),
    "nothing at all": (("", "", ""), ("", "", "")),
}


def pair(rows):
    return [person(number, *row) for number, row in enumerate(rows, start=2)]


@pytest.mark.parametrize("rows", EXACT.values(), ids=EXACT)
def test_what_is_equal_after_tidying_is_one_entry(rows):
    assert why_exact(*pair(rows))


@pytest.mark.parametrize("rows", LIKELY.values(), ids=LIKELY)
def test_what_resembles_is_shown_to_a_person_and_not_taken_for_one_entry(rows):
    one, other = pair(rows)
    assert not why_exact(one, other)
    assert why_likely(one, other)
    assert why_likely(one, other) == why_likely(other, one)


@pytest.mark.parametrize("rows", NEITHER.values(), ids=NEITHER)
def test_different_people_are_left_alone(rows):
    one, other = pair(rows)
    assert not why_exact(one, other)
    assert not why_likely(one, other)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/1980", date(1980, 12, 31)),
        ("1980-12-31 00:00:00", date(1980, 12, 31)),
        ("19801231", date(1980, 12, 31)),
        ("31.12.1980", date(1980, 12, 31)),
        ("31/02/1980", None),
        ("01/01/1900", None),
        ("0", None),
        ("ayer", None),
        ("", None),
    ],
)
def test_a_birth_date_is_read_as_it_is_written_here(text, day):
    assert birth_of(text) == day


WORDS = ("María", "José", "Ñáñez", "de", "la", "Cruz", "Yela", "Velásquez", "Chávez")
NAMES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5)


@settings(deadline=None)  # other tests keep the machine busy
@given(NAMES, st.randoms())
def test_the_order_the_case_and_the_accents_of_a_name_are_no_difference(names, chance):
    shuffled = list(names)
    chance.shuffle(shuffled)
    assert words_of(" ".join(names)) == words_of(fold(" ".join(shuffled)).upper())


@settings(deadline=None)  # other tests keep the machine busy
@given(st.text(), st.text())
def test_any_text_at_all_has_a_sound_a_number_and_a_date_or_none(one, other):
    made = [person(1, each, each, each) for each in (one, other)]
    assert sound(fold(one)) == sound(fold(one))
    assert document_of(document_of(one)) == document_of(one)
    assert same_name(made[0].sounds, made[1].sounds) == same_name(made[1].sounds, made[0].sounds)
    assert why_exact(*made) == why_exact(*reversed(made))
