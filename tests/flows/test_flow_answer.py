"""From door to ledger: a petition enters by web, mail or the counter, an office answers, the citizen has it."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from sqlalchemy import select

from pqr import mailroom
from pqr.app import create_app
from pqr.db import db
from pqr.mail.inbox import Received
from pqr.mail.outbox import Letter, LetterState
from pqr.tickets.events import history
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.states import Outcome, State
from pqr.upkeep import verify
from tests.installation import make_settings
from tests.sink import petition, reply_to, sink

CITIZEN = "ana@correo.example"
OFFICE = "servicios@puerres.example"
TUESDAY = "2026-02-03T09:15:00-05:00"


@pytest.fixture
def service(database_url, tmp_path, relay):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    with app.app_context(), time_machine.travel(TUESDAY, tick=False):
        yield app
        db.session.remove()
        db.engine.dispose()


def receive(raw: bytes) -> None:
    mailroom.store(Received(raw))
    mailroom.process_waiting()
    mailroom.send_waiting()


def file_by_web(app, **fields) -> str:
    client = app.test_client()
    page = client.get("/radicar").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    form = {
        "csrf_token": token,
        "kind": "reclamo",
        "subject": "No llega agua al acueducto",
        "description": "Hace dos semanas no llega el agua a la vereda; hay un tubo roto.",
        "identity": "named",
        "name": "Ana Prueba",
        "answer_by": "email",
        "email": CITIZEN,
        "accept_notice": "y",
    }
    response = client.post("/radicar", data=form | fields)
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    mailroom.send_waiting()
    return response.location.rsplit("/", 1)[1]


def the_only_ticket() -> Ticket:
    db.session.rollback()  # what was read before is an old picture
    return db.session.scalars(select(Ticket)).one()


def assert_answered(relay, text: str) -> None:
    answer = relay.to(CITIZEN)[-1]
    assert text in answer.get_body(("plain",)).get_content()
    assert [part.get_content_type() for part in answer.iter_attachments()] == ["application/pdf"]
    ticket = the_only_ticket()
    assert (ticket.state, ticket.outcome) == (State.CLOSED, Outcome.ANSWERED)
    assert db.session.scalars(select(Answer)).one().radicado == "2026-S-000001"
    from pqr.door import office

    assert list(verify(db.session(), office(db.session()))) == []


def test_a_petition_by_web_is_answered_by_replying_to_a_mail(service, relay):
    radicado = file_by_web(service)
    assert radicado == "2026-E-000001"
    acknowledgement, assignment = relay.to(CITIZEN)[0], relay.to(OFFICE)[0]
    assert radicado in acknowledgement["Subject"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert "Ana Prueba" in assignment.get_body(("plain",)).get_content()
    assert CITIZEN not in assignment.as_string()

    receive(reply_to(assignment, OFFICE, "Mañana va la cuadrilla a cambiar el tubo."))

    assert_answered(relay, "Mañana va la cuadrilla a cambiar el tubo.")
    kinds = [event.kind for event in history(db.session(), the_only_ticket().id)]
    assert kinds[:2] == ["filed", "assigned"]
    assert kinds[-3:] == ["answered", "letter_sent", "communicated"]


def test_a_petition_by_mail_is_answered_in_its_own_thread(service, relay):
    raw = petition(
        CITIZEN, "Reclamo: no llega agua", "El acueducto no llega y hay una fuga de agua.", "<uno@x.example>"
    )
    receive(raw)

    acknowledgement, assignment = relay.to(CITIZEN)[0], relay.to(OFFICE)[0]
    assert acknowledgement["In-Reply-To"] == "<uno@x.example>"
    receive(reply_to(assignment, OFFICE, "Ya se arregló la fuga."))

    assert_answered(relay, "Ya se arregló la fuga.")
    assert relay.to(CITIZEN)[-1]["In-Reply-To"] == "<uno@x.example>"


def test_the_same_mail_twice_is_one_ticket(service, relay):
    raw = petition(CITIZEN, "No llega agua", "El acueducto no llega.", "<dos@x.example>")
    receive(raw)
    receive(raw)
    receive(b"Received: from relay.example by other.example\r\n" + raw)

    assert the_only_ticket().radicado == "2026-E-000001"
    assert len(relay.to(CITIZEN)) == 1


def test_a_petitioner_who_writes_again_is_heard_by_the_office_and_opens_no_case(service, relay):
    file_by_web(service)
    receive(reply_to(relay.to(CITIZEN)[0], CITIZEN, "El tubo roto está frente a la escuela."))

    assert the_only_ticket().messages[0].text == "El tubo roto está frente a la escuela."
    forwarded = relay.to(OFFICE)[-1]
    assert "frente a la escuela" in forwarded.get_body(("plain",)).get_content()
    receive(reply_to(forwarded, OFFICE, "Gracias, ya lo encontramos y quedó arreglado."))
    assert_answered(relay, "ya lo encontramos")


def test_an_answer_between_the_lines_of_our_letter_is_read_by_a_person_before_it_leaves(service, relay):
    file_by_web(service)
    assignment = relay.to(OFFICE)[0]
    letter = assignment.get_body(("plain",)).get_content().splitlines()
    between = "\n".join(f"> {line}\nLo arreglamos mañana." if "Asunto" in line else f"> {line}" for line in letter)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = OFFICE, str(assignment["Reply-To"]), "Re: agua"
    mail["In-Reply-To"], mail["Message-ID"] = assignment["Message-ID"], "<entre@oficina.example>"
    mail.set_content(between)
    receive(mail.as_bytes())

    assert not db.session.scalars(select(Answer)).all()
    assert len(relay.to(CITIZEN)) == 1
    told = relay.to(OFFICE)[-1].get_body(("plain",)).get_content()
    assert "Escríbala toda encima de la línea" in " ".join(told.split())


def test_a_reply_from_an_address_that_is_not_the_offices_waits_for_a_person(service, relay):
    file_by_web(service)
    receive(reply_to(relay.to(OFFICE)[0], "otro@correo.example", "Ya está todo resuelto."))

    assert the_only_ticket().state == State.ASSIGNED
    assert not db.session.scalars(select(Answer)).all()
    assert "no salió de un correo registrado" in relay.to("otro@correo.example")[0].get_body(("plain",)).get_content()


def test_an_office_returns_what_is_not_its_own_by_mail(service, relay):
    file_by_web(service)
    body = relay.to(OFFICE)[0].get_body(("plain",)).get_content()
    address = re.search(r"mailto:(pqr\+d[^?]+)\?", body)[1]
    receive(
        reply_to(relay.to(OFFICE)[0], OFFICE, "No es competencia de esta dependencia porque: es de Obras.", address)
    )

    ticket = the_only_ticket()
    assert (ticket.state, ticket.secretaria_id) == (State.FILED, None)


def test_an_office_extends_by_mail_and_the_petitioner_is_told(service, relay):
    file_by_web(service)
    before = the_only_ticket().due_on
    body = relay.to(OFFICE)[0].get_body(("plain",)).get_content()
    address = re.search(r"mailto:(pqr\+p[^?]+)\?", body)[1]
    order = "Días hábiles que necesita: 5\nPorque: el repuesto viene de Ipiales"
    receive(reply_to(relay.to(OFFICE)[0], OFFICE, order, address))

    assert (the_only_ticket().due_on - before).days == 7
    assert "el repuesto viene de Ipiales" in relay.to(CITIZEN)[-1].get_body(("plain",)).get_content()


def test_a_letter_waits_for_a_relay_that_is_down_and_leaves_when_it_is_back(database_url, tmp_path):
    with sink() as gone:
        port = gone.port
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=f"smtp://127.0.0.1:{port}"))
    with app.app_context(), time_machine.travel(TUESDAY, tick=False) as clock:
        file_by_web(app)
        db.session.rollback()
        letters = db.session.scalars(select(Letter)).all()
        assert {(letter.state, letter.attempts) for letter in letters} == {(LetterState.QUEUED, 1)}
        assert all("ConnectionRefusedError" in letter.last_error for letter in letters)
        with sink(port) as back:
            mailroom.send_waiting()
            assert not back.letters, "the pause has not passed"
            clock.shift(timedelta(minutes=1))
            mailroom.send_waiting()
            assert {str(letter["To"]) for letter in back.letters} == {CITIZEN, OFFICE}
        db.session.remove()
        db.engine.dispose()


def test_an_address_that_does_not_exist_brings_the_case_back_to_the_desk(service, relay):
    file_by_web(service)
    assignment = relay.to(OFFICE)[0]
    relay.refusal = "550 5.1.1 no such user"
    receive(reply_to(assignment, OFFICE, "Ya se arregló."))

    ticket = the_only_ticket()
    assert ticket.state == State.ANSWERED
    letter = db.session.scalars(select(Letter).where(Letter.letter == "answer")).one()
    assert letter.state == LetterState.BOUNCED


def test_a_complaint_against_an_official_reaches_no_office_by_itself(service, relay):
    file_by_web(service, kind="queja", subject="Mal trato en el acueducto", description="Me gritaron por el agua.")

    assert the_only_ticket().secretaria_id is None
    assert not relay.to(OFFICE)
