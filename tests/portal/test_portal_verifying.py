"""Can anybody find out whether a letter is ours, and learn nothing else?"""

import hashlib
import io

import pytest

from pqr.app import create_app
from pqr.db import db
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.issuing import documents_of
from tests.builders import NOW, assigned, office_of
from tests.desk.staff import words_of
from tests.installation import make_settings
from tests.portal.visitor import hidden

SECRET = "El tubo de la vereda"


@pytest.fixture
def letter(session, settings):
    """An answer that left, and its bytes."""
    here = office_of(session, settings)
    ticket = assigned(session, here)
    record_answer(session, Reply(ticket, SECRET, "user:1"), here, NOW)
    session.commit()
    (document,) = documents_of(session, ticket.id)
    return document, files.read(document.sha256, here)


def ask(client, code="", pdf=None):
    form = {"csrf_token": hidden(client.get("/verificar").text, "csrf_token"), "code": code}
    if pdf is not None:
        form["pdf"] = (io.BytesIO(pdf), "carta.pdf")
    return client.post("/verificar", data=form)


def test_a_code_shows_number_date_state_and_digest_and_nothing_else(client, letter):
    document, _ = letter
    page = client.get(f"/verificar/{document.code}")
    words = words_of(page)
    for shown in (document.radicado, "martes 3 de marzo de 2026", "Expedido", document.sha256):
        assert shown in words
    for kept in (SECRET, "Ana", "Prueba", "ana@correo.example", "2026-E-000001", "agua", "Respuesta"):
        assert kept not in words, kept


def test_a_code_is_typed_as_people_type(client, letter):
    document, _ = letter
    answer = ask(client, f"{document.code[:5].lower()} {document.code[5:]}")
    assert answer.status_code == 303
    assert document.radicado in client.get(answer.location).text


def test_a_wrong_code_learns_that_no_such_document_exists(client, letter):
    asked = client.get("/verificar/AAAAAAAAAA")
    assert asked.status_code == 404
    assert "No existe un documento con ese código" in asked.text
    assert letter[0].radicado not in asked.text
    assert ask(client).status_code == 422


def test_a_file_is_compared_and_not_kept(client, letter, settings, session):
    document, pdf = letter
    here = office_of(session, settings)
    assert "El archivo es el documento expedido" in ask(client, document.code, pdf).text
    assert document.radicado in ask(client, pdf=pdf).text  # the file alone says which letter it is
    changed = pdf + b" "
    assert "El archivo no es este documento" in ask(client, document.code, changed).text
    alone = ask(client, pdf=changed)
    assert alone.status_code == 422
    assert "Ningún documento expedido" in alone.text
    with pytest.raises(FileNotFoundError):
        files.read(hashlib.sha256(changed).hexdigest(), here)


def test_codes_are_not_tried_out_by_the_thousand(tmp_path, database_url):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    statuses = [client.get("/verificar/AAAAAAAAAA").status_code for _ in range(32)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    with app.app_context():
        db.engine.dispose()


def test_the_letters_of_a_case_are_on_its_page(client, session, settings):
    here = office_of(session, settings)
    ticket = assigned(session, here)
    extend_term(session, Extension(ticket, 5, "Llueve.", "user:1"), here, NOW)
    session.commit()
    (document,) = documents_of(session, ticket.id)
    path = f"/radicado/{ticket.radicado}/carta/{document.radicado}.pdf"
    assert client.get(path).status_code == 302  # nobody without the code
    with client.session_transaction() as seen:
        seen["radicados"] = [ticket.radicado]
    assert path in client.get(f"/radicado/{ticket.radicado}").text
    got = client.get(path)
    assert hashlib.sha256(got.data).hexdigest() == document.sha256
    assert f"prorroga-del-termino-{document.radicado}.pdf" in got.headers["Content-Disposition"]
    assert client.get(f"/radicado/{ticket.radicado}/carta/2026-S-000099.pdf").status_code == 404
