"""Does the desk correct a petitioner's address without seeing one that is kept in reserve, and mend a stuck letter?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.mail.outbox import LetterState, stuck
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from tests.builders import CITIZEN, NOW, filed, letters_of, office_of
from tests.desk.staff import act, at_work, employ, enter, form_of, look_again, send, words_of

NEW, LETTERS = "ana.nueva@correo.example", "/atencion/cartas"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, session):
    return at_work(client, session)


def stuck_case(session, settings, **given):
    """A petition whose acknowledgement came back."""
    ticket = filed(session, office_of(session, settings), **given)
    letter = letters_of(session, "acknowledgement", ticket)[0]
    letter.state, letter.attempts, letter.last_error = LetterState.BOUNCED, 1, f"550 {CITIZEN} no existe"
    session.commit()
    return ticket, letter


def test_a_corrected_address_is_written_down_and_the_letter_leaves_for_it(client, session, settings, desk):
    ticket, letter = stuck_case(session, settings)
    done = act(client, ticket.radicado, "contacto", email=NEW.upper(), reason="Llamó y lo dictó")
    assert done.status_code == 303
    look_again(session)
    assert (ticket.petitioner.email, letter.recipient, letter.state) == (NEW, NEW, LetterState.QUEUED)
    page = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    assert "Se corrigieron los datos de contacto" in page
    assert "Cambió: correo" in page
    assert "Llamó y lo dictó" in page


def test_the_list_of_stuck_letters_leads_to_the_open_form(client, session, settings, desk):
    ticket, _ = stuck_case(session, settings)
    link = f"/atencion/radicado/{ticket.radicado}?corregir=1"
    assert f'href="{link}#contacto"' in client.get(LETTERS).text
    assert '<details class="act" id="contacto" open>' in client.get(link).text


def test_a_bad_address_or_no_reason_comes_back_with_what_was_typed(client, session, settings, desk):
    ticket, _ = stuck_case(session, settings)
    for typed, says in (({"email": "ana@"}, "incompleto"), ({"email": NEW, "reason": ""}, "Diga cómo se supo")):
        refused = act(client, ticket.radicado, "contacto", **{"reason": "Llamó"} | typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
        assert form_of(refused.text, f"/atencion/radicado/{ticket.radicado}/contacto")["email"] == typed["email"]
    look_again(session)
    assert ticket.petitioner.email == CITIZEN


def test_two_corrections_at_once_do_not_overwrite_one_another(app, client, session, settings, desk):
    ticket, _ = stuck_case(session, settings)
    page, path = f"/atencion/radicado/{ticket.radicado}", f"/atencion/radicado/{ticket.radicado}/contacto"
    old = form_of(client.get(page).text, path)
    act(client, ticket.radicado, "contacto", phone="3001234567", reason="Llamó")
    stale = client.post(path, data={**old.to_dict(), "phone": "111", "reason": "Otra"})
    assert stale.status_code == 409
    assert "El caso cambió mientras tanto" in words_of(stale)
    look_again(session)
    assert ticket.petitioner.phone == "3001234567"


def test_a_reserved_address_is_corrected_without_being_seen(client, session, settings, desk):
    person = PetitionerData(name="Ana Prueba", email=CITIZEN, phone="3009999999", address="Vereda Maicira")
    ticket, letter = stuck_case(session, settings, identity=Identity.RESERVED, petitioner=person)
    page = f"/atencion/radicado/{ticket.radicado}"
    fields = form_of(client.get(page).text, f"{page}/contacto").to_dict()
    assert {fields[name] for name in ("email", "phone", "address", "municipality")} == {""}
    fields |= {"email": NEW, "reason": "Vino a la ventanilla"}
    del fields["again"]
    assert client.post(f"{page}/contacto", data=fields).status_code == 303
    look_again(session)
    kept = ticket.petitioner
    assert (kept.email, kept.phone, kept.address) == (NEW, "3009999999", "Vereda Maicira")
    for seen in (client.get(page), client.get(LETTERS)):
        for secret in (CITIZEN, NEW, "3009999999"):
            assert secret not in seen.text
    assert send(client, LETTERS, f"{LETTERS}/{letter.id}/direccion-nueva").status_code == 303
    look_again(session)
    assert (letter.recipient, letter.state) == (NEW, LetterState.QUEUED)


def test_an_office_neither_sees_nor_corrects_an_address(client, session, settings):
    ticket, _ = stuck_case(session, settings)
    enter(client, employ(session, Role.SECRETARIA, "planeacion"))
    assert client.post(f"/atencion/radicado/{ticket.radicado}/contacto").status_code == 403


def test_a_stuck_letter_is_dismissed_with_a_reason_and_asked_about_no_more(client, session, settings, desk):
    ticket, letter = stuck_case(session, settings)
    path = f"{LETTERS}/{letter.id}/descartar"
    refused = send(client, LETTERS, path)
    assert refused.status_code == 422
    assert "Diga por qué ya no hace falta" in words_of(refused)
    done = send(client, LETTERS, path, **{f"c{letter.id}-reason": "Ya la recogió en la ventanilla"})
    assert done.status_code == 303
    look_again(session)
    assert (letter.state, stuck(session)) == (LetterState.DISMISSED, [])
    assert "Ya la recogió en la ventanilla" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
