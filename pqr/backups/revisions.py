"""Which version are the tables of, and may they be changed now?  Not without a fresh copy."""

from datetime import datetime, timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Engine, func, inspect, select, text

from pqr.backups.models import Backup
from pqr.errors import PqrError

FRESH = timedelta(hours=24)


class NeedsBackup(PqrError):
    """The tables are about to change, and nobody has a copy of how they were."""


def newest() -> str:
    """The revision that this version of the program works with."""
    return _scripts().get_current_head() or ""


def known(revision: str) -> bool:
    """Whether this version of the program knows these tables."""
    return revision in {each.revision for each in _scripts().walk_revisions()}


def changes_petitions(engine: Engine) -> bool:
    """Whether there are petitions in tables of an earlier version."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current in (None, newest()):
            return False
        return connection.scalar(text("SELECT 1 FROM tickets LIMIT 1")) is not None


def require_fresh_copy(engine: Engine, now: datetime) -> None:
    """Raises NeedsBackup where petitions are about to be migrated and no copy of the last day is known of."""
    if not changes_petitions(engine):
        return
    with engine.connect() as connection:
        kept = inspect(connection).has_table(Backup.__tablename__)
        made = connection.scalar(select(func.max(Backup.made_at))) if kept else None
    if made is None or now - made > FRESH:
        raise NeedsBackup(
            "Esta versión cambia las tablas y no hay una copia de las últimas 24 horas. Haga «pqr backup ARCHIVO» y"
            " repita, o, si ya tiene una copia suya, «pqr upgrade --yes». «pqr up» hace la copia por sí mismo."
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
