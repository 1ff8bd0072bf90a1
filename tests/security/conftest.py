"""One furnished office for all tests of a file: what is walked here costs requests, not databases."""

import shutil
from contextlib import contextmanager

import pytest

from tests import servers
from tests.installation import make_settings


@contextmanager
def _open(directory, url):
    from sqlalchemy.orm import Session

    from pqr.app import create_app
    from pqr.db import db
    from tests.security.house import furnished

    settings = make_settings(directory, url)
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield furnished(app, session, settings)
    engine.dispose()


@pytest.fixture(scope="module")
def house(sqlite_template, tmp_path_factory):
    """See `tests.security.house`. On SQLite: who may pass is decided before the database is asked."""
    directory = tmp_path_factory.mktemp("house")
    shutil.copyfile(sqlite_template, directory / "pqr.sqlite3")
    with _open(directory, f"sqlite:///{directory / 'pqr.sqlite3'}") as house:
        yield house


@pytest.fixture(scope="module")
def strict_house(postgres_directory, postgres_template, tmp_path_factory):
    """The same on PostgreSQL, which refuses what SQLite takes: NUL, numbers without end, texts that are too long."""
    with (
        servers.copied_database(postgres_directory, postgres_template) as url,
        _open(tmp_path_factory.mktemp("house"), url) as house,
    ):
        yield house
