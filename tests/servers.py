"""Which real servers do the tests use, and who stops them?

A PostgreSQL and a Redis of this test process alone: a temporary directory, a Unix socket or a port of this
machine with a password, nothing durable. A missing program fails the test that needs it; nothing is skipped.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest

from pqr.up.broker import Broker

PATIENCE = 60  # seconds for a server to start or stop, on a machine that has much else to do
POSTGRES_PLACES = "/usr/lib/postgresql"
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
_ADMINISTRATORS: dict[str, psycopg.Connection] = {}
LIMITS = ("max_connections=300", "timezone=UTC")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody used a moment ago, and that no system gives to whoever only calls out."""
    while True:
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def program(name: str, package: str) -> str:
    """The path of a server's program; fails the test, by name, where it is missing."""
    versions = sorted(Path(POSTGRES_PLACES).glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, versions), os.environ.get("PATH", ""), "/usr/sbin"]))
    if found is None:
        pytest.fail(
            f"{name} is missing: install the package {package} (./pqr.sh test does it on Debian)",
            pytrace=False,
        )
    return found


@contextmanager
def postgres(address: str = "", speed: tuple[str, ...] = SPEED) -> Iterator[str]:
    """A PostgreSQL server; gives the directory of its socket. Its superuser is `pqr`, without password.

    `address`: where it listens, too, for everybody who reaches it.
    """
    with _owned_directory() as (directory, owner):
        _make_cluster(directory, owner)
        if address:
            with (directory / "data" / "pg_hba.conf").open("a") as allowed:
                allowed.write("host all all all trust\n")
        with _serving(directory, owner, (*speed, f"listen_addresses={address}", *LIMITS)):
            yield str(directory)


@contextmanager
def standby(directory: str) -> Iterator[str]:
    """A PostgreSQL that follows the one with its socket there; gives the directory of its own socket."""
    with _owned_directory() as (own, owner):
        copy = [program("pg_basebackup", "postgresql"), "-h", directory, "-U", "pqr", "-D", str(own / "data"), "-R"]
        subprocess.run([*copy, "--checkpoint=fast", "--no-sync"], check=True, cwd=own, **owner)
        with _serving(own, owner, (*SPEED, "listen_addresses=", *LIMITS)):
            yield str(own)


@contextmanager
def cluster() -> Iterator[Path]:
    """What a PostgreSQL server can be started on, more than once."""
    with _owned_directory() as (directory, owner):
        _make_cluster(directory, owner)
        yield directory


@contextmanager
def postmaster(directory: Path, *settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The server on this cluster; its socket is in the same directory."""
    given = (*SPEED, "listen_addresses=", *LIMITS, *settings)
    with _serving(directory, _unprivileged(), given) as process:
        yield process


@contextmanager
def _owned_directory() -> Iterator[tuple[Path, dict[str, Any]]]:
    owner = _unprivileged()
    directory = Path(tempfile.mkdtemp(prefix="pqr-postgres-"))
    try:
        if owner:
            os.chown(directory, owner["user"], owner["group"])
        yield directory, owner
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _serving(directory: Path, owner: Mapping[str, Any], given: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    options = [word for setting in given for word in ("-c", setting)]
    command = [program("postgres", "postgresql"), "-D", str(directory / "data"), "-k", str(directory), *options]
    with running(command, lambda: _accepts(directory), stop=signal.SIGQUIT, cwd=directory, **owner) as process:
        try:
            yield process
        finally:
            if administrator := _ADMINISTRATORS.pop(str(directory), None):
                administrator.close()


def _make_cluster(directory: Path, owner: Mapping[str, Any]) -> None:
    initdb = [program("initdb", "postgresql"), "-D", str(directory / "data"), "-U", "pqr", "--auth=trust"]
    options = ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    subprocess.run([*initdb, *options], check=True, stdout=subprocess.DEVNULL, cwd=directory, **owner)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _accepts(directory: Path) -> bool:
    try:
        psycopg.connect(host=str(directory), user="pqr", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def ask(directory: str, statement: str) -> None:
    """One administrative statement (CREATE, DROP DATABASE), outside any transaction."""
    _administrator(directory).execute(statement.encode())


def ask_once(directory: Path, statement: str) -> None:
    """The same of a server that will not be there for long."""
    with psycopg.connect(host=str(directory), user="pqr", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _administrator(directory: str) -> psycopg.Connection:
    """One connection for them all: what the server spends on a new one is a third of what a new database costs."""
    if directory not in _ADMINISTRATORS:
        _ADMINISTRATORS[directory] = psycopg.connect(host=directory, user="pqr", dbname="postgres", autocommit=True)
    return _ADMINISTRATORS[directory]


def database(directory: str, name: str) -> str:
    """The URL of a database of that server."""
    return f"postgresql+psycopg://pqr@/{name}?host={directory}"


@contextmanager
def copied_database(directory: str, template: str) -> Iterator[str]:
    """A database that is a copy of another, for one test; gives its URL."""
    name = f"test_{uuid.uuid4().hex}"
    ask(directory, f"CREATE DATABASE {name} TEMPLATE {template} {_by_files(directory)}")
    try:
        yield database(directory, name)
    finally:
        ask(directory, f"DROP DATABASE {name} WITH (FORCE)")


def _by_files(directory: str) -> str:
    """Where the server can, files are copied, not written through its log: a quarter less time for each test."""
    return "STRATEGY FILE_COPY" if _administrator(directory).info.server_version >= 150_000 else ""


def new_broker() -> Broker:
    """A Redis about to be started, on a free port."""
    return Broker(program("redis-server", "redis-server"), free_port(), "pruebas")


@contextmanager
def redis(broker: Broker, address: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """The real redis-server of this broker. `address`: where it listens, too."""
    with tempfile.TemporaryDirectory(prefix="pqr-redis-") as directory, tempfile.TemporaryFile() as text:
        text.write(broker.configuration(Path(directory)).replace("127.0.0.1", f"127.0.0.1 {address}").encode())
        text.seek(0)
        with running([broker.binary, "-"], broker.answers, stdin=text) as process:
            yield process


VIRUS = b"ESTO-NO-ES-UN-VIRUS-PERO-LAS-PRUEBAS-LO-TOMAN-POR-UNO"
VIRUS_NAME = "PQR.Prueba.UNOFFICIAL"


@contextmanager
def clamd() -> Iterator[str]:
    """A ClamAV that knows one virus, `VIRUS`; gives its URL as PQR_CLAMD_URL wants it."""
    with tempfile.TemporaryDirectory(prefix="pqr-clamd-") as name:
        directory, path = Path(name), Path(name) / "clamd.ctl"
        (directory / "db").mkdir()
        (directory / "db" / "PQR.ndb").write_text(f"PQR.Prueba:0:*:{VIRUS.hex()}\n")
        lines = (f"LocalSocket {path}", f"DatabaseDirectory {directory}/db", f"TemporaryDirectory {directory}")
        limits = ("Foreground yes", "StreamMaxLength 1M", "MaxThreads 2", "LogVerbose no")
        (directory / "clamd.conf").write_text("\n".join((*lines, *limits, "")))
        with running([program("clamd", "clamav-daemon"), "-c", str(directory / "clamd.conf")], lambda: _takes(path)):
            yield f"unix://{path}"


def _takes(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def listens(port: int) -> bool:
    """Whether somebody takes connections on this port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: list[str], ready: Callable[[], bool], stop: signal.Signals = signal.SIGTERM, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server from the moment it is ready until the block is left; what it said is shown if it does not start or stop.

    A Python that does not stop says where it stands before it is killed.
    """
    environ = {**(options.pop("env", None) or os.environ), "PYTHONFAULTHANDLER": "1"}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environ, **options)
        try:
            _wait_until(process, ready, said)
            yield process
        finally:
            process.send_signal(stop)
            _wait_for_end(process, said)


def _wait_until(process: subprocess.Popen[bytes], ready: Callable[[], bool], said: Any) -> None:
    for _ in range(PATIENCE * 20):
        if ready():
            return
        try:
            process.wait(0.05)
            break
        except subprocess.TimeoutExpired:
            continue
    _fail(process, "did not start", said)


def _wait_for_end(process: subprocess.Popen[bytes], said: Any) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
        _fail(process, "did not stop", said)


def _fail(process: subprocess.Popen[bytes], what: str, said: Any) -> None:
    said.seek(0)
    pytest.fail(f"{process.args!r} {what}:\n{said.read().decode(errors='replace')}", pytrace=False)


@contextmanager
def s3(bucket: str, address: str = "127.0.0.1") -> Iterator[str]:
    """An S3 server with one empty bucket; gives the URL of a folder in it as PQR_FILES_URL wants it."""
    from moto.server import ThreadedMotoServer  # slow to import

    server = ThreadedMotoServer(address, 0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        with urlopen(Request(f"{endpoint}/{bucket}", method="PUT")):  # noqa: S310 - our own
            yield f"s3://clave:se%2Fcreto@{bucket}/peticiones?endpoint={endpoint}&region=us-east-1"
    finally:
        server.stop()
