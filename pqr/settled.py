"""What every page asks of the settings changes once a month: each process reads it once for each of its versions.

Whoever changes one of the tables of `SETTLED`, by a page, by a command or with SQL, renews the version: triggers do it
(migration 0049). A version is a random word, so that one that was rolled back never comes again for something else.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model

SETTLED = frozenset({"closures", "entity", "notices", "places", "secretarias", "topics"})
MOST = 4  # versions in memory: more than one only while they change, and where a process has several databases
_TOKEN = "SELECT token FROM settings_version"  # noqa: S105 - it guards nothing
T = TypeVar("T")
_kept: dict[str, dict[str, Any]] = {}


class SettingsVersion(Model):
    """The version of now: one row, which the database writes."""

    __tablename__ = "settings_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))


def version(session: Session) -> str | None:
    """Of the settings as this session sees them, with what it has changed itself; None where nobody knows."""
    if session.autoflush:  # as a query of the tables themselves would
        session.flush()
    return cast(str | None, session.connection().exec_driver_sql(_TOKEN).scalar())


def kept(session: Session, name: str, read: Callable[[Session], T]) -> T:
    """What `read` finds in the tables of `SETTLED` alone: for all who have the same version, so nobody changes it.

    Nothing in it belongs to a session.
    """
    token = version(session)
    if token is None:
        return read(session)
    if token not in _kept:
        for old in list(_kept)[: len(_kept) - MOST + 1]:
            _kept.pop(old, None)
    known = _kept.setdefault(token, {})
    if name not in known:
        known[name] = read(session)
    return cast(T, known[name])
