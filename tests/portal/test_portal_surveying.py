"""Can a person say whether the answer answers, once, and does nobody learn who said it?"""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from pqr.app import create_app
from pqr.db import db
from pqr.mail.addresses import survey_token, surveyed
from pqr.publishing.opinions import SiteOpinion
from pqr.reminders.remind import remind_all
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.events import Event
from pqr.tickets.models import Ticket
from pqr.tickets.ruling import Ruling
from pqr.tickets.surveying import Satisfaction
from tests.builders import NOW, assigned, at, letters_of, office_of
from tests.desk.staff import look_again, words_of
from tests.installation import make_settings
from tests.portal.visitor import LEAST, NAMELESS, file, hidden


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


def answered(session, settings, told=True, **ruling):
    office = office_of(session, settings)
    ticket = assigned(session, office, **({"kind": "peticion_particular"} if ruling else {}))
    record_answer(session, Reply(ticket, "Va la cuadrilla.", "user:1", final=True, **ruling), office, NOW)
    if told:
        communicate(session, ticket, "mail", "system", office, NOW)
    session.commit()
    return ticket, f"/encuesta/{survey_token(ticket.id, office.keys[0])}"


def say(client, path, **said):
    return client.post(path, data={"csrf_token": hidden(client.get(path).text, "csrf_token"), **said})


def kept(session):
    look_again(session)
    return [
        (each.month.isoformat(), each.kind, each.answered, each.solved)
        for each in session.scalars(select(Satisfaction))
    ]


def test_the_letter_brings_the_first_answer_and_a_button_sends_both_once(client, session, settings):
    ticket, path = answered(session, settings)
    assert f"{path}?r=si" in letters_of(session, "answer")[0].text
    page = client.get(f"{path}?r=no")
    assert kept(session) == []  # a program that follows links says nothing
    assert 'value="no" checked' in page.text.replace("  ", " ") or 'checked value="no"' in page.text
    assert "dijo usted. La primera ya está marcada: conteste la segunda y oprima «Enviar»" in words_of(page)
    assert "conteste la segunda" not in words_of(client.get(path))
    assert "ya quedó contada su opinión" in words_of(say(client, path, answered="no", solved="no")).lower()
    assert "entre a su caso" not in words_of(client.get(path))
    client.post(path, data={"csrf_token": hidden(client.get("/radicar").text, "csrf_token"), "answered": "si"})
    assert kept(session) == [("2026-03-01", ticket.kind, False, False)]


def test_what_was_said_leads_back_to_nobody(client, session, settings):
    ticket, path = answered(session, settings)
    events = session.scalars(select(Event.id)).all()
    say(client, path, answered="si", solved="no")
    assert "ticket" not in " ".join(column.name for column in Satisfaction.__table__.columns)
    look_again(session)
    assert session.scalars(select(Event.id)).all() == events
    assert ticket.radicado not in client.get(path).text


@pytest.mark.parametrize("forged", ["a-b", "ae-aaaaaaaaaaaaaaaa", "x" * 300, "ñ", "ae"])
def test_a_link_that_we_never_wrote_opens_nothing(client, session, settings, forged):
    answered(session, settings)
    assert client.get(f"/encuesta/{forged}").status_code == 404
    assert surveyed(forged, ["una clave"]) is None


def test_a_decision_that_was_not_opened_is_not_judged_yet(client, session, settings):
    _, path = answered(session, settings, told=False, ruling=Ruling(AnswerOutcome.DENIED))
    assert client.get(path).status_code == 404


def test_what_lacks_is_said_beside_its_question(client, session, settings):
    _, path = answered(session, settings)
    refused = say(client, path, answered="si")
    assert (refused.status_code, kept(session)) == (422, [])
    assert "Escoja sí o no" in words_of(refused)
    assert "<title>Error: " in refused.text


def test_who_did_not_speak_is_asked_once_and_who_did_is_not(client, session, settings):
    office = office_of(session, settings)
    silent, _ = answered(session, settings)
    _, path = answered(session, settings)
    say(client, path, answered="si", solved="si")
    look_again(session)
    for moment in ("2026-03-09 09:00", "2026-03-10 09:00", "2026-03-10 10:00", "2026-03-11 09:00"):
        remind_all(session, office, at(moment))
        session.commit()
    assert [letter.ticket_id for letter in letters_of(session, "survey")] == [silent.id]
    assert letters_of(session, "survey")[0].created_at == datetime(
        2026, 3, 10, 14, tzinfo=UTC
    )  # the fifth business day


def test_who_was_told_long_ago_is_left_in_peace(session, settings):
    answered(session, settings)
    remind_all(session, office_of(session, settings), at("2026-03-20 09:00"))
    assert letters_of(session, "survey") == []


def test_the_site_is_judged_by_nobody_in_particular(client, session):
    assert client.get("/opinion").status_code == 200
    assert say(client, "/opinion", found="no", text="  Letra más grande  ").status_code == 200
    assert say(client, "/opinion", text="Sin escoger").status_code == 422
    look_again(session)
    (opinion,) = session.scalars(select(SiteOpinion)).all()
    assert (opinion.found, opinion.text, opinion.on.isoformat()) == (False, "Letra más grande", "2026-03-03")


def test_too_many_opinions_are_asked_to_wait_with_their_words(database_url, tmp_path, session):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    assert {say(client, "/opinion", text="Falta el mapa").status_code for _ in range(20)} == {422}
    refused = say(client, "/opinion", text="Falta el mapa")
    assert refused.status_code == 429
    assert "Espere un rato" in words_of(refused)
    assert "Falta el mapa" in refused.text
    with app.app_context():
        db.engine.dispose()


def test_who_gets_no_letter_is_asked_on_the_page_of_the_case_until_they_have_said_it(client, session, settings):
    for form, asked in ((LEAST | {"answer_by": "portal", "email": ""}, True), (NAMELESS, True), (LEAST, False)):
        radicado = file(client, form)
        session.rollback()
        ticket = session.query(Ticket).filter_by(radicado=radicado).one()
        assert "/encuesta/" not in client.get(f"/radicado/{radicado}").text
        record_answer(session, Reply(ticket, "Ya quedó.", "user:1", final=True), office_of(session, settings), NOW)
        session.commit()
        found = re.search(r'href="(/encuesta/[^"]+)"', client.get(f"/radicado/{radicado}").text)
        assert bool(found) == asked
        if found:
            say(client, found[1], answered="si", solved="no")
            assert "/encuesta/" not in client.get(f"/radicado/{radicado}").text
