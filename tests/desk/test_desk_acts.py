"""Can an official do what the law admits, and only that, without ever writing over a colleague?"""

import re
from io import BytesIO

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome, State
from tests.builders import NOW, assigned, at, filed, letters_of, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of
from tests.installation import make_settings


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


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


def offered(client, ticket):
    """The acts that the page offers."""
    text = client.get(page(ticket)).text
    names = ("asignar", "responder", "aprobar", "prorrogar", "comunicar", "mensaje", "devolver", "identidad")
    return {name for name in names if f'action="{page(ticket)}/{name}"' in text}


def test_the_desk_assigns_and_the_office_gets_its_letter(client, session, office):
    ticket = filed(session, office, subject="Consulta", body="Una pregunta.")
    session.commit()
    at_work(client, session)
    salud = next(value for value, name in options(client, ticket) if name == "Secretaría de Salud")
    done = act(client, ticket.radicado, "asignar", secretaria=salud, reason="Es de vacunación")
    assert (done.status_code, done.location) == (303, page(ticket))
    assert "Asignada: la dependencia recibe la carta" in words_of(client.get(done.location))
    look_again(session)
    assert (ticket.state, ticket.secretaria.code) == (State.ASSIGNED, "salud")
    assert letters_of(session, "assignment", ticket)[-1].recipient == "salud@puerres.example"


def options(client, ticket):
    return re.findall(r'<option[^>]*value="(\d+)">([^<]+)</option>', client.get(page(ticket)).text)


def test_an_assignment_without_office_or_reason_comes_back_with_what_was_typed(client, session, office):
    ticket = filed(session, office, subject="Consulta", body="Una pregunta.")
    session.commit()
    at_work(client, session)
    refused = act(client, ticket.radicado, "asignar", secretaria="", reason="Porque <sí>")
    assert refused.status_code == 422
    assert "Elija la dependencia." in words_of(refused)
    assert 'value="Porque &lt;sí&gt;"' in refused.text
    assert act(client, ticket.radicado, "asignar", secretaria="999999", reason="x").status_code == 422
    look_again(session)
    assert ticket.secretaria is None


def test_the_desk_answers_with_a_file_and_the_citizen_s_letter_waits_to_leave(client, session, ticket):
    at_work(client, session)
    scan = (BytesIO(b"%PDF-1.4 plano"), "plano.pdf")
    done = act(client, ticket.radicado, "responder", text="Mañana se arregla.", attachments=[scan])
    assert done.status_code == 303
    assert "«Constancia de entrega» está si ya le llegó" in words_of(client.get(done.location))
    look_again(session)
    assert ticket.state == State.ANSWERED
    assert ticket.answers[0].radicado == "2026-S-000001"
    files = [file["name"] for file in letters_of(session, "answer", ticket)[0].files]
    assert files == ["respuesta-2026-S-000001.pdf", "plano.pdf"]


def test_what_an_answer_decides_is_not_to_be_skipped_and_the_usual_holds_where_none_is_sent(client, session, ticket):
    """A denial that says it grants is sent without the means to appeal."""
    at_work(client, session)
    assert "¿Qué decide? Mírelo antes de enviar." in words_of(client.get(page(ticket)))
    assert act(client, ticket.radicado, "responder", text="No se puede.", outcome="magia").status_code == 422
    assert act(client, ticket.radicado, "responder", text="Ya se arregló.", outcome=None).status_code == 303
    look_again(session)
    assert ticket.answers[0].outcome


def test_an_empty_answer_is_refused_beside_its_field(client, session, ticket):
    at_work(client, session)
    refused = act(client, ticket.radicado, "responder", text=" \n ")
    assert refused.status_code == 422
    assert "Escriba la respuesta o adjunte el archivo" in words_of(refused)
    look_again(session)
    assert not ticket.answers


def test_an_office_answers_its_own_ticket_from_the_browser(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert offered(client, ticket) == {"responder", "prorrogar", "devolver"}
    assert act(client, ticket.radicado, "responder", text="Ya se arregló.").status_code == 303
    look_again(session)
    assert ticket.state == State.ANSWERED


def test_where_answers_are_reviewed_the_office_s_waits_for_the_desk(database_url, session, ticket, tmp_path):
    app = create_app(make_settings(tmp_path, database_url, PQR_ANSWER_MODE="review"))
    client = app.test_client()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert "la revisa antes de que salga" in words_of(client.get(page(ticket)))
    act(client, ticket.radicado, "responder", text="Ya se arregló.")
    assert "sale cuando atención al usuario la revise" in words_of(client.get(page(ticket)))
    assert "aprobar" not in offered(client, ticket)
    look_again(session)
    assert (ticket.state, letters_of(session, "answer")) == (State.ASSIGNED, [])
    at_work(client, session)
    assert "Respuesta que espera revisión" in words_of(client.get(page(ticket)))
    assert act(client, ticket.radicado, "aprobar").status_code == 303
    look_again(session)
    assert (ticket.state, len(letters_of(session, "answer"))) == (State.ANSWERED, 1)
    with app.app_context():
        db.engine.dispose()


def test_an_extension_moves_the_date_and_tells_the_person(client, session, ticket):
    at_work(client, session)
    assert act(client, ticket.radicado, "prorrogar", days="5", reason="Falta la visita.").status_code == 303
    look_again(session)
    assert ticket.extension == 5
    assert len(letters_of(session, "extension", ticket)) == 1
    assert "prorrogar" not in offered(client, ticket)


def test_what_the_law_refuses_is_said_and_nothing_typed_is_lost(client, session, ticket):
    at_work(client, session)
    refused = act(client, ticket.radicado, "prorrogar", days="16", reason="Falta la visita técnica.")
    assert refused.status_code == 422
    assert "para este tipo se admiten de 1 a 15" in words_of(refused)
    assert "Falta la visita técnica." in refused.text
    assert act(client, ticket.radicado, "prorrogar", days="muchos", reason="x").status_code == 422
    look_again(session)
    assert ticket.extension == 0


def test_a_term_that_ended_offers_no_extension(client, session, office):
    ticket = assigned(session, office, now=at("2026-01-13 10:00"))
    session.commit()
    at_work(client, session)
    assert offered(client, ticket) == {"asignar", "responder", "mensaje", "devolver"}


def test_an_answer_handed_over_at_the_counter_closes_the_ticket_with_its_proof(client, session, ticket):
    at_work(client, session)
    act(client, ticket.radicado, "responder", text="Ya se arregló.")
    assert offered(client, ticket) == {"comunicar", "mensaje"}
    note = "Firmó el recibido a las diez"
    assert act(client, ticket.radicado, "comunicar", way="counter", note=note).status_code == 303
    look_again(session)
    assert (ticket.state, ticket.outcome) == (State.CLOSED, Outcome.ANSWERED)
    assert note in words_of(client.get(page(ticket)))
    assert note not in str([event.data for event in history(session, ticket.id)])


def test_a_delivery_needs_its_way_and_its_proof(client, session, ticket):
    at_work(client, session)
    act(client, ticket.radicado, "responder", text="Ya se arregló.")
    refused = act(client, ticket.radicado, "comunicar", way="mail", note="")
    assert refused.status_code == 422
    assert "Diga qué prueba queda" in words_of(refused)
    look_again(session)
    assert ticket.state == State.ANSWERED


def test_what_the_person_says_on_the_telephone_reaches_the_office(client, session, ticket):
    user = at_work(client, session)
    assert act(client, ticket.radicado, "mensaje", text="Llamó: sigue sin agua.").status_code == 303
    look_again(session)
    assert (ticket.messages[0].author, ticket.messages[0].text) == (f"user:{user.id}", "Llamó: sigue sin agua.")
    assert letters_of(session, "follow_up", ticket)[0].recipient == "planeacion@puerres.example"
    assert act(client, ticket.radicado, "mensaje", text="").status_code == 422


def test_an_office_returns_what_is_not_its_own_and_sees_it_no_more(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert act(client, ticket.radicado, "devolver", reason="").status_code == 422
    done = act(client, ticket.radicado, "devolver", reason="Es de servicios públicos")
    assert (done.status_code, done.location) == (303, "/atencion/")
    assert client.get(page(ticket)).status_code == 404
    look_again(session)
    assert (ticket.state, ticket.secretaria) == (State.FILED, None)


def test_two_officials_at_once_the_second_sees_what_changed_and_keeps_the_words(client, session, office, ticket):
    user = at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder")
    extend_term(session, Extension(ticket, 5, "Falta la visita.", f"user:{user.id}"), office, NOW)
    session.commit()
    stale["text"] = "Una respuesta larga que costó una hora."
    conflict = client.post(f"{page(ticket)}/responder", data=stale)
    assert conflict.status_code == 409
    words = words_of(conflict)
    assert "El caso cambió mientras tanto" in words
    assert f"Término prorrogado ({user.email})" in words
    assert "Falta la visita." in words
    again = form_of(conflict.text, f"{page(ticket)}/responder")
    assert again["text"] == "Una respuesta larga que costó una hora."
    look_again(session)
    assert not ticket.answers
    assert client.post(f"{page(ticket)}/responder", data=again).status_code == 303  # seen, and meant


def test_where_the_act_is_no_longer_possible_the_words_are_given_back_to_copy(client, session, ticket):
    at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder")
    act(client, ticket.radicado, "responder", text="La primera.")
    stale["text"] = "La segunda, de otra persona."
    conflict = client.post(f"{page(ticket)}/responder", data=stale)
    assert conflict.status_code == 409
    assert "Esto fue lo que usted escribió" in words_of(conflict)
    assert "La segunda, de otra persona." in words_of(conflict)
    look_again(session)
    assert [answer.text for answer in ticket.answers] == ["La primera."]


def test_a_field_error_does_not_hide_that_somebody_else_was_faster(client, session, office, ticket):
    at_work(client, session)
    stale = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder")
    extend_term(session, Extension(ticket, 5, "Falta la visita.", "system"), office, NOW)
    session.commit()
    again = form_of(client.post(f"{page(ticket)}/responder", data=stale).text, f"{page(ticket)}/responder")
    again["text"] = "Ahora sí con texto."
    assert client.post(f"{page(ticket)}/responder", data=again).status_code == 409


def test_a_form_without_its_version_changes_nothing(client, session, ticket):
    at_work(client, session)
    fields = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder")
    fields["text"] = "Sin versión"
    del fields["version"]
    assert client.post(f"{page(ticket)}/responder", data=fields).status_code == 409
    look_again(session)
    assert not ticket.answers


def test_a_form_without_its_token_changes_nothing_and_comes_back_filled_in(client, session, ticket):
    at_work(client, session)
    refused = client.post(f"{page(ticket)}/responder", data={"text": "Escrito aquí", "version": ticket.version})
    assert refused.status_code == 422
    assert "Escrito aquí" in refused.text
    look_again(session)
    assert not ticket.answers


def test_every_page_comes_back_with_forms_whose_ids_are_unique(client, session, ticket):
    at_work(client, session)
    ids = re.findall(r' id="([^"]+)"', client.get(page(ticket)).text)
    assert len(ids) == len(set(ids))
    assert session.get(Ticket, ticket.id) is ticket
