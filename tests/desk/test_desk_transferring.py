"""Can the desk send a petition to the authority whose matter it is, and say so to everybody?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.secretarias.directory import body_of
from pqr.secretarias.models import Topic
from pqr.tickets.events import history
from pqr.tickets.models import Identity
from pqr.tickets.transfers import transfers_of
from tests.builders import assigned, at, filed, letters_of, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of

WHY = "La vía es del departamento."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-03-10 16:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def topic(session):
    topic = session.query(Topic).filter(Topic.transfer_to != "").order_by(Topic.id).first()
    body_of(session, topic).email = "ventanilla@entidad.example"
    return topic


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def test_the_page_proposes_the_entity_of_the_topic_and_it_goes_there(client, session, office, topic):
    ticket = filed(session, office, topic_id=topic.id)
    body = body_of(session, topic)
    session.commit()
    at_work(client, session)
    shown = client.get(page(ticket)).text
    assert form_of(shown, f"{page(ticket)}/trasladar")["body"] == str(body.id)
    assert "A más tardar el <strong>martes 10 de marzo de 2026" in shown
    assert act(client, ticket.radicado, "trasladar", reason=WHY).status_code == 303
    look_again(session)
    assert ticket.outcome == "transferred"
    assert letters_of(session, "transfer")[0].recipient == "ventanilla@entidad.example"
    words = words_of(client.get(page(ticket)))
    sent = transfers_of(session, ticket)[0]
    assert f"A {body.name}, con el oficio {sent.radicado}" in words
    assert WHY in words
    assert client.get(f"{page(ticket)}/traslado/{sent.id}.pdf").data.startswith(b"%PDF")
    assert client.get(f"{page(ticket)}/traslado/999999.pdf").status_code == 404


def test_late_the_page_asks_why_and_keeps_what_was_written(client, session, office, topic, clock):
    ticket = assigned(session, office)
    body = body_of(session, topic)
    session.commit()
    clock.move_to(at("2026-03-11 08:00"))
    at_work(client, session)
    refused = act(client, ticket.radicado, "trasladar", body=str(body.id), reason=WHY)
    assert refused.status_code == 422
    assert "a más tardar el martes 10 de marzo de 2026" in words_of(refused)
    assert form_of(refused.text, f"{page(ticket)}/trasladar")["reason"] == WHY
    assert (
        act(client, ticket.radicado, "trasladar", body=str(body.id), reason=WHY, late_reason="Se dudó.").status_code
        == 303
    )
    assert "Tarde (el plazo era el martes 10 de marzo de 2026): Se dudó." in words_of(client.get(page(ticket)))


def test_without_an_address_the_paper_is_printed_taken_and_noted(client, session, office, topic):
    ticket = filed(session, office, topic_id=topic.id, identity=Identity.RESERVED)
    session.commit()
    at_work(client, session)
    body = str(body_of(session, topic).id)
    assert "llévelo en sobre cerrado" in words_of(client.get(page(ticket)))
    assert act(client, ticket.radicado, "trasladar", body=body, reason=WHY).status_code == 303
    look_again(session)
    assert act(client, ticket.radicado, "traslado-entregado", proof="").status_code == 422
    assert act(client, ticket.radicado, "traslado-entregado", proof="Firmó Ana, hoy.").status_code == 303
    look_again(session)
    assert history(session, ticket.id)[-1].kind == "transfer_delivered"
    assert "traslado-entregado" not in client.get(page(ticket)).text


def test_nothing_is_transferred_without_an_entity_and_a_reason(client, session, office, topic):
    ticket = assigned(session, office)
    session.commit()
    at_work(client, session)
    refused = act(client, ticket.radicado, "trasladar", body="", reason=" ")
    assert refused.status_code == 422
    for told in ("Elija la entidad", "Escriba por qué le corresponde"):
        assert told in words_of(refused)


def test_an_office_transfers_nothing(client, session, office, topic):
    ticket = assigned(session, office)
    session.commit()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert f"{page(ticket)}/trasladar" not in client.get(page(ticket)).text


def test_the_person_reads_on_the_page_of_the_case_where_it_went(client, session, office, topic):
    ticket = filed(session, office, topic_id=topic.id)
    session.commit()
    at_work(client, session)
    act(client, ticket.radicado, "trasladar", reason=WHY)
    look_again(session)
    link = letters_of(session, "transferred")[0].text.split("Entre a su caso aquí:\n")[1].split()[0]
    told = words_of(client.get(link.removeprefix(office.base_url), follow_redirects=True))
    for words in ("Trasladada", body_of(session, topic).name, WHY):
        assert words in told
