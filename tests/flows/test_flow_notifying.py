"""From door to ledger: a decision reaches the person by the lawful way, and the next one when it fails."""

from datetime import date

import pytest
import time_machine
from flask import g
from sqlalchemy import select

from pqr import mailroom
from pqr.app import create_app
from pqr.db import db, transaction
from pqr.door import office
from pqr.mail.inbox import Received
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.letters import code_of
from pqr.tickets.models import Ticket
from pqr.upkeep import verify
from tests.builders import at, delivery_report, filed, letters_of
from tests.desk.staff import act, employ, enter, send, words_of
from tests.installation import make_settings
from workers.avisos import keep

CITIZEN = "ana@correo.example"
MONDAY = "2026-03-16T09:00:00-05:00"  # Monday the 23rd is a holiday


@pytest.fixture
def now():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database_url, tmp_path, relay, now):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(service):
    """A browser, and a way to log in again after days have passed."""
    client, user = service.test_client(), employ(db.session())
    enter(client, user)
    client.again = lambda: enter(client, user)
    return client


def ticket():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Ticket)).one()


def file(**given):
    with transaction() as session:
        filed(session, office(session), at("2026-03-16 08:30"), **given)
    mailroom.send_waiting()
    return ticket().radicado


def move(now, desk, moment):
    now.move_to(f"{moment}-05:00")
    db.session.rollback()
    g.pop("csrf_token", None)
    desk.again()


def opened(service, radicado):
    """The browser of whoever has the code."""
    client = service.test_client()
    g.pop("csrf_token", None)  # of the official's browser
    code = code_of(ticket(), office(db.session()))
    return client, client.get(f"/radicado/{radicado}?code={code}", follow_redirects=True)


def kinds():
    return [event.kind for event in history(db.session(), ticket().id)]


def in_order():
    return list(verify(db.session(), office(db.session()))) == []


def case(desk, radicado):
    return look(desk, f"/atencion/radicado/{radicado}")


def look(client, path):
    """The words of a page, from the database as it is now."""
    ticket()
    return words_of(client.get(path))


def test_an_anonymous_report_is_answered_by_aviso_and_followed_by_code(service, desk, now):
    radicado = file(kind="denuncia", identity="anonymous", petitioner=PetitionerData())
    assert "se publica tal cual en Avisos" in case(desk, radicado)
    assert act(desk, radicado, "responder", text="Se abrió la investigación 12.").status_code == 303
    page = case(desk, radicado)
    assert "El aviso está publicado" in page
    assert "Aviso para la cartelera (PDF)" in page
    board = desk.get(f"/atencion/radicado/{radicado}/aviso.pdf")
    assert board.data.startswith(b"%PDF")
    up = look(service.test_client(), "/avisos")
    assert "Se abrió la investigación 12." in up
    assert radicado in up
    assert "Hasta martes 24 de marzo de 2026" in up

    move(now, desk, "2026-03-25T00:20:00")
    keep()
    assert "Hoy no hay avisos" in look(service.test_client(), "/avisos")
    archived = look(service.test_client(), "/avisos/1")
    assert "Desfijado el martes 24 de marzo de 2026" in archived
    assert "investigación" not in archived
    assert ticket().state == "answered"

    move(now, desk, "2026-03-26T00:20:00")
    keep()
    keep()
    assert (ticket().state, ticket().outcome, ticket().days_used) == ("closed", "answered", 6)
    _, page = opened(service, radicado)
    assert "Se abrió la investigación 12." in words_of(page)
    assert "se publicó en la cartelera" in words_of(page)
    assert kinds()[-4:] == ["notice_published", "notice_removed", "communicated", "answer_opened"]
    assert in_order()


def test_an_answer_that_bounces_goes_on_by_aviso_with_one_click(service, desk, now, relay):
    radicado = file()
    act(desk, radicado, "responder", text="Ya se reparó el tubo.")
    mailroom.send_waiting()
    assert ticket().state == "closed"
    letter = letters_of(db.session(), "answer")[0]
    mailroom.store(Received(delivery_report(letter, CITIZEN)))
    mailroom.process_waiting()
    assert ticket().state == "answered"

    page = case(desk, radicado)
    assert "Corresponde publicar el aviso" in page
    assert "no se conoce una dirección que sirva" in page
    assert act(desk, radicado, "notificar").status_code == 303
    up = look(service.test_client(), "/avisos")
    assert radicado in up
    assert "Ana Prueba" not in up
    assert "Ya se reparó el tubo." not in up  # an ordinary answer is nobody else's business

    move(now, desk, "2026-03-26T01:00:00")
    keep()
    assert (ticket().state, ticket().communicated_at) == ("closed", at("2026-03-25 23:59:59"))
    proof = case(desk, radicado)
    assert "No such user" in proof
    assert "Con efecto al terminar el miércoles 25 de marzo de 2026" in proof
    assert in_order()


def test_a_denial_notified_electronically_has_effect_when_it_is_opened(service, desk, now, relay):
    person = PetitionerData("Ana Prueba", email=CITIZEN, accepts_electronic_notification=True)
    radicado = file(kind="peticion_particular", petitioner=person)
    act(desk, radicado, "responder", text="No se puede dar el subsidio.", outcome="denied")
    mailroom.send_waiting()
    told = relay.to(CITIZEN)[-1]
    words = told.get_body(("plain",)).get_content()
    assert "No se puede dar" not in words
    assert "recurso de reposición" in words
    assert [part.get_filename() for part in told.iter_attachments()] == []
    assert ticket().state == "answered"
    assert "queda notificada en la fecha y la hora en que abra la decisión" in case(desk, radicado)

    move(now, desk, "2026-03-18T20:15:00")
    client, page = opened(service, radicado)
    assert "No se puede dar" not in words_of(page)
    assert client.get(f"/radicado/{radicado}/respuesta.pdf").status_code == 404
    assert ticket().state == "answered"  # programs follow links: opening is a decision
    done = send(client, f"/radicado/{radicado}", f"/radicado/{radicado}/abrir")
    assert done.status_code == 303
    assert "No se puede dar el subsidio." in look(client, f"/radicado/{radicado}")
    assert ticket().communicated_at == ticket().answer.opened_at == at("2026-03-18 20:15")
    assert (ticket().state, ticket().days_used) == ("closed", 2)
    assert kinds()[-2:] == ["answer_opened", "communicated"]
    assert "Notificación electrónica" in case(desk, radicado)
    assert in_order()


def test_a_denial_without_acceptance_is_cited_and_then_sent_as_aviso(service, desk, now, relay):
    radicado = file(kind="peticion_particular")
    act(desk, radicado, "responder", text="No se puede dar el subsidio.", outcome="denied")
    mailroom.send_waiting()
    assert "a más tardar el martes 24 de marzo de 2026" in relay.to(CITIZEN)[-1].get_body(("plain",)).get_content()
    assert "Se le citó: puede venir hasta el martes 24 de marzo de 2026" in case(desk, radicado)
    refused = act(desk, radicado, "notificar", way="notice_sent")
    assert refused.status_code == 422
    assert "diga por qué" in words_of(refused)

    move(now, desk, "2026-03-25T09:00:00")
    assert "Corresponde enviar el aviso con la copia completa" in case(desk, radicado)
    assert act(desk, radicado, "notificar", way="notice_sent").status_code == 303
    mailroom.send_waiting()
    copy = relay.to(CITIZEN)[-1]
    assert "No se puede dar el subsidio." in copy.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in copy.iter_attachments()] == [f"respuesta-{ticket().answer.radicado}.pdf"]
    assert ticket().state == "answered"

    move(now, desk, "2026-03-27T00:20:00")
    keep()
    assert (ticket().state, ticket().communicated_at) == ("closed", at("2026-03-26 23:59:59"))
    assert ticket().answer.communicated_by == "notice_sent"
    assert in_order()


def test_whoever_was_cited_may_accept_and_open_the_decision_on_the_page(service, desk, now):
    radicado = file(kind="peticion_particular")
    act(desk, radicado, "responder", text="No se puede.", outcome="denied")
    mailroom.send_waiting()
    client, page = opened(service, radicado)
    assert "Al abrirla aquí acepta que se la notifiquemos por internet" in words_of(page)
    done = send(client, f"/radicado/{radicado}", f"/radicado/{radicado}/abrir")
    assert done.status_code == 303, words_of(done)
    assert ticket().state == "closed"
    assert ticket().petitioner.accepts_electronic_notification
    assert kinds()[-3:] == ["electronic_accepted", "answer_opened", "communicated"]
    assert ticket().due_on > date(2026, 3, 16)


def test_an_incomplete_petition_left_in_silence_is_withdrawn_and_its_person_told_by_aviso(service, desk, now):
    radicado = file(kind="reclamo", petitioner=PetitionerData("Luis Ejemplo", phone="300"))
    assert act(desk, radicado, "pedir", cause="completion", text="Falta el recibo del agua.").status_code == 303
    move(now, desk, "2026-04-17T09:00:00")  # the month ended yesterday
    assert act(desk, radicado, "desistimiento-tacito").status_code == 303
    assert (ticket().state, ticket().outcome) == ("closed", "withdrawn_tacit")

    assert "Corresponde publicar la citación" in case(desk, radicado)
    assert act(desk, radicado, "notificar").status_code == 303
    up = look(service.test_client(), "/avisos")
    assert f"Citación: petición {radicado}" in up
    assert "Luis Ejemplo" in up
    assert "recibo del agua" not in up

    move(now, desk, "2026-04-25T00:20:00")  # five business days, up to Friday the 24th
    keep()
    assert "Hoy no hay avisos" in look(service.test_client(), "/avisos")
    assert ticket().communicated_at is None
    assert "Corresponde publicar el aviso" in case(desk, radicado)
    move(now, desk, "2026-04-27T09:00:00")
    assert act(desk, radicado, "notificar").status_code == 303
    up = look(service.test_client(), "/avisos")
    assert "se decreta el desistimiento tácito" in up
    assert "recurso de reposición" in up

    move(now, desk, "2026-05-07T01:00:00")  # Friday the 1st is a holiday: up until Tuesday the 5th
    keep()
    assert ticket().communicated_at == at("2026-05-06 23:59:59")
    assert [kind for kind in kinds() if kind.startswith(("withdrawn", "citation", "notice", "notified"))] == [
        "withdrawn_tacit", "citation_posted", "citation_removed", "notice_published", "notice_removed", "notified",
    ]  # fmt: skip
    assert in_order()
