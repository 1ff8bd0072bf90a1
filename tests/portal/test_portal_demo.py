"""The demonstration's mailboxes: letters are read as whoever received them, and answered through the SMTP door."""

import asyncio
import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from pqr import mailroom
from pqr.app import create_app
from pqr.config import Settings
from pqr.db import db, transaction
from pqr.mail.message import parse
from pqr.mail.outbox import Letter
from pqr.mail.transport.listen import serve
from pqr.portal.postbox import Note, NotTaken, send
from pqr.tickets.models import Ticket
from tests.installation import make_settings
from tests.portal.visitor import LEAST, file, hidden
from tests.servers import free_port

OFFICE = "planeacion@puerres.example"


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return make_settings(tmp_path, database_url, PQR_DEMO="1", PQR_MAIL_IN_PORT=str(free_port()))


@pytest.fixture
def taken(settings) -> Iterator[list[bytes]]:
    """What entered by the service's own SMTP door."""
    received: list[bytes] = []
    with listening(settings, lambda mail: received.append(mail.raw)):
        yield received


@contextmanager
def listening(settings: Settings, store) -> Iterator[None]:
    loop, ready = asyncio.new_event_loop(), threading.Event()
    door = loop.create_task(serve(settings, store, ready.set))

    def run() -> None:
        try:
            loop.run_until_complete(door)
        except asyncio.CancelledError:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(60)
    yield
    loop.call_soon_threadsafe(door.cancel)
    thread.join()


def letter_to(session, recipient: str) -> Letter:
    return session.scalars(select(Letter).where(Letter.recipient == recipient).order_by(Letter.id.desc())).first()


def reply(client, letter: Letter, via: int = 0, **fields):
    path = f"/demo/correo/{letter.id}?via={via}"
    page = client.get(path).text
    form = {"csrf_token": hidden(page, "csrf_token"), "subject": "Re: su carta", "text": "Ya lo arreglamos."}
    return client.post(path, data=form | fields)


def test_letters_lie_in_the_mailboxes_of_citizens_and_offices(client):
    file(client)
    page = client.get("/demo/correo").text
    citizens, offices = page[page.index("Ciudadanía") :].split("Secretarías y oficinas")
    assert LEAST["email"] in citizens
    assert "Secretaría de Planeación" in offices
    assert "1 carta" in offices
    one = client.get(f"/demo/correo?buzon={OFFICE}").text
    assert OFFICE in one
    assert LEAST["email"] not in one


def test_a_letter_is_shown_whole_with_its_addresses_and_files(client, session):
    from io import BytesIO

    file(client, attachments=[(BytesIO(b"hola"), "nota.txt")])
    letter = letter_to(session, OFFICE)
    page = html.unescape(client.get(f"/demo/correo/{letter.id}").text)
    for words in (letter.reply_to, letter.subject, LEAST["description"], "nota.txt", "Por salir"):
        assert words in page
    assert client.get(f"/demo/correo/{letter.id}/adjunto/1").data == b"hola"
    assert client.get(f"/demo/correo/{letter.id}/adjunto/2").status_code == 404
    assert client.get("/demo/correo/99999").status_code == 404


def test_the_letters_own_design_is_shut_in(client, session):
    file(client)
    drawn = client.get(f"/demo/correo/{letter_to(session, OFFICE).id}/diseno")
    assert drawn.mimetype == "text/html"
    assert "sandbox" in drawn.headers["Content-Security-Policy"]
    assert "script-src" not in drawn.headers["Content-Security-Policy"]


def test_an_office_answers_from_its_mailbox_through_the_real_door(client, session, taken):
    file(client)
    letter = letter_to(session, OFFICE)
    assert reply(client, letter).status_code == 303
    (raw,) = taken
    mail = parse(raw)
    assert mail.sender == OFFICE
    assert mail.recipients == (letter.reply_to,)
    assert mail.in_reply_to == (letter.message_id,)
    assert mail.text.startswith("Ya lo arreglamos.")
    assert "escribió:" in mail.text
    assert f"> Asunto: {LEAST['subject']}" in mail.text


def test_an_office_returns_or_asks_for_time_with_the_links_of_its_letter(client, session, taken):
    file(client)
    letter = letter_to(session, OFFICE)
    page = html.unescape(client.get(f"/demo/correo/{letter.id}?via=1").text)
    assert "Devolver" in page
    assert "Prórroga" in page
    assert "No es competencia de esta dependencia porque:" in page
    reply(client, letter, via=1, subject="Devolver", text="No es nuestra: es de Gobierno.")
    (raw,) = taken
    assert parse(raw).recipients[0].startswith("pqr+d")


def test_the_whole_loop_is_walked_in_the_browser(app, client, session, settings):
    radicado = file(client)

    def store(mail) -> None:
        with app.app_context():
            mailroom.store(mail)

    with listening(settings, store):
        reply(client, letter_to(session, OFFICE), text="El arreglo empieza el lunes.")
    with app.app_context():
        mailroom.process_waiting()
        mailroom.send_waiting()
    session.rollback()  # what the workers wrote is read anew
    answer = letter_to(session, LEAST["email"])
    assert "El arreglo empieza el lunes." in client.get(f"/demo/correo/{answer.id}").text
    assert session.scalars(select(Ticket.state).where(Ticket.radicado == radicado)).one() == "closed"


def test_anybody_writes_to_the_service_from_the_demonstration(client, taken):
    page = client.get("/demo/correo/nuevo").text
    form = {"sender": "vecino@correo.example", "subject": "No hay agua", "text": "Desde ayer no hay agua."}
    answer = client.post("/demo/correo/nuevo", data=form | {"csrf_token": hidden(page, "csrf_token")})
    assert answer.status_code == 303
    assert "Enviado de vecino@correo.example" in client.get(answer.location).text
    assert parse(taken[0]).subject == "No hay agua"


def test_when_nobody_listens_it_is_said_and_the_text_stays(client, session, settings):
    file(client)
    answer = reply(client, letter_to(session, OFFICE), text="Un texto largo que no se debe perder")
    assert answer.status_code == 503
    assert f"127.0.0.1:{settings.mail_in_port}" in answer.text
    assert "Un texto largo que no se debe perder" in answer.text


def test_an_empty_reply_is_asked_for_its_words(client, session):
    file(client)
    answer = reply(client, letter_to(session, OFFICE), text="")
    assert answer.status_code == 422
    assert "Escriba el mensaje." in answer.text


def test_the_door_refuses_a_recipient_that_is_not_ours(settings, taken):
    with pytest.raises(NotTaken, match="no recibe correo para otra@puerres"):
        send(Note("vecina@correo.example", "otra@puerres.example", "Hola", "Hola"), settings)
    assert taken == []


@pytest.fixture
def app(settings):
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_what_a_letter_says_is_shown_as_text(app, client, session):
    file(client, subject="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    with app.app_context(), transaction() as current:
        letters = current.scalars(select(Letter.id)).all()
    for number in letters:
        page = client.get(f"/demo/correo/{number}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
