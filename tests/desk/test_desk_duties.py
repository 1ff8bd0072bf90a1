"""Does the case's page say what else is due, until when and by which article?"""

from datetime import date

import pytest
import time_machine

from pqr.terms.silence import COPIES
from pqr.tickets.duties import meet, owe
from tests.builders import NOW, assigned, at, office_of
from tests.desk.staff import at_work, enter, look_again, words_of


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
