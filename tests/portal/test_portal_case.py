"""What a petitioner sees of the case: where it stands, who has it, what happened, and the answer."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine
from sqlalchemy import select

from pqr.db import transaction
from pqr.door import office
from pqr.mail.outbox import Letter, LetterState
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Return, return_to_desk
from pqr.tickets.events import record
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.models import Ticket
from pqr.tickets.states import State
from tests.portal.visitor import NAMELESS, code_on, file, text_of

NOW = datetime(2026, 2, 3, 14, 15, tzinfo=UTC)
WORDS = "Revisamos la vía.\n\n<b>El arreglo</b> empieza el lunes."


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


def act(app, radicado: str, do) -> None:
    """An official's or an office's act on the case."""
    with app.app_context(), transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.radicado == radicado)).one()
        do(session, ticket, office(session))


def answer_it(app, radicado: str, **reply) -> None:
    def do(session, ticket, here):
        record_answer(session, Reply(ticket, WORDS, "secretaria:planeacion", **reply), here, NOW)

    act(app, radicado, do)


def state_of(session, radicado: str) -> tuple[str, str]:
    ticket = session.scalars(select(Ticket).where(Ticket.radicado == radicado)).one()
    return ticket.state, ticket.answers[-1].communicated_by


def test_the_history_is_told_in_plain_words_and_leaves_out_what_concerns_officials(app, client):
    radicado = file(client)

    def much(session, ticket, here):
        extend_term(session, Extension(ticket, 5, "Hay que visitar el sitio.", "secretaria:planeacion"), here, NOW)
        record(session, ticket.id, "reminded", "system", NOW, step="half")
        record(session, ticket.id, "letter_sent", "system", NOW, letter="acknowledgement", message_id="<a@b>")
        record(session, ticket.id, "letter_sent", "system", NOW, letter="assignment", message_id="<c@b>")
        return_to_desk(session, Return(ticket, "No es nuestra", "secretaria:planeacion"), NOW)

    act(app, radicado, much)
    client.get(f"/radicado/{radicado}")
    told = text_of(client.get(f"/radicado/{radicado}").text)
    for words in (
        "Quedó radicada.",
        "Quedó a cargo de: Secretaría de Planeación.",
        "El plazo se amplió 5 días hábiles, hasta el martes 3 de marzo de 2026. Razón: Hay que visitar el sitio.",
        "Le enviamos la constancia por correo.",
        "Volvió a la oficina de Atención al Usuario",
        "martes 3 de febrero de 2026, a las 9:15 a. m.",
    ):
        assert words in told, words
    assert told.count("por correo.") == 1
    assert "No es nuestra" not in told


def test_the_state_says_who_has_it_and_until_when(app, client):
    radicado = file(client)
    client.get(f"/radicado/{radicado}")
    told = text_of(client.get(f"/radicado/{radicado}").text)
    assert "En trámite La tiene: Secretaría de Planeación." in told
    assert "a más tardar el martes 24 de febrero de 2026. Faltan 15 días hábiles." in told


def test_who_reads_the_answer_here_is_told_so_and_to_keep_the_code(client):
    """An anonymous person who closes the receipt without it never reads the answer."""
    told = {
        who: text_of(client.get(f"/radicado/{file(client, form, **more)}").text)
        for who, form, more in (
            ("mail", None, {}),
            ("here", None, {"answer_by": "portal", "email": ""}),
            ("nameless", NAMELESS, {}),
        )
    }
    assert {who for who, page in told.items() if "debe estar en esta página" in page} == {"here", "nameless"}
    assert {who for who, page in told.items() if "No se lo dé a nadie más. Anótelos" in page} == {"here", "nameless"}
    assert {who for who, page in told.items() if "nadie puede devolvérselos" in page} == {"nameless"}


def test_a_file_that_came_empty_can_be_sent_on_the_same_page(client):
    """Who left no address has no mail to reply to."""
    radicado = file(client, NAMELESS, attachments=(BytesIO(b""), "foto.jpg"))
    page = client.get(f"/radicado/{radicado}").text
    assert "foto.jpg: llegó sin contenido" in text_of(page)
    assert 'href="#agregar"' in page
    assert "respondiendo al correo" not in page


def test_a_late_case_says_so_and_where_to_complain(client):
    radicado = file(client)
    code = code_on(client, radicado)
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        told = text_of(client.get(f"/radicado/{radicado}?code={code}", follow_redirects=True).text)
    assert "Plazo vencido" in told
    assert "Personería Municipal" in told
    assert "Faltan" not in told


def test_opening_the_answer_communicates_it_to_who_chose_this_page(app, client, session):
    radicado = file(client, answer_by="portal", email="")
    answer_it(app, radicado)
    assert state_of(session, radicado) == (State.ANSWERED, "")
    session.rollback()
    told = client.get(f"/radicado/{radicado}").text
    session.expire_all()
    assert state_of(session, radicado) == (State.CLOSED, "portal")
    assert "&lt;b&gt;El arreglo&lt;/b&gt; empieza el lunes." in told
    assert "Usted leyó la respuesta en esta página." in told
    assert "Respondida" in told
    assert client.get(f"/radicado/{radicado}").status_code == 200


def test_who_chose_this_page_and_left_an_address_too_communicates_by_opening(app, client, session):
    radicado = file(client, answer_by="portal")
    answer_it(app, radicado)
    client.get(f"/radicado/{radicado}")
    assert state_of(session, radicado) == (State.CLOSED, "portal")


def test_an_answer_that_is_on_its_way_by_mail_waits_for_the_mail(app, client, session):
    radicado = file(client)
    answer_it(app, radicado)
    assert "empieza el lunes" in client.get(f"/radicado/{radicado}").text
    assert state_of(session, radicado) == (State.ANSWERED, "")


def test_an_answer_that_came_back_counts_once_it_is_read_here(app, client, session):
    radicado = file(client)
    answer_it(app, radicado)
    for letter in session.scalars(select(Letter).where(Letter.letter == "answer")):
        letter.state = LetterState.BOUNCED
    session.commit()
    client.get(f"/radicado/{radicado}")
    session.expire_all()
    assert state_of(session, radicado) == (State.CLOSED, "portal")


def test_somebody_without_the_code_communicates_nothing(app, client, session):
    radicado = file(client, answer_by="portal", email="")
    answer_it(app, radicado)
    app.test_client().get(f"/radicado/{radicado}")
    assert state_of(session, radicado) == (State.ANSWERED, "")


def test_an_answer_that_waits_for_review_is_not_shown(app, client):
    radicado = file(client)

    def draft(session, ticket, here):
        from dataclasses import replace

        file = files.keep(b"borrador", "borrador.txt", "text/plain", here)
        reviewing = replace(here, answer_mode="review")
        record_answer(session, Reply(ticket, WORDS, "secretaria:planeacion", (file,)), reviewing, NOW)

    act(app, radicado, draft)
    page = client.get(f"/radicado/{radicado}").text
    assert "El arreglo" not in page
    assert "borrador.txt" not in page
    assert client.get(f"/radicado/{radicado}/respuesta.pdf").status_code == 404
    assert client.get(f"/radicado/{radicado}/archivo/1").status_code == 404


def test_the_answer_can_be_taken_home_with_its_files(app, client, settings):
    radicado = file(client)
    with app.app_context(), transaction() as session:
        enclosed = files.keep(b"%PDF-1.4 plano", "plano de la vía.pdf", "application/pdf", office(session))
    answer_it(app, radicado, files=(enclosed,))
    assert "plano de la vía.pdf" in client.get(f"/radicado/{radicado}").text
    paper = client.get(f"/radicado/{radicado}/respuesta.pdf")
    assert paper.mimetype == "application/pdf"
    assert "respuesta-2026-S-000001.pdf" in paper.headers["Content-Disposition"]
    assert len(pikepdf.open(BytesIO(paper.data)).pages) == 1
    got = client.get(f"/radicado/{radicado}/archivo/1")
    assert got.data == b"%PDF-1.4 plano"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/radicado/{radicado}/archivo/2").status_code == 404


def test_the_receipt_is_a_pdf_with_the_radicado_in_its_name(app, client):
    radicado = file(client)
    paper = client.get(f"/radicado/{radicado}/constancia.pdf")
    assert paper.headers["Content-Disposition"] == f"attachment; filename=constancia-{radicado}.pdf"
    assert len(pikepdf.open(BytesIO(paper.data)).pages) >= 1


def test_nothing_of_who_is_anonymous_or_reserved_is_shown(client):
    for identity in ("anonymous", "reserved"):
        form = NAMELESS | {"identity": identity, "answer_by": "email", "email": "secreta@correo.example"}
        radicado = file(client, form, name="Nombre Secreto", phone="300 111 2222", document_number="987654")
        pages = client.get(f"/radicado/{radicado}").text + client.get(f"/radicado/{radicado}").text
        for secret in ("secreta@", "Nombre Secreto", "300 111 2222", "987654"):
            assert secret not in pages, identity


def test_who_gave_a_name_sees_the_address_and_can_notice_a_slip(app, client):
    assert "vecina@correo.example" in client.get(f"/radicado/{file(client)}").text


def test_pages_of_a_case_are_kept_by_no_cache_and_say_nothing_to_other_sites(app, client):
    headers = client.get(f"/radicado/{file(client)}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
