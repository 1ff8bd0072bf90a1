"""Are the figures, and nothing else, read from the replica, and do they go on when it is down?  A real standby."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import create_engine, func, make_url, select, text

from pqr import clock
from pqr.app import create_app
from pqr.db import db
from pqr.errors import ConfigError
from pqr.leases import BEAT, LEASE, Claim, Lease, take
from pqr.reporting.replica import PAUSE_SECONDS
from pqr.tickets.models import Ticket
from tests.builders import filed, office_of
from tests.desk.staff import at_work
from tests.faults.kept import poll
from tests.installation import make_settings
from tests.servers import standby

pytestmark = [
    pytest.mark.xdist_group("standby"),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
CASES = "/atencion/informes/casos?medida=received&desde=2020-01-01&hasta=2039-12-31"


@pytest.fixture(scope="module")
def follower(postgres_directory):
    with standby(postgres_directory) as directory:
        yield directory


@pytest.fixture
def replica(follower, database_url):
    """The replica of this test's database, once it has got there."""
    engine = create_engine(make_url(database_url).update_query_dict({"host": follower}))

    def has_arrived():
        try:
            with engine.connect():
                return True
        except Exception:
            return False

    poll(has_arrived, "the database reaches its replica")
    yield engine
    with engine.connect() as connection:
        connection.scalar(select(func.pg_wal_replay_resume()))
    engine.dispose()


@pytest.fixture
def app(replica, settings, tmp_path):
    url = replica.url.render_as_string(hide_password=False)
    app = create_app(make_settings(tmp_path, settings.database_url, PQR_DATABASE_REPLICA_URL=url))
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["pqr_replica"].engine.dispose()


def new(session, settings):
    radicado = filed(session, office_of(session, settings), now=clock.now()).radicado
    session.commit()
    return radicado


@pytest.fixture
def left_behind(session, settings, replica):
    """One petition that the replica has, and one of after it stood still."""
    one = new(session, settings)

    def there():
        with replica.connect() as connection:
            return connection.scalar(select(func.count(Ticket.id))) == 1

    poll(there, "the petition reaches the replica")
    with replica.connect() as connection:
        connection.scalar(select(func.pg_wal_replay_pause()))
        poll(lambda: connection.scalar(select(func.pg_get_wal_replay_pause_state())) == "paused", "it stands still")
    return one, new(session, settings)


def test_the_figures_are_the_replicas_and_the_work_is_not(client, session, left_behind):
    at_work(client, session)
    one, other = left_behind
    figures, queue = client.get(CASES).text, client.get("/atencion/").text
    assert (one in figures, other in figures) == (True, False)
    assert one in queue
    assert other in queue
    for path in ("/informes", "/atencion/informes", "/atencion/informes/plan", "/informes/plan", "/datos-abiertos"):
        assert client.get(path).status_code == 200


def test_when_they_are_late_the_page_says_of_when_they_are_and_too_late_is_not_shown(client, left_behind):
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert "Estas cifras son del " in client.get("/informes").text
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert "Estas cifras son del " not in client.get("/informes").text


def test_the_schedule_says_that_a_replica_is_not_late_where_nobody_files(client, session, replica):
    later = clock.now() + timedelta(minutes=40)
    take(session, Claim(BEAT, "una", LEASE), later)
    session.commit()
    with replica.connect() as connection:
        poll(lambda: has_lease(connection), "the lease reaches the replica")
    with time_machine.travel(later):
        assert "Estas cifras son del " not in client.get("/informes").text


def has_lease(connection):
    return connection.scalar(select(Lease.until)) is not None


def test_without_the_replica_the_figures_come_from_the_primary_and_it_is_left_alone_for_a_while(
    app, client, session, left_behind, monkeypatch
):
    at_work(client, session)
    away = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).update_query_dict({"host": "/nowhere"})
    kept, app.extensions["pqr_replica"].engine = app.extensions["pqr_replica"].engine, create_engine(away)
    assert set(left_behind) <= set(words(client.get(CASES).text))
    app.extensions["pqr_replica"].engine = kept
    assert set(left_behind) <= set(words(client.get(CASES).text))
    app.extensions["pqr_replica"].away_until -= PAUSE_SECONDS
    assert left_behind[1] not in client.get(CASES).text


def words(page):
    return page.replace("<", " ").replace(">", " ").replace('"', " ").replace("/", " ").split()


def test_nothing_is_ever_written_there(app, replica):
    with app.app_context(), app.extensions["pqr_replica"].engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_read_only")) == "on"


def test_a_replica_that_is_no_postgresql_stops_the_start(tmp_path, settings):
    with pytest.raises(ConfigError, match="PQR_DATABASE_REPLICA_URL"):
        make_settings(tmp_path, settings.database_url, PQR_DATABASE_REPLICA_URL="sqlite:///otra.sqlite3")
