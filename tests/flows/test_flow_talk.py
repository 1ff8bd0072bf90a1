"""Can a request be followed from the page to the letter, and does no line say whose it was?"""

import json
from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select

from pqr import mailroom
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from pqr.mail.inbox import Received
from pqr.mail.outbox import Letter
from pqr.tickets.models import Ticket
from tests.builders import raw_mail
from tests.desk.staff import act, at_work
from tests.flows.apart import Apart
from tests.installation import make_settings
from tests.portal import visitor

TUESDAY = datetime.fromisoformat("2026-03-03T10:30:00-05:00")
OF_THE_PROXY = "0123456789abcdef0123456789abcdef"
PERSON = {
    "name": "Eufrasia Quistanchala",
    "document_type": "CC",
    "document_number": "27180936",
    "email": "eufrasia.q@correo.example",
    "phone": "3107781245",
    "subject": "Ruido de la cantina Girardot",
    "description": "No se puede dormir junto a la cantina Girardot.",
}
SECRETS = ("eufrasia", "quistanchala", "27180936", "3107781245", "cantina", "girardot", "correo.example", "192.0.2.44")


@pytest.fixture
def service(database_url, tmp_path, relay):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    app.test_client_class = Apart
    app.add_url_rule("/falla", view_func=lambda: {}[PERSON["email"]])
    with app.app_context(), time_machine.travel(TUESDAY, tick=False):
        yield app
        db.session.remove()
        db.engine.dispose()


def lines_of(said):
    return [json.loads(line) for line in said.err.splitlines()]


def test_a_request_is_followed_from_the_page_to_the_letter_and_no_line_says_whose_it_was(service, relay, capfd):
    visits = service.test_client()
    visits.environ_base |= {"HTTP_X_REQUEST_ID": OF_THE_PROXY, "HTTP_X_FORWARDED_FOR": "192.0.2.44"}
    visitor.file(visits, visitor.LEAST | PERSON)
    mailroom.send_waiting()
    letter = relay.to(PERSON["email"])[0]
    assert letter["X-PQR-Request"] == OF_THE_PROXY
    db.session.rollback()
    letters = db.session.scalars(select(Letter)).all()
    assert {each.request for each in letters} == {OF_THE_PROXY}
    tried = [line for line in lines_of(capfd.readouterr()) if line["event"] == "letter_tried"]
    assert {line["request"] for line in tried} == {OF_THE_PROXY}
    assert len(tried) == len(letters)

    mail_id, _ = mailroom.store(
        Received(raw_mail(f"Eufrasia Quistanchala <{PERSON['email']}>", subject="La cantina Girardot", text="Otra vez"))
    )
    mailroom.process_waiting()
    mailroom.send_waiting()
    db.session.rollback()
    assert {each.request for each in db.session.scalars(select(Letter).where(Letter.id > letters[-1].id))} == {
        f"mail-{mail_id}"
    }

    number = db.session.scalars(select(Ticket.radicado)).first()
    relay.refusal = f"451 4.2.1 <{PERSON['email']}> vuelva luego"
    desk = service.test_client()
    at_work(desk, db.session(), Role.DESK)
    answered = act(desk, number, "responder", text="Ya se midió el ruido de la cantina Girardot.")
    assert answered.status_code == 303
    mailroom.send_waiting()
    assert service.test_client().get("/falla?correo=eufrasia").status_code == 500

    said = capfd.readouterr()
    events = [line["event"] for line in lines_of(said)]
    assert {"mail_settled", "letter_tried", "page_failed"} <= set(events)
    (failed,) = [line for line in lines_of(said) if line["event"] == "page_failed"]
    assert (failed["exception"], len(failed["request"])) == ("KeyError", 32)
    assert "test_flow_talk.py" in failed["frames"]
    assert not [secret for secret in SECRETS if secret in (said.out + said.err).lower()]


@pytest.mark.parametrize(
    ("peer", "header", "taken"),
    [
        ("127.0.0.1", OF_THE_PROXY, True),
        ("10.1.2.3", OF_THE_PROXY, True),
        ("1.2.3.4", OF_THE_PROXY, False),
        ("127.0.0.1", "corto", False),
        ("127.0.0.1", "a" * 65, False),
        ("127.0.0.1", 'eufrasia"@correo.example', False),
    ],
)
def test_only_our_own_proxy_names_a_request_and_only_in_good_form(app, capfd, peer, header, taken):
    app.add_url_rule("/falla", view_func=lambda: {}["x"])
    app.test_client().get("/falla", headers={"X-Request-Id": header}, environ_base={"REMOTE_ADDR": peer})
    (line,) = lines_of(capfd.readouterr())
    assert (line["request"] == header) is taken
    assert len(line["request"]) >= 8


def test_a_line_for_people_and_a_line_for_programs_say_the_same(tmp_path, capfd):
    for form, page in (("logfmt", "/falla"), ("json", "/open311/v2/falla")):
        app = create_app(make_settings(tmp_path, PQR_LOG=form))
        app.add_url_rule(page, view_func=lambda: {}["x"])
        assert app.test_client().get(page).status_code == 500
    people, programs = capfd.readouterr().err.splitlines()
    assert "event=page_failed" in people
    assert "exception=KeyError" in people
    assert json.loads(programs)["event"] == "page_failed"
