"""How does a command reach the application?  Built when needed, inside its context."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from pqr import config


@contextmanager
def application(database_url: str = "") -> Iterator[Flask]:
    """The application in its context, on the configured database or on this one. Raises ConfigError."""
    from pqr.app import create_app  # the web service is slow to import, and some commands need none
    from pqr.db import db
    from pqr.door import recall_keys

    given = {"PQR_DATABASE_URL": database_url} if database_url else {}
    app = create_app(config.load(config.environment() | given))
    with app.app_context():
        recall_keys()
        try:
            yield app
        finally:
            db.engine.dispose()


@contextmanager
def prepared_application(before: Callable[[], None] | None = None) -> Iterator[Flask]:
    """The application with its database created or brought up to date. `before`: what is done before tables change.

    Raises NeedsBackup where it is not said and no fresh copy of the petitions is known of.
    """
    from pqr import clock
    from pqr.backups.revisions import require_fresh_copy
    from pqr.db import db, transaction
    from pqr.upgrade import migrate, seed

    with application() as app:
        app.extensions["pqr_settings"].data_dir.mkdir(parents=True, exist_ok=True)
        if before is None:
            require_fresh_copy(db.engine, clock.now())
        else:
            before()
        migrate(app)
        with transaction() as session:
            seed(session, clock.now())
        yield app
