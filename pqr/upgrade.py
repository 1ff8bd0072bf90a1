"""How does the database come to be?  Migrations, then the seeds that an empty installation needs."""

from datetime import datetime

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from pqr.closures.calendar import YEARS_AHEAD, seed_closures
from pqr.secretarias.directory import seed_directory
from pqr.terms.calendar import BOGOTA

FIRST_YEAR = 2024


def migrate(app: Flask) -> None:
    """Brings the tables to this version of the program."""
    with app.app_context():
        upgrade()


def seed(session: Session, now: datetime) -> None:
    """Offices, topics and holidays, where there are none yet; what a person changed stays."""
    seed_directory(session)
    seed_closures(session, range(FIRST_YEAR, now.astimezone(BOGOTA).year + YEARS_AHEAD + 1), now)
