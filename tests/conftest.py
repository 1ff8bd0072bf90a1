"""What does a test start from?  A migrated and seeded database of its own, on each engine, and nothing else.

The template is made once by the real migrations and copied for each test. The service is imported by the
fixtures that need it and not here: the tests of the rules start at once.
"""

import gc
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.register_assert_rewrite("tests.faults.proving")  # its promises are told in full when they are broken

from tests import servers  # noqa: E402

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from sqlalchemy.orm import Session

    from pqr.config import Settings

DATABASES = ("sqlite", "postgresql")


MEMORY_DISK, ENOUGH_BYTES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 - a file system, not a file


def pytest_configure(config: pytest.Config) -> None:
    """Databases live in memory where there is room: most of a test's time would be the disk's.

    The marker is xdist's, which may be switched off. What the environment says of bytecode is the service's affair:
    every process of every run would compile all tests anew.
    """
    sys.dont_write_bytecode = False
    usable = "TMPDIR" not in os.environ and os.access(MEMORY_DISK, os.W_OK)
    if usable and shutil.disk_usage(MEMORY_DISK).free >= ENOUGH_BYTES:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY_DISK), None
    config.addinivalue_line("markers", "xdist_group(name): tests of one group run in one process")


def pytest_collection_finish() -> None:
    """What the tests have imported stays: looking through it for rubbish again and again was a third of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test has an application of its own; compiling pages and addresses anew would be most of its time."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache
    from werkzeug.routing import Rule

    directory = tmp_path_factory.getbasetemp().parent / "compiled-templates"  # of all processes of this user
    directory.mkdir(exist_ok=True)
    Flask.jinja_options["bytecode_cache"] = FileSystemBytecodeCache(str(directory))

    compiled, compile_builder = {}, Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        """Werkzeug's own function that writes the address of this rule, made once; it keeps nothing of the rule."""
        key = (tuple(rule._trace), append_unknown, repr(rule.defaults))
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = builder
    _share_statements()


def _share_statements() -> None:
    """Every test has an engine of its own too, and an engine that meets a statement first compiles it.

    In the service one engine compiles it once. Here all engines of one kind do as one: same driver, same server.
    """
    from sqlalchemy.engine.default import DefaultDialect
    from sqlalchemy.util import LRUCache

    compiled = LRUCache(4000)
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)
    DefaultDialect.__hash__ = lambda one: hash(type(one))
    DefaultDialect.engine_created = classmethod(lambda kind, engine: setattr(engine, "_compiled_cache", compiled))


@pytest.fixture(scope="session", autouse=True)
def costly_hasher() -> Iterator["PasswordHasher"]:
    """What a password costs the service, a tenth of a second on purpose, it costs only where this is asked for."""
    from argon2 import PasswordHasher

    from pqr.accounts import passwords

    costly, passwords._HASHER = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield costly
    passwords._HASHER = costly


@pytest.fixture(scope="session")
def postgres_directory() -> Iterator[str]:
    """The socket directory of this process's PostgreSQL."""
    with servers.postgres() as directory:
        yield directory


@pytest.fixture
def postgres_url(postgres_directory: str) -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    with servers.copied_database(postgres_directory, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """This process's Redis."""
    broker = servers.new_broker()
    with servers.redis(broker):
        yield broker.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SQLite database, whole in one file."""
    from tests.installation import make_settings, prepare

    directory = tmp_path_factory.mktemp("template")
    path = directory / "template.sqlite3"
    prepare(make_settings(directory, f"sqlite:///{path}"))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_directory: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated and seeded PostgreSQL database."""
    from tests.installation import make_settings, prepare

    servers.ask(postgres_directory, "CREATE DATABASE template_pqr")
    url = servers.database(postgres_directory, "template_pqr")
    prepare(make_settings(tmp_path_factory.mktemp("template"), url))
    return "template_pqr"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of this test; the test runs once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "pqr.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    directory = request.getfixturevalue("postgres_directory")
    with servers.copied_database(directory, request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> "Settings":
    """The settings of a service over that database."""
    from tests.installation import make_settings

    return make_settings(tmp_path, database_url)


@pytest.fixture
def app(settings: "Settings") -> Iterator["Flask"]:
    """The application; its connections are closed afterwards."""
    from pqr.app import create_app
    from pqr.db import db

    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: "Flask") -> Iterator["Session"]:
    """A session on the application's database. The test commits what the application is to see."""
    from sqlalchemy.orm import Session

    from pqr.db import db

    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """This process's Chromium, which calls nobody by itself; to start it costs more than most pages."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        executable = servers.program("chromium", "chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: "Browser") -> Iterator["Browser"]:
    """A real Chromium, of which nothing of this test stays open."""
    yield chromium
    for context in chromium.contexts:
        context.close()
