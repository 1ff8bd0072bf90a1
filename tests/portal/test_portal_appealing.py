"""Can a person present an appeal from a telephone, see what follows, and open what was decided on it?"""

from io import BytesIO

import pytest
import time_machine

from pqr.terms.notifying import AnswerOutcome
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.appealing import Resolution, Result, decide
from pqr.tickets.appeals import presented
from pqr.tickets.communicating import communicate
from pqr.tickets.events import history
from pqr.tickets.ruling import Ruling
from tests.builders import NOW, assigned, at, office_of
from tests.portal.visitor import hidden, text_of

TOLD = at("2026-03-10 09:00")  # the tenth business day after it is Wednesday the 25th
WHY = "Mi casa tampoco tiene agua."
RESERVE = Ruling(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18, lit. a")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-03-25 20:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def denied(session, office, ruling=None, kind="peticion_particular", told=TOLD):
    ticket = assigned(session, office, kind=kind)
    reply = Reply(ticket, "No procede.", "user:1", final=True, ruling=ruling or Ruling(AnswerOutcome.DENIED))
    record_answer(session, reply, office, NOW)
    if told:
        communicate(session, ticket, "counter", "user:1", office, told)
    session.commit()
    return ticket


def opened(client, ticket):
    """The page, for whoever has the code."""
    with client.session_transaction() as cookie:
        cookie["radicados"] = [ticket.radicado]
    return client.get(f"/radicado/{ticket.radicado}").text


def sent(client, ticket, text=WHY, files=()):
    fields = {"recurso-csrf_token": hidden(opened(client, ticket), "csrf_token"), "recurso-text": text}
    answer = client.post(f"/radicado/{ticket.radicado}/recurso", data=fields | {"recurso-attachments": list(files)})
    answer.request.input_stream.close()
    return answer


def filed(session, ticket):
    session.rollback()
    session.expire_all()
    return presented(history(session, ticket.id))


def test_an_appeal_is_presented_on_the_page_while_it_lies(client, session, office):
    ticket = denied(session, office)
    page = text_of(opened(client, ticket))
    assert "Hasta el miércoles 25 de marzo de 2026 (CPACA (Ley 1437 de 2011), art. 76)" in page
    empty = sent(client, ticket, text=" ")
    assert (empty.status_code, "Escriba sus razones." in text_of(empty.text)) == (422, True)
    assert sent(client, ticket, files=[(BytesIO(b"hola"), "foto.txt")]).status_code == 303
    found = filed(session, ticket)
    assert (found.remedy, found.is_late) == ("reposicion", False)
    assert [file.name for file in ticket.attachments if file.belongs_to == "message"] == ["foto.txt"]
    page = text_of(opened(client, ticket))
    for words in ("Su recurso de reposición", "debe decidirlo a más tardar el lunes 25 de mayo de 2026"):
        assert words in page
    assert "Presentar recurso" not in page


def test_after_its_days_and_before_the_decision_is_opened_none_is_offered(client, session, office, clock):
    late, unread = denied(session, office), denied(session, office, told=None)
    assert "Presentar recurso" not in text_of(opened(client, unread))
    clock.move_to(at("2026-03-26 08:00"))
    assert "Presentar recurso" not in text_of(opened(client, late))


def test_what_grants_offers_none_and_a_reserve_offers_to_insist(client, session, office):
    granted = denied(session, office, Ruling(AnswerOutcome.GRANTED))
    assert "Si no está de acuerdo" not in text_of(opened(client, granted))
    reserved = denied(session, office, RESERVE, "informacion")
    assert "Insistir" in text_of(opened(client, reserved))
    assert sent(client, reserved).status_code == 303
    assert "La alcaldía envía el expediente al juez administrativo" in text_of(opened(client, reserved))
    assert filed(session, reserved).remedy == "insistence"


def test_its_decision_is_read_once_it_is_opened_and_that_notifies(client, session, office):
    ticket = denied(session, office)
    sent(client, ticket)
    session.rollback()
    document = decide(
        session, Resolution(ticket, Result.MODIFIED, "Se visitó.", "user:1"), office, at("2026-03-25 20:00")
    )
    session.commit()
    page, letter = opened(client, ticket), f"/radicado/{ticket.radicado}/carta/{document.radicado}.pdf"
    assert "Al abrirla aquí acepta que se la notifiquemos por internet" in text_of(page)
    assert "Cambia la decisión en parte" not in text_of(page)
    assert client.get(letter).status_code == 404
    token = hidden(page, "csrf_token")
    done = client.post(f"/radicado/{ticket.radicado}/abrir-recurso", data={"csrf_token": token})
    assert done.status_code == 303
    assert filed(session, ticket).told
    page = text_of(opened(client, ticket))
    assert "Cambia la decisión en parte" in page
    assert "Quedó notificado de la decisión de su recurso." in page
    assert client.get(letter).data.startswith(b"%PDF")
