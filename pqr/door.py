"""What does every web door need?  The settings, the office with today's calendar, the limiter, the nudge."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

from pqr import sealing
from pqr.closures.calendar import load_calendar
from pqr.config import Office, Settings
from pqr.db import db, reading
from pqr.entity.naming import known_as
from pqr.rekeying import retired
from pqr.sealing import alias
from pqr.terms.calendar import Calendar


def visitor() -> str:
    """Who is counted: an alias of the address, so that nobody reads in the counters who files without a name."""
    return alias(get_remote_address())


# Citizens of a vereda share one address: limits stop machines, never a neighbour. See `create_app` for storage.
limiter = Limiter(key_func=visitor)


def settings() -> Settings:
    """The settings of the running application."""
    found = current_app.extensions["pqr_settings"]
    assert isinstance(found, Settings)
    return found


def recall_keys() -> None:
    """Takes, besides the keys of the settings, those that went and are still recognised (see `pqr.rekeying`).

    For a process that begins. While the database does not answer, every request tries again.
    """
    found = _recalled()
    if found is None:
        current_app.extensions["pqr_keys_due"] = True
        return
    configured = settings()
    every = (*configured.secret_keys, *(key for key in found if key not in configured.secret_keys))
    sealing.use(every)
    current_app.extensions["pqr_settings"] = replace(configured, secret_keys=every)
    current_app.extensions.pop("pqr_keys_due", None)


def recall_if_due() -> None:
    """At the beginning of a request."""
    if "pqr_keys_due" in current_app.extensions:
        recall_keys()


def _recalled() -> tuple[str, ...] | None:
    """None where the database did not answer; nothing where there is none yet."""
    path = db.engine.url.database or ""
    if db.engine.dialect.name == "sqlite" and not Path(path).is_file():
        return ()
    try:
        with reading() as session:
            return retired(session)
    except ProgrammingError:  # PostgreSQL: no such table before the first upgrade
        return ()
    except SQLAlchemyError as error:
        return () if "no such table" in str(error) else None
    finally:
        db.engine.dispose()  # a process that divides itself later must not share the connection


def office(session: Session, calendar: Calendar | None = None) -> Office:
    """What acts may know: the entity as it is known now, with the calendar in force or another one to try."""
    return known_as(session, settings().office(calendar or load_calendar(session)))


def nudge() -> None:
    """Asks the workers to look at the ledgers now. Without workers or broker nothing is lost: the schedule does it."""
    plugged: Callable[[], None] = current_app.extensions.get("pqr_nudge", lambda: None)
    plugged()
