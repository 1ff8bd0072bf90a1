"""Is what somebody has begun to write still there, for that person alone, until it is sent or dropped?"""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.roles import Role
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.templates import AnswerTemplate
from pqr.tickets.unsent import Unsent
from tests.builders import NOW, assigned, office_of
from tests.desk.staff import act, at_work, form_of, look_again, words_of

LONG = "Una respuesta que costó una hora."


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, office):
    ticket = assigned(session, office)
    session.commit()
    return ticket


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def begin(client, ticket, kind="answer", act="responder", text=LONG, **fields):
    """Presses the button that keeps the draft, in the form of that act."""
    typed = form_of(client.get(page(ticket)).text, f"{page(ticket)}/{act}")
    return client.post(f"{page(ticket)}/borrador/{kind}", data=typed.to_dict() | {"text": text} | fields)


def typed(client, ticket, act="responder", query=""):
    return form_of(client.get(f"{page(ticket)}{query}").text, f"{page(ticket)}/{act}")["text"]


def drafts(session):
    look_again(session)
    return [(draft.kind, draft.text) for draft in session.scalars(select(Unsent).order_by(Unsent.id))]


def test_a_draft_comes_back_with_the_time_it_was_kept_and_open_to_be_gone_on_with(client, session, ticket):
    at_work(client, session)
    kept = begin(client, ticket)
    assert (kept.status_code, kept.location) == (303, f"{page(ticket)}#answer-text")
    again = client.get(page(ticket))
    assert typed(client, ticket) == LONG
    assert "Borrador guardado el mar 3 mar 2026, 10:00 a. m." in words_of(again)
    assert '<details class="act" open>\n<summary>Responder' in again.text
    begin(client, ticket, text="Mejor así.")
    assert drafts(session) == [("answer", "Mejor así.")]


@pytest.mark.parametrize(("kind", "act"), [("answer", "responder"), ("note", "nota"), ("message", "mensaje")])
def test_each_form_has_a_draft_of_its_own_that_goes_when_it_is_sent(client, session, ticket, kind, act):
    at_work(client, session)
    begin(client, ticket, "note", "nota", "Otra cosa.")
    begin(client, ticket, kind, act)
    assert typed(client, ticket, act) == LONG
    form = form_of(client.get(page(ticket)).text, f"{page(ticket)}/{act}")
    assert client.post(f"{page(ticket)}/{act}", data=form).status_code == 303
    assert drafts(session) == ([] if kind == "note" else [("note", "Otra cosa.")])


def test_a_refused_act_keeps_the_draft(client, session, ticket):
    at_work(client, session)
    begin(client, ticket)
    assert act(client, ticket.radicado, "responder", text=" ").status_code == 422
    assert drafts(session) == [("answer", LONG)]


def test_a_draft_is_dropped_by_its_button_or_by_having_no_words(client, session, ticket):
    at_work(client, session)
    for dropping in ({"descartar": "1"}, {"text": "  "}):
        begin(client, ticket)
        begin(client, ticket, **dropping)
        assert drafts(session) == []
    assert typed(client, ticket) == ""


def test_nobody_else_sees_it(client, session, ticket):
    at_work(client, session)
    begin(client, ticket)
    at_work(client, session, Role.ADMIN)
    assert LONG not in client.get(page(ticket)).text
    begin(client, ticket, text="La del otro.")
    assert drafts(session) == [("answer", LONG), ("answer", "La del otro.")]


def test_a_ready_text_is_put_behind_the_draft_once(client, session, ticket):
    session.add(AnswerTemplate(name="Saludo", text="Cordial saludo, {nombre}."))
    session.commit()
    at_work(client, session)
    ready = "Cordial saludo, Ana Prueba."
    assert typed(client, ticket, query="?plantilla=1") == ready
    begin(client, ticket)
    assert typed(client, ticket, query="?plantilla=1").replace("\r\n", "\n") == f"{LONG}\n\n{ready}"
    begin(client, ticket, text=f"{LONG}\n\n{ready}")
    assert typed(client, ticket, query="?plantilla=1").replace("\r\n", "\n") == f"{LONG}\n\n{ready}"


def test_a_draft_whose_form_is_gone_is_shown_to_be_copied_and_dropped(client, session, office, ticket):
    at_work(client, session)
    begin(client, ticket)
    record_answer(session, Reply(ticket, "La de otra persona.", "user:99", final=True), office, NOW)
    session.commit()
    shown = client.get(page(ticket))
    assert "Borrador que usted no envió" in words_of(shown)
    assert LONG in words_of(shown)
    dropping = form_of(shown.text, f"{page(ticket)}/borrador/answer").to_dict() | {"descartar": "1"}
    assert client.post(f"{page(ticket)}/borrador/answer", data=dropping).status_code == 303
    assert drafts(session) == []


def test_a_draft_without_its_token_is_not_kept_and_stays_in_the_form(client, session, ticket):
    at_work(client, session)
    form = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder").to_dict() | {"text": LONG}
    del form["csrf_token"]
    refused = client.post(f"{page(ticket)}/borrador/answer", data=form)
    assert refused.status_code == 422
    assert "El borrador no se guardó" in words_of(refused)
    assert form_of(refused.text, f"{page(ticket)}/responder")["text"] == LONG
    asked_by_script = {"Accept": "application/json"}
    assert client.post(f"{page(ticket)}/borrador/answer", data=form, headers=asked_by_script).status_code == 422
    assert drafts(session) == []


def test_the_page_s_own_script_is_told_when_it_was_kept(client, session, ticket):
    at_work(client, session)
    form = form_of(client.get(page(ticket)).text, f"{page(ticket)}/responder").to_dict() | {"text": LONG}
    kept = client.post(f"{page(ticket)}/borrador/answer", data=form, headers={"Accept": "application/json"})
    assert kept.json == {"saved": "mar 3 mar 2026, 10:00 a. m."}
    assert drafts(session) == [("answer", LONG)]
