"""Can an administrator correct offices, closed days and accounts, and nothing be closed without its act?"""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.accounts import acts
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.closures.models import ClosureRow
from pqr.secretarias.directory import by_address, by_code
from pqr.tickets.events import history
from tests.builders import NOW, assigned, office_of
from tests.desk.staff import at_work, employ, enter, form_of, look_again, send, words_of

OFFICES, CLOSURES, PEOPLE = (f"/atencion/ajustes/{name}" for name in ("dependencias", "cierres", "usuarios"))


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


def closure(**typed):
    given = {"day": "2026-03-10", "kind": "full_day", "name": "Fiestas patronales", "act": "Decreto 9 del 1 mar 2026"}
    return given | typed


def test_a_new_closed_day_moves_the_due_dates_it_touches_and_says_so(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    before = ticket.due_on
    done = send(client, CLOSURES, CLOSURES, **closure())
    assert done.location == f"{CLOSURES}?anio=2026"
    page = words_of(client.get(done.location))
    assert "1 fecha de vencimiento cambió" in page
    assert "mar 10 mar 2026 Fiestas patronales Todo el día Decreto 9 del 1 mar 2026 Se cierra" in page
    look_again(session)
    assert ticket.due_on > before
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor) == ("due_date_recomputed", f"user:{admin.id}")
    assert "Fiestas patronales (Decreto 9 del 1 mar 2026)" in event.data["reason"]


def test_no_day_is_closed_without_its_act_and_an_early_closing_has_its_hour(client, session, admin):
    rows = session.scalar(select(func.count()).select_from(ClosureRow))
    for typed, says in (
        ({"act": ""}, "sin él no se puede cerrar ningún día"),
        ({"kind": "early_close"}, "necesita la hora de cierre"),
        ({"day": "mañana"}, "fecha"),
        ({"name": " "}, "Diga por qué se cierra"),
    ):
        refused = send(client, CLOSURES, CLOSURES, **closure(**typed))
        assert refused.status_code == 422
        assert says in words_of(refused)
    assert send(client, CLOSURES, CLOSURES, **closure(kind="early_close", closes_at="12:00")).status_code == 303
    look_again(session)
    assert session.scalar(select(func.count()).select_from(ClosureRow)) == rows + 1
    assert "ya está en la lista" in words_of(
        send(client, CLOSURES, CLOSURES, **closure(kind="early_close", closes_at="13:00"))
    )


def row_of(session, day, name=""):
    look_again(session)
    return session.scalars(select(ClosureRow).where(ClosureRow.day == day, ClosureRow.name.contains(name))).first()


def test_the_proposed_carnival_needs_its_decree_to_be_switched_on(client, session, admin):
    proposal = row_of(session, date(2027, 1, 5))
    page, action = f"{CLOSURES}?anio=2027", f"{CLOSURES}/{proposal.id}"
    assert "Propuesta sin acto" in words_of(client.get(page))
    refused = send(client, page, action, act="")
    assert refused.status_code == 422
    assert "escriba el número y la fecha del acto" in words_of(refused)
    assert not row_of(session, date(2027, 1, 5)).active
    assert send(client, page, action, act="Decreto 1 de 2027").status_code == 303
    switched = row_of(session, date(2027, 1, 5))
    assert (switched.active, switched.act) == (True, "Decreto 1 de 2027")
    assert send(client, page, action).status_code == 303  # off again, and its act stays
    assert not row_of(session, date(2027, 1, 5)).active
    assert send(client, page, action).status_code == 303
    assert row_of(session, date(2027, 1, 5)).active


def test_a_national_holiday_can_be_struck_out_and_the_dates_follow(client, session, settings, admin):
    ticket = assigned(session, office_of(session, settings))
    session.commit()
    assert ticket.due_on == date(2026, 3, 25)
    holiday = row_of(session, date(2026, 3, 23))
    assert send(client, CLOSURES, f"{CLOSURES}/{holiday.id}").status_code == 303
    look_again(session)
    assert ticket.due_on == date(2026, 3, 24)
    assert send(client, CLOSURES, f"{CLOSURES}/{holiday.id}").status_code == 303
    look_again(session)
    assert ticket.due_on == date(2026, 3, 25)


def test_a_year_nobody_has_is_shown_all_the_same(client, admin):
    assert "por regla" in words_of(client.get(f"{CLOSURES}?anio=2045"))
    assert client.get(f"{CLOSURES}?anio=nunca").status_code == 200
    assert client.get(f"{CLOSURES}?anio=0000").status_code == 200


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
