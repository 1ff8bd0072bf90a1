"""How does the database come to be?  Migrations, then the seeds that an empty installation needs."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from pqr.closures.calendar import YEARS_AHEAD, seed_closures
from pqr.config import ROOT
from pqr.db import db
from pqr.entity.notices import seed_notices
from pqr.entity.retention import seed_retention
from pqr.secretarias.directory import seed_directory
from pqr.secretarias.places import seed_places
from pqr.terms.calendar import BOGOTA
from pqr.tickets.hiding import seal_what_is_not
from pqr.tickets.indexing import index_what_is_not

FIRST_YEAR = 2024
OF_THE_SEARCH = "ticket_words_index"  # SQLite keeps several tables for it, and neither engine's is a model's


class Migrations:
    """Flask-Migrate, from when somebody asks it for something: it brings Alembic along, and few need its tables."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(ROOT / "migrations"))  # takes this one's place
        return getattr(self._app.extensions["migrate"], name)


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares it with the models: not what a migration made for one database alone."""
    return not (name or "").startswith(OF_THE_SEARCH) and (kind, name) != ("column", "lexemes")


def migrate(app: Flask) -> None:
    """Brings the tables to this version of the program."""
    from flask_migrate import upgrade  # slow to import, and seldom needed

    with app.app_context():
        upgrade()


def seed(session: Session, now: datetime) -> None:
    """What an installation needs to work: lists, notices, holidays, seals; what a person changed stays."""
    seed_directory(session)
    seed_places(session)
    seed_notices(session)
    seed_retention(session)
    seed_closures(session, range(FIRST_YEAR, now.astimezone(BOGOTA).year + YEARS_AHEAD + 1), now)
    index_what_is_not(session)
    seal_what_is_not(session)
