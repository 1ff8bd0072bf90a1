"""Is the citation due in five days, and the aviso once nobody came, until one or the other is done?"""

from datetime import date

import pytest

from pqr.publishing.avisos import Publication, publish
from pqr.reminders.remind import remind_all
from pqr.terms.notifying import AnswerOutcome, Way
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.duties import BY_NOTICE, TO_CITE, duties_of
from pqr.tickets.filing import PetitionerData
from pqr.tickets.ruling import Ruling
from pqr.tickets.telling import Telling, note_telling
from tests.builders import NOW, assigned, at, letters_of, office_of

BY_POST = PetitionerData(name="Ana Prueba", address="Vereda San Mateo", answer_by="postal")
DENIED = Ruling(AnswerOutcome.DENIED)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def denied(session, here, **given):
    ticket = assigned(session, here, kind="reclamo", **given)
    record_answer(session, Reply(ticket, "No procede.", "user:1", final=True, ruling=DENIED), here, NOW)
    session.flush()
    return ticket


def due(session, ticket):
    return [(each.code, each.due_on) for each in duties_of(session, ticket) if each.met_at is None]


def test_whoever_left_only_an_address_is_to_be_cited_in_five_days(session, here):
    ticket = denied(session, here, petitioner=BY_POST)
    assert due(session, ticket) == [(TO_CITE, date(2026, 3, 10))]
    assert due(session, denied(session, here)) == []  # cited by mail at once
    note_telling(session, Telling(ticket, Way.CITATION, "user:1"), False, here, at("2026-03-04 09:00"))
    assert due(session, ticket) == []


def test_whoever_did_not_come_makes_the_aviso_due_once_and_any_way_to_the_person_meets_it(session, here):
    came, absent = denied(session, here), denied(session, here)
    communicate(session, came, "counter", "user:1", here, at("2026-03-09 09:00"))
    remind_all(session, here, at("2026-03-10 09:00"))
    assert due(session, absent) == []
    for hour in ("09", "10"):
        remind_all(session, here, at(f"2026-03-11 {hour}:00"))
    assert (due(session, absent), due(session, came)) == ([(BY_NOTICE, date(2026, 3, 11))], [])
    assert [letter.ticket_id for letter in letters_of(session, "reminder")] == [absent.id]
    publish(session, Publication(absent, "no vino", "user:1"), here, at("2026-03-11 11:00"))
    remind_all(session, here, at("2026-03-12 09:00"))
    assert due(session, absent) == []
