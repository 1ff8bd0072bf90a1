"""Does anything, anywhere, give away who asked for reserve?  Every page, letter, file, log line and stored byte.

The whole life of two petitions, one by web and one by mail, read by everybody. What stays in clear on purpose is in
docs/operar.md, «Identidad reservada», and nowhere else.
"""

import io
import re
import subprocess
from collections import Counter
from contextlib import suppress
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import inspect, select, text

from pqr import mailroom, upkeep
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from pqr.app import create_app
from pqr.cli import main
from pqr.db import db, transaction
from pqr.door import office
from pqr.mail.addresses import Action, verification_code
from pqr.mail.inbox import InboxMail, Received
from pqr.mail.outbox import Letter
from pqr.secretarias.directory import by_code
from pqr.tickets import letters
from pqr.tickets.events import history
from pqr.tickets.models import Identity, Ticket
from pqr.upgrade import seed
from tests.builders import delivery_report, raw_mail
from tests.desk.staff import act, at_work, enter, send, words_of
from tests.desk.test_desk_gate import SAMPLES
from tests.flows.apart import Apart
from tests.installation import make_settings
from tests.portal import visitor
from workers.exports import make

TUESDAY = datetime.fromisoformat("2026-03-03T10:30:00-05:00")
WEB = {
    "name": "Eufrasia Quistanchala",
    "document_type": "CC",
    "document_number": "27180936",
    "email": "eufrasia.q@correo.example",
    "phone": "3107781245",
    "address": "Vereda Yanale, casa azul",
    "municipality": "Funes",
}
MAILED = {"name": "Teodolinda Chapuel", "email": "teo.chapuel@buzon.example"}
SECRETS = (
    "Eufrasia", "Quistanchala", "27180936", "27.180.936", "eufrasia.q", "3107781245", "Yanale", "Funes",
    "Teodolinda", "Chapuel", "teo.chapuel",
)  # fmt: skip
MOST_ALIKE = 12  # addresses of one page, by what they ask of it
FORMS = ("json", "xml", "csv", "xlsx", "pdf")
OWN = {WEB["email"], MAILED["email"]}
MAIL = "Pido reserva de identidad. El contratista del puente cobra sin trabajar."


@pytest.fixture
def service(database_url, tmp_path, relay):
    app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
    app.test_client_class = Apart
    with app.app_context(), time_machine.travel(TUESDAY, tick=False):
        yield app
        db.session.remove()
        db.engine.dispose()


def leaks(content):
    """The secrets in a text or in bytes, also as quoted-printable or a page would write them."""
    written = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    written = unescape(written)
    return [secret for secret in SECRETS if secret.lower() in written.lower()]


def photo():
    tags = Image.Exif()
    tags[0x010E] = "Telefono de Eufrasia"
    written = io.BytesIO()
    Image.new("RGB", (32, 24), "brown").save(written, "JPEG", exif=tags)
    return written.getvalue()


def receive(*raws):
    for raw in raws:
        mailroom.store(Received(raw, envelope_from=MAILED["email"], source="smtp"))
    mailroom.process_waiting()
    mailroom.send_waiting()


def live(app):
    """Both petitions filed, assigned, asked about, added to, bounced and answered. The radicados."""
    citizen, desk = app.test_client(), app.test_client()
    files = [(io.BytesIO(photo()), "puente.jpg")]
    filed = {**visitor.LEAST, **WEB, "identity": "reserved", "kind": "denuncia", "attachments": files}
    by_web = visitor.file(citizen, filed)
    receive(
        raw_mail(f"{MAILED['name']} <{MAILED['email']}>", subject="Denuncia", text=MAIL, message_id="<a@b.example>")
    )
    by_mail = next(each.radicado for each in tickets() if each.radicado != by_web)
    at_work(desk, db.session(), Role.DESK)
    planeacion = by_code(db.session(), "planeacion")
    for number, person in ((by_web, WEB), (by_mail, MAILED)):
        answer = act(desk, number, "asignar", secretaria=str(planeacion.id), reason="es de obras")
        assert answer.status_code == 303, words_of(answer)
        here = office(db.session())
        to = {action: letters.signed(one(number), action, here) for action in (Action.ASK, Action.CITIZEN)}
        writer = f"{person['name']} <{person['email']}>"
        receive(
            raw_mail(planeacion.email, to[Action.ASK], "Re", "¿De qué puente habla?"),
            raw_mail(writer, to[Action.CITIZEN], "Re", "Del puente viejo."),
            raw_mail("extrano@otro.example", to[Action.CITIZEN], "Re", "Yo también vi eso."),
        )
        receive(bounced(number))
        act(desk, number, "responder", text="Se visitó el puente.")
        mailroom.send_waiting()
    assert send(desk, "/atencion/informes/descargas?vista=todas", form="csv").status_code == 303
    make()
    return by_web, by_mail


def bounced(number):
    """The relay's report that the acknowledgement found nobody."""
    letter = db.session.scalars(
        select(Letter).where(Letter.ticket_id == one(number).id, Letter.letter == "acknowledgement")
    ).one()
    report = delivery_report(letter, str(letter.recipient))
    return report.replace(b"550 No such user", f"550 <{letter.recipient}> No such user".encode())


def tickets():
    db.session.rollback()
    return db.session.scalars(select(Ticket).order_by(Ticket.id)).all()


def one(number):
    return next(each for each in tickets() if each.radicado == number)


def pages_of(app, client, numbers, code):
    """Path and body of every page that this reader can open: each route, and each link of what it showed."""
    samples = {**SAMPLES, "radicado": numbers[0], "number": 1, "address": "x", "token": "x", "filename": "pqr.css"}
    waiting = [f"/atencion/buscar?q={word}" for word in SECRETS]
    waiting += [f"/atencion/personas?q={word}" for word in SECRETS]
    for number in numbers:
        waiting += [f"/radicado/{number}"] + ([f"/radicado/{number}?code={code[number]}"] if code else [])
    adapter = app.url_map.bind("localhost")
    routes = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    for number in numbers:
        for rule in routes:
            values = {name: samples.get(name, 1) for name in rule.arguments}
            values |= {"radicado": number} if "radicado" in values else {}
            for place in range(1, 10 if {"mail_id", "file_id"} & set(values) else 2):
                values |= {name: place for name in ("mail_id", "file_id") if name in values}
                for form in FORMS if "form" in values else ("",):
                    with suppress(ValueError):  # not every door has every form
                        waiting.append(adapter.build(rule.endpoint, values | ({"form": form} if form else {})))
    seen, asked = set(), Counter()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/static", "/ingresar/salir")):
            continue
        seen.add(path)
        answer = client.get(path)
        yield path, answer
        if answer.mimetype == "text/html":
            found = [unescape(each) for each in re.findall(r'href="(/[^"#]*)', answer.text)]
            for each in found if len(seen) < 600 else ():
                asked[each.partition("?")[0]] += each not in seen
                if asked[each.partition("?")[0]] <= MOST_ALIKE:
                    waiting.append(each)
        elif answer.location and not urlsplit(answer.location).netloc:
            waiting.append(answer.location)
        answer.close()


def text_of(answer):
    if answer.mimetype == "application/pdf":
        asked = ["pdftotext", "-", "-"]
        return subprocess.run(asked, input=answer.data, capture_output=True, check=True).stdout + answer.data
    return answer.data


def everything_stored(app):
    """Where, and the bytes: of the database and of the files."""
    with db.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the database's own names
                for value in row:
                    yield table, bytes(value) if isinstance(value, (bytes, memoryview)) else str(value)
    settings = app.extensions["pqr_settings"]
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


def test_nobody_and_nothing_tells_who_asked_for_reserve(service, relay, capfd, caplog):
    numbers = live(service)
    assert {each.identity for each in tickets()} == {Identity.RESERVED}
    assert {each.petitioner.email for each in tickets()} == OWN, "mail must still be able to go there"
    assert {str(letter["To"]) for letter in relay.letters} >= OWN
    code = {number: verification_code(number, service.extensions["pqr_settings"].secret_keys[0]) for number in numbers}

    stored = [(where, leaks(content)) for where, content in everything_stored(service)]
    assert len(stored) > 500
    assert [each for each in stored if each[1]] == []

    db.session.rollback()
    for letter in db.session.scalars(select(Letter)):
        told = "\n".join((letter.subject, letter.text, letter.html, repr(letter.headers), repr(letter.files)))
        assert letter.recipient in OWN or not leaks(letter.recipient)
        assert not leaks(told), letter.letter

    readers = [(None, None), *((role, None) for role in Role if role != Role.SECRETARIA)]
    readers += [(Role.SECRETARIA, "planeacion"), (Role.SECRETARIA, "hacienda")]
    for role, office_code in readers:
        client, opened = service.test_client(), 0
        db.session.rollback()
        if role is not None:
            enter_again(client) if role == Role.DESK else at_work(client, db.session(), role, office_code)
        for path, answer in pages_of(service, client, numbers, code if role is None else None):
            assert answer.status_code < 500, path
            opened += answer.status_code == 200
            asked = [word for word in SECRETS if f"q={word}" in path]  # the page repeats what was asked
            told = text_of(answer)
            for word in asked:
                told = told.replace(word.encode(), b"").replace(word.lower().encode(), b"")
            assert not leaks(told), (role, path, leaks(told))
        assert opened > (25 if role else 15), (role, opened)

    for command in (
        *(["outbox", "list", "--json"], ["outbox", "list"], ["mail", "pending"], ["handover", "--format", "json"]),
        ["report", "dependencias", "--period", "2026-T1", "--format", "csv", "--out", "/dev/stdout"],
    ):
        answer = CliRunner().invoke(main, command, env=environment(service), catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        assert len(answer.output) > 150
        assert not leaks(answer.output), command

    said = capfd.readouterr()
    assert not leaks(said.out + said.err + caplog.text)
    assert "letter_tried" in said.err


def environment(app):
    """As the operator's terminal has it."""
    given = app.extensions["pqr_settings"]
    return {
        "PQR_DATA_DIR": str(given.data_dir),
        "PQR_DATABASE_URL": given.database_url,
        "PQR_SECRET_KEY": given.secret_keys[0],
        "PQR_MAIL_DOMAIN": given.mail_domain,
    }


def enter_again(client):
    db.session.rollback()
    enter(client, db.session.scalars(select(User).where(User.role == Role.DESK)).one())


def test_it_is_shown_once_to_who_says_why_and_control_interno_is_told(service, relay):
    number = live(service)[0]
    desk = service.test_client()
    enter_again(desk)
    page = act(desk, number, "identidad", reason="Hay que citarla a declarar")
    assert page.status_code == 200
    assert {"Eufrasia", "27180936", "3107781245", "Yanale"} <= set(leaks(page.data))
    assert not leaks(desk.get(f"/atencion/radicado/{number}").data)
    mailroom.send_waiting()
    control = by_code(db.session(), "control_interno").email
    (told,) = [letter for letter in relay.to(control) if "se vio una identidad reservada" in letter["Subject"]]
    words = told.get_body(("plain",)).get_content()
    assert number in words
    assert "desk@puerres.example" in words
    assert "Hay que citarla a declarar" in words
    assert not leaks(told.as_bytes())
    seen = [event for event in history(db.session(), one(number).id) if event.kind == "identity_revealed"]
    assert [event.data for event in seen] == [{"reason": "Hay que citarla a declarar"}]
    refused = act(desk, number, "identidad", reason="")
    assert refused.status_code == 422
    assert not leaks(refused.data)


def test_what_an_older_version_kept_in_clear_is_sealed_by_the_upgrade_once(service):
    numbers = live(service)
    with db.engine.begin() as connection:  # as the tables were before there were seals
        for ticket in tickets():
            person = WEB if ticket.radicado == numbers[0] else MAILED
            values = {name: person.get(name, "") for name in WEB}
            sets, whose = ", ".join(f"{name} = :{name}" for name in values), ticket.petitioner_id
            connection.execute(text(f"UPDATE petitioners SET {sets} WHERE id = {whose}"), values)  # noqa: S608
            for_mail = {"email": person["email"], "id": ticket.id, "raw": f"From: {person['email']}\r\n\r\n".encode()}
            connection.execute(
                text("UPDATE outbox SET recipient = :email WHERE ticket_id = :id AND letter = 'acknowledgement'"),
                for_mail,
            )
            connection.execute(
                text("UPDATE inbox SET sender = :email, raw = :raw, envelope_from = :email WHERE ticket_id = :id"),
                for_mail,
            )
    db.session.rollback()
    assert any(leaks(content) for where, content in everything_stored(service) if where == "petitioners")
    findings = list(upkeep.verify(db.session(), office(db.session())))
    assert len([each for each in findings if "sin cifrar" in each]) == 2
    db.session.rollback()
    pictures = []
    for _ in range(2):
        with transaction() as session:
            seed(session, TUESDAY)
        found = list(everything_stored(service))
        ledgers = [(where, value) for where, value in found if where in ("petitioners", "outbox", "inbox")]
        assert [where for where, value in ledgers if leaks(value)] == []
        pictures.append(ledgers)
    assert pictures[0] == pictures[1], "what is sealed is not sealed again"
    assert {each.petitioner.email for each in tickets()} == OWN
    mails = db.session.scalars(select(InboxMail).where(InboxMail.raw.is_not(None))).all()
    assert all(mail.raw for mail in mails)
