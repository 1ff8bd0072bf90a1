"""Does the second office see and do on another's case exactly what it was asked for, wherever it looks?"""

import re

import pytest
import time_machine

from pqr.accounts.permissions import Right
from pqr.accounts.roles import Role
from pqr.desk.access import RIGHTS
from pqr.secretarias.directory import by_code
from pqr.tickets.contributing import Gift, cancel, contribute
from pqr.tickets.contributions import contributions_of
from pqr.tickets.events import history
from pqr.tickets.files import keep
from tests.builders import NOW, arrive, assigned, filed, letters_of, office_of, raw_mail
from tests.desk.staff import act, at_work, employ, enter, form_of, look_again, send, words_of
from tests.desk.test_desk_gate import routes
from tests.tickets.test_tickets_contributing import QUESTION, asked

SHARED = (Right.READ, Right.CONTRIBUTE)


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, here):
    plan = keep(b"un plano", "plano.txt", "text/plain", here)
    ticket = assigned(session, here, files=(plan,))
    session.commit()
    return ticket


def page(ticket):
    return f"/atencion/radicado/{ticket.radicado}"


def ask(client, session, ticket, code="salud", **typed):
    number = str(by_code(session, code).id)
    return act(client, ticket.radicado, "pedir-aporte", secretaria=number, **({"question": QUESTION} | typed))


def test_the_office_that_has_it_asks_and_is_told_what_another_says_in_the_browser(client, session, ticket):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    asking = form_of(client.get(page(ticket)).text, f"{page(ticket)}/pedir-aporte")
    assert asking["due_on"] == "2026-03-10"  # five business days, and the case's own is the 24th
    assert ask(client, session, ticket).status_code == 303
    assert "Aporte pedido a Secretaría de Salud, para el martes 10 de marzo de 2026" in words_of(
        client.get(page(ticket))
    )
    look_again(session)
    at_work(client, session, Role.SECRETARIA, "salud")
    done = act(client, ticket.radicado, "aportar", text="No hay redes.")
    assert done.status_code == 303
    look_again(session)
    (contribution,) = contributions_of(session, ticket)
    assert (contribution.text, contribution.given_at, ticket.state) == ("No hay redes.", NOW, "assigned")
    assert letters_of(session, "contribution_given")[0].recipient == "planeacion@puerres.example"
    told = words_of(client.get(page(ticket)))
    assert "Llegó un aporte salud@puerres.example" in told
    assert "No hay redes." in told


def test_the_citizen_s_page_says_nothing_of_it(client, session, here, ticket):
    photo = keep(b"una foto", "foto-interna.txt", "text/plain", here)
    contribute(session, Gift(asked(session, here, ticket), "Palabra interna.", "secretaria:salud", (photo,)), here, NOW)
    session.commit()
    code = re.search(r"code=(\w+)", letters_of(session, "acknowledgement")[0].text)[1]
    seen = client.get(f"/radicado/{ticket.radicado}?code={code}", follow_redirects=True).text
    assert ticket.subject in seen
    for private in (QUESTION, "interna", "aporte", "Salud"):
        assert private not in seen


def lists(client, ticket):
    """Where an official meets the case: views of the queue, the search by number and by words, and its page."""
    views = ("abiertas", "cerradas", "aportes", "aportados")
    found = {view for view in views if ticket.radicado in words_of(client.get(f"/atencion/?vista={view}"))}
    if client.get(f"/atencion/buscar?q={ticket.radicado}").status_code == 302:
        found.add("número")
    if ticket.radicado in words_of(client.get("/atencion/buscar?q=acueducto")):
        found.add("palabras")
    plan = f"{page(ticket)}/archivo/{ticket.attachments[0].id}"
    return found | {
        name for name, path in (("página", page(ticket)), ("archivo", plan)) if client.get(path).status_code == 200
    }


def test_lists_search_page_and_files_agree_on_who_sees_it_and_for_how_long(client, session, here, ticket):
    everywhere = {"número", "palabras", "página", "archivo"}
    at_work(client, session, Role.SECRETARIA, "salud")
    assert lists(client, ticket) == set()
    contribution = asked(session, here, ticket)
    session.commit()
    assert lists(client, ticket) == everywhere | {"aportes"}
    contribute(session, Gift(contribution, "Listo.", "secretaria:salud"), here, NOW)
    session.commit()
    assert lists(client, ticket) == everywhere | {"aportados"}
    at_work(client, session, Role.SECRETARIA, "hacienda")
    assert lists(client, ticket) == set()
    again = asked(session, here, ticket, "hacienda")
    session.commit()
    assert lists(client, ticket) == everywhere | {"aportes"}
    cancel(session, again, "user:1", here, NOW)
    session.commit()
    assert lists(client, ticket) == set()
    assert "Aportes" not in words_of(client.get("/atencion/"))


def test_on_another_s_case_every_route_is_shut_but_reading_and_contributing(app, client, session, here, ticket):
    asked(session, here, ticket)
    session.commit()
    stranger, second = (employ(session, Role.SECRETARIA, code) for code in ("hacienda", "salud"))
    of_cases = [(endpoint, method, path) for endpoint, method, path in routes(app) if "2026-E-999999" in path]
    assert len(of_cases) > 15
    for official, open_to in ((stranger, ()), (second, SHARED)):
        enter(client, official)
        for endpoint, method, path in of_cases:
            path = path.replace("2026-E-999999", ticket.radicado).replace("borrador/answer", "borrador/contribute")
            status = client.open(path, method=method).status_code
            if RIGHTS[endpoint] not in open_to:
                assert status in (403, 404), f"{official.email} {method} {endpoint}"
            elif "archivo" not in path and "carta" not in path:  # of which there is none
                assert status not in (403, 404), f"{official.email} {method} {endpoint}"


def test_who_was_asked_is_offered_the_contribution_and_no_other_act(client, session, here, ticket):
    asked(session, here, ticket)
    session.commit()
    at_work(client, session, Role.SECRETARIA, "salud")
    shown = client.get(page(ticket)).text
    actions = set(re.findall(rf'action="{page(ticket)}/([\w-]+)"', shown))
    assert actions == {"aportar"}
    assert '<details class="act" open>' in shown
    assert "Ana Prueba" in shown  # as to every office
    assert "ana@correo.example" not in shown


def test_an_office_cancels_what_it_asked_and_not_what_the_desk_asked(client, session, here, ticket):
    own, desk_s = asked(session, here, ticket), asked(session, here, ticket, "hacienda", asker=None)
    session.commit()
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert act(client, ticket.radicado, "cancelar-aporte").status_code == 303
    look_again(session)
    assert (own.cancelled_at, desk_s.cancelled_at) == (NOW, None)
    assert "cancelar-aporte" not in client.get(page(ticket)).text
    look_again(session)
    at_work(client, session)
    stolen = form_of(client.get(page(ticket)).text, f"{page(ticket)}/cancelar-aporte")
    assert stolen["contribution"] == str(desk_s.id)
    assert client.post(f"{page(ticket)}/cancelar-aporte", data=stolen).status_code == 303
    look_again(session)
    assert desk_s.cancelled_at == NOW


def test_one_office_never_gives_what_another_was_asked(client, session, here, ticket):
    theirs, own = asked(session, here, ticket, "hacienda"), asked(session, here, ticket)
    session.commit()
    at_work(client, session, Role.SECRETARIA, "salud")
    fields = form_of(client.get(page(ticket)).text, f"{page(ticket)}/aportar")
    assert fields["contribution"] == str(own.id)
    fields["contribution"], fields["text"] = str(theirs.id), "De parte de otros."
    assert client.post(f"{page(ticket)}/aportar", data=fields).status_code == 422
    look_again(session)
    assert theirs.is_pending


def test_a_day_that_is_not_good_comes_back_with_what_was_typed(client, session, ticket):
    at_work(client, session)
    for day, says in (("2026-03-07", "debe ser un día hábil"), ("", "Escriba para qué día")):
        refused = ask(client, session, ticket, due_on=day)
        assert refused.status_code == 422
        assert says in words_of(refused)
        assert form_of(refused.text, f"{page(ticket)}/pedir-aporte")["question"] == QUESTION
    look_again(session)
    assert not contributions_of(session, ticket)


def test_where_the_case_may_accuse_an_office_none_is_proposed_and_the_choice_is_warned_of(client, session, here):
    plain = filed(session, here, subject="Salud", body="No hay vacunas en el puesto de salud.")
    accusing = filed(session, here, subject="Salud", body="No hay vacunas en el puesto de salud.", kind="denuncia")
    session.commit()
    at_work(client, session)
    for ticket, code, warned in ((plain, "salud", False), (accusing, "", True)):
        shown = client.get(page(ticket))
        proposed = form_of(shown.text, f"{page(ticket)}/pedir-aporte")["secretaria"]
        assert proposed == (str(by_code(session, code).id) if code else "")
        assert ("no le pida el aporte a esa" in words_of(shown)) is warned


def test_the_desk_closes_a_mail_as_the_contribution_that_it_is(client, session, here, ticket):
    asked(session, here, ticket)
    address = letters_of(session, "contribution")[0].reply_to
    row = arrive(session, here, raw_mail("doctora@casa.example", address, "Re: aporte", "No hay redes."))
    session.commit()
    assert row.verdict == "needs_human"
    at_work(client, session)
    there = f"/atencion/correo/{row.id}"
    assert send(client, there, f"{there}/aportar").status_code == 303
    look_again(session)
    assert contributions_of(session, ticket)[0].text == "No hay redes."
    assert history(session, ticket.id)[-1].data["fate"] == "aportar"
