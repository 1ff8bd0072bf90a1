"""What do others of this kind do with the same work?  Each as pip installs it, in an environment of its own, on SQLite.

A peer's site module, which runs in that environment, makes an empty one, fills it with petitions of ours and takes mail
in by the peer's own command. gunicorn serves it as it serves ours; its letters leave inside the visit, to a relay here.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from pqr.db import make_engine
from tests.bench import bench_mail
from tests.bench.bench_desk import ROOT, Visitor, served
from tests.bench.visits import Place, gunicorn, hidden
from tests.servers import free_port, listens, running

PASSWORD, OFFICES = "clave-de-medir", 12
PATIENCE = 3600  # seconds of one command: it fills with a hundred thousand
PETITIONS = """SELECT subject, body, received_at, due_on,
    CASE WHEN state IN ('filed', 'assigned', 'awaiting_petitioner') THEN 1 ELSE 0 END, coalesce(secretaria_id, 0)
    FROM tickets ORDER BY id"""


class Peer:
    """One of them. `wants`: what pip installs. `tickets`: its database below its home, and the table to count."""

    name: str
    wants: tuple[str, ...]
    site: str
    tickets: tuple[str, str]
    form: str
    action: str = ""
    login: str
    report: str = ""

    def __init__(self, environments: Path, relay: int) -> None:
        self._relay, self._python = relay, str(_installed(environments / self.wants[0], self.wants))

    def application(self, home: Path) -> str:
        """What gunicorn serves."""
        raise NotImplementedError

    def typed(self, number: int) -> Mapping[str, str]:
        """What a person writes into its form."""
        raise NotImplementedError

    def entered(self) -> Mapping[str, str]:
        """What one of its staff writes to log in."""
        raise NotImplementedError

    def deliver(self, directory: Path, mails: Sequence[bytes]) -> None:
        """Lays the mails where its command looks."""
        raise NotImplementedError

    def paths(self, searched: str = "") -> Sequence[str]:
        """The paths that together are the first page of what is open, nearest date first; or of a search."""
        raise NotImplementedError

    @contextmanager
    def visits(self, directory: Path) -> Iterator[Place]:
        """An empty one, served."""
        environ = self._made(directory)
        port = int(environ["PEER_PORT"])
        command = [*gunicorn(self.application(directory), port, self._python), "--no-control-socket"]
        with running(command, lambda: listens(port), cwd=ROOT, env=environ) as server:
            yield Place(port, self.form, self.typed, [server.pid], self.action)

    def mail(self, directory: Path, mails: int) -> tuple[float, float]:
        """As `bench_mail.measure`. How long the command takes to start is not counted: it may wait for mail."""
        environ = self._made(directory)
        self.deliver(directory / "mail", ())
        idle = self._run(environ, "mail")
        self.deliver(directory / "mail", [bench_mail.one(number) for number in range(mails)])
        wall, cpu = (all_ - start for all_, start in zip(self._run(environ, "mail"), idle, strict=True))
        file, table = self.tickets
        with sqlite3.connect(directory / file) as connection:
            filed = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        assert filed == mails, (self.name, filed)
        return mails / wall, 1000 * cpu / mails

    def loaded(self, directory: Path, petitions: Path) -> dict[str, str]:
        """One that holds them; gives the environment in which it is served."""
        environ, start = self._made(directory), time.perf_counter()
        self._run(environ, "load", str(petitions))
        print(f"{self.name} loaded in {time.perf_counter() - start:.0f} s", flush=True)
        return environ

    @contextmanager
    def staff(self, environ: dict[str, str]) -> Iterator[Visitor]:
        """Somebody of its staff, logged in, while it is served as ours is."""
        application, port = self.application(Path(environ["PEER_HOME"])), int(environ["PEER_PORT"])
        with served(environ, application, self._python, port):
            visitor = Visitor(port)
            visitor.enter(self.login, {**hidden(visitor.open(self.login).encode()), **self.entered()})
            yield visitor

    def _made(self, directory: Path) -> dict[str, str]:
        (directory / "mail").mkdir(parents=True)
        places = {"PEER_HOME": str(directory), "PEER_PORT": str(free_port()), "PEER_RELAY": str(self._relay)}
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **places}
        self._run(environ, "make", str(OFFICES), PASSWORD)
        return environ

    def _run(self, environ: dict[str, str], *words: str) -> tuple[float, float]:
        """Seconds, and those of a processor."""
        start, used = time.perf_counter(), _used()
        command = [self._python, "-m", self.site, *words]
        subprocess.run(command, env=environ, cwd=ROOT, check=True, timeout=PATIENCE)
        return time.perf_counter() - start, _used() - used


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _installed(place: Path, wants: tuple[str, ...]) -> Path:
    """The Python of an environment that has them, and our gunicorn."""
    python, done = place / "bin" / "python", place / "installed"
    wants = (*wants, f"gunicorn=={version('gunicorn')}")
    if not done.exists() or done.read_text() != " ".join(wants):
        venv.create(place, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wants], check=True, timeout=PATIENCE)
        done.write_text(" ".join(wants))
    return python


def export(url: str, file: Path) -> None:
    """Writes the petitions of one of our databases, for a peer: a line of JSON each."""
    with make_engine(url).connect() as connection, file.open("w", encoding="utf-8") as lines:
        for subject, body, received, due, is_open, office in connection.execute(text(PETITIONS)):
            told = [subject, body, str(received)[:19], str(due)[:10], bool(is_open), office % OFFICES + 1]
            lines.write(json.dumps(told) + "\n")


@contextmanager
def relay() -> Iterator[int]:
    """The port of an SMTP server that takes every letter and keeps none, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    with running(command, lambda: listens(port)):
        yield port
