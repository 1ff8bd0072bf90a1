"""Are the texts that answers begin with kept in one place, and does a wrong field never leave?"""

import pytest
from sqlalchemy import select

from pqr.accounts.changes import SettingChange
from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_code
from pqr.tickets.templates import AnswerTemplate
from tests.builders import assigned, office_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of

PAGE = "/atencion/ajustes/plantillas"


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def the_template(session):
    look_again(session)
    return session.scalars(select(AnswerTemplate)).one()


def test_a_text_is_added_and_changed_and_each_time_remembered(client, session, admin):
    assert "Todavía no hay plantillas" in words_of(client.get(PAGE))
    health = str(by_code(session, "salud").id)
    assert send(client, PAGE, name="Visita", text="Señor(a) {nombre}: iremos el…", secretaria=health).location == PAGE
    kept = the_template(session)
    assert (kept.name, kept.secretaria.code, kept.active) == ("Visita", "salud", True)
    assert "Visita Secretaría de Salud Señor(a) {nombre}" in words_of(client.get(PAGE))
    assert send(client, f"{PAGE}/{kept.id}", secretaria="").status_code == 303
    assert the_template(session).secretaria_id is None
    assert [each.what for each in session.scalars(select(SettingChange))] == ["answer_templates"] * 2


def test_a_field_that_does_not_exist_is_named(client, session, admin):
    refused = send(client, PAGE, name="Visita", text="Debe {saldo}")
    assert refused.status_code == 422
    assert "No existe {saldo}" in words_of(refused)
    assert "Debe {saldo}" in refused.text
    look_again(session)
    assert session.scalar(select(AnswerTemplate)) is None


def test_an_answer_begins_with_a_ready_text_filled_in_for_the_case(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.add(AnswerTemplate(id=7, name="Visita", text="{nombre}: su petición {radicado} fue atendida."))
    session.commit()
    path = f"/atencion/radicado/{ticket.radicado}"
    assert f"{path}?plantilla=7#answer-text" in client.get(path).text
    begun = form_of(client.get(f"{path}?plantilla=7").text, f"{path}/responder")["text"]
    assert begun == "Ana Prueba: su petición 2026-E-000001 fue atendida."
    assert form_of(client.get(f"{path}?plantilla=8").text, f"{path}/responder")["text"] == ""
