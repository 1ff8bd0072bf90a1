"""Can somebody report without a name, be asked and answer, and leave nothing of theirs behind but the words?"""

import io

from PIL import Image
from sqlalchemy import inspect, text

from pqr import mailroom
from pqr.config import ROOT
from pqr.mail.addresses import Action
from pqr.mail.inbox import Received
from pqr.secretarias.directory import by_code
from pqr.tickets import letters
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.models import Ticket
from pqr.up.orders import web
from tests.builders import NOW, office_of, raw_mail
from tests.desk.staff import look_again
from tests.portal import visitor

PHONE = {"REMOTE_ADDR": "203.0.113.77"}
AGENT = "Mozilla/5.0 (Linux; Android 14; TelefonoDistintivo)"


def photo():
    tags = Image.Exif()
    tags[0x010E], tags[0x0112] = "1.0833 N 77.5 W", 6
    written = io.BytesIO()
    Image.new("RGB", (32, 24), "brown").save(written, "JPEG", exif=tags)
    return written.getvalue()


def everything(session, directory):
    for table in inspect(session.connection()).get_table_names():
        for row in session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the database's own names
            yield from (bytes(each) if isinstance(each, (bytes, memoryview)) else str(each).encode() for each in row)
    yield from (path.read_bytes() for path in directory.rglob("*") if path.is_file())


def browser(app):
    client = app.test_client()
    client.environ_base |= {**PHONE, "HTTP_USER_AGENT": AGENT, "HTTP_X_FORWARDED_FOR": PHONE["REMOTE_ADDR"]}
    return client


def test_an_anonymous_report_is_asked_about_and_answered_by_number_and_code(app, session, settings):
    first = browser(app)
    number = visitor.file(first, visitor.NAMELESS)
    code = visitor.code_on(first, number)
    here = office_of(session, settings)
    ticket = session.query(Ticket).one()
    assert ticket.petitioner is None
    assign(session, Assignment(ticket, by_code(session, "planeacion"), "es de vías", "user:1"), here, NOW)
    session.commit()
    asked = raw_mail(ticket.secretaria.email, letters.signed(ticket, Action.ASK, here), "Re", "¿En qué kilómetro?")
    with app.app_context():
        mailroom.store(Received(asked))
        mailroom.process_waiting()

    later = browser(app)  # another telephone, another day
    page = later.get(f"/radicado/{number}?code={code}", follow_redirects=True)
    assert "¿En qué kilómetro?" in page.text
    assert "Puede contestar aquí" in page.text
    fields = {"csrf_token": visitor.hidden(page.text, "csrf_token"), "text": "En el kilómetro 4"}
    file = {"attachments": (io.BytesIO(photo()), "via.jpg")}
    done = later.post(f"/radicado/{number}/mensaje", data={**fields, **file}, follow_redirects=True)
    done.request.input_stream.close()
    assert "Lo que escribió quedó en su caso" in done.text
    again = later.post(f"/radicado/{number}/mensaje", data=fields)
    assert again.status_code == 303
    look_again(session)
    ticket = session.query(Ticket).one()
    assert [message.text for message in ticket.messages if message.author == "citizen"] == ["En el kilómetro 4"]
    (kept,) = ticket.attachments
    assert (kept.belongs_to, kept.name) == ("message", "via.jpg")
    told = session.scalars(text("SELECT text FROM outbox WHERE letter = 'follow_up'")).all()
    assert any("En el kilómetro 4" in each for each in told)

    empty = later.post(f"/radicado/{number}/mensaje", data={**fields, "text": " "})
    assert empty.status_code == 422
    assert "Escriba lo que quiere agregar o contestar" in empty.text
    stranger = app.test_client().post(f"/radicado/{number}/mensaje", data=fields)
    assert stranger.status_code == 302
    assert "/radicado?" in stranger.location


def test_neither_the_connection_nor_the_telephone_of_who_files_is_kept_anywhere(app, session, settings, capfd, caplog):
    files = [(io.BytesIO(photo()), "via.jpg")]
    number = visitor.file(browser(app), visitor.NAMELESS | {"attachments": files})
    browser(app).get(f"/radicado/{number}?code=AAAAAAAAAA")
    said = capfd.readouterr()
    told = [*everything(session, settings.data_dir), (said.out + said.err + caplog.text).encode()]
    assert len(told) > 200
    for secret in (PHONE["REMOTE_ADDR"].encode(), b"TelefonoDistintivo", b"77.5 W"):
        assert not [each for each in told if secret in each], secret


def test_a_photo_that_went_ahead_of_an_anonymous_form_leaves_nothing_of_itself_either(app, session, settings):
    client = browser(app)
    token = visitor.hidden(client.get("/radicar").text, "csrf_token")
    brought = {"csrf_token": token, "attachments": (io.BytesIO(photo()), "via.jpg")}
    notes = [each["note"] for each in client.post("/radicar/archivos", data=brought).json["held"]]
    form = visitor.NAMELESS | {"held": notes, "filing_key": "k" * 32}
    reviewed = visitor.send(client, form, review="1")
    assert "via.jpg" in reviewed.text
    number, again = visitor.file(client, form), visitor.file(client, form)
    assert number == again
    kept = list((settings.data_dir / "files").rglob("*"))
    assert not [each for each in kept if each.parent.name == "held"]
    (attached,) = session.query(Ticket).one().attachments
    assert attached.name == "via.jpg"
    assert not [each for each in everything(session, settings.data_dir) if b"77.5 W" in each]


def test_the_counters_of_the_limits_know_no_address(tmp_path):
    from pqr.app import create_app
    from pqr.door import limiter
    from tests.installation import make_settings, prepare

    limited = make_settings(tmp_path, f"sqlite:///{tmp_path}/limites.sqlite3", PQR_RATE_LIMITS="on")
    prepare(limited)
    visitor.file(browser(create_app(limited)), visitor.NAMELESS)
    counted = repr(dict(limiter.storage.storage))
    assert "reserva-" in counted
    assert PHONE["REMOTE_ADDR"] not in counted


def test_the_web_server_writes_no_line_for_each_visit(settings):
    assert "access" not in repr(web(settings).act)
    assert "gunicorn" in repr(web(settings).act)
    assert "GUNICORN_CMD_ARGS" not in (ROOT / "pqr.sh").read_text(encoding="utf-8")


def test_the_form_and_the_help_tell_what_is_taken_out_and_who_else_can_ask_for_one(client):
    form, help_page = visitor.text_of(client.get("/radicar").text), visitor.text_of(client.get("/ayuda").text)
    for told in (form, help_page):
        assert "HEIC" in told
        assert "videos" in told
        assert "información con identificación reservada" in told
    assert "Ley 1712 de 2014, art. 4" in form
    assert "Con el número y el código que le damos al final ve lo que le pregunten" in form
