"""Can an official narrow a list, keep it narrow from page to page, and always see what is asked?"""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import insert

from pqr.accounts.roles import Role
from pqr.secretarias.directory import by_code
from pqr.tickets import queries
from pqr.tickets.filters import ALL, Filters
from pqr.tickets.models import Ticket
from pqr.tickets.queries import PAGE, Scope, View, page
from pqr.tickets.states import State
from tests.builders import NOW, filed, office_of
from tests.desk.staff import at_work, words_of

TODAY = date(2026, 3, 3)
SCOPE = Scope(TODAY, date(2026, 3, 6))


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fill(session, settings):
    """Adds tickets in bulk; each fact changes the columns of one."""
    ticket = filed(session, office_of(session, settings))
    names = [column.name for column in Ticket.__table__.columns if column.name not in ("id", "version")]
    plain = {name: getattr(ticket, name) for name in names}
    plain |= {"secretaria_id": None, "topic_id": None, "petitioner_id": None, "state": State.FILED, "version": 1}
    session.rollback()

    def add(*facts):
        numbered = [{"radicado": f"2026-E-{i:06d}", "subject": f"Asunto {i}"} for i in range(1, len(facts) + 1)]
        session.execute(insert(Ticket), [plain | own | fact for own, fact in zip(numbered, facts, strict=True)])
        session.commit()

    return add


def numbers(found):
    return [int(row.radicado[-6:]) for row in found.rows]


def test_each_filter_keeps_what_it_names_and_all_together_what_is_all_of_it(session, fill):
    salud = by_code(session, "salud").id
    facts = (
        ({"secretaria_id": salud}, Filters(office_id=salud)),
        ({"topic_id": 4}, Filters(topic_id=4)),
        ({"kind": "queja"}, Filters(kind="queja")),
        ({"channel": "box"}, Filters(channel="box")),
        ({"place": "Vereda El 100% Páramo"}, Filters(place="vereda el 100%")),
        ({"received_on": date(2026, 1, 5)}, Filters(received_from=date(2026, 1, 5), received_to=date(2026, 1, 5))),
    )
    everything, asked = {}, {}
    for fact, filters in facts:
        everything |= fact
        asked |= {name: value for name, value in vars(filters).items() if value != getattr(ALL, name)}
    fill(*(fact for fact, _ in facts), everything, {})
    for number, (_, filters) in enumerate(facts, start=1):
        assert sorted(numbers(page(session, View.OPEN, SCOPE, filters=filters))) == [number, 7]
    assert numbers(page(session, View.OPEN, SCOPE, filters=Filters(**asked))) == [7]


def test_a_sign_of_the_database_in_a_place_is_only_a_sign(session, fill):
    fill({"place": "100% rural"}, {"place": "100 casas"}, {"place": "1_0"})
    assert numbers(page(session, View.OPEN, SCOPE, filters=Filters(place="100%"))) == [1]
    assert numbers(page(session, View.OPEN, SCOPE, filters=Filters(place="1_"))) == [3]


@pytest.mark.parametrize("view", [View.OPEN, View.UNTOLD, View.CLOSED])
def test_page_after_page_shows_every_ticket_that_passes_once(session, fill, view):
    state = {View.OPEN: State.FILED, View.UNTOLD: State.ANSWERED, View.CLOSED: State.CLOSED}[view]
    moment = {"answered_at": NOW, "closed_at": NOW, "state": state}
    fill(*({"channel": ("web", "box")[i % 2], "due_on": TODAY + timedelta(days=i % 3), **moment} for i in range(150)))
    asked, after, seen = Filters(channel="box"), "", []
    for _ in range(4):
        found = page(session, view, SCOPE, after, asked)
        seen, after = [*seen, *numbers(found)], found.after
        if not after:
            break
    assert sorted(seen) == list(range(2, 151, 2))


def test_a_page_looks_at_so_many_tickets_and_says_where_it_stopped(session, fill, monkeypatch):
    monkeypatch.setattr(queries, "WALK", 60)
    fill(
        *({"due_on": TODAY + timedelta(days=i)} for i in range(PAGE + 50)),
        {"due_on": date(2027, 1, 1), "place": "Loma"},
    )
    asked = Filters(place="loma")
    first = page(session, View.OPEN, SCOPE, filters=asked)
    assert (numbers(first), first.whole) == ([], False)
    second = page(session, View.OPEN, SCOPE, first.after, asked)
    assert (numbers(second), second.whole, second.after) == ([101], True, "")


def test_the_address_holds_the_filters_and_every_link_of_the_page_keeps_them(client, session, fill):
    fill(*({"channel": "box"} for _ in range(PAGE + 1)), {"channel": "web"})
    at_work(client, session)
    first = client.get("/atencion/?canal=box&lugar=")
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*vista=[^"]*)"', first.text)]
    following = next(link for link in links if "despues=" in link)
    assert "canal=box" in following
    assert any("vista=vencidas" in link and "canal=box" in link for link in links)
    assert any("canal" not in link for link in links)  # the chip that takes it away
    second = words_of(client.get(following))
    assert f"Asunto {PAGE + 1}" in second
    assert f"Asunto {PAGE + 2}" not in second
    assert "Buzón × (quitar)" in second
    assert "Abiertas 52" in second  # the counts are those of the whole list


def test_what_cannot_be_asked_asks_nothing(client, session, fill):
    fill({})
    at_work(client, session)
    strange = "dependencia=9999&tipo=nada&canal=%00&tema=x&desde=ayer&hasta=2026-13-40"
    words = words_of(client.get(f"/atencion/?{strange}"))
    assert "Asunto 1" in words
    assert "(quitar)" not in words


def test_a_filter_that_nothing_passes_says_so(client, session, fill):
    fill({})
    at_work(client, session)
    assert "Ninguna petición de esta lista es así." in words_of(client.get("/atencion/?tipo=queja"))


def test_an_office_is_offered_no_other_and_sees_none_by_asking(client, session, fill):
    hacienda = by_code(session, "hacienda").id
    fill({"secretaria_id": hacienda}, {"secretaria_id": by_code(session, "salud").id})
    at_work(client, session, Role.SECRETARIA, "salud")
    page_of_office = client.get(f"/atencion/?dependencia={hacienda}")
    assert "Asunto 1" not in words_of(page_of_office)
    assert 'name="dependencia"' not in page_of_office.text
    assert 'name="elegida"' not in page_of_office.text
