"""Does the desk find who wrote before, and decide which entries are one person?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from tests.builders import NOW, filed, office_of
from tests.desk.staff import at_work, send, words_of

PAGE = "/atencion/personas"
DECIDE = "/atencion/personas/decidir"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tickets(session, settings):
    office = office_of(session, settings)
    found = [
        filed(session, office, petitioner=PetitionerData(name=name, document_number="1085123456"), identity=identity)
        for name, identity in (
            ("Ana Prueba", Identity.NAMED),
            ("Ana P.", Identity.NAMED),
            ("Rosa Secreta", Identity.RESERVED),
        )
    ]
    session.commit()
    return found


def test_a_person_is_found_with_each_petition(client, session, tickets):
    at_work(client, session)
    words = words_of(client.get(f"{PAGE}?q=prueba"))
    assert f"Encontradas Ana Prueba 1085123456 {tickets[0].radicado} No llega agua al acueducto" in words
    assert "Nadie con esos datos" in words_of(client.get(f"{PAGE}?q=Rosa"))
    assert tickets[2].radicado not in client.get(f"{PAGE}?q=1085123456").text


def test_likely_duplicates_are_joined_told_apart_and_given_back(client, session, tickets):
    at_work(client, session)
    assert "0,0 % : 0 de 2 registros" in words_of(client.get(PAGE))
    for what, said in (("una", "Una sola persona"), ("deshacer", "¿Son la misma persona?"), ("distintas", "Personas")):
        assert send(client, PAGE, DECIDE, que=what).status_code == 303
        assert said in words_of(client.get(PAGE))
    assert "100,0 % : 2 de 2 registros" in words_of(client.get(PAGE))


def test_what_is_no_decision_changes_nothing(client, session, tickets):
    at_work(client, session)
    assert send(client, PAGE, DECIDE, que="borrar", ids=["x", "999999"]).status_code == 303
    assert "0,0 % : 0 de 2 registros" in words_of(client.get(PAGE))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECRETARIA])
def test_who_may_not_see_contact_data_sees_no_register(client, session, tickets, role):
    at_work(client, session, role, "planeacion" if role == Role.SECRETARIA else None)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/atencion/").text
