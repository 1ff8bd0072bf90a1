"""From door to ledger: a second office is asked for a contribution, gives it by mail or in the browser, and the answer
that the citizen gets is the first office's own.
"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pqr import mailroom
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db, reading, writing
from pqr.door import office
from pqr.mail.inbox import Received
from pqr.secretarias.directory import by_code
from pqr.tickets.contributions import Contribution
from pqr.tickets.events import history
from pqr.tickets.models import Ticket
from pqr.tickets.states import Outcome
from pqr.upkeep import verify
from tests.builders import at
from tests.desk.staff import act, at_work, words_of
from tests.installation import make_settings
from tests.sink import petition, reply_to
from workers.reminders import remind

CITIZEN, FIRST, SECOND = "ana@correo.example", "servicios@puerres.example", "planeacion@puerres.example"
QUESTION, INTERNAL = "¿El tubo pasa por un predio privado?", "Pasa por el predio 14; hay servidumbre."
ANSWER = "Mañana va la cuadrilla a cambiar el tubo."


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-02-03 09:15"), tick=False) as clock:
        yield clock


@pytest.fixture
def service(database_url, tmp_path, relay, clock):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def receive(service, raw: bytes) -> None:
    with service.app_context():
        mailroom.store(Received(raw))
        mailroom.process_waiting()
        mailroom.send_waiting()


def send_all(service) -> None:
    with service.app_context():
        mailroom.send_waiting()


def official(service, code):
    """A browser of somebody of that office."""
    client = service.test_client()
    with service.app_context(), writing(db.engine) as session:
        at_work(client, session, Role.SECRETARIA, code)
    return client


def ask(service):
    """The office that has the case asks another one in its browser, which is returned."""
    asking = official(service, "servicios")
    with service.app_context(), reading() as session:
        number = by_code(session, "planeacion").id
    done = act(asking, "2026-E-000001", "pedir-aporte", secretaria=str(number), question=QUESTION, due_on="2026-02-10")
    assert done.status_code == 303, words_of(done)
    send_all(service)
    return asking


def text_of(letter) -> str:
    return letter.get_body(("plain",)).get_content()


def assert_whole(service, relay) -> None:
    """The contribution stayed inside, the answer went out, and every ledger holds."""
    to_citizen = relay.to(CITIZEN)
    assert ANSWER in text_of(to_citizen[-1])
    assert not [letter for letter in to_citizen if INTERNAL in letter.as_string() or QUESTION in letter.as_string()]
    with service.app_context(), reading() as session:
        ticket, contribution = session.scalars(select(Ticket)).one(), session.scalars(select(Contribution)).one()
        assert ticket.outcome == Outcome.ANSWERED
        assert contribution.text == INTERNAL
        kinds = [event.kind for event in history(session, ticket.id)]
        order = ("assigned", "contribution_asked", "contribution_given", "answered", "communicated")
        assert sorted(order, key=kinds.index) == list(order)
        assert list(verify(session, office(session))) == []


def file_by_mail(service) -> None:
    receive(service, petition(CITIZEN, "Reclamo: no llega agua", "El acueducto no llega y hay una fuga de agua."))


def test_a_contribution_by_mail_reaches_the_office_that_answers_by_mail(service, relay, clock):
    file_by_mail(service)
    ask(service)
    asked = relay.to(SECOND)[-1]
    assert QUESTION in text_of(asked)
    assert CITIZEN not in asked.as_string()
    for day in range(4, 12):
        clock.move_to(at(f"2026-02-{day:02d} 08:00"))
        with service.app_context():
            remind()
    nudges = [letter["Subject"].strip() for letter in relay.to(SECOND)[1:]]
    assert [subject.split(" el ")[0] for subject in nudges[:2]] == ["Se espera su aporte para 2026-E-000001"] * 2
    assert "1 aporte atrasado" in nudges[2]
    receive(service, reply_to(relay.to(SECOND)[1], SECOND, INTERNAL))
    told = relay.to(FIRST)[-1]
    assert "llegó el aporte" in told["Subject"]
    assert INTERNAL in text_of(told)
    receive(service, reply_to(told, FIRST, ANSWER))
    assert_whole(service, relay)


def test_a_contribution_in_the_browser_reaches_the_office_that_answers_in_the_browser(service, relay, clock):
    file_by_mail(service)
    answering = ask(service)
    clock.shift(timedelta(minutes=30))
    helping = official(service, "planeacion")
    assert "2026-E-000001" in words_of(helping.get("/atencion/?vista=aportes"))
    assert act(helping, "2026-E-000001", "aportar", text=INTERNAL).status_code == 303
    send_all(service)
    assert "llegó el aporte" in relay.to(FIRST)[-1]["Subject"]
    assert INTERNAL in words_of(answering.get("/atencion/radicado/2026-E-000001"))
    assert act(answering, "2026-E-000001", "responder", text=ANSWER).status_code == 303
    send_all(service)
    assert_whole(service, relay)
