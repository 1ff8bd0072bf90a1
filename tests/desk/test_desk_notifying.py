"""May an official put right what an answer decides, what the person accepts, and how they were told?"""

from io import BytesIO

import pikepdf
import pytest

from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.closing import Decision
from pqr.tickets.communicating import letter_left
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.filing import PetitionerData
from pqr.tickets.ruling import Ruling
from pqr.tickets.withdrawing import withdraw_tacitly
from tests.builders import NOW, assigned, at, letters_of, office_of
from tests.desk.staff import act, at_work, look_again, words_of


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def desk(client, session):
    at_work(client, session)
    return client


def answered(session, here, **given):
    ticket = assigned(session, here, **{"kind": "peticion_particular", **given})
    record_answer(session, Reply(ticket, "No se puede.", "secretaria:planeacion", final=True), here, NOW)
    session.flush()
    return ticket


def page_of(desk, ticket):
    return words_of(desk.get(f"/atencion/radicado/{ticket.radicado}"))


def test_an_answer_that_came_by_mail_and_denies_is_opened_again_until_it_is_notified(session, here, desk):
    ticket = answered(session, here)
    letter = letters_of(session, "answer")[0]
    letter.state = "sent"
    letter_left(session, letter, here, NOW)
    session.commit()
    assert act(desk, ticket.radicado, "sentido", outcome="denied").status_code == 303
    look_again(session)
    assert (ticket.state, ticket.answer.outcome) == ("answered", "denied")
    assert "Notificación personal (CPACA, art. 66)" in page_of(desk, ticket)
    assert "Corresponde citar a la persona" in page_of(desk, ticket)


def test_a_reserve_without_its_norm_is_refused_beside_the_field(session, here, desk):
    ticket = assigned(session, here, kind="informacion")
    session.commit()
    refused = act(desk, ticket.radicado, "responder", text="No.", outcome="denied_reserved")
    assert refused.status_code == 422
    assert "Escriba la norma exacta que la reserva" in words_of(refused)
    assert ">No.</textarea>" in refused.text.replace("\r\n", "")
    done = act(desk, ticket.radicado, "responder", text="No.", outcome="denied_reserved", provision="Ley 1712, art. 18")
    assert done.status_code == 303
    assert "La reserva: Ley 1712, art. 18" in page_of(desk, ticket)


def test_the_acceptance_is_written_down_with_how_it_was_asked(session, here, desk):
    ticket = assigned(session, here)
    session.commit()
    assert "No la ha aceptado" in page_of(desk, ticket)
    act(desk, ticket.radicado, "notificacion-electronica", reason="Lo pidió en la ventanilla")
    page = page_of(desk, ticket)
    assert "La acepta" in page
    assert "Lo pidió en la ventanilla" in page
    act(desk, ticket.radicado, "notificacion-electronica", reason="Ya no quiere")
    look_again(session)
    assert not ticket.petitioner.accepts_electronic_notification


def test_a_delivery_by_hand_names_the_clerk_and_the_proof(session, here, desk):
    ticket = answered(session, here, petitioner=PetitionerData("Luis Ejemplo", address="Calle 1"))
    session.commit()
    assert "Envíela en papel a su dirección" in page_of(desk, ticket)
    done = act(desk, ticket.radicado, "comunicar", way="counter", note="Firmó el recibido Luis Ejemplo.")
    assert done.status_code == 303
    page = page_of(desk, ticket)
    proof = page[page.index("Constancia de entrega") : page.index("Historia")]
    assert "Entrega en la ventanilla" in proof
    assert "atencion@puerres.example" in proof or "desk@puerres.example" in proof
    assert "Firmó el recibido Luis Ejemplo." in proof


def test_a_tacit_withdrawal_may_be_notified_by_hand(session, here, desk):
    ticket = assigned(session, here)
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), here, at("2026-03-04 09:00"))
    session.flush()
    withdraw_tacitly(session, Decision(ticket, "Se decreta.", "user:1"), here, at("2026-04-07 09:00"))
    session.flush()
    letters_of(session, "withdrawn_tacit")[0].state = "sent"
    session.commit()
    assert "entréguele la copia completa y registre la entrega" in page_of(desk, ticket)
    assert act(desk, ticket.radicado, "comunicar", way="counter", note="Firmó.").status_code == 303
    look_again(session)
    assert ticket.communicated_at is not None
    assert (ticket.state, ticket.outcome) == ("closed", "withdrawn_tacit")
    assert "La persona quedó notificada" in page_of(desk, ticket)


def test_a_way_that_is_not_the_lawful_one_needs_its_reason(session, here, desk):
    ticket = answered(session, here, petitioner=PetitionerData("Luis Ejemplo", address="Calle 1"))
    session.commit()
    refused = act(desk, ticket.radicado, "notificar")
    assert refused.status_code == 422
    assert "Antes corresponde otra vía, porque dejó una dirección" in words_of(refused)
    assert act(desk, ticket.radicado, "notificar", reason="la guía volvió").status_code == 303
    assert "Se publica porque la guía volvió" in page_of(desk, ticket)


def test_whose_address_is_not_known_is_cited_on_the_page_and_the_board(client, session, here, desk):
    ticket = assigned(session, here, kind="peticion_particular", petitioner=PetitionerData("Luis Ejemplo", phone="300"))
    reply = Reply(ticket, "No se puede.", "user:1", final=True, ruling=Ruling(AnswerOutcome.DENIED))
    record_answer(session, reply, here, NOW)
    session.commit()
    assert "Corresponde publicar la citación" in page_of(desk, ticket)
    assert act(desk, ticket.radicado, "notificar").status_code == 303
    assert "La citación está publicada hasta el" in page_of(desk, ticket)
    public = words_of(client.get("/avisos"))
    assert f"Citación: petición {ticket.radicado}" in public
    assert "Luis Ejemplo" in public
    assert "No se puede" not in public
    paper = desk.get(f"/atencion/radicado/{ticket.radicado}/aviso.pdf")
    with pikepdf.open(BytesIO(paper.data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"Citación {ticket.radicado}"
