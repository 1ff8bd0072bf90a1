"""Can the desk group what many ask, an office answer it once, and is everybody told when that is not the way?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from pqr.publishing.updates import SiteUpdate
from pqr.secretarias.directory import by_code
from pqr.tickets.groups import PetitionGroup
from tests.builders import at, filed, letters_of, office_of
from tests.desk.staff import act, at_work, enter, form_of, look_again, send, words_of
from tests.installation import make_settings
from tests.tickets.test_tickets_grouping import TEXT, TITLE, asked

GROUP = "/atencion/grupo/1"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-03-10 16:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, routing="desk")


@pytest.fixture
def tickets(session, here):
    tickets = [asked(session, here, number) for number in range(12)]
    session.commit()
    return tickets


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def begin(client, tickets, how_many=12):
    """A group by the desk, of the first so many."""
    assert act(client, tickets[0].radicado, "agrupar", title=TITLE).location == GROUP
    chosen = [ticket.radicado for ticket in tickets[1:how_many]]
    assert send(client, GROUP, f"{GROUP}/agregar", likely=chosen).status_code == 303


def test_a_group_is_begun_at_a_case_which_then_leads_to_it(client, session, tickets):
    at_work(client, session)
    assert "Agrúpelas si más de diez personas piden lo mismo" in words_of(client.get(page(tickets[0])))
    refused = act(client, tickets[0].radicado, "agrupar")
    assert (refused.status_code, "Escriba qué piden todas" in words_of(refused)) == (422, True)
    assert act(client, tickets[0].radicado, "agrupar", title=TITLE).status_code == 303
    words = words_of(client.get(GROUP))
    assert "1 persona distinta" in words
    assert "Faltan 10" in words
    assert all(ticket.radicado in words for ticket in tickets)
    begun = client.get(page(tickets[0]))
    assert f'href="{GROUP}"' in begun.text
    assert "su propio término sigue corriendo" in words_of(begun)
    assert '<details class="act" open>' not in begun.text
    assert act(client, tickets[1].radicado, "agrupar", group="1").location == GROUP


def test_what_was_typed_is_kept_where_one_cannot_join(client, session, here, tickets):
    claim = asked(session, here, 20, kind="reclamo")
    session.commit()
    at_work(client, session)
    assert "agrupar" not in client.get(page(claim)).text
    begin(client, tickets, 2)
    for typed, why in ((claim.radicado, "CPACA, art. 22"), ("2026-E-009999", "No hay ninguna petición")):
        radicados = f"{tickets[5].radicado}, {typed}"
        refused = send(client, GROUP, f"{GROUP}/agregar", radicados=radicados)
        assert (refused.status_code, why in words_of(refused)) == (422, True)
        assert form_of(refused.text, f"{GROUP}/agregar")["radicados"] == radicados
    look_again(session)
    assert tickets[5].group_id is None
    empty = send(client, GROUP, f"{GROUP}/agregar")
    assert (empty.status_code, "al menos un radicado" in words_of(empty)) == (422, True)


def test_an_office_answers_all_once_and_the_answer_is_published(client, session, tickets):
    at_work(client, session)
    begin(client, tickets)
    office = by_code(session, "planeacion")
    name, number = office.name, office.id
    assert send(client, GROUP, f"{GROUP}/dependencia", secretaria=str(number)).status_code == 303
    look_again(session)
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert f"{GROUP}/agregar" not in client.get(GROUP).text
    assert send(client, GROUP, f"{GROUP}/responder", text=TEXT).status_code == 303
    look_again(session)
    assert {ticket.answer.secretaria_name for ticket in tickets} == {name}
    shown = words_of(client.get(GROUP))
    assert "12 personas distintas" in shown
    assert all(ticket.answer.radicado in shown for ticket in tickets)
    assert ("answer", "/respuestas/1") in [(each.what, each.path) for each in session.query(SiteUpdate)]
    public = client.get("/respuestas/1").text
    assert "El agua vuelve el martes." in public
    assert TITLE in client.get("/respuestas").text
    assert not any(number in public for ticket in tickets for number in (ticket.radicado, ticket.answer.radicado))


def test_the_answer_is_refused_for_ten_and_kept_for_a_second_try(client, session, tickets):
    at_work(client, session)
    begin(client, tickets, 10)
    refused = send(client, GROUP, f"{GROUP}/responder", text=TEXT)
    assert (refused.status_code, "exige más de diez (CPACA, art. 22)" in words_of(refused)) == (422, True)
    assert form_of(refused.text, f"{GROUP}/responder")["text"].replace("\r", "") == TEXT
    send(client, GROUP, f"{GROUP}/agregar", radicados=f"{tickets[10].radicado}\n{tickets[11].radicado}")
    named = send(client, GROUP, f"{GROUP}/responder", text=f"{TEXT} Gracias, Vecina3.")
    assert (named.status_code, "«Vecina3»" in words_of(named)) == (422, True)
    assert letters_of(session, "answer") == []
    assert client.get("/respuestas/1").status_code == 404


def test_a_page_that_somebody_overtook_says_so_and_loses_nothing(client, session, tickets):
    at_work(client, session)
    begin(client, tickets, 11)
    stale = client.get(GROUP).text
    send(client, GROUP, f"{GROUP}/sacar", ticket=tickets[3].radicado, reason="Pregunta otra cosa")
    fields = form_of(stale, f"{GROUP}/responder")
    fields["text"] = TEXT
    told = client.post(f"{GROUP}/responder", data=fields)
    assert (told.status_code, "Alguien cambió este grupo" in words_of(told)) == (409, True)
    assert form_of(told.text, f"{GROUP}/responder")["text"].replace("\r", "") == TEXT
    look_again(session)
    assert tickets[3].group_id is None
    assert "Razón: Pregunta otra cosa" in words_of(client.get(page(tickets[3])))


def test_a_term_that_is_over_is_warned_of(client, session, tickets, clock):
    clerk = at_work(client, session)
    begin(client, tickets, 2)
    assert "vence el martes 17 de marzo de 2026" in words_of(client.get(GROUP))
    clock.move_to(at("2026-03-18 09:00"))
    look_again(session)
    enter(client, clerk)
    words = words_of(client.get(GROUP))
    assert f"El término ya venció para {tickets[0].radicado}, {tickets[1].radicado}." in words


def test_the_newspaper_is_noted_and_published(client, session, tickets, clock):
    at_work(client, session)
    begin(client, tickets)
    send(client, GROUP, f"{GROUP}/responder", text=TEXT)
    assert "Falta el diario" in words_of(client.get(GROUP))
    typed = {"newspaper": "Diario de Prueba", "on": "2026-03-11"}
    refused = send(client, GROUP, f"{GROUP}/diario", **typed)
    assert (refused.status_code, "Revise el día" in words_of(refused)) == (422, True)
    assert form_of(refused.text, f"{GROUP}/diario")["newspaper"] == "Diario de Prueba"
    assert send(client, GROUP, f"{GROUP}/diario", **typed | {"on": "2026-03-10"}).status_code == 303
    assert "Diario de Prueba, el martes 10 de marzo de 2026" in words_of(client.get("/respuestas/1"))


def test_an_office_neither_sees_nor_answers_a_group_that_is_not_its_own(client, session, here, tickets):
    at_work(client, session)
    begin(client, tickets)
    look_again(session)
    at_work(client, session, Role.SECRETARIA, "salud")
    assert client.get(GROUP).status_code == 404
    assert client.post(f"{GROUP}/responder", data={"text": TEXT}).status_code == 404
    look_again(session)
    tickets[0].secretaria = by_code(session, "salud")
    session.commit()
    shown = client.get(GROUP)
    assert "Y 11 peticiones más, que no están en su dependencia" in words_of(shown)
    assert tickets[1].radicado not in shown.text
    assert f"{GROUP}/responder" not in shown.text
    assert client.post(f"{GROUP}/responder", data={"text": TEXT}).status_code == 404
    assert session.get(PetitionGroup, 1).answered_at is None


def test_a_repeated_petition_is_referred_to_its_answer(client, session, here):
    first, again, other = filed(session, here), filed(session, here), asked(session, here, 5)
    session.commit()
    at_work(client, session)
    act(client, first.radicado, "responder", text="La cuadrilla va el lunes.")
    act(client, first.radicado, "comunicar", way="counter", note="Firmó el recibido")
    typed = {"earlier": first.radicado, "reason": "Es el mismo tubo.", "lapses": "y", "unmended": "y"}
    unsure = act(client, again.radicado, "remitir", **typed | {"unmended": []})
    unknown = act(client, again.radicado, "remitir", **typed | {"earlier": "2026-S-000099"})
    foreign = act(client, other.radicado, "remitir", **typed)
    for refused, why in ((unsure, "si ahora cumple"), (unknown, "«2026-S-000099»"), (foreign, "es de otra persona")):
        assert (refused.status_code, why in words_of(refused)) == (422, True)
        assert form_of(refused.text, refused.request.path)["reason"] == "Es el mismo tubo."
    assert act(client, again.radicado, "remitir", **typed).status_code == 303
    words = words_of(client.get(page(again)))
    for told in ("remitida a una respuesta anterior", "La cuadrilla va el lunes.", f"de la petición {first.radicado}"):
        assert told in words


def test_where_answers_are_reviewed_the_desk_answers_the_group(database_url, session, tickets, tmp_path):
    app = create_app(make_settings(tmp_path, database_url, PQR_ANSWER_MODE="review"))
    client = app.test_client()
    clerk = at_work(client, session)
    begin(client, tickets)
    send(client, GROUP, f"{GROUP}/dependencia", secretaria=str(by_code(session, "planeacion").id))
    look_again(session)
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert "pídale que envíe la respuesta del grupo" in words_of(client.get(GROUP))
    assert client.post(f"{GROUP}/responder", data={"text": TEXT}).status_code == 404
    enter(client, clerk)
    assert send(client, GROUP, f"{GROUP}/responder", text=TEXT).status_code == 303
    with app.app_context():
        db.engine.dispose()
