"""Can the desk reject, void and reopen, and is it told when that is not the way?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from tests.builders import assigned, at, letters_of, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of

REASONS = "Contiene insultos y amenazas contra la persona que atiende."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-03-10 16:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, office):
    ticket = assigned(session, office)
    session.commit()
    return ticket


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def test_a_rejection_must_be_confirmed_and_is_reopened_by_the_desk(client, session, ticket):
    at_work(client, session)
    assert "sentencia C-951 de 2014" in words_of(client.get(page(ticket)))
    refused = act(client, ticket.radicado, "rechazar", text=REASONS)
    assert refused.status_code == 422
    assert "hay que responderla" in words_of(refused)
    assert form_of(refused.text, f"{page(ticket)}/rechazar")["text"] == REASONS
    assert act(client, ticket.radicado, "rechazar", text=REASONS, sure="y").status_code == 303
    look_again(session)
    assert ticket.outcome == "rejected"
    assert act(client, ticket.radicado, "reabrir", reason="Se leyó mal.", by="2026-03-12").status_code == 303
    look_again(session)
    assert (ticket.state, ticket.outcome) == ("assigned", "")
    words = words_of(client.get(page(ticket)))
    for told in ("Estaba rechazada", "Se leyó mal.", "la fecha legal sigue siendo el miércoles 25 de marzo de 2026"):
        assert told in words


def test_a_number_given_twice_is_voided_with_its_act(client, session, office, ticket):
    other = assigned(session, office)
    session.commit()
    at_work(client, session)
    typed = {"mistake": "twice", "act": "Acta 4 de 2026", "reason": "Se envió dos veces."}
    refused = act(client, ticket.radicado, "anular", other="2026-E-009999", **typed)
    assert (refused.status_code, "No hay ninguna petición" in words_of(refused)) == (422, True)
    assert act(client, ticket.radicado, "anular", other=other.radicado, **typed).status_code == 303
    look_again(session)
    assert ticket.outcome == "voided"
    assert letters_of(session, "voided", ticket)
    assert "Acta 4 de 2026" in words_of(client.get(page(ticket)))


def test_an_office_neither_rejects_nor_voids_nor_reopens(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    shown = client.get(page(ticket)).text
    for name in ("rechazar", "anular", "reabrir"):
        assert f"{page(ticket)}/{name}" not in shown


def test_an_office_notes_what_it_did_at_once(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    late = act(client, ticket.radicado, "medida-urgente", what="Se cerró el paso.", taken_at="2026-03-11T09:00")
    assert (late.status_code, "revise el día y la hora" in words_of(late)) == (422, True)
    assert "Se cerró el paso." in late.text
    typed = {"what": "Se cerró el paso.", "taken_at": "2026-03-10T15:30"}
    assert act(client, ticket.radicado, "medida-urgente", **typed).status_code == 303
    words = words_of(client.get(page(ticket)))
    assert "Se tomó el martes 10 de marzo de 2026, a las 3:30 p. m." in words
    assert "Se cerró el paso." in words
