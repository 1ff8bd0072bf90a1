"""Many petitions at once: does each get what was asked, and is each that did not named with its reason?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import Topic
from pqr.tickets.events import history
from pqr.tickets.states import State
from tests.builders import NOW, assigned, filed, letters_of, office_of
from tests.desk.staff import at_work, form_of, look_again, words_of

BULK = "/atencion/elegidas?vista=abiertas"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tickets(session, settings):
    office = office_of(session, settings, routing="desk")
    made = [filed(session, office, subject=f"Petición {number}") for number in range(3)]
    session.commit()
    return made


def send(client, tickets, do="asignar", **typed):
    fields = form_of(client.get("/atencion/").text, BULK)
    fields.setlist("elegida", [f"{each.radicado}.{each.version}" for each in tickets])
    for name, value in {"hacer": do, **typed}.items():
        fields[name] = value
    return client.post(BULK, data=fields)


def test_the_chosen_ones_go_to_their_office_each_with_its_letter_and_its_reason(client, session, tickets):
    at_work(client, session)
    salud = by_code(session, "salud")
    done = send(client, tickets[:2], secretaria=str(salud.id), reason="Son de vacunación")
    assert (done.status_code, done.location) == (303, "/atencion/?vista=abiertas")
    assert "2 peticiones asignadas a Secretaría de Salud" in words_of(client.get(done.location))
    look_again(session)
    assert [each.state for each in tickets] == [State.ASSIGNED, State.ASSIGNED, State.FILED]
    for each in tickets[:2]:
        assert history(session, each.id)[-1].data["reason"] == "Son de vacunación"
        assert len(letters_of(session, "assignment", each)) == 1


def test_one_that_is_refused_stops_no_other_and_is_named(client, session, settings, tickets):
    at_work(client, session)
    salud = by_code(session, "salud")
    already = assigned(session, office_of(session, settings), "salud")
    session.commit()
    versions = {each: each.version for each in (*tickets, already)}
    tickets[0].place = "Otra vereda"
    tickets[1].state = State.ANSWERED
    session.commit()
    fields = form_of(client.get("/atencion/").text, BULK)
    stale = f"{tickets[0].radicado}.{versions[tickets[0]]}"
    fields.setlist(
        "elegida",
        [
            stale,
            f"{tickets[1].radicado}.{tickets[1].version}",
            f"{tickets[2].radicado}.{tickets[2].version}",
            f"{already.radicado}.{already.version}",
            "2026-E-999999.1\0",
        ],
    )
    fields["hacer"], fields["secretaria"], fields["reason"] = "asignar", str(salud.id), "Son suyas"
    words = words_of(client.post(BULK, data=fields))
    assert f"{tickets[0].radicado} : Alguien cambió este caso" in words
    assert f"{tickets[1].radicado} : No se puede asignar" in words
    assert f"{already.radicado} : Ya estaba en esa dependencia" in words
    assert "2026-E-999999 : No está." in words
    assert "1 petición asignada a Secretaría de Salud" in words
    look_again(session)
    assert [each.state for each in tickets] == [State.FILED, State.ANSWERED, State.ASSIGNED]


def test_a_topic_is_put_on_all_of_them(client, session, tickets):
    at_work(client, session)
    done = send(client, tickets, "tema", topic="4")
    assert f"3 peticiones con el tema «{session.get_one(Topic, 4).name}»" in words_of(client.get(done.location))
    look_again(session)
    assert [each.topic_id for each in tickets] == [4, 4, 4]
    assert [history(session, each.id)[-1].kind for each in tickets] == ["labelled"] * 3
    send(client, tickets, "tema", topic="0")
    look_again(session)
    assert [each.topic_id for each in tickets] == [None, None, None]


def test_what_lacks_is_said_beside_its_field_and_the_boxes_stay_ticked(client, session, tickets):
    at_work(client, session)
    answer = send(client, tickets[:1], secretaria=str(by_code(session, "salud").id))
    assert answer.status_code == 422
    assert "Diga por qué van a esa dependencia." in words_of(answer)
    assert f'value="{tickets[0].radicado}.{tickets[0].version}" autocomplete="off" checked' in answer.text
    assert send(client, tickets[:1], "tema").status_code == 422
    none = send(client, [], secretaria="1")
    assert none.status_code == 422
    assert "Elija primero las peticiones" in words_of(none)


def test_only_who_classifies_may(client, session, tickets):
    for role in (Role.AUDITOR, Role.SECRETARIA):
        at_work(client, session, role, "salud" if role == Role.SECRETARIA else None)
        assert client.post(BULK).status_code == 403
        assert 'name="elegida"' not in client.get("/atencion/").text
