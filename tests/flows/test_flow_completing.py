"""From door to ledger: what lacks is asked for, and the person sends it and is answered, or is silent."""

from datetime import date

import pytest
import time_machine
from flask import g
from sqlalchemy import select

from pqr import clock, mailroom
from pqr.app import create_app
from pqr.db import db, transaction
from pqr.door import office
from pqr.mail.inbox import Received
from pqr.reminders.remind import remind_all
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from pqr.upkeep import verify
from tests.desk.staff import act, employ, enter, words_of
from tests.installation import make_settings
from tests.sink import petition, reply_to

CITIZEN, OFFICE = "ana@correo.example", "servicios@puerres.example"
TUESDAY = "2026-02-03T09:15:00-05:00"


@pytest.fixture
def now():
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database_url, tmp_path, relay, now):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(service):
    """A browser, and a way to log in again after days have passed."""
    client, user = service.test_client(), employ(db.session())
    enter(client, user)
    client.again = lambda: enter(client, user)
    return client


def receive(raw):
    mailroom.store(Received(raw))
    mailroom.process_waiting()
    mailroom.send_waiting()


def ticket():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Ticket)).one()


def kinds():
    return [event.kind for event in history(db.session(), ticket().id)]


def hourly():
    with transaction() as session:
        remind_all(session, office(session), clock.now())
    mailroom.send_waiting()


def move(now, desk, moment):
    now.move_to(f"{moment}-05:00")
    db.session.rollback()
    g.pop("csrf_token", None)  # the form's token of days ago, kept in the context that the test holds open
    desk.again()


def asked(desk, relay):
    receive(petition(CITIZEN, "Reclamo: no llega agua", "El acueducto no llega y hay una fuga.", "<uno@x.example>"))
    radicado = ticket().radicado
    done = act(desk, radicado, "pedir", cause="completion", text="Falta el recibo del agua.")
    assert done.status_code == 303, words_of(done)
    mailroom.send_waiting()
    letter = relay.to(CITIZEN)[-1]
    assert "Falta el recibo del agua." in letter.get_body(("plain",)).get_content()
    return radicado, letter


def in_order():
    return list(verify(db.session(), office(db.session()))) == []


def test_incomplete_then_completed_by_a_mail_reply_then_answered(service, desk, relay, now):
    move(now, desk, "2026-02-03T09:30:00")
    radicado, letter = asked(desk, relay)
    assert ticket().suspended_on == date(2026, 2, 3)

    move(now, desk, "2026-02-12T15:00:00")
    receive(reply_to(letter, CITIZEN, "Adjunto el recibo: es el 4521."))
    assert "Adjunto el recibo" in relay.to(OFFICE)[-1].get_body(("plain",)).get_content()
    assert ticket().state == "awaiting_petitioner"

    move(now, desk, "2026-02-16T08:00:00")
    assert "si ya está, vence el jue 5 mar 2026 Llegó algo: revíselo" in words_of(
        desk.get("/atencion/?vista=esperan_a_la_persona")
    )
    assert act(desk, radicado, "completa").status_code == 303
    mailroom.send_waiting()
    # no day had run on the 3rd, the day of receipt; fifteen after Thursday the 12th
    assert (ticket().state, ticket().due_on) == ("assigned", date(2026, 3, 5))
    assert "jueves 5 de marzo de 2026" in relay.to(CITIZEN)[-1].get_body(("plain",)).get_content()

    move(now, desk, "2026-02-17T10:00:00")
    assignment = next(each for each in relay.to(OFFICE) if radicado in each["Subject"])
    receive(reply_to(assignment, OFFICE, "Mañana va la cuadrilla."))
    assert (ticket().state, ticket().outcome, ticket().days_used) == ("closed", "answered", 3)
    story = ["completion_requested", "follow_up", "petition_completed", "answered", "communicated"]
    assert [kind for kind in kinds() if kind in story] == story
    assert in_order()


def test_incomplete_then_silence_then_a_proposal_and_a_person_s_act(service, desk, relay, now):
    move(now, desk, "2026-02-03T09:30:00")
    radicado, _ = asked(desk, relay)

    move(now, desk, "2026-02-26T09:00:00")
    hourly()
    hourly()
    reminder = f"El martes 3 de marzo de 2026 vence su plazo: {radicado}"
    assert [each["Subject"] for each in relay.to(CITIZEN)].count(reminder) == 1

    move(now, desk, "2026-03-04T09:00:00")
    hourly()
    assert ticket().state == "awaiting_petitioner"  # nothing ends by itself
    assert "Propuesto desistimiento tácito" in words_of(desk.get("/atencion/?vista=esperan_a_la_persona"))
    assert "reminded" not in kinds()  # nor is any office hurried

    done = act(desk, radicado, "desistimiento-tacito")
    assert done.status_code == 303
    mailroom.send_waiting()
    assert (ticket().state, ticket().outcome) == ("closed", "withdrawn_tacit")
    told = relay.to(CITIZEN)[-1].get_body(("plain",)).get_content()
    assert "se decreta el desistimiento tácito" in told
    assert "recurso de reposición" in told
    assert kinds().count("petitioner_reminded") == 1
    assert in_order()
