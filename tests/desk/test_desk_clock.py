"""Can an official stop a clock, let it go on and end a case without an answer, each when the law admits it?"""

from datetime import date

import pytest
import time_machine

from pqr.accounts.roles import Role
from pqr.tickets.clarifying import ask_to_clarify
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.events import history
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.models import Ticket
from tests.builders import NOW, assigned, at, letters_of, office_of
from tests.desk.staff import act, at_work, enter, form_of, look_again, words_of

ASKED = at("2026-03-10 16:00")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, office):
    ticket = assigned(session, office)
    session.commit()
    return ticket


def waiting(session, office, ticket, ask=ask_to_complete):
    ask(session, Request(ticket, "Falta el plano.", "user:1"), office, ASKED)
    session.commit()


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


NAMES = (
    "asignar", "responder", "prorrogar", "devolver", "pedir", "completa", "mas-plazo", "desistimiento-tacito",
    "archivar", "desistir", "falta", "suspender", "reactivar",
)  # fmt: skip


def offered(client, ticket):
    text = client.get(page(ticket)).text
    return {name for name in NAMES if f'action="{page(ticket)}/{name}"' in text}


def test_each_act_is_offered_when_the_law_admits_it(client, session, office, ticket, clock):
    officer = at_work(client, session)
    running = {"asignar", "responder", "prorrogar", "devolver", "pedir", "desistir", "suspender"}
    assert offered(client, ticket) == running
    waiting(session, office, ticket)
    still = {"asignar", "responder", "completa", "desistir"}
    assert offered(client, ticket) == still | {"mas-plazo"}
    clock.move_to(at("2026-04-13 09:00"))
    enter(client, officer)  # the session of days ago is over
    assert offered(client, ticket) == still | {"desistimiento-tacito"}


def test_an_office_asks_and_takes_as_complete_and_decrees_nothing(client, session, office, ticket, clock):
    officer = at_work(client, session, Role.SECRETARIA, "planeacion")
    assert "pedir" in offered(client, ticket)
    waiting(session, office, ticket)
    clock.move_to(at("2026-04-13 09:00"))
    enter(client, officer)  # the session of days ago is over
    assert offered(client, ticket) == {"responder", "completa"}


def test_the_desk_asks_the_person_and_the_clock_stands_still(client, session, ticket):
    at_work(client, session)
    done = act(client, ticket.radicado, "pedir", cause="completion", text="Falta el plano del predio.")
    assert done.status_code == 303
    look_again(session)
    assert (ticket.state, ticket.suspended_on) == ("awaiting_petitioner", date(2026, 3, 10))
    assert "Falta el plano del predio." in letters_of(session, "completion_request")[0].text
    words = words_of(client.get(page(ticket)))
    for told in (
        "Suspendido desde el martes 10 de marzo de 2026 : 5 días contados",
        "Se le pidió completar la petición",
        "hasta el viernes 10 de abril de 2026",
        "Falta el plano del predio.",
        "término suspendido",
    ):
        assert told in words, words


def test_nothing_is_asked_without_saying_what_and_the_form_keeps_the_rest(client, session, ticket):
    at_work(client, session)
    refused = act(client, ticket.radicado, "pedir", cause="clarification", text=" ")
    assert refused.status_code == 422
    assert "Escriba qué le pide" in words_of(refused)
    assert form_of(refused.text, f"{page(ticket)}/pedir")["cause"] == "clarification"


def test_too_late_is_refused_with_the_article_and_the_date(client, session, ticket, clock):
    officer = at_work(client, session)
    clock.move_to(at("2026-03-18 09:00"))
    enter(client, officer)  # the session of days ago is over
    refused = act(client, ticket.radicado, "pedir", cause="completion", text="Falta el plano.")
    assert refused.status_code == 422
    assert "se podía hasta el martes 17 de marzo de 2026" in words_of(refused)
    assert "CPACA, art. 17" in words_of(refused)
    assert "Falta el plano." in refused.text


def test_what_came_is_offered_with_its_own_day(client, session, office, ticket, clock):
    waiting(session, office, ticket)
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), office, at("2026-03-24 09:00"))
    session.commit()
    clock.move_to(at("2026-03-27 15:00"))
    at_work(client, session)
    text = client.get(page(ticket)).text
    assert "Llegó algo: revíselo" in text
    assert form_of(text, f"{page(ticket)}/completa")["supplied_on"] == "2026-03-24"
    assert act(client, ticket.radicado, "completa").status_code == 303
    look_again(session)
    assert (ticket.state, ticket.due_on) == ("assigned", date(2026, 4, 9))
    words = words_of(client.get(page(ticket)))
    assert "Llegó el martes 24 de marzo de 2026" in words
    assert "En total: 5 + 10 = 15 días hábiles." in words


def test_what_does_not_do_is_told_to_the_person_and_read_on_the_page(client, session, office, ticket):
    waiting(session, office, ticket)
    at_work(client, session)
    assert "falta" not in offered(client, ticket)
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), office, ASKED)
    session.commit()
    assert act(client, ticket.radicado, "falta", text="Falta la segunda hoja.").status_code == 303
    look_again(session)
    assert letters_of(session, "still_lacking", ticket)
    words = words_of(client.get(page(ticket)))
    assert "Llegó algo" not in words
    assert "Lo que envió no basta; se le dijo qué falta" in words


def test_more_time_is_one_click(client, session, office, ticket):
    waiting(session, office, ticket)
    at_work(client, session)
    assert act(client, ticket.radicado, "mas-plazo").status_code == 303
    assert "lunes 11 de mayo de 2026 , ya ampliado" in words_of(client.get(page(ticket)))
    assert "mas-plazo" not in offered(client, ticket)


def test_the_withdrawal_is_proposed_with_its_text_and_decreed_by_a_person(client, session, office, ticket, clock):
    waiting(session, office, ticket)
    clock.move_to(at("2026-04-13 09:00"))
    at_work(client, session)
    text = client.get(page(ticket)).text
    proposed = form_of(text, f"{page(ticket)}/desistimiento-tacito")["text"]
    for words in (ticket.radicado, "Falta el plano.", "10 de abril de 2026", "artículo 17", "recurso de reposición"):
        assert words in proposed
    assert "Propuesto desistimiento tácito" in text
    assert act(client, ticket.radicado, "desistimiento-tacito", text=f"{proposed}\n\nFirma.").status_code == 303
    look_again(session)
    assert (ticket.state, ticket.outcome) == ("closed", "withdrawn_tacit")
    assert letters_of(session, "withdrawn_tacit")[0].text.count("Firma.") == 1
    words = words_of(client.get(page(ticket)))
    assert "desistimiento tácito" in words
    assert "Se le pidió completar la petición" not in words


def test_what_was_not_made_clear_is_archived_with_its_text(client, session, office, ticket, clock):
    waiting(session, office, ticket, ask_to_clarify)
    clock.move_to(at("2026-03-26 09:00"))
    at_work(client, session)
    assert "Propuesto archivo sin aclarar" in client.get(page(ticket)).text
    assert act(client, ticket.radicado, "archivar").status_code == 303
    look_again(session)
    assert ticket.outcome == "archived_unclear"


def test_the_person_s_word_ends_the_case_or_the_public_interest_keeps_it(client, session, office, ticket):
    other = assigned(session, office)
    session.commit()
    at_work(client, session)
    assert act(client, ticket.radicado, "desistir", statement="Llamó: ya no la necesita.").status_code == 303
    more = {"statement": "Ya no.", "public_interest": "El puente puede caerse"}
    assert act(client, other.radicado, "desistir", **more).status_code == 303
    look_again(session)
    assert (ticket.outcome, other.outcome, other.state) == ("withdrawn_express", "", "assigned")
    assert "Por interés público: El puente puede caerse" in words_of(client.get(page(other)))


def test_a_conflict_stops_the_clock_and_its_decision_lets_it_go_on(client, session, ticket, clock):
    officer = at_work(client, session)
    assert (
        act(client, ticket.radicado, "suspender", cause="competence", reason="Es de la Gobernación").status_code == 303
    )
    assert offered(client, ticket) == {"asignar", "responder", "devolver", "desistir", "reactivar"}
    clock.move_to(at("2026-03-25 09:00"))
    enter(client, officer)  # the session of days ago is over
    bad = act(client, ticket.radicado, "reactivar", decided_on="2026-03-09", reason="Es de aquí")
    assert (bad.status_code, "del martes 10 de marzo de 2026" in words_of(bad)) == (422, True)
    assert act(client, ticket.radicado, "reactivar", decided_on="2026-03-24", reason="Es de aquí").status_code == 303
    look_again(session)
    assert ticket.due_on == date(2026, 4, 9)
    assert history(session, ticket.id)[-1].kind == "settled"


def test_the_list_of_those_that_wait_says_what_to_do_with_each(client, session, office, clock):
    silent, wrote, fresh = (assigned(session, office) for _ in range(3))
    for each in (silent, wrote):
        ask_to_complete(session, Request(each, "Falta el plano.", "user:1"), office, ASKED)
    clock.move_to(at("2026-04-13 09:00"))
    add_message(session, FollowUp(wrote, "Aquí está.", "citizen"), office, at("2026-04-11 09:00"))
    late = assigned(session, office, now=at("2026-04-10 09:00"))
    ask_to_complete(session, Request(late, "Falta la firma.", "user:1"), office, at("2026-04-10 10:00"))
    session.commit()
    at_work(client, session)
    words = words_of(client.get("/atencion/?vista=esperan_a_la_persona"))
    assert "Esperando a la persona 3" in words
    for told in (
        "Propuesto desistimiento tácito",
        "si ya está, vence el vie 24 abr 2026 Llegó algo: revíselo",
        "tiene hasta el lun 11",
    ):
        assert told in words
    assert fresh.radicado not in words
    overdue = words_of(client.get("/atencion/?vista=vencidas"))
    assert fresh.radicado in overdue
    assert silent.radicado not in overdue


def test_a_page_read_before_the_person_wrote_is_told_so(client, session, office, ticket):
    at_work(client, session)
    form = form_of(client.get(page(ticket)).text, f"{page(ticket)}/pedir")
    form["cause"], form["text"] = "completion", "Falta el plano."
    with session.no_autoflush:
        mine = session.get_one(Ticket, ticket.id)
        mine.place = "Vereda"
    session.commit()
    refused = client.post(f"{page(ticket)}/pedir", data=form)
    assert refused.status_code == 409
    assert "Falta el plano." in refused.text


def test_the_desk_reads_the_receipt_of_a_suspended_case(client, session, office, ticket):
    waiting(session, office, ticket)
    at_work(client, session)
    assert client.get(f"{page(ticket)}/constancia.pdf").status_code == 200
    assert NOW < ASKED


def test_the_judge_s_hour_is_written_down_and_shown_in_the_queue(client, session, settings):
    ticket = assigned(session, office_of(session, settings), kind="tutela_informe")
    session.commit()
    with time_machine.travel(NOW, tick=False):
        at_work(client, session)
        assert "es solo una alarma" in words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
        refused = act(client, ticket.radicado, "fecha-fijada", day="2026-03-05", act="auto del 3 de marzo")
        assert "escriba también la hora" in words_of(refused)
        given = {"day": "2026-03-05", "hour": "15:00", "act": "auto del 3 de marzo"}
        assert act(client, ticket.radicado, "fecha-fijada", **given).status_code == 303
        assert "jue 5 mar 2026, a las 3:00 p. m." in words_of(client.get("/atencion/"))
        words = words_of(client.get(f"/atencion/radicado/{ticket.radicado}"))
    assert "Lo dice: auto del 3 de marzo" in words
