"""Is every look at somebody's data written down, with nothing of what was seen, and can Control Interno read it?"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pqr import clock
from pqr.accounts.roles import Role
from pqr.desk.access import RIGHTS
from pqr.desk.reads import LOOKS, WORDS, how_long
from pqr.tickets.filing import PetitionerData
from pqr.tickets.models import Identity
from pqr.tickets.presence import Viewing
from pqr.tickets.reads import PAGE, Looked, Read, forget
from tests.builders import arrive, assigned, filed, office_of, raw_mail
from tests.desk.staff import act, at_work, employ, enter, look_again, words_of

# Pages of one case that need no line of their own: they show nothing that the page of the case did not.
SAYS_NOTHING_NEW = {"desk.presence"}
OF_ONE_CASE = "/atencion/radicado/<radicado>"


def looks(session):
    look_again(session)
    return [(row.what, row.page, row.ticket_id) for row in session.scalars(select(Read).order_by(Read.id))]


def test_every_page_that_shows_a_case_is_one_that_is_written_down(app):
    shows = {rule.endpoint for rule in app.url_map.iter_rules() if OF_ONE_CASE in rule.rule and "GET" in rule.methods}
    assert shows - SAYS_NOTHING_NEW <= set(LOOKS)
    assert set(LOOKS) <= set(RIGHTS)
    assert set(WORDS) == set(Looked)


def test_who_opens_a_case_its_files_and_its_mails_is_written_down_once_each(client, session, settings):
    here, user = office_of(session, settings), at_work(client, session)
    plan = files_of(here)
    ticket = assigned(session, here, now=clock.now(), files=(plan,))
    mail = arrive(session, here, raw_mail("salud@puerres.example", subject="Una carta", text="Llegó."), clock.now())
    session.commit()
    page = f"/atencion/radicado/{ticket.radicado}"
    paths = (
        page,
        f"{page}/archivo/{ticket.attachments[0].id}",
        f"{page}/constancia.pdf",
        f"/atencion/correo/{mail.id}",
    )
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        answer.close()
    assert looks(session) == [
        ("case", "case", ticket.id),
        ("file", "attachment", ticket.id),
        ("letter", "receipt", ticket.id),
        ("mail", "mail", None),
    ]
    row = session.scalars(select(Read)).first()
    assert row.user_id == user.id
    assert clock.now() - row.at < timedelta(minutes=5)
    assert session.scalars(select(Viewing.user_id)).all() == [user.id], "and that the person is there"


def files_of(office):
    from pqr.tickets.files import keep

    return keep(b"%PDF-1.4", "plano.pdf", "application/pdf", office)


def test_a_search_is_written_down_without_its_words(client, session, settings):
    at_work(client, session)
    filed(session, office_of(session, settings), now=clock.now())
    session.commit()
    assert "acueducto" in client.get("/atencion/buscar?q=acueducto").text
    client.get("/atencion/buscar?q=")
    assert looks(session) == [("search", "search", None)]
    columns = {column.name for column in Read.__table__.columns}
    assert columns == {"id", "at", "user_id", "ticket_id", "what", "page"}, "there is no room for words"


def test_a_revealed_identity_and_a_whole_file_are_looks_too(client, session, settings):
    at_work(client, session)
    person = PetitionerData("Rosalba Incógnita", "rosa@correo.example")
    ticket = filed(
        session, office_of(session, settings), now=clock.now(), identity=Identity.RESERVED, petitioner=person
    )
    session.commit()
    assert act(client, ticket.radicado, "identidad", reason="Citarla").status_code == 200
    act(client, ticket.radicado, "expediente.zip").close()
    assert [what for what, *_ in looks(session)] == ["case", "identity", "case", "whole"]


@pytest.mark.parametrize("path", ["/atencion/", "/atencion/radicado/{}/presencia", "/atencion/radicado/2026-E-999999"])
def test_a_list_a_sign_of_life_and_a_refusal_are_no_looks(client, session, settings, path):
    at_work(client, session)
    ticket = filed(session, office_of(session, settings), now=clock.now())
    session.commit()
    client.get(path.format(ticket.radicado))
    assert looks(session) == []


def test_a_look_that_cannot_be_written_down_hides_nothing(app, client, session, settings, caplog):
    at_work(client, session)
    ticket = filed(session, office_of(session, settings), now=clock.now())
    session.commit()
    Read.__table__.drop(session.connection())
    session.commit()
    page = client.get(f"/atencion/radicado/{ticket.radicado}")
    assert page.status_code == 200
    assert "a look at desk.case was not written down" in caplog.text
    assert "Ana Prueba" not in caplog.text


def test_control_interno_reads_who_saw_what_by_case_and_by_account(client, session, settings):
    here, desk = office_of(session, settings), employ(session, Role.DESK)
    tickets = [filed(session, here, now=clock.now()) for _ in range(2)]
    session.commit()
    enter(client, desk)
    for ticket in tickets:
        client.get(f"/atencion/radicado/{ticket.radicado}")
    at_work(client, session, Role.AUDITOR)
    case = client.get(f"/atencion/radicado/{tickets[0].radicado}")
    assert f"/atencion/ajustes/consultas?radicado={tickets[0].radicado}" in case.text
    whole = words_of(client.get("/atencion/ajustes/consultas"))
    assert whole.count("Abrió el caso") == 3
    of_one = words_of(client.get(f"/atencion/ajustes/consultas?radicado={tickets[1].radicado.lower()}"))
    assert of_one.count("Abrió el caso") == 1
    assert "desk@puerres.example" in of_one
    mine = words_of(client.get("/atencion/ajustes/consultas?cuenta=auditor@puerres.example"))
    assert mine.count("Abrió el caso") == 1
    assert "No hay ningún caso con ese" in words_of(client.get("/atencion/ajustes/consultas?radicado=2026-E-999999"))
    assert "Se guarda 2 años." in mine


def test_who_may_not_read_the_history_does_not_see_who_saw_a_case(client, session, settings):
    at_work(client, session)
    ticket = filed(session, office_of(session, settings), now=clock.now())
    session.commit()
    assert "consultas" not in client.get(f"/atencion/radicado/{ticket.radicado}").text
    assert client.get("/atencion/ajustes/consultas").status_code == 403


def test_many_looks_are_read_a_page_at_a_time(client, session, settings):
    user = at_work(client, session, Role.ADMIN)
    ticket = filed(session, office_of(session, settings), now=clock.now())
    session.flush()
    for _ in range(PAGE + 3):
        session.add(Read(at=clock.now(), user_id=user.id, ticket_id=ticket.id, what=Looked.CASE, page="case"))
    session.commit()
    first = client.get("/atencion/ajustes/consultas")
    assert words_of(first).count("Abrió el caso") == PAGE
    following = first.text.partition('href="/atencion/ajustes/consultas?')[2].partition('"')[0].replace("&amp;", "&")
    assert words_of(client.get(f"/atencion/ajustes/consultas?{following}")).count("Abrió el caso") == 3


def test_a_look_is_forgotten_after_the_time_that_the_settings_say(app, session, settings):
    user, now = employ(session), clock.now()
    for days in (settings.reads_days + 1, settings.reads_days - 1):
        look = Read(at=now - timedelta(days=days), user_id=user.id, ticket_id=None, what=Looked.SEARCH, page="search")
        session.add(look)
    session.commit()
    forget(session, settings.reads_days, now)
    assert session.scalar(select(func.count()).select_from(Read)) == 1


@pytest.mark.parametrize(("days", "told"), [(90, "90 días"), (365, "1 año"), (400, "400 días"), (730, "2 años")])
def test_how_long_looks_are_kept_is_told_as_it_is(days, told):
    assert how_long(days) == told
