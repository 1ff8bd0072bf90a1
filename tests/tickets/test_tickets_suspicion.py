"""Which petitions does a person read before they travel?  Those of programs; never one that only came quickly."""

import pytest

from pqr.tickets.suspicion import LABELS, Arrival, doubts

PLAIN = "Buenos días.\nHay un hueco en la vía. La foto está en https://fotos.example/1 y el acta en www.acta.example"
SELLS = "Best pills http://a.example http://b.example <a href='https://c.example'>buy</a>"
MACHINES = {
    "it fills in every box and sells": (Arrival(SELLS, trapped=True, seconds=None), ("trap", "unopened", "links")),
    "it opens, fills in and sends at once": (Arrival(SELLS, seconds=1), ("fast", "links")),
    "it waits, to seem a person, and insists": (Arrival(SELLS, seconds=60, repeated=True), ("links", "repeated")),
    "it floods with one text": (Arrival(PLAIN, trapped=True, seconds=9, repeated=True), ("trap", "repeated")),
}
PERSONS = {
    "with autofill, which fills in the hidden box too": Arrival(PLAIN, trapped=True, seconds=2),
    "who pastes what was written before": Arrival(PLAIN, seconds=1),
    "who cites many pages": Arrival(SELLS, seconds=300),
    "who files with a program of their own": Arrival(PLAIN),
    "whose program cites many pages": Arrival(SELLS),
    "who lends the computer to neighbours with the same paper": Arrival(PLAIN, seconds=40, repeated=True),
    "whose program sends the same for many": Arrival(PLAIN, repeated=True),
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_program_that_behaves_and_writes_like_one_is_doubted(name):
    arrival, signs = MACHINES[name]
    assert doubts(arrival) == signs
    assert set(signs) <= set(LABELS)


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_is_not_doubted(name):
    assert doubts(PERSONS[name]) == ()
