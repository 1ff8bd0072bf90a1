"""Can the desk register, decide and notify an appeal, send an insistence to the judge, and mark a claim?"""

from datetime import date

import pytest
import time_machine

from pqr.secretarias.models import ExternalBody
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appeals import presented
from pqr.tickets.communicating import communicate
from pqr.tickets.duties import pending_of
from pqr.tickets.events import history
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.ruling import Ruling
from tests.builders import NOW, assigned, at, letters_of, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of

TOLD = at("2026-03-10 09:00")  # the tenth business day after it is Wednesday the 25th
WHY = "Mi casa tampoco tiene agua."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-03-26 16:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def denied(session, office, ruling=None, kind="peticion_particular"):
    ticket = assigned(session, office, kind=kind)
    reply = Reply(ticket, "No procede.", "user:1", final=True, ruling=ruling or Ruling(AnswerOutcome.DENIED))
    record_answer(session, reply, office, NOW)
    communicate(session, ticket, "counter", "user:1", office, TOLD)
    return ticket


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def filed(session, ticket):
    look_again(session)
    return presented(history(session, ticket.id))


def test_what_the_person_wrote_is_registered_with_one_click_and_its_own_day(client, session, office):
    ticket = denied(session, office)
    message = add_message(session, FollowUp(ticket, WHY, "citizen"), office, at("2026-03-25 20:00"))
    session.commit()
    at_work(client, session)
    shown = client.get(page(ticket))
    assert form_of(shown.text, f"{page(ticket)}/recurso")["message"] == str(message.id)
    assert "hasta el miércoles 25 de marzo de 2026 (CPACA (Ley 1437 de 2011), art. 76)" in words_of(shown)
    assert act(client, ticket.radicado, "recurso").status_code == 303
    found = filed(session, ticket)
    assert (found.received_on, found.is_late) == (date(2026, 3, 25), False)
    words = words_of(client.get(page(ticket)))
    for told in ("Recurso de reposición", "En tiempo", "A más tardar el lunes 25 de mayo de 2026", WHY):
        assert told in words


def test_a_late_one_from_the_counter_is_received_decided_and_notified(client, session, office):
    ticket = denied(session, office)
    session.commit()
    at_work(client, session)
    empty = act(client, ticket.radicado, "recurso")
    assert empty.status_code == 422
    assert "Escriba lo que presentó la persona" in words_of(empty)
    assert act(client, ticket.radicado, "recurso", text=WHY).status_code == 303
    words = words_of(client.get(page(ticket)))
    assert "Tarde" in words
    assert "Puede rechazarlo por eso, con sus razones" in words
    assert act(client, ticket.radicado, "decidir-recurso", result="late").status_code == 422
    assert act(client, ticket.radicado, "decidir-recurso", result="late", text="Pasó el plazo.").status_code == 303
    words = words_of(client.get(page(ticket)))
    for told in ("Rechaza el recurso por haberse presentado tarde", "Falta notificarla", "Citar a la persona"):
        assert told in words
    told = act(client, ticket.radicado, "recurso-notificado", way="counter", note="Firmó el recibido.")
    assert told.status_code == 303
    assert filed(session, ticket).told
    assert "Otros plazos de este caso" not in words_of(client.get(page(ticket)))


def test_an_insistence_goes_to_the_judge_and_what_he_orders_is_delivered(client, session, office):
    judge = ExternalBody(name="Juzgado Administrativo de Prueba", email="juzgado@justicia.example")
    session.add(judge)
    reserve = Ruling(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18, lit. a")
    ticket = denied(session, office, reserve, "informacion")
    session.commit()
    at_work(client, session)
    assert act(client, ticket.radicado, "recurso", text=WHY, received_on="2026-03-24").status_code == 303
    shown = client.get(page(ticket))
    assert form_of(shown.text, f"{page(ticket)}/enviar-al-juez")["judge"] == str(judge.id)
    assert "alarma de la casa" in words_of(shown)
    assert act(client, ticket.radicado, "enviar-al-juez").status_code == 303
    look_again(session)
    assert letters_of(session, "judge")[0].recipient == judge.email
    decided = {"judged": "granted", "decided_on": "2026-03-26", "text": "Entregue el contrato.", "by": "2026-04-06"}
    assert act(client, ticket.radicado, "decision-del-juez", **decided).status_code == 303
    assert "A más tardar el lunes 6 de abril de 2026" in words_of(client.get(page(ticket)))
    assert act(client, ticket.radicado, "cumplir-orden", text="El contrato dice esto.").status_code == 303
    look_again(session)
    assert pending_of(session, ticket) == []
    words = words_of(client.get(page(ticket)))
    for told in ("El expediente se envió al juez", "Ordena entregar lo que se pidió", "Respuesta complementada"):
        assert told in words


def test_the_mark_of_a_claim_is_noted_where_it_was_put(client, session, office):
    ticket = assigned(session, office, kind="habeas_data_reclamo")
    session.commit()
    at_work(client, session)
    assert "Leyenda «reclamo en trámite»" in words_of(client.get(page(ticket)))
    put = {"where": "Base del Sisbén", "put_on": "2026-03-06", "reason": "La dirección no es la suya."}
    assert act(client, ticket.radicado, "leyenda", **put).status_code == 303
    words = words_of(client.get(page(ticket)))
    for told in ("En Base del Sisbén, el viernes 6 de marzo de 2026", "Tarde: el plazo era el jueves 5 de marzo"):
        assert told in words
    assert "Otros plazos de este caso" not in words
