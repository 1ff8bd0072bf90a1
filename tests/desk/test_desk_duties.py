"""Does the case's page say what else is due, until when and by which article?"""

from datetime import date

import pytest
import time_machine

from pqr.terms.silence import COPIES
from pqr.tickets.duties import meet, owe, pending_duties
from tests.builders import NOW, assigned, at, office_of
from tests.desk.staff import act, at_work, enter, look_again, words_of


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def test_what_is_due_is_shown_with_its_day_and_article_until_it_is_done(client, session, office):
    ticket = assigned(session, office, kind="documentos")
    owe(session, ticket, COPIES, date(2026, 3, 18), office, NOW)
    session.commit()
    page = f"/atencion/radicado/{ticket.radicado}"
    with time_machine.travel(at("2026-03-19 09:00"), tick=False):
        official = at_work(client, session)
        words = words_of(client.get(page))
    for told in ("Otros plazos de este caso", "Entrega de las copias", "A más tardar el martes 24 de marzo de 2026"):
        assert told in words
    assert "art. 14, núm. 1" in words
    with time_machine.travel(at("2026-03-26 09:00"), tick=False):
        enter(client, official)
        assert "venció hace 2 días hábiles" in words_of(client.get(page))
        look_again(session)
        meet(session, ticket, COPIES, NOW)
        session.commit()
        assert "Otros plazos de este caso" not in words_of(client.get(page))


@pytest.fixture
def silent(session, office):
    """Copies due until Tuesday the 24th, of a case that is closed."""
    ticket = assigned(session, office, kind="documentos")
    ticket.state, ticket.outcome, ticket.closed_at = "closed", "answered", NOW
    owe(session, ticket, COPIES, date(2026, 3, 18), office, NOW)
    session.commit()
    return ticket


def test_the_copies_are_delivered_from_the_case_with_their_true_hour(client, session, silent):
    with time_machine.travel(at("2026-03-20 09:00"), tick=False):
        at_work(client, session)
        early = act(client, silent.radicado, "copias", way="counter", at="2026-03-18T09:00", note="Firmó Ana")
        assert (early.status_code, "no puede ser antes del" in words_of(early)) == (422, True)
        assert 'value="Firmó Ana"' in early.text
        nobody = act(client, silent.radicado, "copias", way="counter", at="2026-03-19T15:30")
        assert "Diga a quién se le entregaron" in words_of(nobody)
        done = act(client, silent.radicado, "copias", way="counter", at="2026-03-19T15:30", note="Firmó Ana")
        assert done.status_code == 303
        words = words_of(client.get(done.location))
    assert "Se entregaron las copias" in words
    assert "a las 3:30 p. m." in words
    assert "Otros plazos de este caso" not in words
    look_again(session)
    assert pending_duties(session) == []


def test_what_a_closed_case_still_owes_is_in_the_queue(client, session, silent):
    with time_machine.travel(at("2026-03-17 09:00"), tick=False):
        official = at_work(client, session)
        assert "Otros plazos" not in words_of(client.get("/atencion/"))  # four business days away
    with time_machine.travel(at("2026-03-26 09:00"), tick=False):
        enter(client, official)
        assert "Otros plazos 1" in words_of(client.get("/atencion/"))
        words = words_of(client.get("/atencion/?vista=otros_plazos"))
        assert silent.radicado in words
        assert "Entrega de las copias: ■ venció hace 2 días hábiles" in words
        assert "Entrega de las copias" in words_of(client.get("/atencion/?vista=cerradas"))
