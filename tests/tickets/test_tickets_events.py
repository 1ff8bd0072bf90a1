"""Can anybody change what happened to a petition without being found out?"""

from dataclasses import dataclass

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from pqr.tickets.events import GENESIS, Event, first_broken, history, record, seal
from tests.builders import NOW, assigned, at, office_of


@dataclass
class Row:
    """An event as a forger would leave it."""

    ticket_id: int
    seq: int
    at: object
    actor: str
    kind: str
    data: dict
    prev_hash: str
    hash: str = ""


def chain(length=4):
    rows, before = [], GENESIS
    for seq in range(1, length + 1):
        row = Row(7, seq, NOW, "system", "filed", {"n": seq, "ñ": "á"}, before)
        row.hash = before = seal(row)
        rows.append(row)
    return rows


FORGERIES = {
    "another text": lambda row: row.data.update(n=99),
    "another hour": lambda row: setattr(row, "at", at("2026-03-03 10:01")),
    "another actor": lambda row: setattr(row, "actor", "user:9"),
    "another act": lambda row: setattr(row, "kind", "answered"),
    "another ticket": lambda row: setattr(row, "ticket_id", 8),
    "another number": lambda row: setattr(row, "seq", 9),
    "another seal": lambda row: setattr(row, "hash", "f" * 64),
    "another chain": lambda row: setattr(row, "prev_hash", "f" * 64),
}


def test_an_untouched_chain_holds():
    assert first_broken(chain()) is None
    assert first_broken([]) is None


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_any_change_is_found_at_its_place(forge, place):
    rows = chain()
    forge(rows[place])
    assert first_broken(rows) is rows[place]


@pytest.mark.parametrize("place", range(3))
def test_an_event_taken_out_is_found_by_the_next_one(place):
    rows = chain()
    del rows[place]
    assert first_broken(rows) is rows[place]


@pytest.mark.parametrize("place", range(3))
def test_a_forger_who_seals_again_must_forge_all_that_follows(place):
    rows = chain()
    rows[place].actor = "user:9"
    rows[place].hash = seal(rows[place])
    assert first_broken(rows) is rows[place + 1]


def test_events_read_back_from_the_database_hold(session, settings):
    ticket = assigned(session, office_of(session, settings))
    record(session, ticket.id, "noted", "user:1", NOW, number=1, text="ñandú «»", nothing=None, list=[1, "b"])
    session.commit()
    session.expire_all()
    events = history(session, ticket.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert first_broken(events) is None


def test_the_database_refuses_to_change_or_delete_an_event(session, settings):
    assigned(session, office_of(session, settings))
    session.commit()
    for statement in (update(Event).values(actor="user:9"), delete(Event), text("DELETE FROM events WHERE seq = 1")):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(statement)
        session.rollback()


def test_a_chain_goes_on_after_a_savepoint_that_is_given_up_and_after_the_commit(session, settings):
    number = assigned(session, office_of(session, settings)).id
    record(session, number, "noted", "system", NOW)
    savepoint = session.begin_nested()
    record(session, number, "lost", "system", NOW)
    savepoint.rollback()
    record(session, number, "kept", "system", NOW)
    session.commit()
    record(session, number, "later", "system", NOW)
    events = history(session, number)
    assert [each.kind for each in events][-3:] == ["noted", "kept", "later"]
    assert first_broken(events) is None
