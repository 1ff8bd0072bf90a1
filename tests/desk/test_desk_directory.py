"""Can an administrator add an office, say who stands in for it, and keep the list of other entities?"""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.changes import latest_changes
from pqr.accounts.roles import Role
from pqr.secretarias.directory import active_bodies, active_secretarias, body_of, by_code
from pqr.secretarias.models import ExternalBody, Topic
from tests.builders import NOW, arrive, assigned, letters_of, office_of, reply_from_office
from tests.desk.staff import at_work, form_of, look_again, send, words_of

OFFICES, BODIES = "/atencion/ajustes/dependencias", "/atencion/ajustes/entidades"


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, session):
    return at_work(client, session, Role.ADMIN)


def test_a_new_office_receives_petitions_at_once(client, session, admin):
    for email in ("turismo@puerres.example", "turismo2@puerres.example"):
        done = send(client, OFFICES, OFFICES, name="Oficina de Turismo y Niñez", email=email)
        assert (done.status_code, done.location) == (303, OFFICES)
    look_again(session)
    codes = [each.code for each in active_secretarias(session) if each.name == "Oficina de Turismo y Niñez"]
    assert sorted(codes) == ["oficina_de_turismo_y_ninez", "oficina_de_turismo_y_ninez_2"]
    change = latest_changes(session)[0]
    assert (change.what, change.before, change.after["email"]) == ("secretarias", {}, "turismo2@puerres.example")


def test_a_new_office_with_another_s_address_comes_back_with_what_was_typed(client, session, admin):
    refused = send(client, OFFICES, OFFICES, name="Turismo", email="salud@puerres.example")
    assert refused.status_code == 422
    assert "ya es de Secretaría de Salud" in words_of(refused)
    assert form_of(refused.text, OFFICES)["name"] == "Turismo"


def test_an_absence_has_two_days_in_order_and_somebody_who_receives(client, session, admin):
    salud = str(by_code(session, "salud").id)
    for typed, says in (
        ({"substitute": salud}, "hacen falta las dos fechas"),
        ({"away_from": "2026-03-01", "away_until": "2026-03-10"}, "la dependencia que recibe"),
        ({"substitute": salud, "away_from": "2026-03-10", "away_until": "2026-03-01"}, "termina antes de empezar"),
    ):
        refused = send(client, f"{OFFICES}/planeacion", **typed)
        assert refused.status_code == 422
        assert says in words_of(refused)


@pytest.fixture
def away(client, session, admin):
    """Planning is away from the first to the tenth of March, and health stands in."""
    typed = {"substitute": str(by_code(session, "salud").id), "away_from": "2026-03-01", "away_until": "2026-03-10"}
    assert send(client, f"{OFFICES}/planeacion", **typed).status_code == 303
    look_again(session)


def test_while_an_office_is_away_its_letters_go_to_both(client, session, settings, away):
    here = office_of(session, settings)
    assigned(session, here)
    assigned(session, here, now=NOW + timedelta(days=8))
    planning = [letter for letter in letters_of(session, "assignment") if letter.recipient.startswith("planeacion")]
    assert [letter.copies for letter in planning] == ["salud@puerres.example", ""]
    assert "Ausente: recibe Secretaría de Salud" in words_of(client.get(OFFICES))


@pytest.mark.parametrize(("days", "verdict"), [(0, "secretaria_reply"), (8, "needs_human")])
def test_the_substitute_answers_for_it_in_that_time_and_not_after(session, settings, away, days, verdict):
    here = office_of(session, settings)
    ticket = assigned(session, here)
    reply = reply_from_office(ticket, here, "Se arregla el lunes.", sender="salud@puerres.example")
    assert arrive(session, here, reply, NOW + timedelta(days=days)).verdict == verdict


def test_the_last_day_of_an_absence_still_counts(session, away):
    office = by_code(session, "planeacion")
    standing_in = [office.stand_in(date(2026, 3, day)) for day in (1, 10, 11)]
    assert [each and each.code for each in standing_in] == ["salud", "salud", None]


def test_other_entities_are_those_of_the_topics_until_somebody_knows_better(client, session, admin):
    topic = session.scalars(select(Topic).where(Topic.transfer_to == "Cedenar")).first()
    body = body_of(session, topic)
    assert (body.name, body.email) == ("Cedenar", "")
    typed = {"email": "PQR@cedenar.example", "address": "Pasto, calle 20"}
    assert send(client, f"{BODIES}/{body.id}", **typed).status_code == 303
    assert "pqr@cedenar.example · Pasto, calle 20" in words_of(client.get(BODIES))
    look_again(session)
    assert latest_changes(session)[0].after == {"email": "pqr@cedenar.example", "address": "Pasto, calle 20"}


def test_an_entity_is_added_once_and_can_be_retired(client, session, admin):
    assert send(client, BODIES, name="Gasoducto del Sur").status_code == 303
    again = send(client, BODIES, name="Gasoducto del Sur", email="no es")
    assert again.status_code == 422
    assert "no lleva espacios" in words_of(again)
    assert "ya está en la lista" in words_of(send(client, BODIES, name="Gasoducto del Sur"))
    look_again(session)
    page = f"{BODIES}/{session.scalar(select(ExternalBody.id).where(ExternalBody.name == 'Gasoducto del Sur'))}"
    fields = form_of(client.get(page).text).to_dict()
    del fields["active"]
    assert client.post(page, data=fields).status_code == 303
    look_again(session)
    assert "Gasoducto del Sur" not in [body.name for body in active_bodies(session)]
