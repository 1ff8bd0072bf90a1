"""What does every web door need?  The settings, the office with today's calendar, the limiter, the nudge."""

from collections.abc import Callable

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session

from pqr.closures.calendar import load_calendar
from pqr.config import Office, Settings
from pqr.entity.naming import known_as
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


def office(session: Session, calendar: Calendar | None = None) -> Office:
    """What acts may know: the entity as it is known now, with the calendar in force or another one to try."""
    return known_as(session, settings().office(calendar or load_calendar(session)))


def nudge() -> None:
    """Asks the workers to look at the ledgers now. Without workers or broker nothing is lost: the schedule does it."""
    plugged: Callable[[], None] = current_app.extensions.get("pqr_nudge", lambda: None)
    plugged()
