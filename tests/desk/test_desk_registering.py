"""Is a petition that comes by hand registered like any other, with the true hour and the note that the decree asks?"""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from pqr.tickets.events import history
from pqr.tickets.lacking import lacking_of
from pqr.tickets.models import Channel, Identity, Message, Profile, Ticket
from tests.builders import NOW, at, letters_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of

FORM = "/atencion/nueva"
TYPED = {
    "channel": "counter",
    "kind": "reclamo",
    "subject": "No llega agua",
    "description": "Hace dos semanas no llega el agua a la vereda.",
    "identity": "named",
    "name": "Ana Prueba",
    "answer_by": "portal",
}


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


def register(client, **typed):
    return send(client, FORM, **(TYPED | typed))


def only_ticket(session):
    look_again(session)
    return session.scalars(select(Ticket)).one()


def test_a_verbal_petition_is_numbered_noted_and_has_its_receipt(client, session):
    user = at_work(client, session)
    done = register(client, received_by="Auxiliar de ventanilla")
    ticket = only_ticket(session)
    assert (done.status_code, done.location) == (303, f"/atencion/radicado/{ticket.radicado}/registrada")
    page = client.get(done.location)
    assert ticket.radicado in words_of(page)
    assert "Código de consulta: " in words_of(page)
    assert "la única manera" not in words_of(page)
    receipt = client.get(f"/atencion/radicado/{ticket.radicado}/constancia.pdf")
    assert receipt.data.startswith(b"%PDF")
    assert (ticket.channel, ticket.received_at) == (Channel.COUNTER, NOW)
    registered = next(event for event in history(session, ticket.id) if event.kind == "registered")
    assert registered.actor == f"user:{user.id}"
    assert (registered.data["verbal"], registered.data["late"]) == (True, False)
    assert "Auxiliar" not in str(registered.data)
    assert ticket.messages[0].text == "Petición verbal. Ventanilla: la recibió Auxiliar de ventanilla."


def test_what_is_spoken_is_noted_as_verbal_and_what_is_written_is_not(client, session):
    at_work(client, session)
    for channel in ("phone", "paper", "box"):
        assert register(client, channel=channel).status_code == 303
    notes = [message.text.partition(".")[0] for message in session.scalars(select(Message).order_by(Message.id))]
    assert notes == ["Petición verbal", "Petición escrita", "Petición escrita"]


def test_a_paper_of_last_week_counts_from_last_week_with_its_reason(client, session):
    at_work(client, session)
    arrived = {"received_date": "2026-02-26", "received_time": "16:30"}
    refused = register(client, channel="paper", **arrived)
    assert refused.status_code == 422
    assert "Diga por qué se registra después" in words_of(refused)
    assert register(client, channel="paper", late_reason="No había internet", **arrived).status_code == 303
    ticket = only_ticket(session)
    assert (ticket.received_at, ticket.day_zero) == (at("2026-02-26 16:30"), date(2026, 2, 26))
    assert "No había internet" in ticket.messages[0].text


def test_nothing_arrives_in_the_future_nor_at_half_a_date(client, session):
    at_work(client, session)
    for when, says in (
        ({"received_date": "2026-03-03", "received_time": "10:01"}, "no pueden ser futuras"),
        ({"received_date": "2026-03-02"}, "Escriba también la hora"),
        ({"received_time": "09:00"}, "Escriba también la fecha"),
        ({"received_date": "ayer", "received_time": "09:00"}, "fecha"),
    ):
        refused = register(client, late_reason="Razón", **when)
        assert refused.status_code == 422
        assert says in words_of(refused)
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_what_is_missing_is_said_and_everything_typed_comes_back(client, session):
    at_work(client, session)
    refused = register(client, subject="", answer_by="email", email="ana@", place="Tescual", priority=["nna"])
    assert refused.status_code == 422
    words = words_of(refused)
    assert "Escriba el asunto" in words
    assert "correo" in words
    again = form_of(refused.text)
    assert (again["description"], again["place"], again["email"]) == (TYPED["description"], "Tescual", "ana@")
    assert again.getlist("priority") == ["nna"]


def test_a_person_who_says_no_name_and_no_address_is_registered_all_the_same(client, session):
    at_work(client, session)
    assert register(client, name="").status_code == 303
    assert only_ticket(session).petitioner.name == ""


def test_of_an_anonymous_person_nothing_is_kept(client, session):
    at_work(client, session)
    done = register(client, identity="anonymous", phone="3001234567")
    assert done.status_code == 303
    assert "es la única manera de leer la respuesta" in words_of(client.get(done.location))
    ticket = only_ticket(session)
    assert (ticket.identity, ticket.petitioner) == (Identity.ANONYMOUS, None)


def test_an_anonymous_person_gets_no_letter_on_paper(client, session):
    at_work(client, session)
    refused = register(client, identity="anonymous", answer_by="postal", address="Vereda Tescual")
    assert refused.status_code == 422
    assert "no se guarda la dirección" in words_of(refused)


def test_a_child_goes_first_and_a_scan_stays_with_the_case(client, session):
    at_work(client, session)
    scan = (BytesIO(b"%PDF-1.4 carta"), "carta.pdf")
    register(client, petitioner_type="menor", priority=["preferente"], attachments=[scan])
    ticket = only_ticket(session)
    assert (ticket.priority, ticket.priority_rank) == (["preferente", "nna"], 1)
    assert [file.name for file in ticket.attachments] == ["carta.pdf"]


def test_the_differential_answers_are_kept_only_with_the_person_s_own_consent(client, session):
    at_work(client, session)
    register(client, sex="mujer", condition=["campesino"])
    register(client, sex="mujer", condition=["campesino"], accept_sensitive="y", subject="Otra")
    kept = session.scalars(select(Profile)).one()
    assert kept.answers == {"sex": "mujer", "condition": ["campesino"]}


def test_a_double_click_registers_once_with_one_note(client, session):
    at_work(client, session)
    fields = form_of(client.get(FORM).text)
    for name, value in TYPED.items():
        fields[name] = value
    first, second = client.post(FORM, data=fields), client.post(FORM, data=fields)
    assert first.location == second.location
    assert len(only_ticket(session).messages) == 1
    fields["subject"] = "Otra cosa, escrita sobre la misma página"
    assert client.post(FORM, data=fields).location != first.location


def test_with_an_address_the_acknowledgement_leaves(client, session):
    at_work(client, session)
    register(client, answer_by="email", email="Ana@Correo.example")
    assert [letter.recipient for letter in letters_of(session, "acknowledgement")] == ["ana@correo.example"]


def test_a_known_document_fills_in_what_the_person_said_the_last_time(client, session):
    at_work(client, session)
    known = {
        "document_type": "CC",
        "document_number": "1.085.123.456",
        "phone": "3001234567",
        "address": "Vereda Tescual",
    }
    register(client, **known)
    found = send(client, FORM, buscar="documento", document_number="1085123456", subject="Otra cosa")
    assert found.status_code == 200
    assert "estos son los datos que dio la última vez" in words_of(found)
    fields = form_of(found.text)
    assert (fields["name"], fields["phone"], fields["address"]) == ("Ana Prueba", "3001234567", "Vereda Tescual")
    assert (fields["document_number"], fields["subject"]) == ("1085123456", "Otra cosa")
    only_ticket(session)  # asking files nothing


@pytest.mark.parametrize(("identity", "asked"), [("reserved", "1085123456"), ("named", "999"), ("named", "")])
def test_who_is_not_known_by_name_is_not_found_by_document(client, session, identity, asked):
    at_work(client, session)
    register(client, document_number="1085123456", phone="3001234567", identity=identity)
    found = send(client, FORM, buscar="documento", document_number=asked)
    assert "Nadie ha dejado su nombre con ese documento" in words_of(found)
    assert "Ana Prueba" not in found.text
    assert "3001234567" not in found.text


def test_what_the_person_has_asked_already_is_shown_before_another_is_registered(client, session):
    at_work(client, session)
    register(client, document_type="CC", document_number="9000000007")
    register(client, document_type="CC", document_number="9000000008", subject="Otro asunto")
    page = words_of(send(client, FORM, **TYPED, document_number="9.000.000.007", buscar="documento"))
    assert "2026-E-000001 No llega agua" in page
    assert "Otro asunto" not in page


def test_one_that_resembles_another_says_so_with_the_way_to_join_them(client, session):
    at_work(client, session)
    register(client, document_number="9000000007")
    page = client.get(register(client, description=f"{TYPED['description']} Vuelvo a escribir.").location)
    assert "2026-E-000001 86 %" in words_of(page)
    assert "/atencion/radicado/2026-E-000002?unir=2026-E-000001#merge-into" in page.text
    lone = client.get(
        register(client, subject="Sisbén", description="Quiero la encuesta del Sisbén en mi casa.").location
    )
    assert "Se parece a otras" not in words_of(lone)


def test_what_lacks_is_told_at_the_counter_and_it_is_filed_all_the_same(client, session):
    at_work(client, session)
    done = register(client, lacking="La copia de la escritura.")
    ticket = only_ticket(session)
    assert (done.status_code, lacking_of(session, ticket)) == (303, "La copia de la escritura.")
    page = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    assert "Se le dijo qué le falta; se radicó de todos modos" in page
    assert "La copia de la escritura." in page
    assert "Pedir al ciudadano que complete la petición" in page
