"""Can a person end their case, ask for more time and say that the answer does not answer, without going anywhere?"""

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.events import history
from pqr.tickets.suspensions import open_suspensions
from tests.builders import assigned, letters_of, office_of
from tests.desk.staff import at_work, words_of
from tests.portal.test_portal_completing import ASKED, opened, waiting
from tests.portal.visitor import hidden


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def wish(client, ticket, path, text="Ya se solucionó."):
    token = hidden(opened(client, ticket), "csrf_token")
    return client.post(
        f"/radicado/{ticket.radicado}/pedir/{path}", data={f"{path}-csrf_token": token, f"{path}-text": text}
    )


def kinds(session, ticket):
    session.rollback()
    session.expire_all()
    return [event.kind for event in history(session, ticket.id)]


def test_a_withdrawal_is_told_to_the_office_and_closes_nothing_by_itself(client, session, office):
    ticket = waiting(session, office)
    assert wish(client, ticket, "desistir").status_code == 303
    assert kinds(session, ticket)[-1] == "withdrawal_wished"
    assert (ticket.state, open_suspensions(session, [ticket.id])[ticket.id].supplied_at) == (
        "awaiting_petitioner",
        None,
    )
    assert "Ya se solucionó." in letters_of(session, "follow_up")[0].text
    page = opened(client, ticket)
    assert "Recibimos su desistimiento" in page
    assert "Usted dijo que desiste" in page
    at_work(client, session, Role.DESK)
    assert "La persona dice que desiste" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))


def test_more_time_is_the_person_s_by_asking_once(client, session, office):
    ticket = waiting(session, office)
    wish(client, ticket, "mas-plazo", "El notario atiende en quince días.")
    assert kinds(session, ticket)[-2:] == ["time_wished", "completion_extended"]
    asked = open_suspensions(session, [ticket.id])[ticket.id]
    assert (asked.until.isoformat(), asked.last_day.isoformat()) == ("2026-04-10", "2026-05-11")
    assert "Pedir más plazo" not in opened(client, ticket)
    wish(client, ticket, "mas-plazo")
    assert kinds(session, ticket).count("time_wished") == 1


def test_too_late_there_is_no_more_time_to_ask_for(client, session, office, clock):
    ticket = waiting(session, office)
    clock.move_to("2026-04-11T15:00:00Z")
    assert "Pedir más plazo" not in opened(client, ticket)
    assert wish(client, ticket, "mas-plazo").status_code == 303
    assert "time_wished" not in kinds(session, ticket)


def test_an_answer_that_does_not_answer_goes_back_to_who_wrote_it(client, session, office):
    ticket = assigned(session, office)
    session.commit()
    assert "no responde lo que pidió" not in opened(client, ticket)
    record_answer(session, Reply(ticket, "Tomamos nota.", "user:1", final=True), office, ASKED)
    communicate(session, ticket, "mail", "system", office, ASKED)
    session.commit()
    wish(client, ticket, "no-responde", "No dicen cuándo.")
    assert kinds(session, ticket)[-1] == "answer_contested"
    assert (ticket.state, ticket.outcome) == ("closed", "answered")
    assert "No dicen cuándo." in letters_of(session, "follow_up")[0].text
    assert "Desistir" not in opened(client, ticket)


def test_without_words_the_fold_stays_open_and_says_why(client, session, office):
    ticket = waiting(session, office)
    refused = wish(client, ticket, "desistir", "  ")
    assert refused.status_code == 422
    assert '<a href="#desistir-text">Escríbalo con sus palabras.</a>' in refused.text
    assert 'id="desistir-text-error"' in refused.text
    assert kinds(session, ticket)[-1] != "withdrawal_wished"


def test_without_the_code_nobody_wishes_anything(client, session, office):
    ticket = waiting(session, office)
    token = hidden(client.get("/radicar").text, "csrf_token")
    answer = client.post(
        f"/radicado/{ticket.radicado}/pedir/desistir", data={"desistir-csrf_token": token, "desistir-text": "x"}
    )
    assert answer.location.startswith("/radicado?")
    assert kinds(session, ticket)[-1] != "withdrawal_wished"
    assert client.post(f"/radicado/{ticket.radicado}/pedir/otra", data={"csrf_token": token}).status_code == 404
