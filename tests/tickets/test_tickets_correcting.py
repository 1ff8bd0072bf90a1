"""Is a petitioner's address corrected with its reason, without a trace of the data, and does the mail follow?"""

import pytest

from pqr.errors import ActNotAllowed
from pqr.mail.dead_addresses import among, bury
from pqr.mail.outbox import LetterState
from pqr.tickets.correcting import Correction, Dismissal, correct_contact, dismiss_letter, redirect_letter
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from tests.builders import CITIZEN, NOW, assigned, filed, letters_of, office_of

NEW = "ana.nueva@correo.example"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def correct(session, office, ticket, again=True, reason="Llamó y lo dictó", **contact):
    correction = Correction(ticket, contact, reason, "user:1", again)
    return correct_contact(session, correction, office, NOW)


def test_the_event_names_what_changed_and_holds_none_of_it(session, here):
    ticket = filed(session, here)
    correct(session, here, ticket, email=NEW, phone="3001234567", address="")
    person = ticket.petitioner
    assert (person.email, person.phone, person.name) == (NEW, "3001234567", "Ana Prueba")
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor, event.data["fields"]) == ("contact_corrected", "user:1", ["email", "phone"])
    assert (event.data["before"]["phone"], len(event.data["after"]["phone"])) == ("", 32)
    for secret in (NEW, CITIZEN, "3001234567", "ana"):
        assert secret not in repr(event.data)


def test_the_same_value_has_another_seal_in_another_case(session, here):
    tickets = [filed(session, here) for _ in range(2)]
    for ticket in tickets:
        correct(session, here, ticket, phone="3001234567")
    one, other = (history(session, ticket.id)[-1].data["after"]["phone"] for ticket in tickets)
    assert one != other


def test_what_did_not_reach_the_old_address_leaves_for_the_new_one(session, here):
    ticket = assigned(session, here)
    ours = letters_of(session, "acknowledgement", ticket)[0]
    office_s = letters_of(session, "assignment", ticket)[0]
    for letter in (ours, office_s):
        letter.state, letter.attempts, letter.last_error = LetterState.BOUNCED, 3, "550"
    bury(session, CITIZEN, "550", NOW)
    bury(session, NEW, "alguna vez", NOW)
    assert correct(session, here, ticket, email=NEW) == 1
    assert (ours.recipient, ours.state, ours.attempts, ours.last_error) == (NEW, LetterState.QUEUED, 0, "")
    assert office_s.state == LetterState.BOUNCED
    assert set(among(session, [CITIZEN, NEW])) == {CITIZEN}


def test_what_left_or_is_leaving_stays_and_nothing_leaves_again_unasked(session, here):
    ticket = filed(session, here)
    letter = letters_of(session, "acknowledgement", ticket)[0]
    letter.attempts = 1  # a server may be taking it at this moment
    assert correct(session, here, ticket, email=NEW) == 0
    letter.state = LetterState.BOUNCED
    assert correct(session, here, ticket, email="otra@correo.example", again=False) == 0
    assert letter.recipient == CITIZEN
    redirect_letter(session, letter.id, "user:1", NOW)
    assert (letter.recipient, letter.state) == ("otra@correo.example", LetterState.QUEUED)
    assert history(session, ticket.id)[-1].kind == "letter_redirected"


def test_the_address_by_which_the_answer_comes_is_not_taken_away(session, here):
    ticket = filed(session, here)
    for contact, says in (({"email": ""}, "Por ahí se le envía"), ({"email": CITIZEN}, "No cambió ningún dato")):
        with pytest.raises(ActNotAllowed, match=says):
            correct(session, here, ticket, **contact)
    nobody = filed(session, here, identity=Identity.ANONYMOUS, petitioner=PetitionerData())
    assert nobody.petitioner is None
    with pytest.raises(ActNotAllowed, match="no tiene datos"):
        correct(session, here, nobody, email=NEW)


def test_of_an_anonymous_person_only_the_e_mail_is_kept(session, here):
    ticket = filed(session, here, identity=Identity.ANONYMOUS, petitioner=PetitionerData(email=CITIZEN))
    with pytest.raises(ActNotAllowed, match="anónima"):
        correct(session, here, ticket, email=NEW, phone="3001234567")
    correct(session, here, ticket, email=NEW)
    assert (ticket.petitioner.email, ticket.petitioner.phone) == (NEW, "")


def test_a_dismissed_letter_rests_with_its_reason(session, here):
    ticket = filed(session, here)
    letter = letters_of(session, "acknowledgement", ticket)[0]
    letter.state = LetterState.FAILED
    dismiss_letter(session, Dismissal(letter.id, "Se entregó en la ventanilla", "user:1"), NOW)
    assert letter.state == LetterState.DISMISSED
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.data["reason"]) == ("letter_dismissed", "Se entregó en la ventanilla")
    letter.state = LetterState.SENT
    with pytest.raises(ValueError, match="ya salió"):
        dismiss_letter(session, Dismissal(letter.id, "x", "user:1"), NOW)
