"""Does a petition of another authority reach it in five days, with its file, and does the person know?"""

import io
from datetime import date

import pikepdf
import pytest

from pqr.errors import ActNotAllowed
from pqr.reminders.remind import remind_all
from pqr.secretarias.directory import active_bodies, by_code
from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TicketKind
from pqr.terms.spanish import long_date
from pqr.terms.transferring import transfer_until
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.contributing import Asking, ask_office
from pqr.tickets.contributions import pending_of
from pqr.tickets.documents import whom
from pqr.tickets.duties import TO_TRANSFER, duties_of
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Identity
from pqr.tickets.transferring import Sending, note_delivery, transfer
from pqr.upkeep import verify
from tests.builders import CITIZEN, NOW, assigned, at, filed, letters_of, office_of

WHY = "La vía es del departamento."
IN_TIME, LATE = at("2026-03-10 16:00"), at("2026-03-11 08:00")  # five business days after Tuesday the 3rd
SECRET = PetitionerData("Rosa Secreta", "rosa@correo.example", document_number="99887766", phone="3000000")


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def body(session):
    body = active_bodies(session)[0]
    body.email = "ventanilla@gobernacion.example"
    return body


def sending(ticket, body, **more):
    return Sending(ticket, body, WHY, "user:1", **more)


def events_of(session, ticket):
    return {event.kind: event.data for event in history(session, ticket.id)}


def test_it_goes_with_its_file_and_the_person_gets_a_copy(session, office, body):
    plan = files.keep(b"%PDF-1.4 plano", "plano.pdf", "application/pdf", office)
    ticket = assigned(session, office, files=(plan,))
    add_message(session, FollowUp(ticket, "Queda por el puente.", "citizen"), office, NOW)
    sent = transfer(session, sending(ticket, body), office, IN_TIME)
    assert (ticket.state, ticket.outcome, ticket.closed_at) == ("closed", "transferred", IN_TIME)
    theirs, own = letters_of(session, "transfer")[0], letters_of(session, "transferred")[0]
    assert (theirs.recipient, own.recipient) == (body.email, CITIZEN)
    for words in (ticket.body, "Queda por el puente.", WHY, "Ana Prueba", CITIZEN, sent.radicado, ticket.radicado):
        assert words in theirs.text
    assert [file["name"] for file in theirs.files] == [f"traslado-{sent.radicado}.pdf", "plano.pdf"]
    assert [file["name"] for file in own.files] == [f"traslado-{sent.radicado}.pdf"]
    for words in (body.name, WHY, sent.radicado, ticket.radicado):
        assert words in own.text
    told = events_of(session, ticket)["transferred"]
    assert (told["body"], told["to_body_by_mail"], told.get("late")) == (body.name, True, None)
    session.flush()
    assert list(verify(session, office)) == []


def test_nobody_is_reminded_of_it_and_no_office_owes_a_contribution(session, office, body):
    ticket = assigned(session, office)
    asking = Asking(ticket, by_code(session, "salud"), "¿Hay redes?", date(2026, 3, 12), None, "user:1")
    ask_office(session, asking, office, NOW)
    transfer(session, sending(ticket, body), office, IN_TIME)
    session.flush()
    assert pending_of(session, ticket) == []
    assert letters_of(session, "contribution_cancelled")
    remind_all(session, office, at("2026-04-20 09:00"))
    assert letters_of(session, "reminder") == []


def test_late_it_asks_why_with_the_article_and_the_date_and_goes_all_the_same(session, office, body):
    ticket = assigned(session, office)
    with pytest.raises(ActNotAllowed, match=r"martes 10 de marzo de 2026.*5 días hábiles.*CPACA, art. 21"):
        transfer(session, sending(ticket, body), office, LATE)
    transfer(session, sending(ticket, body, late_reason="Se creyó que era de Planeación."), office, LATE)
    told = events_of(session, ticket)["transferred"]
    assert (told["late"], told["until"]) == (True, "2026-03-10")
    assert told["late_reason"] == "Se creyó que era de Planeación."


def test_a_claim_about_personal_data_has_two_days(session, office, body):
    ticket = assigned(session, office, kind=TicketKind.HABEAS_DATA_RECLAMO)
    with pytest.raises(ActNotAllowed, match=r"jueves 5 de marzo de 2026.*2 días hábiles.*Ley 1581 de 2012, art. 15"):
        transfer(session, sending(ticket, body), office, at("2026-03-06 08:00"))


@pytest.mark.parametrize(
    ("kind", "until"),
    [(TicketKind.QUEJA, date(2026, 3, 30)), (TicketKind.HABEAS_DATA_RECLAMO, date(2026, 3, 25))],
)
def test_the_days_to_transfer_are_business_days(kind, until):
    assert transfer_until(kind, date(2026, 3, 20), Calendar()) == until  # Monday the 23rd is a holiday


def test_a_part_goes_and_the_own_part_keeps_its_clock(session, office, body):
    ticket = assigned(session, office)
    due_on = ticket.due_on
    sent = transfer(session, sending(ticket, body, part="El arreglo de la vía nacional"), office, IN_TIME)
    assert (ticket.state, ticket.outcome, ticket.due_on, ticket.closed_at) == ("assigned", "", due_on, None)
    own = letters_of(session, "transferred")[0].text
    assert "El arreglo de la vía nacional" in own
    assert f"Lo demás se lo respondemos nosotros, a más tardar el {long_date(due_on)}" in own
    assert "El arreglo de la vía nacional" in letters_of(session, "transfer")[0].text
    assert events_of(session, ticket)["transferred_part"]["transfer"] == sent.id
    transfer(session, sending(ticket, body), office, IN_TIME)
    assert ticket.outcome == "transferred"


def test_without_an_address_somebody_takes_it_there_and_says_who_received_it(session, office, body):
    body.email = ""
    ticket = assigned(session, office)
    sent = transfer(session, sending(ticket, body), office, IN_TIME)
    assert letters_of(session, "transfer") == []
    assert sent.is_undelivered
    assert "Se la llevamos con el oficio" in letters_of(session, "transferred")[0].text
    note_delivery(session, sent, "Firmó la ventanilla.", "user:1", IN_TIME)
    assert not sent.is_undelivered
    assert events_of(session, ticket)["transfer_delivered"]["proof"] == "Firmó la ventanilla."
    with pytest.raises(ActNotAllowed, match="ya salió"):
        note_delivery(session, sent, "Otra vez.", "user:1", IN_TIME)


def test_a_reserved_identity_is_in_no_letter_to_the_body(session, office, body):
    ticket = filed(session, office, identity=Identity.RESERVED, petitioner=SECRET)
    sent = transfer(session, sending(ticket, body), office, IN_TIME)
    assert sent.is_undelivered
    assert letters_of(session, "transfer") == []
    assert whom(ticket) == [("Persona", "Identidad reservada")]
    for word in ("Rosa", "Secreta", "99887766", "3000000", "rosa@"):
        assert word not in str([event.data for event in history(session, ticket.id)])
    assert "No le decimos a esa entidad quién es usted" in letters_of(session, "transferred")[0].text


@pytest.mark.parametrize("identity", [Identity.NAMED, Identity.RESERVED, Identity.ANONYMOUS])
def test_the_paper_is_a_pdf_for_every_identity(session, office, body, identity):
    ticket = filed(session, office, identity=identity, petitioner=SECRET)
    sent = transfer(session, sending(ticket, body, part="La vía 😀"), office, IN_TIME)
    assert len(pikepdf.open(io.BytesIO(files.read(sent.pdf_sha256, office))).pages) == 1


def test_what_was_answered_is_not_transferred(session, office, body):
    ticket = assigned(session, office)
    transfer(session, sending(ticket, body), office, IN_TIME)
    with pytest.raises(ActNotAllowed, match="trasladarla"):
        transfer(session, sending(ticket, body), office, IN_TIME)


ELSEWHERE = ("Comparendo de tránsito", "Me pusieron un comparendo de tránsito y no aparece mi licencia ni el SOAT.")


def due_to_transfer(session, ticket):
    pending = [duty for duty in duties_of(session, ticket) if duty.met_at is None]
    return [(duty.code, duty.due_on) for duty in pending if duty.code in TO_TRANSFER]


def test_what_seems_another_entity_s_is_due_to_be_transferred_and_the_desk_is_told(session, office):
    ticket = filed(session, office, subject=ELSEWHERE[0], body=ELSEWHERE[1])
    claim = filed(session, office, subject=ELSEWHERE[0], body=ELSEWHERE[1], kind=TicketKind.HABEAS_DATA_RECLAMO)
    assert ticket.secretaria is None
    assert due_to_transfer(session, ticket) == [("traslado", date(2026, 3, 10))]
    assert due_to_transfer(session, claim) == [("traslado_reclamo", date(2026, 3, 5))]
    for each in (ticket, claim):
        until = transfer_until(TicketKind(each.kind), each.day_zero, office.calendar)
        assert [due_on for _, due_on in due_to_transfer(session, each)] == [until]
    remind_all(session, office, at("2026-03-10 08:00"))
    (letter,) = letters_of(session, "reminder", ticket)
    assert (letter.recipient, letter.subject) == (
        "atencion@puerres.example",
        f"Vence hoy: {ticket.radicado} (traslado a la entidad competente)",
    )


def test_once_it_is_sent_or_taken_as_the_entity_s_own_it_is_not_due_any_more(session, office, body):
    sent, own, answered = (filed(session, office, subject=ELSEWHERE[0], body=ELSEWHERE[1]) for _ in range(3))
    transfer(session, sending(sent, body), office, NOW)
    assign(session, Assignment(own, by_code(session, "salud"), "es nuestra", "user:1"), office, NOW)
    record_answer(session, Reply(answered, "Le corresponde a su EPS.", "user:1", final=True), office, NOW)
    assert [due_to_transfer(session, each) for each in (sent, own, answered)] == [[], [], []]


def test_what_may_accuse_somebody_is_not_proposed_elsewhere(session, office):
    ticket = filed(session, office, subject=ELSEWHERE[0], body=ELSEWHERE[1], kind=TicketKind.DENUNCIA)
    assert due_to_transfer(session, ticket) == []
