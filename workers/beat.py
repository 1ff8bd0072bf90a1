"""Which of several machines keeps the schedule?  The one that holds its lease; the others look every few seconds.

Every machine may start a beat. Whoever is cut off from the database has lost its lease, and sends nothing. A message
too many would change nothing either: tasks look at the ledgers.
"""

import os
import platform
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from pqr.db import instant, transaction
from pqr.leases import BEAT, LEASE, Claim, holder_of, take
from workers.app import flask_app
from workers.pace import Scheduler

LOOK_SECONDS = 3.0

log = structlog.get_logger(__name__)


class OneOfMany(Scheduler):
    """The steady one, which sends while this process holds the lease."""

    def __init__(self, *args: Any, **given: Any) -> None:
        self._me = f"{_machine()}/{os.getpid()}"
        self._holds, self._looked = False, float("-inf")
        super().__init__(*args, **given)

    def tick(self, *args: Any, **given: Any) -> float:
        """Sends what is due, one at a time; the seconds until the next look."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._look()
        return min(super().tick(*args, **given), LOOK_SECONDS) if self._holds else LOOK_SECONDS

    def _look(self) -> None:
        held, before, gone = self._holds, "", ""
        try:
            with flask_app.app_context(), transaction() as session:
                before = holder_of(session, BEAT)
                gone = before if _is_dead(before) else ""
                self._holds = take(session, Claim(BEAT, self._me, LEASE, gone), instant(session))
        except SQLAlchemyError as error:
            self._holds = False
            log.error("schedule_without_database", error=type(error).__name__)
        self._looked = time.monotonic()
        if held and not self._holds:
            log.warning("schedule_lost")
        if self._holds and not held:
            log.info("schedule_taken", before=before)
            if before and not gone:
                self._make_up()

    def _make_up(self) -> None:
        """What the other machine did last is not known here, so all is due now."""
        for entry in self.schedule.values():
            entry.last_run_at = self.app.now() - timedelta(days=2)
        self._heap = None


def _machine() -> str:
    """This machine; two containers of one name are two, for each sees its own processes alone."""
    space = ""
    with suppress(OSError):
        space = f"-{Path('/proc/self/ns/pid').stat().st_ino}"
    return platform.node()[:80] + space


def _is_dead(holder: str) -> bool:
    """Whether it was a process of this machine that runs no more."""
    machine, _, number = holder.rpartition("/")
    if machine != _machine():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
