"""Do officials' notes stay among officials?"""

import pytest

from pqr.secretarias.directory import by_code
from pqr.tickets.annotating import Annotation, annotate, notes_of
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.documents import answer_pdf
from pqr.tickets.events import first_broken, history
from pqr.tickets.search import Reach, find
from pqr.tickets.words import parse
from tests.builders import NOW, assigned, letters_of, office_of

SECRET = "Ojo: xilófono"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, here):
    ticket = assigned(session, here)
    annotate(session, Annotation(ticket, SECRET, "user:1"), NOW)
    session.flush()
    return ticket


def test_a_note_moves_nothing_and_writes_to_nobody(session, here, ticket):
    assert [note.text for note in notes_of(session, ticket)] == [SECRET]
    assert ticket.state == "assigned"
    assert {letter.letter for letter in letters_of(session)} == {"acknowledgement", "assignment"}


def test_the_chain_holds_its_digest_and_not_its_words(session, ticket):
    event = history(session, ticket.id)[-1]
    assert event.kind == "noted"
    assert "xil" not in str(event.data)
    assert first_broken(history(session, ticket.id)) is None


def test_no_letter_of_the_case_carries_it(session, here, ticket):
    answer = record_answer(session, Reply(ticket, "Ya está.", "user:1"), here, NOW)
    letter_of_the_answer = answer_pdf(answer, here, NOW)
    annotate(session, Annotation(ticket, SECRET, "user:1"), NOW)
    session.flush()
    for letter in letters_of(session):
        assert "xil" not in letter.subject + letter.text + letter.html
    assert all(message.text != SECRET for message in ticket.messages)
    assert answer_pdf(answer, here, NOW) == letter_of_the_answer


def test_the_desk_finds_the_case_by_it_and_an_office_does_not(session, here, ticket):
    asked = parse("xilofono")
    assert [row.id for row in find(session, asked, Reach(desk=True)).rows] == [ticket.id]
    assert find(session, asked, Reach(by_code(session, "planeacion").id)).rows == []
    assert find(session, asked, Reach()).rows == []
