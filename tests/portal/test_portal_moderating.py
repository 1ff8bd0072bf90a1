"""What looks like a program's gets its number and waits for the desk: nothing is refused, nothing travels alone."""

from datetime import timedelta

import pytest
import time_machine

from pqr.app import create_app
from pqr.db import db
from pqr.door import limiter
from pqr.portal import opened
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from tests.builders import NOW, letters_of
from tests.desk.staff import at_work, form_of, look_again, words_of
from tests.installation import make_settings
from tests.portal.visitor import LEAST, file, hidden

# Its topic is sure: whoever is not doubted goes to that office at once.
SELLS = {
    **LEAST,
    "topic": "37",
    "description": "Cheap loans http://a.example http://b.example http://c.example",
}
ROBOT = {**SELLS, "website": "http://a.example"}  # fills in whatever has a name


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


def only(session) -> Ticket:
    session.rollback()
    return session.query(Ticket).one()


def kinds(session, ticket) -> list[str]:
    return [event.kind for event in history(session, ticket.id)]


def test_what_a_robot_sends_is_filed_and_its_clock_runs_but_no_office_hears_of_it(client, session):
    radicado = file(client, ROBOT)
    ticket = only(session)
    assert (ticket.radicado, ticket.state, ticket.secretaria) == (radicado, State.FILED, None)
    assert ticket.doubted_at == NOW
    assert ticket.due_on > ticket.day_zero
    assert not letters_of(session, "assignment", ticket)
    assert kinds(session, ticket)[:2] == ["filed", "doubted"]


def test_a_hidden_box_alone_stops_nobody(client, session):
    file(client, LEAST, topic="37", website="vecina.example")
    ticket = only(session)
    assert (ticket.doubted_at, ticket.state) == (None, State.ASSIGNED)


def test_a_fast_person_with_autofill_is_not_doubted(client, session):
    note = hidden(client.get("/radicar").text, "opened")
    file(client, LEAST, topic="37", opened=note, website="vecina.example")
    assert only(session).doubted_at is None


def test_who_cites_many_pages_is_only_doubted_where_the_form_was_filled_in_at_once(client, session):
    with time_machine.travel(NOW, tick=False) as now:
        note = hidden(client.get("/radicar").text, "opened")
        now.shift(timedelta(minutes=4))
        file(client, SELLS, opened=note)
        assert only(session).doubted_at is None
        note = hidden(client.get("/radicar").text, "opened")
        file(client, SELLS, opened=note, subject="Otra")
        session.rollback()
        assert [each.doubted_at is None for each in session.query(Ticket).order_by(Ticket.id)] == [True, False]


def test_a_note_that_nobody_signed_is_no_note(client, session):
    file(client, SELLS, opened="1.firma")
    assert only(session).doubted_at is None  # many links and no opening: not enough by themselves


def test_the_desk_reads_why_and_one_click_sends_it_on(client, session):
    radicado = file(client, ROBOT)
    at_work(client, session)
    assert "Parece correo basura" in words_of(client.get("/atencion/?vista=por_revisar"))
    case = f"/atencion/radicado/{radicado}"
    page = client.get(case)
    assert "Por revisar: parece correo basura" in words_of(page)
    assert "Llenó una casilla que las personas no ven" in words_of(page)
    assert "trae muchos enlaces" in words_of(page)
    assert "Por revisar" in words_of(client.get("/atencion/clasificar"))
    done = client.post(f"{case}/es-peticion", data=form_of(page.text, f"{case}/es-peticion"))
    assert (done.status_code, done.location) == (303, case)
    look_again(session)
    ticket = only(session)
    assert (ticket.doubted_at, ticket.state, ticket.secretaria.code) == (None, State.ASSIGNED, "sisben")
    assert letters_of(session, "assignment", ticket)
    assert kinds(session, ticket)[-2:] == ["trusted", "assigned"]
    assert "Por revisar" not in words_of(client.get(case))


def test_who_gives_it_to_an_office_has_said_that_it_is_a_petition(client, session):
    radicado = file(client, ROBOT)
    at_work(client, session)
    path = f"/atencion/clasificar/{radicado}"
    client.post(path, data=form_of(client.get("/atencion/clasificar").text, path))
    assert only(session).doubted_at is None


def test_the_petitioner_is_told_nothing_of_the_doubt(client, session):
    radicado = file(client, ROBOT)
    page = client.get(f"/radicado/{radicado}").text
    assert "basura" not in page
    assert "Por revisar" not in page


def test_the_same_text_again_and_again_from_one_source_is_a_sign_and_the_counters_cannot_be_read(
    database_url, tmp_path, session, monkeypatch
):
    monkeypatch.setattr(opened, "SAME_TEXT", "3/hour")  # twenty filings take long
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    for number in range(4):
        file(client, LEAST, website="x", name=f"Vecina {number}")
    file(client, LEAST, website="x", description="Otra cosa: la escuela no tiene luz.")
    session.rollback()
    doubted = [each.doubted_at is not None for each in session.query(Ticket).order_by(Ticket.id)]
    assert doubted == [False, False, False, True, False]
    assert LEAST["description"] not in repr(dict(limiter.storage.storage))
    with app.app_context():
        db.engine.dispose()
