"""Do two officials who have the same case open know of each other, and is nothing overwritten between them?"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_code
from pqr.tickets import presence
from pqr.tickets.annotating import Annotation, annotate
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.contributing import Gift, contribute
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.presence import Viewing
from tests.builders import NOW, assigned, office_of
from tests.desk.staff import at_work, employ, enter, form_of, look_again, words_of
from tests.tickets.test_tickets_contributing import asked


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def on_a_tuesday(clock):
    return clock


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


def test_who_opens_a_case_learns_who_else_has_it_open_for_as_long_as_it_is(app, session, ticket, clock):
    one, other = app.test_client(), app.test_client()
    at_work(one, session)
    enter(other, employ(session, Role.SECRETARIA, "planeacion"))
    assert "viendo este caso" not in words_of(one.get(page(ticket)))
    assert "desk@puerres.example también está viendo este caso." in words_of(other.get(page(ticket)))
    asked = f"{page(ticket)}/presencia"
    assert one.get(asked).json == {"others": "planeacion@puerres.example también está viendo este caso."}
    clock.shift(timedelta(seconds=60))
    assert other.get(asked).json["others"] != ""
    clock.shift(timedelta(seconds=30))
    assert one.get(asked).json["others"].startswith("planeacion@")  # who asked thirty seconds ago
    clock.shift(timedelta(seconds=80))
    assert other.get(asked).json == {"others": ""}


def test_several_are_named_together_and_another_case_s_readers_are_not(app, session, office, ticket):
    elsewhere = assigned(session, office)
    session.commit()
    for role, code in ((Role.ADMIN, None), (Role.AUDITOR, None), (Role.SECRETARIA, "planeacion")):
        client = app.test_client()
        enter(client, employ(session, role, code))
        client.get(page(ticket if code is None else elsewhere))
    at_work(client, session)
    said = "admin@puerres.example y auditor@puerres.example también están viendo este caso."
    assert said in words_of(client.get(page(ticket)))


def test_nobody_is_told_who_looks_at_another_office_s_case(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "hacienda")
    assert client.get(f"{page(ticket)}/presencia").status_code == 404


def test_yesterday_s_lookers_are_forgotten(client, session, ticket, clock):
    at_work(client, session)
    client.get(page(ticket))
    for hours, left in ((23, 1), (2, 0)):
        clock.shift(timedelta(hours=hours))
        look_again(session)
        presence.forget(session, NOW + timedelta(hours=23 if left else 25))
        session.commit()
        assert session.scalar(select(func.count()).select_from(Viewing)) == left


ARRIVALS = {
    "a message": lambda session, ticket, here: add_message(
        session, FollowUp(ticket, "Ya volvió el agua.", "citizen"), here, NOW
    ),
    "a contribution": lambda session, ticket, here: contribute(
        session, Gift(asked(session, here, ticket), "Ya volvió el agua.", "secretaria:salud"), here, NOW
    ),
}


@pytest.mark.parametrize("arrival", ARRIVALS.values(), ids=ARRIVALS.keys())
def test_what_arrives_while_somebody_answers_is_shown_beside_what_was_typed(client, session, office, ticket, arrival):
    at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder").to_dict() | {
        "text": "El agua vuelve mañana."
    }
    arrival(session, ticket, office)
    session.commit()
    conflict = client.post(f"{page(ticket)}/responder", data=stale)
    assert conflict.status_code == 409
    told = words_of(conflict)
    theirs, mine = told.index("Ya volvió el agua."), told.index("Esto fue lo que usted escribió")
    assert theirs < mine < told.index("El agua vuelve mañana.")
    look_again(session)
    assert not ticket.answers
    again = form_of(conflict.text, f"{page(ticket)}/responder")
    assert again["text"] == "El agua vuelve mañana."
    assert client.post(f"{page(ticket)}/responder", data=again).status_code == 303  # seen, and meant


def test_both_versions_of_a_choice_are_said_in_words(client, session, office, ticket):
    at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/asignar").to_dict()
    stale |= {"secretaria": str(by_code(session, "salud").id), "reason": "Es de salud"}
    assign(session, Assignment(ticket, by_code(session, "hacienda"), "Es de impuestos", "user:1"), office, NOW)
    session.commit()
    conflict = client.post(f"{page(ticket)}/asignar", data=stale)
    assert conflict.status_code == 409
    told = words_of(conflict)
    assert "A Secretaría de Hacienda. Antes: Secretaría de Planeación. Razón: Es de impuestos" in told
    assert "usted escribió Dependencia Secretaría de Salud Razón Es de salud" in told
    look_again(session)
    assert ticket.secretaria.code == "hacienda"


def test_a_colleague_s_note_stops_nobody(client, session, ticket):
    at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder").to_dict() | {"text": "Se arregla."}
    annotate(session, Annotation(ticket, "Llamé a la persona.", "user:99"), NOW)
    session.commit()
    assert client.post(f"{page(ticket)}/responder", data=stale).status_code == 303
