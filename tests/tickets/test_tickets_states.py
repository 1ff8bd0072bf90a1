"""May this act follow that state?  Only where the table says so."""

from itertools import product

import pytest

from pqr.errors import ActNotAllowed
from pqr.tickets.states import MOVES, OPEN, PUBLIC_LABELS, Act, Outcome, State, after

REFUSED = [pair for pair in product(State, Act) if pair not in MOVES]


@pytest.mark.parametrize(("state", "act"), REFUSED, ids=lambda value: value.value)
def test_an_act_outside_the_table_is_refused_in_words(state, act):
    with pytest.raises(ActNotAllowed, match=PUBLIC_LABELS[state].lower()):
        after(state, act)


@pytest.mark.parametrize(("state", "act", "then"), [(*pair, then) for pair, then in MOVES.items()])
def test_an_act_of_the_table_leads_where_it_says(state, act, then):
    assert after(state.value, act) is then


def test_nothing_leaves_a_closed_ticket_but_an_answer_that_came_back_or_an_official_s_reasons():
    assert {act for state, act in MOVES if state is State.CLOSED} == {Act.BOUNCE, Act.REOPEN}


def test_closing_needs_an_answer_or_an_act_that_says_why_there_is_none():
    ways = {
        act: {state for (state, other), then in MOVES.items() if other is act and then is State.CLOSED} for act in Act
    }
    assert {act: states for act, states in ways.items() if states} == {
        Act.COMMUNICATE: {State.ANSWERED},
        Act.WITHDRAW: OPEN,
        Act.TRANSFER: OPEN,
        Act.REFER: OPEN,
        Act.REJECT: {State.FILED, State.ASSIGNED},
        Act.VOID: {State.FILED, State.ASSIGNED},
        Act.WITHDRAW_TACITLY: {State.AWAITING_PETITIONER},
        Act.ARCHIVE_UNCLEAR: {State.AWAITING_PETITIONER},
    }


def test_every_state_has_a_name_for_citizens():
    assert set(PUBLIC_LABELS) == set(State)
    assert set(State) > OPEN


def test_the_outcomes_are_those_of_the_law():
    assert {outcome.value for outcome in Outcome} == {
        "answered", "transferred", "withdrawn_express", "withdrawn_tacit", "archived_unclear", "rejected",
        "by_reference", "duplicate", "voided",
    }  # fmt: skip
