"""Can a person see what their petition lacks, until when and what happens then, and send it from a telephone?"""

from io import BytesIO

import pytest
import time_machine

from pqr.tickets.clarifying import ask_to_clarify
from pqr.tickets.closing import Decision
from pqr.tickets.completing import Request, ask_to_complete, give_more_time, say_still_lacking
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.suspensions import open_suspension
from pqr.tickets.withdrawing import withdraw_tacitly
from tests.builders import assigned, at, letters_of, office_of
from tests.portal.visitor import hidden, text_of

ASKED = at("2026-03-10 16:00")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def waiting(session, office, ask=ask_to_complete, author="secretaria:planeacion"):
    ticket = assigned(session, office)
    ask(session, Request(ticket, "Falta el plano del predio.", author), office, ASKED)
    session.commit()
    return ticket


@pytest.fixture
def ticket(session, office):
    return waiting(session, office)


def opened(client, ticket):
    """The page, for whoever has the code."""
    path = f"/radicado/{ticket.radicado}"
    with client.session_transaction() as cookie:
        cookie["radicados"] = [ticket.radicado]
    return client.get(path).text


def sent(client, ticket, text="Aquí está el plano.", files=()):
    token = hidden(opened(client, ticket), "csrf_token")
    fields = {"csrf_token": token, "text": text, "attachments": list(files)}
    answer = client.post(f"/radicado/{ticket.radicado}/completar", data=fields)
    answer.request.input_stream.close()
    return answer


def again(session):
    session.rollback()
    session.expire_all()


def test_the_page_says_what_lacks_until_when_and_what_happens_then(client, ticket):
    words = text_of(opened(client, ticket))
    for told in (
        "Necesitamos más información",
        "Qué hace falta",
        "Falta el plano del predio.",
        "Tiene hasta el viernes 10 de abril de 2026.",
        "El plazo para responderle está suspendido.",
        "podemos cerrar el caso como desistido",
        "pídalo aquí antes de ese día",
        "Fecha límite Suspendida por ahora",
    ):
        assert told in words, words
    assert "25 de marzo de 2026" not in words
    assert words.count("Falta el plano del predio.") == 1


def test_what_is_sent_with_its_files_is_kept_and_shown_to_whoever_asked(client, session, ticket, clock):
    clock.move_to(at("2026-03-24 09:00"))
    done = sent(client, ticket, files=[(BytesIO(b"un plano"), "plano.txt")])
    assert (done.status_code, done.location) == (303, f"/radicado/{ticket.radicado}")
    words = text_of(client.get(done.location).text)
    assert "Recibimos lo que envió." in words
    assert "Usted escribió el martes 24 de marzo de 2026" in words
    again(session)
    assert ticket.messages[-1].text == "Aquí está el plano."
    assert [file.name for file in ticket.attachments] == ["plano.txt"]
    assert open_suspension(session, ticket).supplied_at == at("2026-03-24 09:00")
    assert ticket.state == "awaiting_petitioner"  # a person decides whether that was it
    assert "dígalo en la página del caso" in letters_of(session, "follow_up", ticket)[0].text


def test_what_still_lacks_is_read_on_the_page(client, session, office, ticket):
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), office, ASKED)
    say_still_lacking(session, Request(ticket, "Falta la segunda hoja.", "secretaria:planeacion"), office, ASKED)
    session.commit()
    words = text_of(opened(client, ticket))
    assert "Miramos lo que envió y todavía falta Falta la segunda hoja." in words
    assert words.count("Falta la segunda hoja.") == 1


def test_an_empty_answer_is_told_beside_its_field(client, session, ticket):
    refused = sent(client, ticket, text=" ")
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text
    assert "Escriba su respuesta." in refused.text
    assert opened(client, ticket).count("Por corregir") == 0


def test_nobody_without_the_code_sends_anything(client, session, ticket):
    token = hidden(opened(client, ticket), "csrf_token")
    with client.session_transaction() as cookie:
        cookie["radicados"] = []
    answer = client.post(f"/radicado/{ticket.radicado}/completar", data={"csrf_token": token, "text": "Hola"})
    assert (answer.status_code, answer.location) == (302, f"/radicado?radicado={ticket.radicado}")
    again(session)
    assert len(ticket.messages) == 1


def test_after_the_end_it_may_still_be_sent_and_after_the_decision_it_may_not(client, session, office, ticket, clock):
    clock.move_to(at("2026-04-13 09:00"))
    page = opened(client, ticket)
    assert "El plazo para enviarlo terminó el viernes 10 de abril de 2026." in text_of(page)
    decision = Decision(ticket, "Se decreta el desistimiento tácito.", "user:1")
    withdraw_tacitly(session, decision, office, at("2026-04-13 10:00"))
    session.commit()
    fields = {"csrf_token": hidden(page, "csrf_token"), "text": "Aquí está."}
    late = client.post(f"/radicado/{ticket.radicado}/completar", data=fields)
    words = text_of(client.get(late.location).text)
    assert "Su caso ya no espera nada de usted" in words
    assert "La decisión Se decreta el desistimiento tácito." in words
    assert "Puede presentarla de nuevo" in words


def test_whoever_must_clarify_is_told_so_and_with_more_time_until_when(client, session, office, ticket):
    unclear = waiting(session, office, ask_to_clarify)
    assert "Qué debe aclarar" in opened(client, unclear)
    give_more_time(session, ticket, "user:1", office, ASKED)
    session.commit()
    words = text_of(opened(client, ticket))
    assert "Tiene hasta el lunes 11 de mayo de 2026." in words
    assert "pídalo aquí" not in words


def test_the_help_says_what_happens_when_something_lacks(client):
    assert "tiene un mes para completarla o diez días hábiles para aclararla" in text_of(client.get("/ayuda").text)
