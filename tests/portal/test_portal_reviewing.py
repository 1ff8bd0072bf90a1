"""Before sending, a person sees all that will be sent; looking files nothing, and no file is chosen twice."""

import html
import os
from datetime import timedelta
from io import BytesIO

from sqlalchemy import func, select

from pqr import clock
from pqr.tickets import files
from pqr.tickets.models import Attachment, Ticket
from tests.builders import office_of
from tests.portal.test_portal_filing import WHOLE
from tests.portal.visitor import LEAST, NAMELESS, hidden, send, text_of
from workers import upkeep

PLAN = b"%PDF-1.4 plano"
LEFT = "dejó una petición sin enviar"


def count(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Ticket))


def plan():
    return {"attachments": [(BytesIO(PLAN), "plano.pdf")]}


def notes(page: str) -> list[str]:
    found = page.split('name="held" value="')[1:]
    return [html.unescape(each.split('"')[0]) for each in found]


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send from the review page."""
    fields: dict[str, list[str]] = {}
    for each in page.split('<input type="hidden" name="')[1:]:
        name, value = each.split('"')[0], each.split('value="')[1].split('"')[0]
        fields.setdefault(name, []).append(html.unescape(value))
    return fields | {"csrf_token": [hidden(page, "csrf_token")]}


def test_a_review_shows_all_that_will_be_sent_and_files_nothing(client, session):
    page = send(client, WHOLE, review="1", **plan())
    told = text_of(page.text)
    assert page.status_code == 200
    assert count(session) == 0
    for words in (WHOLE["description"], "Vereda El Páramo", "Pasaporte", "AB 123456", "Casa 3", "plano.pdf (1 KB)",
                  "Por correo electrónico", "60 años o más", "Gestante, Campesina o campesino"):  # fmt: skip
        assert words in told, words


def test_what_was_reviewed_is_filed_as_it_was_shown(client, session, settings):
    page = send(client, WHOLE, review="1", filing_key="k" * 32, **plan()).text
    answer = client.post("/radicar", data=fields_of(page))
    assert answer.status_code == 303
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.body, ticket.place) == (WHOLE["description"], WHOLE["place"])
    assert [file.name for file in ticket.attachments] == ["plano.pdf"]
    assert files.read(ticket.attachments[0].sha256, office_of(session, settings)) == PLAN
    again = client.post("/radicar", data=fields_of(page))
    assert (again.status_code, again.location) == (303, answer.location)
    assert count(session) == 1


def test_changing_brings_back_the_form_with_words_and_files(client, session):
    page = send(client, WHOLE, review="1", filing_key="k" * 32, **plan()).text
    assert 'formaction="/radicar#subject"' in page
    form = client.post("/radicar", data=fields_of(page) | {"change": "Cambiar"})
    assert form.status_code == 200
    assert "Hay algo por corregir" not in form.text
    assert hidden(form.text, "filing_key") == "k" * 32
    assert WHOLE["description"] in html.unescape(form.text)
    assert "plano.pdf (1 KB)" in text_of(form.text)
    assert len(notes(form.text)) == 1


def test_an_error_elsewhere_keeps_the_files(client, session):
    refused = send(client, LEAST | {"kind": ""}, **plan())
    assert refused.status_code == 422
    assert "Vuelva a escoger" not in refused.text
    corrected = send(client, LEAST, held=notes(refused.text), attachments=[(BytesIO(b"una foto"), "foto.txt")])
    assert corrected.status_code == 303
    assert sorted(session.scalars(select(Attachment.name))) == ["foto.txt", "plano.pdf"]


def test_a_file_whose_mark_was_taken_away_does_not_go(client, session):
    send(client, LEAST | {"kind": ""}, **plan())
    assert send(client, LEAST, held=[]).status_code == 303
    assert session.scalars(select(Attachment)).all() == []


def test_nobody_can_ask_for_a_file_that_they_did_not_bring(client, session):
    note = notes(send(client, LEAST | {"kind": ""}, **plan()).text)[0]
    assert send(client, LEAST, held=[note[:-3] + "abc", "x"]).status_code == 303
    assert session.scalars(select(Attachment)).all() == []


def test_after_an_hour_the_files_are_gone_and_the_words_are_not(client, session, settings):
    here = office_of(session, settings)
    page = send(client, WHOLE, review="1", filing_key="k" * 32, **plan()).text
    assert files.forget_held(clock.now() - timedelta(hours=1), here) == 0
    assert files.forget_held(clock.now() + timedelta(seconds=1), here) == 2  # the file, and the words
    late = client.post("/radicar", data=fields_of(page))
    assert late.status_code == 422
    assert "ya no tenemos sus archivos" in late.text
    assert "plano.pdf" in late.text
    assert WHOLE["description"] in html.unescape(late.text)
    assert count(session) == 0


def test_what_was_filed_in_time_is_found_though_its_files_are_gone(client, session, settings):
    page = send(client, WHOLE, review="1", filing_key="k" * 32, **plan()).text
    filed = client.post("/radicar", data=fields_of(page))
    files.forget_held(clock.now() + timedelta(seconds=1), office_of(session, settings))
    again = client.post("/radicar", data=fields_of(page))
    assert (again.status_code, again.location) == (303, filed.location)


def test_the_upkeep_forgets_what_is_older_than_an_hour(app, client, session, settings):
    send(client, WHOLE, review="1", **plan())
    held = settings.data_dir / "files" / "held"
    young, old = held.iterdir()
    os.utime(old, (0, 0))
    with app.app_context():
        upkeep.forget_held()
    assert list(held.iterdir()) == [young]


def test_what_is_held_cannot_be_read_on_the_disk(client, session, settings):
    send(client, LEAST | {"kind": ""}, **plan())
    kept = [path.read_bytes() for path in (settings.data_dir / "files").rglob("*") if path.is_file()]
    assert kept
    assert not [each for each in kept if PLAN in each]


def test_the_review_of_an_anonymous_petition_shows_no_name_even_if_one_was_typed(client):
    typed = {"name": "Vecina Prueba", "document_number": "123", "address": "Casa 3", "phone": "300 000 0000"}
    page = text_of(send(client, NAMELESS | typed, review="1").text)
    assert "No va su nombre" in page
    assert not [each for each in typed.values() if each in page]


def test_an_empty_file_is_told_before_sending(client):
    page = send(client, review="1", attachments=[(BytesIO(b""), "vacío.pdf")])
    assert "vacío.pdf: llegó sin contenido y no se envía" in text_of(page.text)


def test_a_program_that_posts_the_fields_files_at_once(client, session):
    assert send(client).status_code == 303
    assert count(session) == 1


def leave(client, **changes):
    """Sends what lacks a kind, and closes the page."""
    return send(client, LEAST | {"kind": "", **changes}, filing_key="k" * 32, ethnic_group="rrom", **plan())


def test_who_closes_the_page_goes_on_within_the_hour_without_a_script(client, session, settings):
    leave(client)
    assert LEFT in client.get("/radicar").text
    page = client.get("/radicar?seguir=1").text
    assert LEAST["description"] in html.unescape(page)
    assert "plano.pdf (1 KB)" in text_of(page)
    assert hidden(page, "filing_key") == "k" * 32
    assert '<option selected value="rrom">' not in page  # sensitive answers do not wait
    files.forget_held(clock.now() + timedelta(seconds=1), office_of(session, settings))
    assert LEAST["description"] not in client.get("/radicar?seguir=1", follow_redirects=True).text


def test_what_was_left_goes_when_it_is_erased_or_filed(client, session):
    leave(client)
    client.get("/radicar?borrar=1")
    assert LEFT not in client.get("/radicar").text
    leave(client)
    assert send(client).status_code == 303
    assert LEFT not in client.get("/radicar").text


def test_nothing_waits_of_who_hides_nor_for_another_browser(app, client, session):
    leave(client)
    assert LEFT not in app.test_client().get("/radicar").text
    for identity in ("anonymous", "reserved"):
        leave(client, identity=identity)
        assert LEFT not in client.get("/radicar").text
        assert LEAST["description"] not in client.get("/radicar?seguir=1", follow_redirects=True).text


def bring(client, token, *given):
    return client.post("/radicar/archivos", data={"csrf_token": token, "attachments": list(given)})


def test_files_that_went_ahead_of_the_form_are_filed_with_it(client, session):
    token = hidden(client.get("/radicar").text, "csrf_token")
    answer = bring(client, token, (BytesIO(PLAN), "plano.pdf"), (BytesIO(b""), "vacío.pdf"))
    assert answer.status_code == 200
    assert [each["label"] for each in answer.json["held"]] == ["plano.pdf (1 KB)"]
    assert "vacío.pdf" in answer.json["trouble"]
    assert send(client, LEAST, held=[each["note"] for each in answer.json["held"]]).status_code == 303
    assert session.scalars(select(Attachment.name)).all() == ["plano.pdf"]


def test_files_that_went_ahead_are_weighed_and_need_the_page(client, session):
    token = hidden(client.get("/radicar").text, "csrf_token")
    heavy = bring(client, token, (BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "grande.jpg"))
    heavy.request.input_stream.close()
    assert (heavy.status_code, "grande.jpg" in heavy.json["trouble"]) == (422, True)
    assert bring(client, "otra", (BytesIO(PLAN), "plano.pdf")).status_code == 403
