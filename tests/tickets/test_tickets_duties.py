"""Does what the law makes due beside the answer have its own day, once?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.terms.silence import COPIES
from pqr.tickets.duties import duties_of, meet, owe, pending_duties, settle
from tests.builders import NOW, assigned, office_of


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def test_a_duty_is_due_by_the_calendar_once_until_it_is_met(session, office):
    ticket = assigned(session, office)
    first = owe(session, ticket, COPIES, date(2026, 3, 18), office, NOW)
    assert first.due_on == date(2026, 3, 24)  # the 23rd is a holiday
    assert owe(session, ticket, COPIES, date(2026, 3, 19), office, NOW) is first
    assert pending_duties(session) == [first]
    assert meet(session, ticket, COPIES, NOW) is first
    assert (pending_duties(session), duties_of(session, ticket)) == ([], [first])


def test_what_is_not_due_cannot_be_met(session, office):
    with pytest.raises(ActNotAllowed, match="no está pendiente: Entrega de las copias"):
        meet(session, assigned(session, office), COPIES, NOW)


def test_what_an_act_does_in_passing_is_done_and_what_is_not_due_is_no_matter(session, office):
    ticket = assigned(session, office)
    owe(session, ticket, COPIES, date(2026, 3, 18), office, NOW)
    settle(session, ticket, COPIES, "traslado", now=NOW)
    assert pending_duties(session) == []
