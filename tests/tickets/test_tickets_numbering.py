"""Is every number given once, in order, without a gap, in the year of Bogotá?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from pqr.db import writing
from pqr.tickets.counter import last_given, take_next
from pqr.tickets.filing import file_ticket
from pqr.tickets.models import Ticket
from pqr.tickets.radicado import Series
from tests.builders import NOW, at, draft, filed, office_of


@pytest.fixture
def here(session, settings):
    office = office_of(session, settings)
    session.commit()
    return office


def test_entries_and_exits_are_numbered_apart(session):
    given = [take_next(session, series, NOW) for series in (Series.ENTRY, Series.EXIT, Series.ENTRY)]
    assert given == ["2026-E-000001", "2026-S-000001", "2026-E-000002"]
    assert last_given(session) == {(2026, "E"): 2, (2026, "S"): 1}


def test_the_year_ends_at_midnight_in_bogota(session, here):
    before = filed(session, here, at("2026-12-31 23:59"))
    after = filed(session, here, at("2027-01-01 00:00"))
    assert (before.radicado, after.radicado) == ("2026-E-000001", "2027-E-000001")
    assert before.received_at.year == 2027  # in UTC it is next year already


def test_the_number_is_of_the_day_it_is_given_and_the_term_of_the_day_it_came(session, here):
    ticket = filed(session, here, at("2027-01-04 08:00"), received_at=at("2026-12-31 10:00"))
    assert (ticket.radicado, ticket.received_on.isoformat()) == ("2027-E-000001", "2026-12-31")


def test_a_filing_that_fails_leaves_no_gap(session, here):
    filed(session, here)
    session.commit()
    filed(session, here)
    session.rollback()
    assert filed(session, here).radicado == "2026-E-000002"


def test_many_at_once_get_consecutive_numbers(session, here):
    engine = session.get_bind()

    def file(number):
        with writing(engine) as own:
            return file_ticket(own, draft(subject=f"Petición {number}"), here, NOW).radicado

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(file, range(12)))
    assert sorted(given) == [f"2026-E-{number:06d}" for number in range(1, 13)]
    assert sorted(session.scalars(select(Ticket.radicado))) == sorted(given)
