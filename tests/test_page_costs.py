"""Does a page ask the database as often with many rows as with few?  All pages of the portal, the desk and the API."""

from random import Random

import pytest
import time_machine
from sqlalchemy import event, text

from pqr.accounts.roles import Role
from pqr.db import db
from pqr.tickets.annotating import Annotation, annotate
from pqr.tickets.bulk import Loader
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.invented import moments
from pqr.tickets.sample import keep_sample, matters
from tests.builders import NOW, arrive, assigned, filed, office_of, raw_mail
from tests.desk.staff import at_work, employ
from tests.portal.visitor import file

FEW, MANY = 5, 35  # the second is more than a page holds
SPARE = 4  # statements that something else than a row is worth: the next page, the index where the newest do not do
WITHOUT = ("/static", "/readyz", "/atencion/informes/empalme/archivo", "/atencion/novedades")  # no lists of rows
ASKED = {
    "/atencion/buscar": "?q=peticion",
    "/atencion/personas": "?q=persona",
    "/atencion/informes/casos": "?medida=received",
}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both are asked the same


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def statements(app, client):
    """What a page that was opened before asks: the first time some things are read to be kept."""
    with app.app_context():
        engine = db.engine

    def count(path):
        client.get(path).close()
        seen = []
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        answer = client.get(path)
        event.remove(engine, "before_cursor_execute", listener)
        assert answer.status_code < 500, path
        answer.close()
        return len(seen)

    return count


def fill(session, settings, number):
    """So many more of what the lists show."""
    office, random = office_of(session, settings), Random(number)  # noqa: S311
    loader = Loader(matters(session), office, keep_sample(office, NOW), random, NOW)
    loader.load(session, moments(number, 0.5, NOW, random))
    for each in range(number):
        arrive(session, office, raw_mail("salud@puerres.example", subject=f"Carta {number} {each}", text="Llegó."), NOW)
        filed(session, office, kind="queja")
        employ(session, Role.AUDITOR, email=f"persona{number}-{each}@puerres.example")
    session.execute(text("UPDATE outbox SET state = 'failed', attempts = 13"))
    session.commit()


def test_every_page_costs_as_many_statements_with_many_rows_as_with_few(app, client, session, settings, statements):
    rules = sorted({rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments})
    pages = [path + ASKED.get(path, "") for path in rules if not path.startswith(WITHOUT)]
    at_work(client, session, Role.ADMIN)
    fill(session, settings, FEW)
    few = {path: statements(path) for path in pages}
    fill(session, settings, MANY)
    many = {path: statements(path) for path in pages}
    assert {path: (few[path], many[path]) for path in pages if many[path] > few[path] + SPARE} == {}
    assert max(few.values()) > 5  # it did count


def test_a_case_costs_as_many_statements_with_a_long_history_as_with_a_short_one(client, session, settings, statements):
    office = office_of(session, settings)
    at_work(client, session)
    asked, cost = assigned(session, office), []
    for number in (2, 20):
        for each in range(number):
            add_message(session, FollowUp(asked, f"Otra vez {each}.", "citizen"), office, NOW)
            annotate(session, Annotation(asked, f"Llamar {each}.", "user:1"), NOW)
        session.commit()
        cost.append(statements(f"/atencion/radicado/{asked.radicado}"))
    assert cost[1] <= cost[0] + SPARE


def test_the_citizen_s_page_costs_as_many_with_a_long_history(app, client, session, settings, statements):
    from pqr.tickets.models import Ticket

    radicado, cost = file(client), []
    ticket = session.query(Ticket).filter_by(radicado=radicado).one()
    for number in (2, 20):
        for each in range(number):
            add_message(session, FollowUp(ticket, f"Otra vez {each}.", "citizen"), office_of(session, settings), NOW)
        session.commit()
        cost.append(statements(f"/radicado/{radicado}"))
    assert cost[1] <= cost[0] + SPARE
