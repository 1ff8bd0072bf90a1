"""One screen for each new petition: does it say whose it seems and why, and does accepting do all of it or nothing?"""

from datetime import date, timedelta

import pytest
import time_machine

from pqr.secretarias.directory import by_code
from pqr.secretarias.models import Lesson
from pqr.tickets.events import history
from pqr.tickets.models import Identity
from pqr.tickets.states import State
from tests.builders import NOW, filed, letters_of, office_of
from tests.desk.staff import at_work, form_of, look_again, words_of

TRIAGE = "/atencion/clasificar"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings, routing="desk")


@pytest.fixture
def new(session, office):
    """Files one that waits for an office, committed."""

    def file(**changes):
        ticket = filed(session, office, **changes)
        session.commit()
        return ticket

    return file


def accept(client, ticket, page=TRIAGE, **typed):
    path = f"{TRIAGE}/{ticket.radicado}"
    fields = form_of(client.get(page).text, path)
    for name, value in typed.items():
        fields.setlist(name, value) if isinstance(value, list) else fields.__setitem__(name, value)
    return client.post(path, data=fields)


def test_the_proposal_is_accepted_with_one_click_and_the_next_comes(client, session, new):
    first, second = new(), new(subject="Otra", body="Sin pistas.")
    at_work(client, session)
    page = client.get(TRIAGE)
    assert "Se propone" in words_of(page)
    assert "Habla de: " in words_of(page)
    done = accept(client, first)
    assert (done.status_code, done.location) == (303, TRIAGE)
    following = words_of(client.get(done.location))
    assert f"{first.radicado} va a" in following
    assert second.radicado in following
    assert "Nada en el texto dice de quién es" in following
    look_again(session)
    assert (first.state, first.topic_id is not None) == (State.ASSIGNED, True)
    assert [event.kind for event in history(session, first.id)][-2:] == ["labelled", "assigned"]
    assert letters_of(session, "assignment", first)


def test_kind_turn_topic_and_office_change_together(client, session, new):
    ticket = new(subject="Consulta", body="Pido copia de un acta.", kind="consulta")
    at_work(client, session)
    salud = str(by_code(session, "salud").id)
    accept(client, ticket, kind="documentos", secretaria=salud, topic="4", reason="Pide copias", priority=["nna"])
    look_again(session)
    assert (ticket.kind, ticket.due_on, ticket.topic_id) == ("documentos", date(2026, 3, 17), 4)
    assert (ticket.priority, ticket.secretaria.code, ticket.state) == (["nna"], "salud", State.ASSIGNED)
    kinds = [event.kind for event in history(session, ticket.id)]
    assert kinds[-4:] == ["reclassified", "prioritised", "labelled", "assigned"]
    story = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    assert "Antes: Consulta" in story
    assert "Antes: ninguno; ahora: Niñez" in story


def test_danger_comes_first_then_the_nearest_date(client, session, new):
    late = new(received_at=NOW - timedelta(days=20), subject="Vieja", body="Sin pistas.")
    danger = new(subject="Peligro", body="Sin pistas.", priority=("peligro_inminente",))
    at_work(client, session)
    first = client.get(TRIAGE)
    assert danger.radicado in words_of(first)
    later = client.get(f"{TRIAGE}?despues=0_{danger.due_on}_{danger.id}")
    assert late.radicado in words_of(later)
    assert "Clasificar (2)" in words_of(client.get("/atencion/"))


def test_what_is_left_for_later_stays_behind_until_the_list_begins_again(client, session, new):
    first, second = new(subject="Uno", body="Sin pistas."), new(subject="Dos", body="Sin pistas.")
    at_work(client, session)
    behind = f"{TRIAGE}?despues=9_{first.due_on}_{first.id}"
    assert behind.replace("&", "&amp;") in client.get(TRIAGE).text
    salud = str(by_code(session, "salud").id)
    done = accept(client, second, behind, secretaria=salud, reason="Es suya")
    assert done.location == behind
    end = words_of(client.get(done.location))
    assert "Llegó al final" in end
    assert "Queda 1 petición que dejó para después" in end
    assert first.radicado in words_of(client.get(TRIAGE))


def test_when_none_is_left_the_page_is_glad_and_the_queue_has_no_door_to_it(client, session):
    at_work(client, session)
    assert "Todo está clasificado" in words_of(client.get(TRIAGE))
    assert "Clasificar (" not in words_of(client.get("/atencion/"))


@pytest.mark.parametrize(
    "changes", [{"kind": "denuncia"}, {"identity": Identity.RESERVED}, {"body": "Hubo un soborno en el acueducto"}]
)
def test_what_may_speak_of_an_office_is_proposed_to_control_interno(client, session, new, changes):
    ticket = new(**changes)
    at_work(client, session)
    page = client.get(TRIAGE)
    assert "la recibe Control Interno" in words_of(page)
    control = str(by_code(session, "control_interno").id)
    assert form_of(page.text, f"{TRIAGE}/{ticket.radicado}")["secretaria"] == control


def test_a_reserved_name_is_not_on_the_page(client, session, new):
    new(identity=Identity.RESERVED)
    at_work(client, session)
    assert "Ana Prueba" not in words_of(client.get(TRIAGE))


def test_a_colleague_s_decision_is_not_written_over(client, session, new):
    ticket = new()
    at_work(client, session)
    fields = form_of(client.get(TRIAGE).text, f"{TRIAGE}/{ticket.radicado}")
    ticket.place = "Vereda nueva"
    session.commit()
    fields["reason"] = "Mi razón"
    answer = client.post(f"{TRIAGE}/{ticket.radicado}", data=fields)
    assert answer.status_code == 409
    assert "Alguien cambió este caso" in words_of(answer)
    again = form_of(answer.text, f"{TRIAGE}/{ticket.radicado}")
    assert again["reason"] == "Mi razón"
    assert client.post(f"{TRIAGE}/{ticket.radicado}", data=again).status_code == 303


def test_an_act_that_is_refused_undoes_the_others(client, session, new):
    ticket = new(subject="Consulta", body="Sin pistas.", kind="consulta")
    ticket.extension = 30
    session.commit()
    at_work(client, session)
    salud = str(by_code(session, "salud").id)
    answer = accept(client, ticket, kind="documentos", secretaria=salud, reason="Copias", priority=["nna"])
    assert answer.status_code == 422
    assert "ya tiene una prórroga" in words_of(answer)
    look_again(session)
    assert (ticket.state, ticket.kind, ticket.priority) == (State.FILED, "consulta", [])


def test_what_somebody_else_has_classified_meanwhile_leads_to_the_next(client, session, new):
    ticket = new()
    at_work(client, session)
    fields = form_of(client.get(TRIAGE).text, f"{TRIAGE}/{ticket.radicado}")
    assert client.post(f"{TRIAGE}/{ticket.radicado}", data=fields).status_code == 303
    answer = client.post(f"{TRIAGE}/{ticket.radicado}", data=fields)
    assert answer.status_code == 409
    assert "Otra persona ya la clasificó" in words_of(answer)
    assert "Asignada (desk@puerres.example). A Oficina de Servicios Públicos" in words_of(answer)
    assert "Siguiente" in words_of(answer)


def test_what_lacks_is_said_and_nothing_is_lost(client, session, new):
    ticket = new(subject="Algo", body="Sin pistas.")
    at_work(client, session)
    answer = accept(client, ticket, kind="queja")
    assert answer.status_code == 422
    assert "Elija la dependencia." in words_of(answer)
    assert form_of(answer.text, f"{TRIAGE}/{ticket.radicado}")["kind"] == "queja"


def test_the_past_proposes_where_the_keywords_are_silent_and_says_how_often_it_was_right(client, session, new):
    salud = by_code(session, "salud").id
    ticket = new(subject="Zarzuela", body="Quiero una zarzuela.")
    for number, words in ((salud, {"zarzuel": 20}), (by_code(session, "hacienda").id, {"predial": 20})):
        session.add(Lesson(secretaria_id=number, examples=20, tried=10, right=8, counts=words, learned_at=NOW))
    session.commit()
    at_work(client, session)
    page = client.get(TRIAGE)
    assert "Secretaría de Salud. Así se asignaron 8 de cada 10 parecidas, por palabras como: zarzuela." in words_of(
        page
    )
    assert form_of(page.text, f"{TRIAGE}/{ticket.radicado}")["secretaria"] == str(salud)
    look_again(session)
    assert ticket.state == State.FILED  # it never acts alone
