"""Is the schedule kept by one machine alone, and by another when that one dies?  Two real beats, killed and frozen."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from pqr.db import instant, writing
from pqr.leases import Claim, Lease, holder_of, take
from tests.builders import NOW
from tests.faults.kept import poll
from tests.running import environment
from workers.broker import SCHEDULE

LENGTH = timedelta(seconds=30)


def asked(session, who, now=NOW, gone=""):
    return take(session, Claim("beat", who, LENGTH, gone), now)


def test_one_holds_it_until_its_time_is_over(session):
    assert asked(session, "una")
    assert not asked(session, "otra")
    assert asked(session, "una", NOW + LENGTH / 2)
    assert not asked(session, "otra", NOW + LENGTH)
    assert asked(session, "otra", NOW + 1.5 * LENGTH)
    assert not asked(session, "una", NOW + 1.5 * LENGTH)
    assert holder_of(session, "beat") == "otra"


def test_the_time_of_one_that_is_known_to_be_dead_is_not_waited_for(session):
    assert asked(session, "una")
    assert not asked(session, "otra", gone="tercera")
    assert asked(session, "otra", gone="una")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_that_is_asking_does_not_keep_the_others_waiting(session):
    """A machine that is cut off while it asks leaves its row locked until the server notices."""
    assert asked(session, "una")
    session.commit()
    with writing(session.get_bind()) as cut_off:
        assert asked(cut_off, "una")
        assert not asked(session, "otra", NOW + 2 * LENGTH)


def test_the_instant_is_the_databases(session):
    before = instant(session)
    assert before.tzinfo is not None
    assert before <= instant(session)


@contextmanager
def beat(directory, **given) -> Iterator[subprocess.Popen]:
    """A machine of its own: another data directory, and so another memory of what was sent."""
    directory.mkdir()
    environ = environment(directory, PQR_SECRET_KEY="clave-de-las-pruebas-0123456789", **given)
    words = ["beat", "--schedule", str(directory / "beat-schedule"), "--pidfile", "", "--loglevel", "WARNING"]
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "workers.app", *words]
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Queue:
    """What was sent and nobody has taken: by whom each."""

    def __init__(self, url):
        self._redis = Redis.from_url(url)
        self._redis.delete("pqr")

    def senders(self):
        messages = map(json.loads, self._redis.lrange("pqr", 0, -1))
        return [int(each["headers"]["origin"].partition("@")[0].removeprefix("gen")) for each in messages]

    def forget(self):
        self._redis.delete("pqr")

    def close(self):
        self._redis.close()


@pytest.fixture
def queue(redis_url):
    queue = Queue(redis_url)
    yield queue
    queue.close()


def holder(engine):
    """The number of the process that keeps the schedule."""
    with engine.connect() as connection:
        held = connection.scalar(text("SELECT holder FROM leases"))
        return int(held.rpartition("/")[2]) if held else 0


def time_goes_by(engine):
    """As if the lease had run out."""
    with engine.begin() as connection:
        connection.execute(Lease.__table__.update().values(until=NOW - timedelta(days=300)))


@pytest.mark.xdist_group("up")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_beats_one_sends_and_when_it_is_killed_or_frozen_the_other(database_url, redis_url, queue, tmp_path):
    engine = create_engine(database_url)
    given = {"PQR_DATABASE_URL": database_url, "PQR_REDIS_URL": redis_url}
    with engine.begin() as connection:
        gone = {"name": "beat", "holder": "una-que-se-apagó/1", "until": NOW}
        connection.execute(Lease.__table__.insert().values(gone))
    with beat(tmp_path / "una", **given) as one, beat(tmp_path / "otra", **given) as other:
        pair = {one.pid: one, other.pid: other}
        poll(lambda: len(queue.senders()) >= len(SCHEDULE), "somebody makes up for what a third has left")
        (first,) = set(queue.senders())
        assert first == holder(engine)
        (second,) = set(pair) - {first}

        os.kill(first, signal.SIGSTOP)
        queue.forget()
        time_goes_by(engine)
        poll(lambda: len(queue.senders()) >= len(SCHEDULE), "the other makes up for what was missed")
        assert set(queue.senders()) == {second} == {holder(engine)}
        os.kill(first, signal.SIGCONT)
        poll(lambda: any("schedule_lost" in log.read_text() for log in tmp_path.glob("*/log")), "the first notices")
        pair[second].kill()
        pair[second].wait()
        queue.forget()
        poll(lambda: holder(engine) == first, "the first takes it back")
        assert set(queue.senders()) <= {first}
    engine.dispose()
