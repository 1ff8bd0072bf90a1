"""Kind, topic and turn decided by a person: is each written down, and does the term follow the true kind?"""

from datetime import date, timedelta

import pytest

from pqr.errors import ActNotAllowed
from pqr.secretarias.models import Topic
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import first_broken, history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.labelling import Label, label
from pqr.tickets.prioritising import Turn, prioritise
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.states import State
from tests.builders import NOW, assigned, filed, letters_of, office_of

LATER = NOW + timedelta(days=3)


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, office):
    return filed(session, office, subject="Una copia", body="Pido copia de un acta.", kind=TicketKind.CONSULTA)


def last(session, ticket):
    session.flush()
    events = history(session, ticket.id)
    assert first_broken(events) is None
    return events[-1]


def test_another_kind_counts_its_own_term_from_the_day_of_receipt(session, office, ticket):
    before, letters = ticket.due_on, len(letters_of(session))
    change = Reclassification(ticket, TicketKind.DOCUMENTOS, "Pide copias", "user:1")
    assert reclassify(session, change, office, LATER)
    assert (ticket.kind, ticket.due_on) == ("documentos", date(2026, 3, 17))  # ten business days after 3 March
    assert (ticket.term_length, ticket.term_source) == (10, TERMS[TicketKind.DOCUMENTOS].source)
    event = last(session, ticket)
    assert (event.kind, event.actor) == ("reclassified", "user:1")
    assert (event.data["before"], event.data["kind"]) == ("consulta", "documentos")
    assert (event.data["due_before"], event.data["due_on"]) == (before.isoformat(), "2026-03-17")
    assert len(letters_of(session)) == letters


def test_the_same_kind_changes_nothing(session, office, ticket):
    seen = last(session, ticket).seq
    assert not reclassify(session, Reclassification(ticket, TicketKind.CONSULTA, "", "user:1"), office, LATER)
    assert last(session, ticket).seq == seen


@pytest.mark.parametrize("state", [State.ANSWERED, State.CLOSED, State.AWAITING_PETITIONER])
def test_the_kind_stays_once_it_is_answered_and_while_the_clock_stands(session, office, ticket, state):
    ticket.state = state
    with pytest.raises(ActNotAllowed, match="No se puede cambiar el tipo"):
        reclassify(session, Reclassification(ticket, TicketKind.QUEJA, "Es queja", "user:1"), office, LATER)
    assert ticket.kind == "consulta"


def test_an_extension_longer_than_the_new_kind_admits_keeps_the_kind(session, office, ticket):
    extend_term(session, Extension(ticket, 30, "Hay que buscar", "user:1"), office, LATER)
    with pytest.raises(ActNotAllowed, match="ya tiene una prórroga"):
        reclassify(session, Reclassification(ticket, TicketKind.DOCUMENTOS, "Copias", "user:1"), office, LATER)
    assert ticket.extension == 30


def test_a_topic_is_set_and_taken_away_with_both_names_in_the_event(session, ticket):
    topic = session.get_one(Topic, 1)
    assert label(session, Label(ticket, topic, "user:1"), LATER)
    event = last(session, ticket)
    assert (event.kind, event.data["topic"]) == ("labelled", {"id": 1, "name": topic.name})
    assert not label(session, Label(ticket, topic, "user:1"), LATER)
    assert label(session, Label(ticket, None, "user:1"), LATER)
    event = last(session, ticket)
    assert (event.data["before"]["name"], event.data["topic"], ticket.topic) == (topic.name, None, None)


def test_a_child_s_flag_changes_the_turn_and_not_the_term(session, ticket):
    due_on = ticket.due_on
    assert prioritise(session, Turn(ticket, frozenset({"periodista", "nna"}), "user:1"), LATER)
    assert (ticket.priority, ticket.priority_rank, ticket.due_on) == (["nna", "periodista"], 1, due_on)
    event = last(session, ticket)
    assert (event.kind, event.data) == ("prioritised", {"before": [], "flags": ["nna", "periodista"]})
    assert not prioritise(session, Turn(ticket, frozenset({"nna", "periodista"}), "user:1"), LATER)


def test_the_turn_of_what_is_answered_stays(session, office):
    ticket = assigned(session, office)
    ticket.state = State.ANSWERED
    with pytest.raises(ActNotAllowed, match="cambiar la prioridad"):
        prioritise(session, Turn(ticket, frozenset({"nna"}), "user:1"), LATER)
