"""Does a ticket's page tell its reader what the work needs, and nothing that the law keeps?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.mail.addresses import Action
from pqr.mail.outbox import LetterState
from pqr.secretarias.directory import by_code
from pqr.tickets.events import history
from pqr.tickets.files import keep
from pqr.tickets.filing import PetitionerData
from pqr.tickets.letters import signed
from pqr.tickets.models import Identity
from tests.builders import CITIZEN, NOW, arrive, assigned, filed, letters_of, office_of, raw_mail, reply_from_office
from tests.desk.staff import act, at_work, form_of, look_again, words_of

SECRETS = ("Ana Prueba", CITIZEN, "3001234567", "1085123456", "Vereda Tescual")
PERSON = PetitionerData(
    name="Ana Prueba", email=CITIZEN, phone="3001234567", document_type="CC", document_number="1085123456",
    address="Vereda Tescual", municipality="Puerres",
)  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def page_of(client, ticket):
    return client.get(f"/atencion/radicado/{ticket.radicado}")


def test_the_page_says_what_is_asked_until_when_and_whose_it_is(client, session, office):
    ticket = filed(session, office, place="Vereda San Mateo")
    session.commit()
    at_work(client, session)
    words = words_of(page_of(client, ticket))
    for said in (
        ticket.radicado,
        "No llega agua al acueducto",
        "Hace dos semanas no llega el agua a la vereda",
        "Recibida el martes 3 de marzo de 2026, a las 10:00 a. m. · Vereda San Mateo",
        "● quedan 15 días hábiles Vence el miércoles 25 de marzo de 2026",
        "El lunes 23 de marzo de 2026 no se cuenta: Día de San José.",
        "Ana Prueba",
        CITIZEN,
        "Radicada La persona",
    ):
        assert said in words


def test_the_radicado_may_be_typed_in_small_letters(client, session, office):
    ticket = filed(session, office)
    session.commit()
    at_work(client, session)
    assert client.get(f"/atencion/radicado/{ticket.radicado.lower()}").status_code == 200
    gone = client.get("/atencion/radicado/2026-E-999999")
    assert gone.status_code == 404
    assert "el caso ya no está a cargo de su dependencia" in gone.text
    assert 'href="/atencion/">Ir a las peticiones' in gone.text  # not the citizens' first page


def test_flags_and_words_of_danger_stand_on_top(client, session, office):
    ticket = filed(session, office, body="Mi vecino me amenaza y me va a matar.", priority=("nna",))
    session.commit()
    at_work(client, session)
    words = words_of(page_of(client, ticket))
    assert "Niña, niño o adolescente" in words
    assert "me va a matar" in words
    assert "¿Hay peligro?" in words


def test_the_proposed_office_is_ready_to_be_accepted(client, session, settings):
    office = office_of(session, settings, routing="desk")
    ticket = filed(session, office, subject="Predial", body="El impuesto predial llegó doble.")
    session.commit()
    at_work(client, session)
    words = words_of(page_of(client, ticket))
    assert "Se propone: Secretaría de Hacienda." in words
    answer = act(client, ticket.radicado, "asignar")  # nothing typed: the proposal
    assert answer.status_code == 303
    look_again(session)
    assert ticket.secretaria.code == "hacienda"


def test_what_accuses_somebody_of_the_house_is_not_proposed_to_the_office_it_speaks_of(client, session, settings):
    office = office_of(session, settings, routing="desk")
    body = "En hacienda me pidieron un soborno para arreglar el impuesto predial."
    ticket = filed(session, office, subject="Predial", body=body)
    session.commit()
    at_work(client, session)
    assert form_of(page_of(client, ticket).text, f"/atencion/radicado/{ticket.radicado}/asignar")["secretaria"] == str(
        by_code(session, "control_interno").id
    )


def test_a_complaint_is_proposed_to_control_interno_whatever_its_words(client, session, office):
    ticket = filed(
        session, office, kind="queja", subject="Predial", body="En hacienda me trataron mal, por el predial."
    )
    session.commit()
    at_work(client, session)
    assert act(client, ticket.radicado, "asignar").status_code == 303
    look_again(session)
    assert ticket.secretaria.code == "control_interno"


def test_who_may_see_the_petitioner_s_addresses(client, session, office):
    ticket = assigned(session, office, petitioner=PERSON)
    session.commit()
    for role in Role:
        at_work(client, session, role, "planeacion" if role == Role.SECRETARIA else None)
        page = page_of(client, ticket).text
        assert "Ana Prueba" in page
        for secret in SECRETS[1:]:
            assert (secret in page) is (role in (Role.DESK, Role.ADMIN)), (role, secret)


def test_nobody_sees_on_a_page_who_asked_for_reserve_or_is_anonymous(client, session, office):
    hidden = [
        assigned(session, office, petitioner=PERSON, identity=identity)
        for identity in (Identity.RESERVED, Identity.ANONYMOUS)
    ]
    arrive(session, office, raw_mail(CITIZEN, ticket_address(hidden[0], office), "Re: agua", "Hay algo más."))
    for letter in letters_of(session, "acknowledgement"):
        letter.state, letter.last_error = LetterState.FAILED, f"550 {CITIZEN}: no such user"
    session.commit()
    paths = [f"/atencion/radicado/{ticket.radicado}" for ticket in hidden]
    for role in Role:
        at_work(client, session, role, "planeacion" if role == Role.SECRETARIA else None)
        for path in (*paths, "/atencion/", "/atencion/cartas", "/atencion/correo"):
            page = client.get(path).text
            assert not [secret for secret in SECRETS if secret in page], (role, path)


def ticket_address(ticket, office):
    return signed(ticket, Action.CITIZEN, office)


def test_a_reserved_identity_is_shown_once_with_a_reason_that_is_kept(client, session, office):
    ticket = filed(session, office, petitioner=PERSON, identity=Identity.RESERVED)
    session.commit()
    user = at_work(client, session)
    shown = act(client, ticket.radicado, "identidad", reason="Hay que citarla a declarar")
    assert shown.status_code == 200
    for secret in SECRETS:
        assert secret in shown.text
    assert "Se vio la identidad reservada" in words_of(shown)
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor, event.data) == (
        "identity_revealed", f"user:{user.id}", {"reason": "Hay que citarla a declarar"}
    )  # fmt: skip
    again = page_of(client, ticket).text
    assert not [secret for secret in SECRETS if secret in again]


def test_without_a_reason_nothing_is_shown_nor_written(client, session, office):
    ticket = filed(session, office, petitioner=PERSON, identity=Identity.RESERVED)
    session.commit()
    at_work(client, session)
    refused = act(client, ticket.radicado, "identidad", reason="  ")
    assert refused.status_code == 422
    assert "Escriba la razón" in words_of(refused)
    assert "Ana Prueba" not in refused.text
    assert "identity_revealed" not in [event.kind for event in history(session, ticket.id)]


def test_an_office_finds_nothing_at_the_address_of_another_office_s_ticket(client, session, office):
    ticket = assigned(session, office, "salud")
    session.commit()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert page_of(client, ticket).status_code == 404
    assert client.post(f"/atencion/radicado/{ticket.radicado}/responder").status_code == 404


def test_files_leave_as_downloads_and_only_to_who_may_see_the_ticket(client, session, office):
    kept = keep(b"<script>alert(1)</script>", "croquis de la vía.html", "text/html", office)
    ticket, other = assigned(session, office, files=(kept,)), filed(session, office)
    session.commit()
    path = f"/atencion/radicado/{ticket.radicado}/archivo/{ticket.attachments[0].id}"
    at_work(client, session)
    assert "croquis de la vía.html 1 KB" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    given = client.get(path)
    assert given.data == b"<script>alert(1)</script>"
    assert given.headers["Content-Disposition"].startswith("attachment; filename")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert path in page_of(client, ticket).text
    assert client.get(path.replace(ticket.radicado, other.radicado)).status_code == 404
    at_work(client, session, Role.SECRETARIA, "salud")
    assert client.get(path).status_code == 404


def test_the_receipt_with_the_code_is_printed_by_who_registers_and_nobody_else(client, session, office):
    ticket = assigned(session, office)
    session.commit()
    path = f"/atencion/radicado/{ticket.radicado}/constancia.pdf"
    at_work(client, session)
    assert client.get(path).data.startswith(b"%PDF")
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert client.get(path).status_code == 403
    assert path not in page_of(client, ticket).text


def test_the_story_joins_events_words_mails_letters_and_how_they_fared(client, session, office):
    ticket = assigned(session, office)
    arrive(
        session, office, raw_mail(CITIZEN, ticket_address(ticket, office), "Re: agua", "Se dañó también la válvula.")
    )
    arrive(session, office, reply_from_office(ticket, office, "El tubo se cambia el lunes."))
    [acknowledgement], [answer] = (letters_of(session, name, ticket) for name in ("acknowledgement", "answer"))
    acknowledgement.state, acknowledgement.sent_at = LetterState.SENT, NOW
    answer.state, answer.attempts, answer.last_error = LetterState.QUEUED, 3, "451 4.7.1 try later"
    session.commit()
    at_work(client, session)
    page = page_of(client, ticket)
    words = words_of(page)
    for said in (
        "Radicada La persona",
        "Asignada El sistema",
        "Cambió de dependencia desk@puerres.example",
        "A Secretaría de Planeación · Antes: Oficina de Servicios Públicos",
        f"Llegó un correo De {CITIZEN}",
        "Mensaje nuevo en el caso La persona",
        "Se dañó también la válvula.",
        "Llegó un correo De planeacion@puerres.example",
        "Respondida Secretaría de Planeación",
        "El tubo se cambia el lunes.",
        "Radicado de salida 2026-S-000001",
        f"Carta: Acuse de recibo Para {CITIZEN}",
        "Aceptada por el servidor del destinatario",
        "Por salir tras 3 intentos",
        "Carta: Asignación a la dependencia Para planeacion@puerres.example",
    ):
        assert said in words, said
    letter = client.get(f"/atencion/radicado/{ticket.radicado}/carta/{ticket.answers[0].radicado}.pdf")
    assert letter.data.startswith(b"%PDF")


def test_the_auditor_reads_everything_and_is_offered_no_act(client, session, office):
    ticket = assigned(session, office)
    session.commit()
    at_work(client, session, Role.AUDITOR)
    page = page_of(client, ticket)
    assert page.status_code == 200
    offered = page.text.replace(f"{ticket.radicado}/archivo", "").replace(f"{ticket.radicado}/expediente.zip", "")
    assert f'action="/atencion/radicado/{ticket.radicado}/' not in offered
