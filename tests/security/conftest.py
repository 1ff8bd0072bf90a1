"""One furnished office for all tests of a file: what is walked here costs requests, not databases."""

import shutil

import pytest

from tests.installation import make_settings


@pytest.fixture(scope="module")
def house(sqlite_template, tmp_path_factory):
    """See `tests.security.house`. On SQLite: who may pass is decided before the database is asked."""
    from sqlalchemy.orm import Session

    from pqr.app import create_app
    from pqr.db import db
    from tests.security.house import furnished

    directory = tmp_path_factory.mktemp("house")
    path = directory / "pqr.sqlite3"
    shutil.copyfile(sqlite_template, path)
    settings = make_settings(directory, f"sqlite:///{path}")
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield furnished(app, session, settings)
    engine.dispose()
