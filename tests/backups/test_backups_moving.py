"""Does everything arrive when an installation changes its engine, and nothing when it cannot all arrive?"""

from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

from pqr import clock
from pqr.app import create_app
from pqr.backups.moving import NotMoved, move, require_empty
from pqr.cli import main
from pqr.db import db, make_engine, reading, writing
from pqr.door import office
from pqr.secretarias.models import Secretaria
from pqr.tickets import files
from pqr.tickets.anchoring import anchor
from pqr.tickets.bulk import Loader
from pqr.tickets.invented import moments
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.sample import keep_sample, matters
from pqr.tickets.search import Reach, find
from pqr.tickets.words import parse
from pqr.upgrade import migrate
from pqr.upkeep import verify
from tests.builders import NOW, arrive, assigned, filed, office_of, raw_mail, reply_from_office
from tests.installation import make_settings

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def filled(session, settings):
    """An office with what its people did and a load of what others might have."""
    here = office_of(session, settings)
    answered = assigned(session, here, files=(files.keep(b"plano", "plano.txt", "text/plain", here),))
    arrive(session, here, reply_from_office(answered, here, "Ya se arregló el tubo: «listo» \U0001f6b0."))
    arrive(session, here, raw_mail(subject="Piden un puente", text="El puente de la vereda se cayó.\r\nUrge."))
    filed(session, here, identity=Identity.RESERVED)
    filed(session, here, identity=Identity.ANONYMOUS)
    points_forward(session)
    anchor(session, here, NOW)
    now, random = clock.now(), Random(1)  # noqa: S311
    loader = Loader(matters(session), here, keep_sample(here, now), random, now)
    loader.load(session, moments(60, 2.5, now, random))
    session.commit()
    session.close()
    return here


def points_forward(session):
    """Rows that name a later one of their own table: no order of rows puts each after what it names."""
    offices = session.scalars(select(Secretaria).order_by(Secretaria.id)).all()
    offices[0].substitute_id = offices[-1].id
    session.flush()
    first, last = (session.scalars(select(Ticket).order_by(order)).first() for order in (Ticket.id, Ticket.id.desc()))
    first.duplicate_of_id = last.id


@pytest.fixture
def other_url(request, settings, tmp_path):
    """An empty place on the other engine."""
    if settings.database_url.startswith("postgresql"):
        return f"sqlite:///{tmp_path / 'otra.sqlite3'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def same_url(request, settings, tmp_path):
    """Another empty place on the same engine."""
    if settings.database_url.startswith("postgresql"):
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'misma.sqlite3'}"


def empty_tables(tmp_path, url):
    app = create_app(make_settings(tmp_path, url))
    migrate(app)
    return app


AS_STORED = {"sqlite": 'quote("{}")', "postgresql": 'CAST("{}" AS text)'}


def stored(url):
    """Every stored value of every table, as the engine itself writes it."""
    engine, found = create_engine(url), {}
    with engine.connect() as connection:
        look = inspect(connection)
        for name in look.get_table_names():
            if not name.startswith(("ticket_words_index", "settings_version")):  # each database makes its own
                columns = sorted(each["name"] for each in look.get_columns(name))
                values = ", ".join(AS_STORED[engine.dialect.name].format(each) for each in columns)
                found[name] = sorted(connection.exec_driver_sql(f'SELECT {values} FROM "{name}"'), key=repr)  # noqa: S608
    engine.dispose()
    return found


def test_there_and_back_every_stored_value_is_the_same(app, filled, settings, other_url, same_url, tmp_path):
    before, heard = stored(settings.database_url), {}
    there, back = empty_tables(tmp_path, other_url), empty_tables(tmp_path, same_url)
    with app.app_context(), there.app_context():
        away = db.engine
    with app.app_context():
        moved = move(db.engine, away, heard.__setitem__)
    with back.app_context():
        assert move(away, db.engine, lambda *_: None) == moved == heard
        db.engine.dispose()
    assert stored(same_url) == before
    assert {name: held.rows for name, held in moved.items()} == {
        name: len(rows) for name, rows in before.items() if name != "alembic_version"
    }
    people_go_on(there)


def people_go_on(app):
    """The search finds, the numbers go on, the chains hold."""
    with app.app_context():
        with reading() as session:
            last = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
            assert [row.id for row in find(session, parse(last.radicado), Reach()).rows] == [last.id]
        with writing(db.engine) as session:
            new = filed(session, office(session), now=clock.now())
            assert new.id == last.id + 1
        with reading() as session:
            assert list(verify(session, office(session))) == []
        db.engine.dispose()


@ON_SQLITE
def test_whoever_is_interrupted_finds_the_target_empty_and_begins_again(app, filled, other_url, tmp_path):
    def until_the_events(name, _held):
        if name == "events":
            raise KeyboardInterrupt

    there = empty_tables(tmp_path, other_url)
    with there.app_context():
        target = db.engine
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            move(db.engine, target, until_the_events)
        require_empty(target)
        move(db.engine, target, lambda *_: None)
    with pytest.raises(NotMoved, match="no está vacía"):
        require_empty(target)
    target.dispose()


def test_nobody_writes_in_the_source_meanwhile(app, filled, settings, tmp_path):
    """A petition filed behind the mover's back would be missing where everybody looks from now on."""
    impatient = create_engine(settings.database_url)
    refused = []

    def somebody_writes(name, _held):
        with impatient.connect() as connection:
            wait = {"sqlite": "PRAGMA busy_timeout = 1", "postgresql": "SET lock_timeout = '1ms'"}
            connection.exec_driver_sql(wait[connection.dialect.name])
            try:
                connection.execute(text("UPDATE secretarias SET name = 'otra'"))
            except DBAPIError:
                refused.append(name)

    there = empty_tables(tmp_path, f"sqlite:///{tmp_path / 'otra.sqlite3'}")
    with there.app_context():
        target = db.engine
    with app.app_context():
        moved = move(db.engine, target, somebody_writes)
    assert refused == list(moved)
    impatient.dispose()
    target.dispose()


@ON_SQLITE
def test_what_does_not_arrive_as_it_left_is_noticed_and_nothing_stays(app, filled, tmp_path):
    there = empty_tables(tmp_path, f"sqlite:///{tmp_path / 'otra.sqlite3'}")
    with there.app_context():
        target = db.engine
        with target.begin() as connection:
            change = "UPDATE counters SET last = last + 1 WHERE series = new.series AND year = new.year"
            connection.execute(text(f"CREATE TRIGGER t AFTER INSERT ON counters BEGIN {change}; END"))
    with app.app_context(), pytest.raises(NotMoved, match="tabla counters no quedó igual"):
        move(db.engine, target, lambda *_: None)
    require_empty(target)
    target.dispose()


@ON_SQLITE
def test_what_the_other_engine_does_not_take_is_said_by_table(app, filled, other_url, tmp_path):
    """SQLite keeps what is longer than the column says."""
    there = empty_tables(tmp_path, other_url)
    with there.app_context():
        target = db.engine
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE topics SET name = :long WHERE id = 1"), {"long": "x" * 500})
        with pytest.raises(NotMoved, match="La tabla topics no cabe"):
            move(db.engine, target, lambda *_: None)
    require_empty(target)
    target.dispose()


@ON_SQLITE
def test_the_command_moves_verifies_and_refuses(filled, settings, other_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PQR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PQR_SECRET_KEY", settings.secret_keys[0])
    monkeypatch.setenv("PQR_MAIL_DOMAIN", "puerres.example")

    def moved(source, target):
        done = CliRunner().invoke(main, ["move-database", source, target])
        return done.exit_code, done.stdout, done.stderr

    code, listed, told = moved(settings.database_url, other_url)
    assert (code, "Todo en orden" in told) == (0, True), told
    assert "tickets " in listed
    code, listed, told = moved(settings.database_url, other_url)
    assert (code, listed, "no está vacía" in told) == (1, "", True)
    assert "No hay una base de datos" in moved(f"sqlite:///{tmp_path / 'ninguna'}", other_url)[2]
    old, new = f"sqlite:///{tmp_path / 'vieja.sqlite3'}", f"sqlite:///{tmp_path / 'nueva.sqlite3'}"
    make_engine(old).connect().close()
    assert "no es de PQR" in moved(old, new)[2]
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "pqr upgrade" in moved(settings.database_url, new)[2]
    engine.dispose()


@ON_SQLITE
def test_a_copy_is_put_back_and_goes_on_to_the_other_engine_with_all_it_held(
    filled, settings, other_url, tmp_path, monkeypatch
):
    """Each command as an operator gives it, each place as the one before left it."""
    copy, place = tmp_path / "copia.tar", tmp_path / "otra"
    monkeypatch.setenv("PQR_SECRET_KEY", settings.secret_keys[0])
    monkeypatch.setenv("PQR_MAIL_DOMAIN", "puerres.example")

    def pqr(*words, directory=place, url=f"sqlite:///{place / 'pqr.sqlite3'}"):
        monkeypatch.setenv("PQR_DATA_DIR", str(directory))
        monkeypatch.setenv("PQR_DATABASE_URL", url)
        done = CliRunner().invoke(main, list(map(str, words)))
        assert done.exit_code == 0, done.output

    held, kept = counted(settings.database_url), names_of_files(tmp_path)
    pqr("backup", copy, directory=tmp_path, url=settings.database_url)
    pqr("restore", copy)
    assert counted(f"sqlite:///{place / 'pqr.sqlite3'}") == held
    pqr("move-database", f"sqlite:///{place / 'pqr.sqlite3'}", other_url)
    assert counted(other_url) == held
    assert all(held[name] for name in ("tickets", "petitioners", "attachments", "inbox", "outbox", "events"))
    assert names_of_files(place) == kept
    pqr("verify", url=other_url)
    there = create_app(make_settings(place, other_url))
    with there.app_context():
        with reading() as session:
            hidden = session.scalars(select(Ticket).where(Ticket.identity == Identity.RESERVED)).first()
            assert hidden.petitioner.name == "Ana Prueba"
        db.engine.dispose()


def names_of_files(directory):
    return {path.name for path in (directory / "files").rglob("*")}


def counted(url):
    """How many rows each table has."""
    return {name: len(rows) for name, rows in stored(url).items()}
