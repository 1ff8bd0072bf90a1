"""Are topics kept by the administrator, tried out before they count, and every change remembered?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.changes import SettingChange
from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import Topic
from tests.builders import NOW, filed, office_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of

TOPICS, CHANGES = "/atencion/ajustes/temas", "/atencion/ajustes/cambios"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def changes(session):
    look_again(session)
    return session.scalars(select(SettingChange).order_by(SettingChange.id)).all()


def add(client, **typed):
    return send(client, TOPICS, TOPICS, **({"name": "Trapiches", "keywords": "trapiche\nmolienda de caña"} | typed))


def test_a_topic_that_is_added_routes_at_once(client, session, settings, admin):
    assert "Ninguna palabra lo dice" in words_of(client.get(f"{TOPICS}?texto=el+trapiche+hace+humo"))
    planning = by_code(session, "planeacion")
    assert add(client, secretaria=str(planning.id)).location == TOPICS
    look_again(session)
    one = words_of(client.get(f"{TOPICS}?texto=los+TRAPICHES+hacen+humo"))
    assert "Quizá sea de Secretaría de Planeación (Trapiches), por: trapiche. No es seguro" in one
    both = words_of(client.get(f"{TOPICS}?texto=el+trapiche+y+la+molienda+de+ca%C3%B1a+hacen+humo"))
    assert "Iría a Secretaría de Planeación (Trapiches), por: " in both
    ticket = filed(session, office_of(session, settings), subject="El trapiche", body="La molienda de caña hace humo.")
    assert ticket.secretaria.code == "planeacion"


def test_a_topic_of_nobody_is_refused(client, session, admin):
    refused = add(client)
    assert refused.status_code == 422
    assert "escriba la entidad" in words_of(refused)
    assert add(client, transfer_to="Corporación Autónoma").status_code == 303
    look_again(session)
    assert session.scalar(select(Topic.transfer_to).where(Topic.name == "Trapiches")) == "Corporación Autónoma"


def test_a_topic_is_changed_and_switched_off(client, session, admin):
    page = form_of(client.get(f"{TOPICS}/1").text)
    fields = {name: page[name] for name in page if name != "active"} | {"keywords": "cita;audiencia", "name": "Citas"}
    assert client.post(f"{TOPICS}/1", data=fields).status_code == 303
    look_again(session)
    topic = session.get(Topic, 1)
    assert (topic.name, topic.keywords, topic.active) == ("Citas", "cita; audiencia", False)


def test_a_topic_is_marked_delicate_and_the_seed_marks_its_own(client, session, admin):
    sensitive = set(session.scalars(select(Topic.name).where(Topic.sensitive)))
    assert {"Violencia intrafamiliar", "Denuncia de corrupción"} <= sensitive
    assert "Citas" not in sensitive
    send(client, f"{TOPICS}/1", sensitive="y")
    look_again(session)
    assert session.get(Topic, 1).sensitive
    assert "delicado: no → sí" in words_of(client.get(CHANGES))


def test_every_change_of_a_setting_is_remembered_with_before_and_after(client, session, admin):
    send(client, "/atencion/ajustes/dependencias/salud", name="Salud Pública")
    send(client, "/atencion/ajustes/dependencias/salud", name="Salud Pública")
    closure = {"day": "2026-03-10", "kind": "full_day", "name": "Fiestas", "act": "Decreto 9", "act_on": "2026-03-01"}
    asked = send(client, "/atencion/ajustes/cierres", "/atencion/ajustes/cierres", **closure)
    client.post("/atencion/ajustes/cierres", data=form_of(asked.text))
    send(client, "/atencion/ajustes/usuarios", "/atencion/ajustes/usuarios", email="ana@puerres.example", role="desk")
    office, day, person = changes(session)
    assert (office.what, office.actor, office.at) == ("secretarias", f"user:{admin.id}", NOW)
    assert (office.before, office.after) == ({"name": "Secretaría de Salud"}, {"name": "Salud Pública"})
    assert (day.what, day.before, day.after["day"]) == ("closures", {}, "2026-03-10")
    assert (person.which, person.after["role"]) == ("ana@puerres.example", "desk")
    assert "password" not in repr([each.after for each in (office, day, person)])


def test_control_interno_reads_the_changes_and_touches_nothing(client, session, admin):
    send(client, "/atencion/ajustes/dependencias/salud", name="Salud Pública")
    at_work(client, session, Role.AUDITOR)
    page = client.get(CHANGES)
    assert "nombre: Secretaría de Salud → Salud Pública" in words_of(page)
    assert admin.email in words_of(page)
    assert client.get(TOPICS).status_code == 403
