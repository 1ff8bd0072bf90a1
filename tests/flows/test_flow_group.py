"""Do twelve who ask the same get one answer, each their own letter, and does it give nobody away?  CPACA art. 22."""

from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select

from pqr import mailroom
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.db import db
from pqr.door import office
from pqr.mail.addresses import verification_code
from pqr.mail.inbox import Received
from pqr.publishing.models import Aviso
from pqr.secretarias.directory import by_code
from pqr.tickets.models import Ticket
from pqr.upkeep import verify
from tests.builders import raw_mail
from tests.desk.staff import act, at_work, look_again, send, words_of
from tests.flows.apart import Apart
from tests.installation import make_settings
from tests.portal import visitor

TUESDAY = datetime.fromisoformat("2026-03-03T10:30:00-05:00")
GROUP, TITLE = "/atencion/grupo/1", "Cuándo se arregla el acueducto"
SUBJECT, WORDS = "Arreglo del acueducto", "¿Cuándo arreglan el tubo roto del acueducto de la vereda Chitarrán?"
ANSWER = "El tubo se cambia el lunes 16 de marzo."
KEPT = {
    "identity": "reserved", "name": "Eufrasia Quistanchala", "email": "eufrasia.q@buzon.example",
    "document_type": "CC", "document_number": "27180936",
}  # fmt: skip
SECRETS = ("Eufrasia", "Quistanchala", "eufrasia.q", "27180936")


@pytest.fixture
def service(database_url, tmp_path, relay):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url, PQR_ROUTING="desk"))
    app.test_client_class = Apart
    with app.app_context(), time_machine.travel(TUESDAY, tick=False):
        yield app
        db.session.remove()
        db.engine.dispose()


def everybody_asks(app):
    """Six by web with their name, four by mail, one with the identity reserved and one anonymous."""
    form = visitor.LEAST | {"kind": "informacion", "subject": SUBJECT, "description": WORDS}
    for number in range(6):
        visitor.file(app.test_client(), form, name=f"Vecina{number} Prueba", email=f"v{number}@correo.example")
    visitor.file(app.test_client(), form | KEPT)
    asked = {name: form[name] for name in ("kind", "subject", "description")}
    visitor.file(app.test_client(), visitor.NAMELESS | asked)
    for number in range(4):
        sender = f"Mailda{number} Prueba <m{number}@correo.example>"
        mailroom.store(Received(raw_mail(sender, subject=SUBJECT, text=f"Buenos días. {WORDS}"), source="smtp"))
    mailroom.process_waiting()
    mailroom.send_waiting()


def tickets():
    look_again(db.session)
    return db.session.scalars(select(Ticket).order_by(Ticket.id)).all()


def grouped(client):
    """By the desk, with what the group's page proposes; then one office has them all."""
    at_work(client, db.session())
    numbers = [ticket.radicado for ticket in tickets()]
    planeacion = str(by_code(db.session(), "planeacion").id)
    look_again(db.session)
    assert act(client, numbers[0], "agrupar", title=TITLE).location == GROUP
    proposed = client.get(GROUP).text
    assert [number for number in numbers[1:] if f'value="{number}"' not in proposed] == []
    for name, typed in (("agregar", {"likely": numbers[1:]}), ("dependencia", {"secretaria": planeacion})):
        done = send(client, GROUP, f"{GROUP}/{name}", **typed)
        assert done.status_code == 303, words_of(done)


def case_page(app, ticket):
    """As its petitioner reads it, with the number and the code."""
    code = verification_code(ticket.radicado, office(db.session()).keys[0])
    page = app.test_client().get(f"/radicado/{ticket.radicado}?code={code}", follow_redirects=True)
    return visitor.text_of(page.text)


def test_twelve_who_ask_the_same_get_one_answer_each_and_it_gives_nobody_away(service, relay):
    everybody_asks(service)
    client = service.test_client()
    grouped(client)
    at_work(client, db.session(), Role.SECRETARIA, "planeacion")
    shown = client.get(GROUP).text
    assert "12</strong> personas distintas" in shown
    done = send(client, GROUP, f"{GROUP}/responder", text=ANSWER)
    assert done.status_code == 303, words_of(done)
    mailroom.send_waiting()

    found = tickets()
    exits = [ticket.answer.radicado for ticket in found]
    assert len(set(exits)) == len(found) == 12
    by_mail = [ticket for ticket in found if ticket.identity != "anonymous"]
    assert {ticket.outcome for ticket in by_mail} == {"answered"}
    assert {ticket.days_used for ticket in by_mail} == {0}
    for ticket in by_mail:
        own = [each for each in relay.to(ticket.petitioner.email) if ticket.answer.radicado in each.as_string()]
        assert len(own) == 1
        assert next(own[0].iter_attachments()).get_content_type() == "application/pdf"
        assert not [number for number in exits if number != ticket.answer.radicado and number in own[0].as_string()]
    hidden = next(ticket for ticket in found if ticket.identity == "anonymous")
    assert (hidden.state, db.session.scalar(select(Aviso.ticket_id))) == ("answered", hidden.id)

    public = [client.get(path).text for path in ("/respuestas", "/respuestas/1", "/avisos")]
    assert ANSWER in public[1]
    assert "12 personas" in public[1]
    for page in (*public[:2], client.get(GROUP).text, shown):
        assert not [secret for secret in SECRETS if secret in page]
    numbers = [*exits, *(ticket.radicado for ticket in found)]
    for page in public[:2]:
        assert not [number for number in numbers if number in page]
        assert not [word for word in ("Vecina", "Mailda", "correo.example") if word in page]
    for ticket in (found[0], hidden, next(each for each in found if each.identity == "reserved")):
        told = case_page(service, ticket)
        assert ANSWER in told
        assert "Es la misma para las 12 personas que pidieron lo mismo" in told
        assert not [other.radicado for other in found if other.id != ticket.id and other.radicado in told]
    assert list(verify(db.session(), office(db.session()))) == []
