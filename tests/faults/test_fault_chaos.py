"""Is anything lost or doubled when everything breaks?  The real processes, servers, disk and clock, while people write.

PQR_TEST_FULL=1 makes it long, PQR_TEST_SEED=N chooses another order of the faults.
"""

import os
import random
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests import mailbox, servers
from tests.faults import breaking, proving
from tests.faults.breaking import PQR, World
from tests.faults.kept import Again, kept
from tests.faults.people import People, keep_answering
from tests.faults.tight import small_disk
from tests.peer import Peer, listening
from tests.running import ROOT, environment

FULL = os.environ.get("PQR_TEST_FULL") == "1"
SEED = int(os.environ.get("PQR_TEST_SEED", "1"))
ROUNDS = 12 if FULL else 1

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture
def alone(tmp_path: Path, sqlite_template: Path) -> Iterator[dict]:
    """One machine with nothing of its own: SQLite and the broker of `up`, on a small disk where one can be had."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk"))
        data = disk or tmp_path / "data"
        data.mkdir(exist_ok=True)
        (data / "pqr.sqlite3").write_bytes(sqlite_template.read_bytes())
        empty = {"PQR_DATA_DIR": str(tmp_path / "otra")}
        url = f"sqlite:///{data}/pqr.sqlite3"
        yield {"environ": {"PQR_DATA_DIR": str(data)}, "url": url, "disk": disk, "elsewhere": empty}


@pytest.fixture
def with_servers(tmp_path: Path) -> Iterator[dict]:
    """PostgreSQL, Redis and Dovecot beside it, each of which can fall by itself."""
    broker, port = servers.new_broker(), servers.free_port()
    with ExitStack() as stack:
        cluster, mails = stack.enter_context(servers.cluster()), stack.enter_context(mailbox.mail_directory())
        base = stack.enter_context(Again(lambda: servers.postmaster(cluster, "synchronous_commit=on")))
        redis = stack.enter_context(Again(lambda: servers.redis(broker)))
        imap = stack.enter_context(Again(lambda: mailbox.server(mails, port=port)))
        servers.ask_once(cluster, "CREATE DATABASE otra")
        url = servers.database(str(cluster), "postgres")
        environ = {"PQR_DATABASE_URL": url, "PQR_REDIS_URL": broker.url, "PQR_IMAP_URL": imap.it.url}
        fallible = {"base": base, "redis": redis, "imap": imap}
        empty = {"PQR_DATA_DIR": str(tmp_path / "otra"), "PQR_DATABASE_URL": servers.database(str(cluster), "otra")}
        environ |= {"PQR_DATA_DIR": str(tmp_path / "data"), "PQR_IMAP_SINCE": "2020-01-01"}  # all of it is new
        yield {"environ": environ, "url": url, "elsewhere": empty, **fallible}


@pytest.mark.parametrize("where", ["alone", "with_servers"])
def test_nothing_is_lost_or_doubled_whatever_breaks(where, request, tmp_path):
    place, chance, relay = request.getfixturevalue(where), random.Random(SEED), Peer()  # noqa: S311 - nobody's secret
    (tmp_path / "clock").write_text("0")
    given = {"PQR_SECRET_KEY": "clave-de-las-pruebas-0123456789", "PQR_RATE_LIMITS": "off", "PQR_SMTP_TIMEOUT": "2"}
    hour = {"PQR_TEST_CLOCK": str(tmp_path / "clock"), "PYTHONPATH": f"{ROOT / 'tests/faults/clock'}:{ROOT}"}
    environ = environment(tmp_path, **given, **hour, **place.pop("environ"))
    engine, over, elsewhere = create_engine(place.pop("url")), threading.Event(), place.pop("elsewhere")
    with Again(lambda: listening(relay)) as line, ThreadPoolExecutor(7) as pool:
        environ["PQR_SMTP_URL"] = relay.url()
        people = People(pool, environ, relay)
        pool.submit(keep_answering, people, over)
        try:
            with kept(environ, tmp_path / "up.log") as service:
                world = World(service, relay, line, people, chance, FULL, tmp_path / "copia.tar", **place)
                for _ in range(ROUNDS):
                    breaking.everything(world)
                proving.let_days_pass(engine, world)
        finally:
            over.set()
    print(f"seed {SEED}, {where}: {world.told()}")
    proving.all_is_there_once(engine, world)
    verified = subprocess.run([*PQR, "verify"], env=environ, capture_output=True)
    assert verified.returncode == 0, verified.stdout.decode() + verified.stderr.decode()
    proving.comes_back(engine, world, {**environ, **elsewhere})
    engine.dispose()
