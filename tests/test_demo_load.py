"""Does a bulk load leave a service that looks as if people had worked in it, and never mix with the real one?"""

from collections import Counter
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import func, select

from pqr import clock
from pqr.app import create_app
from pqr.cli import demo, main
from pqr.db import db, reading, transaction, writing
from pqr.door import office
from pqr.terms.deadlines import due_date
from pqr.terms.kinds import TicketKind
from pqr.tickets.bulk import Loader
from pqr.tickets.indexing import TicketWords
from pqr.tickets.invented import live, moments
from pqr.tickets.models import Answer, Channel, Identity, Petitioner, Ticket
from pqr.tickets.sample import keep_sample, matters
from pqr.tickets.search import Reach, find
from pqr.tickets.states import State
from pqr.tickets.words import parse
from pqr.upkeep import verify
from tests.builders import at, filed, office_of

NUMBER = 700


@pytest.fixture
def loaded(app, session):
    """Two loads, one after the other, as the command makes them."""
    with app.app_context():
        load(session, seed=3)
        load(session, seed=4)
        session.commit()
        yield office(session)


def load(session, seed, number=NUMBER // 2):
    now, here, random = clock.now(), office(session), Random(seed)  # noqa: S311
    loader = Loader(matters(session), here, keep_sample(here, now), random, now)
    loader.load(session, moments(number, 2.5, now, random))


def test_numbers_chains_texts_and_files_are_all_as_the_acts_would_leave_them(session, loaded):
    assert list(verify(session, loaded)) == []
    assert session.scalar(select(func.count(Ticket.id))) == NUMBER


def test_a_real_petition_goes_on_where_the_load_ended(session, loaded):
    last = session.scalar(select(func.max(Ticket.id)))
    ticket = filed(session, loaded, now=clock.now())
    assert ticket.id == last + 1
    assert list(verify(session, loaded)) == []


def test_due_dates_are_those_of_the_law(session, loaded):
    for ticket in session.scalars(select(Ticket).where(Ticket.extension == 0)):
        due = due_date(ticket.kind, ticket.received_at, loaded.calendar, loaded.closing_rule)
        assert (ticket.due_on, ticket.day_zero, ticket.term_source) == (due.due_on, due.day_zero, due.source)


def test_every_kind_channel_state_identity_office_and_topic_is_there(session, loaded):
    seen = {column: set(session.scalars(select(column))) for column in (Ticket.kind, Ticket.channel, Ticket.identity)}
    assert seen[Ticket.kind] == {kind.value for kind in TicketKind}
    assert seen[Ticket.channel] == {channel.value for channel in Channel}
    assert seen[Ticket.identity] == {identity.value for identity in Identity}
    offices, topics = ({getattr(matter, name) for matter in matters(session)} for name in ("office_id", "topic_id"))
    assert set(session.scalars(select(Ticket.secretaria_id))) - {None} == offices
    assert len(set(session.scalars(select(Ticket.topic_id))) & topics) > 0.9 * len(topics)


def test_every_state_comes_to_pass():
    now, random = at("2026-11-20 10:00"), Random(0)  # noqa: S311
    lives = [live(moment, now, random) for moment in moments(20_000, 2.5, now, random)]
    states = Counter(
        (bool(each.assigned_at), bool(each.answered_at), bool(each.told_at), each.awaits) for each in lives
    )
    for met in ((False,) * 4, (True, False, False, False), (True, False, False, True), (True, True, False, False)):
        assert states[met] > 0, met
    assert states[True, True, True, False] > 18_000
    for each in lives:
        order = [moment for moment in (each.filed_at, each.assigned_at, each.answered_at, each.told_at) if moment]
        assert order == sorted(order)
        assert order[-1] <= now


def test_nobody_real_is_meant(session, loaded):
    for person in session.scalars(select(Petitioner)):
        assert person.email == "" or person.email.endswith("@correo.example")
        assert person.document_number.startswith("9000")


def test_what_was_loaded_is_found(session, loaded):
    assert session.scalar(select(func.count(TicketWords.ticket_id))) == NUMBER
    answer = session.scalars(select(Answer).order_by(Answer.id.desc())).first()
    assert find(session, parse("alcaldía"), Reach()).rows
    person = session.scalars(select(Petitioner).join(Ticket).where(Ticket.identity == Identity.NAMED)).first()
    assert len(find(session, parse(person.document_number), Reach(desk=True)).rows) == 1
    reserved = session.scalars(select(Petitioner).join(Ticket).where(Ticket.identity == Identity.RESERVED)).first()
    assert find(session, parse(reserved.document_number), Reach(desk=True)).rows == []
    assert answer.ticket.state in (State.ANSWERED, State.CLOSED)


def environment(monkeypatch, settings, **more):
    values = {
        "PQR_DATA_DIR": str(settings.data_dir),
        "PQR_DATABASE_URL": settings.database_url,
        "PQR_SECRET_KEY": settings.secret_keys[0],
    }
    for name, value in (values | more).items():
        monkeypatch.setenv(name, value)


def count(settings):
    app = create_app(settings)
    with app.app_context():
        with writing(db.engine) as session:
            found = session.scalar(select(func.count(Ticket.id)))
        db.engine.dispose()
    return found


def test_the_command_fills_an_empty_installation(monkeypatch, settings):
    environment(monkeypatch, settings)
    main(["demo", "load", "--tickets", "30", "--seed", "5"], standalone_mode=False)
    assert count(settings) == 30


def test_what_another_process_makes_ahead_counts_on_and_holds(monkeypatch, settings):
    environment(monkeypatch, settings)
    ahead, begun = demo._ahead, []
    for name, value in (("CHUNK", 20), ("AT_ONCE", 50), ("_ahead", lambda made: begun.append(made) or ahead(made))):
        monkeypatch.setattr(demo, name, value)
    main(["demo", "load", "--tickets", "90", "--seed", "5"], standalone_mode=False)
    with create_app(settings).app_context():
        with writing(db.engine) as session:
            assert session.scalars(select(Ticket.id).order_by(Ticket.id)).all() == list(range(1, 91))
            assert list(verify(session, office(session))) == []
        db.engine.dispose()
    assert len(begun) == 2  # nothing was made in vain


def test_what_was_made_ahead_is_made_anew_where_somebody_filed_meanwhile(monkeypatch, settings):
    """One petition before each transaction of the load, so that no number is the one that was expected."""
    opened, others = transaction, []

    @contextmanager
    def after_somebody():
        with opened() as session:
            others.append(filed(session, office(session), now=clock.now()).radicado)
        with opened() as session:
            yield session

    monkeypatch.setattr("pqr.db.transaction", after_somebody)
    monkeypatch.setattr(demo, "AT_ONCE", 20)
    monkeypatch.setattr(demo, "CHUNK", 8)
    environment(monkeypatch, settings, PQR_DEMO="on")
    main(["demo", "load", "--tickets", "60"], standalone_mode=False)
    assert len(others) >= 3
    with create_app(settings).app_context():
        with reading() as session:
            assert session.scalar(select(func.count(Ticket.id))) == 60 + len(others)
            assert list(verify(session, office(session))) == []
        db.engine.dispose()


def test_the_command_refuses_where_people_have_filed_and_says_why(monkeypatch, app, session, settings, capsys):
    filed(session, office_of(session, settings))
    session.commit()
    environment(monkeypatch, settings, PQR_DEMO="off")
    with pytest.raises(SystemExit) as refusal:
        main(["demo", "load", "--tickets", "30"])
    assert refusal.value.code == 1
    assert "atiende de verdad" in capsys.readouterr().err
    assert count(settings) == 1


def test_the_demonstration_may_be_filled_twice(monkeypatch, settings):
    environment(monkeypatch, settings, PQR_DEMO="on")
    for _ in range(2):
        main(["demo", "load", "--tickets", "10"], standalone_mode=False)
    assert count(settings) == 20
