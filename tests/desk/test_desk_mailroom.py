"""Does every mail that waits for a person find its place by one decision, with nothing lost?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.intake.apart import PAGE
from pqr.intake.attending import Attendance, Fate, attend
from pqr.intake.process import prepare
from pqr.mail.addresses import Action
from pqr.mail.inbox import InboxMail, Verdict, waiting_for_a_person
from pqr.mail.outbox import Letter, LetterState
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.letters import signed
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.states import State
from tests.builders import (
    CITIZEN,
    NOW,
    arrive,
    assigned,
    at,
    delivery_report,
    filed,
    letters_of,
    office_of,
    raw_mail,
    reply_from_office,
)
from tests.desk.staff import at_work, form_of, look_again, send, words_of

STRANGER = "vecina@correo.example"
APART = "/atencion/correo?vista=ignorados"
LATER = at("2026-03-04 09:00")


@pytest.fixture(autouse=True)
def a_day_later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, office):
    ticket = assigned(session, office)
    session.commit()
    return ticket


def waits(session, office, **given):
    """A mail that a person must read: an office writes without saying about which case."""
    given = {"sender": "salud@puerres.example", "subject": "Una carta", "text": "Esto llegó a mi correo."} | given
    row = arrive(session, office, raw_mail(**given))
    assert row.verdict == Verdict.NEEDS_HUMAN
    session.commit()
    return row


def path(row, fate=""):
    return f"/atencion/correo/{row.id}{'/' if fate else ''}{fate}"


def decide(client, row, fate, **typed):
    return send(client, path(row), path(row, fate), **typed)


def closed(session, row, user):
    look_again(session)
    assert (row.closed_at, row.closed_by) == (LATER, f"user:{user.id}")
    assert not waiting_for_a_person(session)


def test_the_list_shows_who_wrote_what_and_why_it_waits(client, session, office):
    row = waits(session, office)
    at_work(client, session)
    words = words_of(client.get("/atencion/correo"))
    for said in ("Una carta", "salud@puerres.example", row.reason):
        assert said in words


def test_with_nothing_to_read_the_list_says_so(client, session):
    at_work(client, session)
    assert "No hay correos por leer" in words_of(client.get("/atencion/correo"))


def test_the_mail_is_shown_as_text_with_its_files_and_its_original(client, session, office):
    text = (
        "Hola <b>negrita</b>\n\nEl lun, 2 mar 2026 a las 9:00, Alcaldía <pqr@puerres.example> escribió:\n> lo de antes"
    )
    row = waits(session, office, text=text, files=[("acta.html", "text/html", b"<script>alert(1)</script>")])
    at_work(client, session)
    page = client.get(path(row))
    assert "<b>negrita</b>" not in page.text
    assert "Hola <b>negrita</b>" in words_of(page)
    assert "Texto citado" in words_of(page)
    file = client.get(path(row, "adjunto/1"))
    assert file.data == b"<script>alert(1)</script>"
    assert file.headers["Content-Disposition"].startswith("attachment")
    original = client.get(path(row, "original.eml"))
    assert original.data == row.raw
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert client.get(path(row, "adjunto/2")).status_code == 404
    assert client.get("/atencion/correo/999").status_code == 404


def test_filed_as_a_petition_it_counts_from_its_arrival_and_belongs_to_whom_the_desk_says(client, session, office):
    row = waits(session, office, files=[("foto.txt", "text/plain", b"foto")], message_id="<carta@correo.example>")
    user = at_work(client, session)
    done = decide(client, row, "radicar", kind="reclamo", name="Ana Prueba", email=CITIZEN)
    assert done.status_code == 303
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.channel, ticket.received_at, ticket.filed_at) == ("email", NOW, LATER)
    assert (ticket.kind, ticket.petitioner.email, ticket.body.strip()) == (
        "reclamo",
        CITIZEN,
        "Esto llegó a mi correo.",
    )
    assert [file.name for file in ticket.attachments] == ["foto.txt"]
    acknowledgement = letters_of(session, "acknowledgement")[0]
    assert acknowledgement.headers["In-Reply-To"] == "<carta@correo.example>"
    closed(session, row, user)
    assert row.ticket_id == ticket.id
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.data["fate"], event.data["raw_sha256"]) == ("mail_attended", "radicar", row.digest)


def test_added_to_a_case_its_new_words_reach_the_office(client, session, office, ticket):
    row = waits(session, office)
    user = at_work(client, session)
    year, number = ticket.radicado[:4], int(ticket.radicado[-6:])
    assert decide(client, row, "agregar", radicado=f"{year} e {number}").status_code == 303
    closed(session, row, user)
    assert ticket.messages[0].text == "Esto llegó a mi correo."
    assert letters_of(session, "follow_up", ticket)


def test_an_answer_from_a_stranger_s_address_becomes_the_office_s_when_the_desk_says_so(
    client, session, office, ticket
):
    row = arrive(session, office, reply_from_office(ticket, office, "El tubo ya se cambió.", sender=STRANGER))
    session.commit()
    user = at_work(client, session)
    words = words_of(client.get(path(row)))
    assert ticket.radicado in words
    assert decide(client, row, "responder").status_code == 303  # the case is already written there
    closed(session, row, user)
    assert ticket.state == State.ANSWERED
    answer = ticket.answers[0]
    assert (answer.author, answer.text, answer.inbox_id) == ("secretaria:planeacion", "El tubo ya se cambió.", row.id)


def test_what_is_no_petition_is_set_aside_with_a_reason_and_kept(client, session, office):
    row = waits(session, office)
    user = at_work(client, session)
    assert decide(client, row, "descartar", reason="").status_code == 422
    assert decide(client, row, "descartar", reason="Es publicidad").status_code == 303
    closed(session, row, user)
    assert "Es publicidad" in row.reason
    assert row.ticket_id is None
    page = client.get(path(row))
    assert "ya está atendido" in words_of(page)
    assert "Descartar" not in words_of(page)


def test_set_aside_about_a_case_the_case_remembers_it(client, session, office, ticket):
    row = arrive(session, office, reply_from_office(ticket, office, "Estoy de vacaciones", sender=STRANGER))
    session.commit()
    at_work(client, session)
    decide(client, row, "descartar", reason="Respuesta automática")
    look_again(session)
    assert history(session, ticket.id)[-1].data["fate"] == "descartar"


def reply_by_itself(session, office, number=1, **given):
    """A mail that the service sets aside."""
    given = {"sender": STRANGER, "subject": f"Fuera {number}", "auto_submitted": "auto-replied"} | given
    row = arrive(session, office, raw_mail(text=f"Vuelvo el lunes {number}", **given))
    assert row.verdict == Verdict.IGNORED
    return row


def test_what_was_set_aside_is_in_a_list_of_its_own_latest_first(client, session, office, ticket):
    reply_by_itself(session, office)
    report = delivery_report(letters_of(session, "acknowledgement", ticket)[0], CITIZEN)
    assert arrive(session, office, report).verdict == Verdict.BOUNCE
    row = waits(session, office)
    at_work(client, session)
    decide(client, row, "descartar", reason="Es publicidad")
    assert "No hay correos por leer" in words_of(client.get("/atencion/correo"))
    words = words_of(client.get(APART))
    for said in ("Apartado por el sistema", "Respuesta automática.", "Aviso de entrega", "No such user"):
        assert said in words
    assert "Descartado por una persona" in words
    assert words.index("Una carta") < words.index("Undelivered Mail") < words.index("Fuera 1")
    assert "aria-current" in client.get(APART).text.split("Apartados</a>")[0].rsplit("<a ", 1)[1]


def test_the_list_of_what_was_set_aside_comes_by_pages_that_repeat_and_lose_nothing(client, session, office):
    rows = [reply_by_itself(session, office, number) for number in range(1, PAGE + 3)]
    session.commit()
    at_work(client, session)
    first = client.get(APART)
    assert "Fuera 52" in words_of(first)
    assert [f'/correo/{row.id}"' in first.text for row in rows] == [False] * 2 + [True] * PAGE
    following = f"{APART}&despues={rows[2].id}"
    assert following.replace("&", "&amp;") in first.text
    second = client.get(following)
    assert [f'/correo/{row.id}"' in second.text for row in rows] == [True] * 2 + [False] * PAGE
    assert "Ver los anteriores" not in words_of(second)
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert "Fuera 52" in words_of(client.get(f"{APART}&despues={nonsense}"))
    assert "No hay más" in words_of(client.get(f"{APART}&despues=0"))


def test_with_nothing_set_aside_the_list_says_so(client, session):
    at_work(client, session)
    assert "No hay mensajes apartados" in words_of(client.get(APART))


@pytest.mark.parametrize("discarded", [False, True], ids=["by the service", "by a person"])
def test_one_click_puts_it_back_among_those_that_wait(client, session, office, discarded):
    row = waits(session, office) if discarded else reply_by_itself(session, office)
    session.commit()
    at_work(client, session)
    if discarded:
        decide(client, row, "descartar", reason="Es publicidad")
    assert "ponerlo por leer" in words_of(client.get(path(row)))
    done = decide(client, row, "recuperar")
    assert (done.status_code, done.location) == (303, path(row))
    words = words_of(client.get(path(row)))
    assert "Lo recuperó una persona. Antes:" in words
    assert "Radicar como petición nueva" in words
    assert decide(client, row, "radicar", kind="reclamo", name="Ana Prueba", email=CITIZEN).status_code == 303
    look_again(session)
    assert session.scalars(select(Ticket)).one().received_at == NOW


def test_what_a_colleague_put_back_is_not_put_back_twice(client, session, office):
    row = reply_by_itself(session, office)
    session.commit()
    at_work(client, session)
    fields = form_of(client.get(path(row)).text, path(row, "recuperar"))
    assert client.post(path(row, "recuperar"), data=fields).status_code == 303
    refused = client.post(path(row, "recuperar"), data=fields)
    assert (refused.status_code, "ya está por leer" in words_of(refused)) == (409, True)
    assert client.post(path(row, "recuperar")).status_code == 422  # without the page's token


def test_a_mail_about_a_case_in_reserve_is_not_among_what_was_set_aside(client, session, office):
    person = PetitionerData(name="Ana Prueba", email=CITIZEN)
    hidden = assigned(session, office, identity=Identity.RESERVED, petitioner=person)
    row = reply_by_itself(session, office, sender=CITIZEN, to=_signed(hidden, office))
    assert row.ticket_id == hidden.id
    session.commit()
    at_work(client, session)
    assert "No hay mensajes apartados" in words_of(client.get(APART))
    assert client.get(path(row)).status_code == 404
    assert client.post(path(row, "recuperar")).status_code == 404


def test_the_case_tells_that_its_mail_was_put_back(client, session, office, ticket):
    row = arrive(session, office, reply_from_office(ticket, office, "Estoy de vacaciones", sender=STRANGER))
    session.commit()
    at_work(client, session)
    decide(client, row, "descartar", reason="Respuesta automática")
    decide(client, row, "recuperar")
    words = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    assert "Un correo apartado volvió a estar por leer" in words


def test_an_unknown_radicado_or_a_bad_address_is_said_beside_the_field(client, session, office):
    row = waits(session, office)
    at_work(client, session)
    for fate, typed, says in (
        ("agregar", {"radicado": "2026-E-999999"}, "No hay ningún caso con ese radicado"),
        ("agregar", {"radicado": ""}, "Escriba el radicado"),
        ("responder", {"radicado": "cualquiera"}, "No hay ningún caso con ese radicado"),
        ("radicar", {"email": "ana@gmail.con"}, "correo"),
    ):
        refused = decide(client, row, fate, **typed)
        assert refused.status_code == 422
        assert says in words_of(refused)
    look_again(session)
    assert row.closed_at is None


def test_what_the_case_refuses_is_said_and_the_mail_waits_on(client, session, office):
    ticket = filed(session, office, subject="Consulta", body="Una pregunta.")
    row = waits(session, office)
    at_work(client, session)
    refused = decide(client, row, "responder", radicado=ticket.radicado)
    assert refused.status_code == 409
    assert "no está en ninguna dependencia" in words_of(refused)
    look_again(session)
    assert (row.closed_at, ticket.state) == (None, State.FILED)


def test_a_mail_that_a_colleague_attended_is_not_attended_twice(client, session, office, ticket):
    row = waits(session, office)
    at_work(client, session)
    prepared = prepare(row.raw, office)
    attend(session, Attendance(row, prepared, Fate.DISCARD, "user:9", reason="No es nuestro"), office, NOW)
    session.commit()
    token = form_of(client.get("/atencion/").text, "/salir")["csrf_token"]
    fields = {"radicado": ticket.radicado, "csrf_token": token}
    refused = client.post(path(row, "agregar"), data=fields)
    assert refused.status_code == 409
    assert "ya fue atendido por otra persona" in words_of(refused)
    look_again(session)
    assert (row.closed_by, ticket.messages) == ("user:9", [])


def test_the_mail_of_a_person_in_reserve_opens_for_nobody_once_it_is_in_its_case(client, session, office):
    person = PetitionerData(name="Ana Prueba", email=CITIZEN)
    ticket = assigned(session, office, identity=Identity.RESERVED, petitioner=person)
    row = waits(session, office, sender=STRANGER, to=f"{_signed(ticket, office)}")
    at_work(client, session)
    assert client.get(path(row)).status_code == 200
    decide(client, row, "agregar", radicado=ticket.radicado)
    assert client.get(path(row)).status_code == 404
    assert client.get(path(row, "original.eml")).status_code == 404
    assert STRANGER not in client.get(f"/atencion/radicado/{ticket.radicado}").text


def _signed(ticket, office):
    return signed(ticket, Action.CITIZEN, office)


@pytest.fixture
def stuck_letter(session, ticket):
    letter = letters_of(session, "acknowledgement", ticket)[0]
    letter.state, letter.attempts, letter.last_error = LetterState.FAILED, 13, "550 no such user"
    session.commit()
    return letter


def test_a_letter_that_could_not_leave_shows_and_leaves_again_on_one_click(client, session, ticket, stuck_letter):
    at_work(client, session)
    words = words_of(client.get("/atencion/cartas"))
    for said in ("Acuse de recibo", ticket.radicado, CITIZEN, "No pudo salir", "13 intentos", "550 no such user"):
        assert said in words
    retry = f"/atencion/cartas/{stuck_letter.id}/reintentar"
    assert send(client, "/atencion/cartas", retry).location == "/atencion/cartas"
    look_again(session)
    assert (stuck_letter.state, stuck_letter.attempts) == (LetterState.QUEUED, 0)
    assert "No hay cartas detenidas" in words_of(client.get("/atencion/cartas"))


def test_a_letter_that_already_left_is_not_sent_again(client, session, stuck_letter):
    at_work(client, session)
    retry = f"/atencion/cartas/{stuck_letter.id}/reintentar"
    fields = form_of(client.get("/atencion/cartas").text, retry)
    stuck_letter.state = LetterState.SENT
    session.commit()
    done = client.post(retry, data=fields)
    assert "no había nada que reintentar" in words_of(client.get(done.location))
    assert client.post("/atencion/cartas/999999/reintentar", data=fields).status_code == 303
    look_again(session)
    assert session.get_one(Letter, stuck_letter.id).state == LetterState.SENT


def test_without_the_page_s_token_no_letter_leaves_and_no_mail_moves(client, session, office, stuck_letter):
    row = waits(session, office)
    at_work(client, session)
    client.post(f"/atencion/cartas/{stuck_letter.id}/reintentar")
    assert client.post(path(row, "descartar"), data={"reason": "x"}).status_code == 422
    look_again(session)
    assert (stuck_letter.state, session.get_one(InboxMail, row.id).closed_at) == (LetterState.FAILED, None)
