"""Is what was done at once in a danger written down, and does the term run on?"""

import pytest

from pqr.errors import ActNotAllowed
from pqr.tickets.events import history
from pqr.tickets.relieving import Measure, take_measure
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly
from tests.builders import assigned, at, office_of

TAKEN, THEN = at("2026-03-03 11:00"), at("2026-03-03 12:00")


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def measure(ticket, taken_at=TAKEN):
    return Measure(ticket, "Bomberos cerró el paso por el puente.", taken_at, "user:1")


def test_the_measure_and_its_hour_are_on_the_case_and_the_clock_runs(session, office):
    ticket = assigned(session, office)
    before = (ticket.state, ticket.due_on, ticket.suspended_on)
    take_measure(session, measure(ticket), THEN)
    assert (ticket.state, ticket.due_on, ticket.suspended_on) == before
    told = history(session, ticket.id)[-1]
    assert (told.kind, told.data["taken_at"]) == ("urgent_measure", "2026-03-03T16:00:00+00:00")
    assert ticket.messages[-1].text == "Bomberos cerró el paso por el puente."


@pytest.mark.parametrize("hour", ["2026-03-03 09:00", "2026-03-03 13:00"])
def test_a_measure_before_the_petition_or_yet_to_come_is_refused(session, office, hour):
    with pytest.raises(ActNotAllowed, match="revise el día y la hora"):
        take_measure(session, measure(assigned(session, office), at(hour)), THEN)


def test_a_closed_case_takes_no_measure(session, office):
    ticket = assigned(session, office)
    withdraw_expressly(session, Withdrawal(ticket, "Ya no.", "user:1"), office, TAKEN)
    with pytest.raises(ActNotAllowed, match=r"CPACA, art\. 20"):
        take_measure(session, measure(ticket), THEN)
