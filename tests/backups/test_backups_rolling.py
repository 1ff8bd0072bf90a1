"""Does the version of before go on serving while the new one changes its tables, and beside it afterwards?

The version of before is the commit before the newest migration: its own code, from this repository's history.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import create_engine, text

from tests import servers
from tests.faults.kept import poll
from tests.faults.people import Visit
from tests.running import ROOT, environment

NEWEST = max((ROOT / "migrations" / "versions").glob("0*.py"))
FEW = 3
PAUSE = 0.1  # seconds between two petitions, so that the upgrade has something of the machine, too
# Where there are several machines there is PostgreSQL; the long form looks at SQLite, too.
ENGINES = ("postgresql", "sqlite") if os.environ.get("PQR_TEST_FULL") == "1" else ("postgresql",)

pytestmark = pytest.mark.xdist_group("up")


def git(*words):
    """What git says, as bytes; None where there is no history to ask."""
    try:
        return subprocess.run(
            [shutil.which("git") or "git", "-C", str(ROOT), *words], capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The code of before."""
    came = (git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(NEWEST)) or b"").decode().strip()
    tree = git("archive", f"{came}~1") if came else None
    if tree is None:
        pytest.skip("there is no history here to take the version of before from")
    place = tmp_path_factory.mktemp("before")
    with tarfile.open(fileobj=io.BytesIO(tree)) as tar:
        tar.extractall(place, filter="data")
    return place


@pytest.fixture(params=ENGINES)
def environ(request, tmp_path):
    url = (
        request.getfixturevalue("postgres_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path}/pqr.sqlite3"
    )
    key = "clave-de-las-pruebas-0123456789"
    return environment(tmp_path, PQR_DATABASE_URL=url, PQR_SECRET_KEY=key, PQR_RATE_LIMITS="off")


def pqr(code, environ, *words):
    """One command of the version whose code this is."""
    command = [sys.executable, "-m", "pqr.cli", *words]
    done = subprocess.run(command, cwd=code, env={**environ, "PYTHONPATH": str(code)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def web(code, environ):
    """The pages of that version; gives their address."""
    port = servers.free_port()
    how = ("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4", "--no-control-socket")
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", *how, "--chdir", str(code)]
    with servers.running(command, lambda: servers.listens(port), cwd=code, env={**environ, "PYTHONPATH": str(code)}):
        yield f"http://127.0.0.1:{port}"


class Crowd(threading.Thread):
    """People who file all the time. `shown`: their radicados; `refused`: what anybody was told instead."""

    def __init__(self, base):
        super().__init__()
        self.base, self.over, self.shown, self.refused = base, threading.Event(), [], []

    def run(self):
        while not self.over.wait(PAUSE) and not self.refused:
            try:
                self.shown.append(Visit(self.base, len(self.shown)).file())
            except OSError as refusal:
                self.refused.append(repr(refusal))

    def goes_on(self):
        """Returns when a few more have filed."""
        wanted = len(self.shown) + FEW
        poll(lambda: len(self.shown) >= wanted or self.refused, "people file")
        assert self.refused == []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_failure):
        self.over.set()
        self.join()


def test_the_version_of_before_files_during_the_upgrade_and_beside_the_new_one(before, environ, tmp_path):
    pqr(before, environ, "init")
    with ExitStack() as stack:
        old = stack.enter_context(Crowd(stack.enter_context(web(before, environ))))
        old.goes_on()
        pqr(ROOT, environ, "backup", str(tmp_path / "antes.tar"))
        pqr(ROOT, environ, "upgrade")
        old.goes_on()
        new = stack.enter_context(Crowd(stack.enter_context(web(ROOT, environ))))
        new.goes_on()
        old.goes_on()
    engine = create_engine(environ["PQR_DATABASE_URL"])
    with engine.connect() as connection:
        there = set(connection.scalars(text("SELECT radicado FROM tickets")))
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == NEWEST.name[:4]
    engine.dispose()
    assert there == {*old.shown, *new.shown}
    assert len(there) == len(old.shown) + len(new.shown)
    assert pqr(ROOT, environ, "verify") == ""
