"""What a petition lacks is noted when it is received, told, and never a ground to refuse it (CPACA arts. 15 and 17)."""

from datetime import date

import pytest

from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.documents import receipt_pdf
from pqr.tickets.duties import ASK_TO_COMPLETE, pending_duty
from pqr.tickets.events import history
from pqr.tickets.lacking import lacking_of
from tests.builders import NOW, filed, letters_of, office_of

LACKS = "La copia de la escritura y el número de la matrícula."


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def incomplete(session, office):
    return filed(session, office, lacking=LACKS, author="user:1")


def test_what_it_lacks_is_noted_told_and_due_and_it_is_filed_all_the_same(session, office):
    ticket = incomplete(session, office)
    assert (ticket.radicado, ticket.due_on) == ("2026-E-000001", date(2026, 3, 25))  # the term runs from receipt
    noted = [event for event in history(session, ticket.id) if event.kind == "missing_noted"]
    assert [(event.actor, LACKS in str(event.data)) for event in noted] == [("user:1", False)]
    assert lacking_of(session, ticket) == LACKS
    (letter,) = letters_of(session, "acknowledgement")
    assert f"Al recibirla le indicamos que falta:\n{LACKS}" in letter.text
    assert LACKS in letter.html
    assert "Quedó radicada de todos modos" in letter.text
    assert pending_duty(session, ticket, ASK_TO_COMPLETE).due_on == date(2026, 3, 17)


def test_it_is_printed_on_the_receipt(session, office):
    ticket = incomplete(session, office)
    assert len(receipt_pdf(ticket, (), office, lacking_of(session, ticket))) > len(receipt_pdf(ticket, (), office))


def test_asked_for_or_answered_nothing_is_to_be_asked_any_more(session, office):
    asked, answered = incomplete(session, office), incomplete(session, office)
    ask_to_complete(session, Request(asked, "Envíe la escritura.", "user:1"), office, NOW)
    record_answer(session, Reply(answered, "Así basta.", "user:1", final=True), office, NOW)
    assert [pending_duty(session, each, ASK_TO_COMPLETE) for each in (asked, answered)] == [None, None]


def test_where_nothing_lacks_nothing_is_noted(session, office):
    ticket = filed(session, office)
    assert (lacking_of(session, ticket), pending_duty(session, ticket, ASK_TO_COMPLETE)) == ("", None)
    assert "que falta" not in letters_of(session, "acknowledgement")[0].text
