"""Does the asked office contribute by replying, and nobody else, and never towards the citizen?"""

import pytest

from pqr.mail.letters import REPLY_MARK
from pqr.tickets.contributing import cancel
from pqr.tickets.contributions import contributions_of
from tests.builders import CITIZEN, NOW, arrive, assigned, letters_of, office_of, raw_mail
from tests.tickets.test_tickets_contributing import asked

SALUD = "salud@puerres.example"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def contribution(session, here):
    return asked(session, here, assigned(session, here))


def reply(session, here, sender=SALUD, text="No hay redes.", files=()):
    address = letters_of(session, "contribution")[-1].reply_to
    return arrive(session, here, raw_mail(sender, address, "Re: aporte", text, files))


def test_the_asked_office_contributes_by_replying_and_is_told_so(session, here, contribution):
    row = reply(session, here, files=(("foto.txt", "text/plain", b"una foto"),))
    assert (row.verdict, row.ticket_id) == ("secretaria_reply", contribution.ticket_id)
    assert (contribution.text, contribution.given_at, contribution.inbox_id) == ("No hay redes.", NOW, row.id)
    assert [file.belongs_to for file in contribution.ticket.attachments] == ["support"]
    assert letters_of(session, "contribution_given")[0].recipient == "planeacion@puerres.example"
    assert "llegó a quienes trabajan en el caso" in letters_of(session, "order_done")[0].text
    assert not contribution.ticket.answers
    assert [letter.letter for letter in letters_of(session) if letter.recipient == CITIZEN] == ["acknowledgement"]


@pytest.mark.parametrize("sender", ["planeacion@puerres.example", "hacienda@puerres.example", "doctora@casa.example"])
def test_from_any_other_address_it_waits_for_a_person(session, here, contribution, sender):
    assert reply(session, here, sender).verdict == "needs_human"
    assert contribution.is_pending
    assert not contribution.ticket.answers


def test_a_second_reply_or_one_that_is_not_needed_any_more_waits_for_a_person(session, here, contribution):
    reply(session, here)
    again = reply(session, here, text="Corrijo: sí hay.")
    assert (again.verdict, again.reason) == ("needs_human", "Ese aporte sobre 2026-E-000001 ya había llegado.")
    assert contribution.text == "No hay redes."
    second = asked(session, here, contribution.ticket)
    cancel(session, second, "user:1", here, NOW)
    assert reply(session, here, text="Tarde.").verdict == "needs_human"
    assert [each.text for each in contributions_of(session, contribution.ticket)] == ["No hay redes.", ""]


def test_words_between_the_lines_of_our_letter_are_read_by_a_person(session, here, contribution):
    row = reply(session, here, text=f"{REPLY_MARK}\n\nNo hay redes.")
    assert row.verdict == "needs_human"
    assert contribution.is_pending
