"""A citizen files by web: what is taken, what comes back to be corrected, and that nothing typed is ever lost."""

import html
import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from sqlalchemy import func, select, text

from pqr.app import create_app
from pqr.mail.outbox import Letter
from pqr.tickets.events import digest_of_text
from pqr.tickets.models import Petitioner, Profile, Ticket
from tests.installation import make_settings
from tests.portal.visitor import LEAST, NAMELESS, file, hidden, send

MEGABYTE = 1024 * 1024
WHOLE = {
    **LEAST,
    "kind": "peticion_particular",
    "topic": "37",
    "place": "Vereda El Páramo",
    "petitioner_type": "natural",
    "document_type": "PA",
    "document_number": "AB 123456",
    "phone": "300 000 0000",
    "address": "Casa 3, vereda El Páramo",
    "municipality": "Puerres",
    "accept_electronic_notification": "y",
    "age_range": "60+",
    "zone": "rural",
    "condition": ["gestante", "campesino"],
    "accept_sensitive": "y",
}


def count(session, model=Ticket) -> int:
    return session.scalar(select(func.count()).select_from(model))


def only(session, model=Ticket):
    return session.scalars(select(model)).one()


def test_a_whole_form_becomes_a_ticket_with_everything_that_was_given(client, session):
    radicado = file(client, WHOLE, attachments=[(BytesIO(b"%PDF-1.4 plano"), "plano.pdf")])
    ticket = only(session)
    person = ticket.petitioner
    assert (ticket.radicado, ticket.kind, ticket.channel, ticket.place) == (
        radicado, "peticion_particular", "web", "Vereda El Páramo",
    )  # fmt: skip
    assert (person.name, person.email, person.phone) == ("Vecina Prueba", "vecina@correo.example", "300 000 0000")
    assert (person.document_type, person.document_number, person.municipality) == ("PA", "AB 123456", "Puerres")
    assert person.accepts_electronic_notification
    assert person.notice_version
    assert [(file.name, file.media_type) for file in ticket.attachments] == [("plano.pdf", "application/pdf")]
    assert ticket.secretaria.code == "sisben"
    assert ticket.priority == ["preferente"]
    assert only(session, Profile).answers == {
        "age_range": "60+",
        "zone": "rural",
        "condition": ["gestante", "campesino"],
    }


def test_a_program_that_sends_only_what_is_needed_files(client, session):
    assert file(client) == only(session).radicado
    assert session.scalars(select(Letter.recipient).where(Letter.letter == "acknowledgement")).all() == [LEAST["email"]]


def test_the_receipt_says_number_date_code_and_how_the_date_was_counted(client):
    answer = send(client)
    page = client.get(answer.location).text
    assert answer.location.rsplit("/", 1)[1] in page
    assert "Quedó radicada" in page
    assert "El día 1 es el siguiente día hábil" in page
    assert "<details open>" in page
    assert digest_of_text(LEAST["description"]) in page
    assert "Quedó radicada" not in client.get(answer.location).text.split("<main")[1].split("Lo que ha pasado")[0]


def test_an_anonymous_petition_keeps_no_name_even_if_one_was_typed(client, session):
    typed = {"name": "Vecina Prueba", "document_number": "123", "phone": "300", "address": "Casa 3", "zone": "rural"}
    file(client, NAMELESS, **typed, accept_sensitive="y")
    assert count(session, Petitioner) == 0
    assert count(session, Profile) == 0
    everything = " ".join(str(row) for row in session.execute(select(Letter.text, Letter.subject)))
    assert "Vecina Prueba" not in everything


def test_an_anonymous_person_may_leave_an_address_for_the_answer(client, session):
    file(client, NAMELESS, answer_by="email", email="nadie@correo.example", name="Vecina Prueba")
    assert (only(session, Petitioner).email, only(session, Petitioner).name) == ("nadie@correo.example", "")


def test_a_reserved_petition_keeps_the_name_and_stays_on_the_desk(client, session):
    file(client, identity="reserved", topic="16")
    assert only(session).petitioner.name == "Vecina Prueba"
    assert only(session).secretaria is None


def test_a_child_goes_first_in_the_turn(client, session):
    file(client, petitioner_type="menor")
    assert only(session).priority == ["nna"]


def test_differential_answers_are_kept_only_with_their_own_consent(client, session):
    file(client, WHOLE | {"accept_sensitive": ""})
    assert count(session, Profile) == 0
    assert only(session).priority == []


def test_a_topic_that_does_not_exist_is_left_to_the_desk(client, session):
    file(client, topic="99999", subject="Una cosa", description="Otra cosa")
    assert only(session).topic_id is None


def test_the_same_form_sent_twice_is_one_ticket(client, session):
    key = hidden(client.get("/radicar").text, "filing_key")
    assert file(client, filing_key=key) == file(client, filing_key=key)
    assert count(session) == 1


def test_the_same_form_sent_twice_at_the_same_instant_is_one_ticket(app, session):
    first, second = app.test_client(), app.test_client()
    page = first.get("/radicar").text
    second.set_cookie("pqr", first.get_cookie("pqr").value)
    form = WHOLE | {"csrf_token": hidden(page, "csrf_token"), "filing_key": hidden(page, "filing_key")}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post("/radicar", data=form), (first, second)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count(session) == 1


def test_another_petition_written_in_the_same_form_is_another_ticket(client, session):
    key = hidden(client.get("/radicar").text, "filing_key")
    file(client, filing_key=key)
    file(client, filing_key=key, description="Además no hay luz en la escuela.")
    assert count(session) == 2


def test_each_opened_form_carries_a_key_of_its_own(client):
    assert hidden(client.get("/radicar").text, "filing_key") != hidden(client.get("/radicar").text, "filing_key")


TO_CORRECT = [
    ({"kind": ""}, "kind"),
    ({"kind": "congreso"}, "kind"),
    ({"subject": "   "}, "subject"),
    ({"subject": "a" * 251}, "subject"),
    ({"description": "\u200b \n"}, "description"),
    ({"identity": ""}, "identity"),
    ({"identity": "rey"}, "identity"),
    ({"name": ""}, "name"),
    ({"name": "", "identity": "reserved"}, "name"),
    ({"petitioner_type": "marciano"}, "petitioner_type"),
    ({"document_type": "XX"}, "document_type"),
    ({"answer_by": ""}, "answer_by"),
    ({"answer_by": "paloma"}, "answer_by"),
    ({"answer_by": "postal", "identity": "anonymous"}, "answer_by"),
    ({"answer_by": "postal", "address": ""}, "address"),
    ({"email": ""}, "email"),
    ({"email": "vecina@gmail.con"}, "email"),
    ({"email": "", "identity": "anonymous"}, "email"),
    ({"answer_by": "portal", "email": "sin arroba"}, "email"),
    ({"accept_notice": ""}, "accept_notice"),
    ({"accept_notice": "false"}, "accept_notice"),
]


def test_an_error_names_its_field_and_loses_nothing_that_was_typed(client, session):
    for wrong, field in TO_CORRECT:
        answer = send(client, WHOLE, filing_key="k" * 32, **wrong)
        page = html.unescape(answer.text)
        assert answer.status_code == 422, wrong
        assert f'<a href="#{field}">' in page, wrong
        assert f'id="{field}"' in page, wrong
        kept = {WHOLE[name] for name in {"subject", "place", "document_number", "phone", "address"} - set(wrong)}
        assert {words for words in kept if words not in page} == set(), wrong
        assert 'value="gestante" checked' in page
        assert hidden(answer.text, "filing_key") == "k" * 32
    assert count(session) == 0


def test_an_error_is_said_beside_its_field_and_tied_to_it(client):
    page = send(client, name="").text
    assert 'aria-describedby="name-hint name-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="name-error"' in page


def test_unneeded_fields_are_not_looked_at(client):
    file(client, NAMELESS, name="", answer_by="portal", email="sin arroba", address="")
    file(client, answer_by="portal", email="", name="Otra Vecina")
    file(client, answer_by="postal", email="", address="Casa 3")


def test_a_page_that_was_open_too_long_comes_back_with_everything(app, session):
    client = app.test_client()
    answer = client.post("/radicar", data=WHOLE | {"csrf_token": "viejo"})
    assert answer.status_code == 422
    assert WHOLE["description"] in html.unescape(answer.text)
    again = WHOLE | {"csrf_token": hidden(answer.text, "csrf_token")}
    assert client.post("/radicar", data=again).status_code == 303
    assert count(session) == 1


def test_what_people_type_is_shown_as_text(client, session):
    attack = '"><script>alert(1)</script>'
    for place in ("subject", "description", "name", "place"):
        refused = send(client, **{"kind": "", place: attack}).text
        assert "<script>alert" not in refused
        assert html.escape(attack).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")[6:20] in refused
    radicado = file(client, subject=attack, description=attack, name=attack)
    assert "<script>alert" not in client.get(f"/radicado/{radicado}").text


def test_characters_that_a_database_refuses_are_left_out(client, session):
    file(client, description="Hola\x00 vecinos\r\nde la vereda\u2028", subject="\x07Hueco\t grande")
    assert (only(session).body, only(session).subject) == ("Hola vecinos\nde la vereda", "Hueco grande")


def test_a_file_that_is_too_large_keeps_the_text_and_says_another_way(client, session):
    answer = send(client, attachments=[(BytesIO(b"x" * (10 * MEGABYTE + 1)), "grande.jpg")])
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "«grande.jpg» (10 MB)" in page or "grande.jpg" in page
    assert LEAST["description"] in page
    assert "Vuelva a escoger sus archivos" in page
    assert 'href="#attachments"' in page
    assert count(session) == 0


def test_files_that_are_too_large_together_keep_the_text(client):
    many = [(BytesIO(bytes([number]) * 9 * MEGABYTE), f"foto{number}.jpg") for number in range(4)]
    answer = send(client, attachments=many)
    assert answer.status_code == 422
    assert LEAST["description"] in html.unescape(answer.text)


def test_files_of_the_largest_size_are_taken(client, session):
    file(client, attachments=[(BytesIO(b"x" * 10 * MEGABYTE), "justo.bin")])
    assert only(session).attachments[0].size == 10 * MEGABYTE


def test_an_empty_file_is_no_reason_to_refuse_and_is_told(client, session):
    answer = send(client, attachments=[(BytesIO(b""), "vacío.pdf"), (BytesIO(b"hola"), "nota.txt")])
    assert answer.status_code == 303
    assert [file.name for file in only(session).attachments] == ["nota.txt"]
    assert "vacío.pdf" in client.get(answer.location).text


def test_a_request_beyond_every_measure_gets_a_page_that_says_what_to_do(client):
    claimed = {"CONTENT_LENGTH": str(200 * MEGABYTE)}
    answer = client.post("/radicar", content_type="multipart/form-data; boundary=x", environ_overrides=claimed)
    assert answer.status_code == 413
    assert "pqr@puerres.example" in answer.text


def test_when_the_database_cannot_write_the_text_comes_back(client, session):
    token = hidden(client.get("/radicar").text, "csrf_token")
    session.execute(text("ALTER TABLE counters RENAME TO lost_counters"))
    session.commit()
    answer = client.post("/radicar", data=WHOLE | {"csrf_token": token})
    assert answer.status_code == 503
    assert WHOLE["description"] in html.unescape(answer.text)
    assert "pqr@puerres.example" in answer.text


def test_without_any_database_the_form_opens_and_keeps_what_was_typed(tmp_path):
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/no/hay/base.sqlite3"))
    client = app.test_client()
    page = client.get("/radicar")
    assert page.status_code == 200
    answer = client.post("/radicar", data=WHOLE | {"csrf_token": hidden(page.text, "csrf_token")})
    assert answer.status_code == 503
    assert WHOLE["description"] in html.unescape(answer.text)
    assert client.get("/radicado?radicado=2026-E-000001&code=AAAAAAAAAA").status_code == 503


def test_a_failure_leaves_no_personal_data_in_the_log(client, session, capfd):
    token = hidden(client.get("/radicar").text, "csrf_token")
    session.execute(text("ALTER TABLE petitioners RENAME TO lost_petitioners"))
    session.commit()
    refused = client.post("/radicar", data=WHOLE | {"csrf_token": token})
    said = capfd.readouterr().err
    (line,) = map(json.loads, said.splitlines())
    assert line["event"] == "filing_failed"
    assert line["request"][:8].upper() in refused.text
    for secret in ("Vecina", "vecina@", "AB 123456", "hueco"):
        assert secret not in said


def test_too_many_in_an_hour_are_asked_to_wait_with_their_text(database_url, tmp_path):
    app = create_app(make_settings(tmp_path, database_url, PQR_RATE_LIMITS="on"))
    client = app.test_client()
    token = hidden(client.get("/radicar").text, "csrf_token")
    form = LEAST | {"csrf_token": token, "kind": ""}
    statuses = [client.post("/radicar", data=form).status_code for _ in range(60)]
    assert set(statuses) == {422}
    last = client.post("/radicar", data=LEAST | {"csrf_token": token})
    assert last.status_code == 429
    assert LEAST["description"] in html.unescape(last.text)
    with app.app_context():
        from pqr.db import db

        db.engine.dispose()
