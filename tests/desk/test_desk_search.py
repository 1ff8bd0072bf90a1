"""Does what an official types lead to the petition, and to nothing that the official may not see?"""

import re

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from pqr.tickets.search import PAGE
from tests.builders import NOW, assigned, filed, office_of
from tests.desk.staff import at_work, words_of

ANA = PetitionerData(name="Ana Prueba", document_number="1085123456")


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def look_for(client, words, **more):
    return client.get("/atencion/buscar", query_string={"q": words, **more})


@pytest.mark.parametrize("typed", ["2026-E-000001", "2026-e-1", " 2026 E 1 ", "radicado 2026-E-000001", "2026–E–01"])
def test_a_number_leads_straight_to_the_case_however_it_is_written(client, session, office, typed):
    filed(session, office)
    at_work(client, session)
    assert look_for(client, typed).location == "/atencion/radicado/2026-E-000001"


def test_an_exit_number_leads_to_the_case(client, session, office):
    record_answer(session, Reply(assigned(session, office), "Sí", "user:1"), office, NOW)
    at_work(client, session)
    assert look_for(client, "2026-S-1").location == "/atencion/radicado/2026-E-000001"


def test_an_office_learns_of_no_number_but_its_own(client, session, office):
    assigned(session, office, "salud")
    at_work(client, session, Role.SECRETARIA, "hacienda")
    answer = look_for(client, "2026-E-1")
    assert answer.status_code == 200
    assert "No hay una petición con el radicado 2026-E-000001 entre las que usted puede ver" in words_of(answer)


def test_the_list_says_what_a_queue_says_and_marks_the_words_of_the_original(client, session, office):
    assigned(
        session, office, subject="Huecos en la VÍA", body="Señores: los huecos\n\nde la vía son <b>muy</b> hondos."
    )
    at_work(client, session)
    answer = look_for(client, "hueco vias")
    words = words_of(answer)
    for said in (
        "2026-E-000001",
        "Secretaría de Planeación",
        "En la dependencia",
        "● quedan 15 días hábiles",
        "hondos",
    ):
        assert said in words
    assert re.findall("<mark>(.*?)</mark>", answer.text) == ["Huecos", "VÍA", "huecos", "vía"]
    assert "&lt;b&gt;muy&lt;/b&gt;" in answer.text


def test_the_words_of_an_answer_are_shown_as_such(client, session, office):
    record_answer(session, Reply(assigned(session, office), "Se autoriza la excavación.", "user:1"), office, NOW)
    at_work(client, session)
    assert "En la respuesta: Se autoriza la excavación ." in words_of(look_for(client, "excavaciones"))


def test_a_person_is_found_by_name_and_by_the_desk_by_document_and_is_not_named_in_the_list(client, session, office):
    assigned(session, office, petitioner=ANA)
    at_work(client, session)
    for typed in ("ana prueba", "1.085.123.456"):
        words = words_of(look_for(client, typed))
        assert "Coincide en los datos del caso" in words
        assert "Ana Prueba" not in words
    at_work(client, session, Role.AUDITOR)
    assert "Coincide en los datos del caso" in words_of(look_for(client, "ana prueba"))
    assert "Ninguna de las peticiones" in words_of(look_for(client, "1085123456"))


def test_who_asked_for_reserve_is_not_found_by_anybody(client, session, office):
    filed(session, office, petitioner=ANA, identity=Identity.RESERVED, kind="denuncia")
    at_work(client, session, Role.ADMIN)
    for typed in ("ana", "prueba", "1085123456"):
        assert "Ninguna de las peticiones" in words_of(look_for(client, typed))
    assert "2026-E-000001" in words_of(look_for(client, "acueducto"))


def test_an_office_searches_its_own(client, session, office):
    assigned(session, office, "salud", subject="Agua en salud")
    assigned(session, office, "hacienda", subject="Agua en hacienda")
    at_work(client, session, Role.SECRETARIA, "salud")
    words = words_of(look_for(client, "agua"))
    assert "Agua en salud" in words
    assert "hacienda" not in words


def test_the_links_lead_through_all_the_pages(client, session, office):
    for number in range(PAGE + 2):
        filed(session, office, subject=f"Asunto {number}")
    at_work(client, session)
    first = look_for(client, "tubo roto")
    following = re.search(r'href="([^"]*antes=[^"]*)"', first.text)[1].replace("&amp;", "&")
    second = client.get(following)
    assert "Más resultados" in words_of(first)
    assert "Asunto 0 " in words_of(second)
    assert "Más resultados" not in words_of(second)
    assert "Volver al principio" in words_of(second)


def test_an_empty_list_says_what_to_try(client, session):
    at_work(client, session)
    words = words_of(look_for(client, "xilófono"))
    assert "Pruebe con menos palabras" in words
    assert "número de documento" in words
    assert "Escriba una palabra que diga de qué trata" in words_of(look_for(client, "de la"))
    assert "Escriba en la casilla de arriba" in words_of(look_for(client, ""))
    at_work(client, session, Role.AUDITOR)
    assert "número de documento" not in words_of(look_for(client, "xilófono"))


def test_no_address_that_somebody_makes_up_is_an_error(client, session, office):
    filed(session, office)
    at_work(client, session)
    for before in ("x", "-1", "9" * 30, "²", ""):
        assert look_for(client, 'agua" OR *', antes=before).status_code == 200


def test_every_page_of_the_staff_has_the_box(client, session):
    at_work(client, session)
    assert 'role="search"' in client.get("/atencion/").text
    assert 'role="search"' not in client.get("/").text


def test_nobody_searches_without_logging_in(client):
    assert "/ingresar" in look_for(client, "agua").location
