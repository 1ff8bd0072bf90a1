"""Can an administrator correct offices and accounts?"""

import re

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts import acts
from pqr.accounts.changes import latest_changes
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_address, by_code
from tests.builders import NOW
from tests.desk.staff import at_work, employ, enter, form_of, look_again, send, words_of

OFFICES, PEOPLE = (f"/atencion/ajustes/{name}" for name in ("dependencias", "usuarios"))


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def test_an_office_s_name_and_addresses_are_corrected(client, session, admin):
    assert "Secretaría de Salud" in words_of(client.get(OFFICES))
    others = "Vacunas@Puerres.example\nenfermera@puerres.example"
    done = send(client, f"{OFFICES}/salud", name="Salud Pública", email="SALUD2@puerres.example", other_emails=others)
    assert (done.status_code, done.location) == (303, OFFICES)
    look_again(session)
    salud = by_code(session, "salud")
    assert (salud.name, salud.email, salud.active) == ("Salud Pública", "salud2@puerres.example", True)
    assert by_address(session, "vacunas@puerres.example") is salud
    assert "enfermera@puerres.example" in form_of(client.get(f"{OFFICES}/salud").text)["other_emails"]


def test_an_office_that_is_switched_off_gets_no_more_petitions(client, session, admin):
    fields = form_of(client.get(f"{OFFICES}/salud").text)
    del fields["active"]
    assert client.post(f"{OFFICES}/salud", data=fields).status_code == 303
    look_again(session)
    assert not by_code(session, "salud").active


def test_an_address_that_is_none_or_another_office_s_is_refused(client, session, admin):
    for typed, says in (
        ({"email": "salud"}, "arroba"),
        ({"other_emails": "uno@puerres.example\nno es un correo"}, "No parece un correo"),
        ({"email": "planeacion@puerres.example"}, "ya es de Secretaría de Planeación"),
        ({"name": ""}, "Escriba el nombre"),
    ):
        refused = send(client, f"{OFFICES}/salud", **typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
    look_again(session)
    assert by_code(session, "salud").email == "salud@puerres.example"
    assert client.get(f"{OFFICES}/no-existe").status_code == 404


def link_on(page):
    found = re.search(r"https?://[^<\s]+/ingresar/enlace/([\w-]+)", page.text)
    return found[1] if found else ""


def test_a_new_official_gets_a_link_that_is_shown_once(client, session, admin):
    page = send(client, PEOPLE, PEOPLE, email="Nueva@Puerres.example", role="desk")
    assert page.status_code == 200
    token = link_on(page)
    look_again(session)
    assert acts.by_link(session, token, NOW).email == "nueva@puerres.example"
    again = client.get(PEOPLE)
    assert link_on(again) == ""
    assert "nueva@puerres.example" in words_of(again)
    assert "Falta que elija contraseña" in words_of(again)


def test_an_account_of_an_office_has_its_office_and_no_address_is_used_twice(client, session, admin):
    salud = str(by_code(session, "salud").id)
    for typed, says in (
        ({"email": "x@puerres.example", "role": "secretaria"}, "Elija la dependencia"),
        ({"email": admin.email, "role": "desk"}, "Ya hay una cuenta"),
        ({"email": "nadie", "role": "desk"}, "arroba"),
    ):
        refused = send(client, PEOPLE, PEOPLE, **typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
    send(client, PEOPLE, PEOPLE, email="s@puerres.example", role="secretaria", secretaria=salud)
    send(client, PEOPLE, PEOPLE, email="a@puerres.example", role="auditor", secretaria=salud)
    look_again(session)
    kept = {user.email: user.secretaria_id for user in session.scalars(select(User))}
    assert (kept["s@puerres.example"], kept["a@puerres.example"]) == (int(salud), None)


def test_a_forgotten_password_gets_a_new_link_and_the_old_one_ends(client, session, admin):
    user = employ(session, Role.AUDITOR)
    acts.give_password(user, "caballo batería grapa")
    session.commit()
    page = send(client, PEOPLE, f"{PEOPLE}/{user.id}/enlace")
    look_again(session)
    assert acts.by_link(session, link_on(page), NOW).id == user.id
    assert user.password_hash == ""


def test_a_deactivated_official_is_out_at_once_and_can_come_back(app, client, session, admin):
    user = employ(session, Role.AUDITOR)
    theirs = app.test_client()
    enter(theirs, user)
    assert theirs.get("/atencion/").status_code == 200
    send(client, PEOPLE, f"{PEOPLE}/{user.id}/activa")
    assert theirs.get("/atencion/").status_code == 302
    assert "Desactivada" in words_of(client.get(PEOPLE))
    send(client, PEOPLE, f"{PEOPLE}/{user.id}/activa")
    look_again(session)
    assert user.active


def test_nobody_shuts_the_own_door(client, session, admin):
    own = f"{PEOPLE}/{admin.id}/activa"
    assert own not in client.get(PEOPLE).text
    fields = form_of(client.get(PEOPLE).text, f"{PEOPLE}/{admin.id}/enlace")
    client.post(own, data=fields)
    look_again(session)
    assert admin.active
    client.post(f"{PEOPLE}/{admin.id}/enlace")  # without the token
    look_again(session)
    assert admin.session_key == "k" * 32


def test_who_sees_reserved_identities_is_switched_one_by_one_and_written_down(client, session, admin):
    user = employ(session, Role.AUDITOR)
    for says, reveals in (("puede ver identidades reservadas", True), ("ya no puede ver", False)):
        assert send(client, PEOPLE, f"{PEOPLE}/{user.id}/identidades").status_code == 303
        assert says in words_of(client.get(PEOPLE))
        look_again(session)
        assert user.reveals is reveals
    assert latest_changes(session)[0].after == {"reveals": False}
    assert "ve identidades reservadas: según su papel → sí" in words_of(client.get("/atencion/ajustes/cambios"))
