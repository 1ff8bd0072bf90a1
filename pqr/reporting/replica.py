"""From which database do the figures come?  From its replica where there is one, and from itself when that one is down.

Only what may be some seconds old is read there: a view that says so with `may_lag`. Who is asking, and everything that
anybody does, is asked of the primary.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from flask import Flask, current_app, g
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pqr import clock
from pqr.db import db, make_engine
from pqr.leases import BEAT, LEASE, Lease

UNSAID = timedelta(minutes=1)  # a delay that nobody needs to know of
TOO_LATE = timedelta(hours=1)
PAUSE_SECONDS = 30.0  # for which one that failed is left alone

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)


class Replica:
    """The replica of this process. `away_until`: by the monotonic clock."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = make_engine(url).execution_options(postgresql_readonly=True)
        self.away_until = float("-inf")


def use(app: Flask, url: str) -> None:
    """Reads the figures there."""
    app.extensions["pqr_replica"] = Replica(url) if url else None


def figures_session() -> Session:
    """The session that a view which may lag reads with."""
    found: Session | None = g.get("figures_session")
    return found or db.session()


def may_lag(view: Callable[P, R]) -> Callable[P, R]:
    """For a view that only reads, with `figures_session`; it is asked once more of the primary if the replica fails."""

    @wraps(view)
    def asked(*args: P.args, **given: P.kwargs) -> R:
        replica: Replica | None = current_app.extensions["pqr_replica"]
        if replica is None or time.monotonic() < replica.away_until:
            return view(*args, **given)
        with suppress(_Away):
            return _there(replica, lambda: view(*args, **given))
        g.figures_session = g.figures_at = None
        return view(*args, **given)

    return asked


class _Away(Exception):
    """The replica cannot be used now."""


def _there(replica: Replica, view: Callable[[], R]) -> R:
    try:
        with Session(replica.engine) as session:
            g.figures_session, at = session, read_at(session)
            late = clock.now() - at if at else TOO_LATE
            if late < TOO_LATE:
                g.figures_at = at if late > UNSAID else None
                return view()
            reason = f"{late.total_seconds():.0f} s late"
    except DBAPIError as error:  # it is down, or it dropped what stood in the way of what it must replay
        reason = type(error.orig).__name__
    replica.away_until = time.monotonic() + PAUSE_SECONDS
    log.error("replica_away", reason=reason)
    raise _Away


def read_at(session: Session) -> datetime | None:
    """Everything of before that instant is there: the schedule's lease is written every few seconds."""
    beat = session.scalar(select(Lease.until).where(Lease.name == BEAT))
    replayed: datetime | None = session.scalar(select(func.pg_last_xact_replay_timestamp()))
    return max(filter(None, (beat - LEASE if beat else None, replayed)), default=None)
