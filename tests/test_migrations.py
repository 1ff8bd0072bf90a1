"""Do the migrations make the tables that the code expects, and can they be undone?"""

from datetime import date
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, update

from pqr.app import create_app
from pqr.db import Model, db
from pqr.secretarias.directory import active_bodies, by_code
from pqr.tickets.answering import Reply, answer_or_complete, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.contributing import Asking, ask_office
from pqr.tickets.indexing import TicketWords
from pqr.tickets.issuing import Document
from pqr.tickets.models import Ticket
from pqr.tickets.transferring import Sending, transfer
from pqr.tickets.words import office_word
from pqr.upgrade import is_compared
from tests.builders import NOW, assigned, at, office_of
from tests.installation import make_settings

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


def test_the_migrations_make_exactly_the_tables_of_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_compared})
        assert compare_metadata(context, Model.metadata) == []


def test_the_migrations_can_be_undone_and_done_again(tmp_path, postgres_url):
    for url in ("", postgres_url):
        app = create_app(make_settings(tmp_path, url))
        with app.app_context():
            upgrade()
            downgrade(revision="base")
            assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
            upgrade()
            assert set(Model.metadata.tables) < set(inspect(db.engine).get_table_names())
            db.engine.dispose()


def test_every_migration_has_a_number_an_idea_and_a_way_back():
    for number, path in enumerate(sorted(VERSIONS.glob("*.py")), start=1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04d}_")
        assert text.startswith('"""')
        assert "def downgrade" in text


def test_the_answers_from_before_the_documents_are_documents_too(app, session, settings):
    here = office_of(session, settings)
    ticket = assigned(session, here)
    for text in ("Ya se arregló.", "Y se pintó."):
        answer_or_complete(session, Reply(ticket, text, "user:1"), here, NOW)
    session.commit()
    left = [(each.kind, each.radicado, each.sha256, each.letter_id) for each in session.scalars(select(Document))]
    session.close()
    with app.app_context():
        downgrade(revision="0025")
        upgrade()
    found = session.scalars(select(Document).order_by(Document.id)).all()
    assert [(each.kind, each.radicado, each.sha256, each.letter_id) for each in found] == left
    assert [each.kind for each in found] == ["answer", "complement"]
    assert {each.code for each in found} == {None}  # no code was printed on them


def test_the_offices_of_before_are_words_of_their_cases(app, session, settings):
    here = office_of(session, settings)
    ticket, salud = assigned(session, here, "hacienda"), by_code(session, "salud")
    ask_office(session, Asking(ticket, salud, "¿Hay redes?", date(2026, 3, 10), None, "user:1"), here, NOW)
    session.commit()
    left = session.get_one(TicketWords, ticket.id).words
    offices = {office_word(ticket.secretaria.id), office_word(salud.id)}
    bare = " ".join(word for word in left.split() if word not in offices)
    session.execute(update(TicketWords).values(words=bare))
    session.commit()
    session.close()
    with app.app_context():
        downgrade(revision="0036")
        upgrade()
    words = session.scalars(select(TicketWords.words)).one()
    assert words.endswith(bare)
    assert set(words.removesuffix(bare).split()) == offices


def test_whether_a_petition_ended_in_time_is_known_of_those_before_that_was_kept(app, session, settings):
    here, body = office_of(session, settings), active_bodies(session)[0]
    told = {"in time": at("2026-03-25 23:30"), "late": at("2026-03-26 00:10")}  # it is the next day in UTC at both
    for moment in told.values():
        ticket = assigned(session, here)
        record_answer(session, Reply(ticket, "Ya se arregló.", "user:1"), here, NOW)
        communicate(session, ticket, "counter", "user:1", here, moment)
    for moment in (NOW, at("2026-03-20 10:00")):
        transfer(session, Sending(assigned(session, here), body, "Es suya.", "user:1", "", "Se tardó."), here, moment)
    assigned(session, here)
    session.commit()
    kept = session.scalars(select(Ticket.in_time).order_by(Ticket.id)).all()
    assert kept == [True, False, True, False, None]
    session.close()
    with app.app_context():
        downgrade(revision="0039")
        upgrade()
    assert session.scalars(select(Ticket.in_time).order_by(Ticket.id)).all() == kept


TWO_STEPS_SINCE = "0043"  # from here on, what the version of before writes is still taken by the tables of now


def test_no_migration_takes_from_the_version_of_before_what_it_uses(tmp_path, postgres_url):
    """The first of two steps only adds; what nobody uses any more goes with a later version: see docs/operar.md."""
    for url in ("", postgres_url):
        app = create_app(make_settings(tmp_path, url))
        with app.app_context():
            upgrade(revision=TWO_STEPS_SINCE)
            before = columns(db.engine)
            upgrade()
            now = columns(db.engine)
            db.engine.dispose()
        gone = {place: kind for place, (kind, _) in before.items() if now.get(place, ("gone",))[0] != kind}
        assert not gone, "dropped, renamed or of another type: only in a version after the one that stopped using it"
        tables = {table for table, _ in before}
        wanted = [place for place, (_, wanted) in now.items() if wanted and not before.get(place, ("", False))[1]]
        assert not [place for place in wanted if place[0] in tables], "what the version of before does not give"


def columns(engine):
    """Of every table: the type, and whether whoever writes a row must give it."""
    found = inspect(engine)
    return {
        (table, each["name"]): (str(each["type"]), not each["nullable"] and each["default"] is None)
        for table in found.get_table_names()
        for each in found.get_columns(table)
    }
