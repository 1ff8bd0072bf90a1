"""What does an installation for a test look like?  Real settings, migrations and seeds, with known values."""

from datetime import UTC, datetime
from pathlib import Path

from pqr import config
from pqr.app import create_app
from pqr.config import Settings
from pqr.db import db, writing
from pqr.upgrade import migrate, seed

SEEDED_AT = datetime(2026, 1, 2, 15, 0, tzinfo=UTC)


def make_settings(directory: Path, database_url: str = "", **more: str) -> Settings:
    """Settings as the service reads them; `more`: further PQR_* variables. By default SQLite in there."""
    environ = {
        "PQR_DATA_DIR": str(directory),
        "PQR_DATABASE_URL": database_url,
        "PQR_SECRET_KEY": "clave-de-las-pruebas-0123456789",
        "PQR_MAIL_DOMAIN": "puerres.example",
        "PQR_RATE_LIMITS": "off",
    }
    return config.load(environ | more)


def prepare(settings: Settings) -> None:
    """Migrations and seeds on an empty database; no connection stays open."""
    app = create_app(settings)
    migrate(app)
    with app.app_context():
        with writing(db.engine) as session:
            seed(session, SEEDED_AT)
        db.engine.dispose()
