"""What keeps the schedule when the machine falters?  A scheduler that needs neither room on the disk nor a true clock.

What beat remembers of its turns is a help, not a need: a machine without room goes on by what is in its memory. And a
clock that was ahead and is set right must not silence the schedule until the hours of before come again.
"""

from datetime import timedelta
from typing import Any

import structlog
from celery.beat import PersistentScheduler

SOON, LONG_AGO = timedelta(seconds=5), timedelta(days=2)  # no pause of the schedule is longer

log = structlog.get_logger(__name__)


class Scheduler(PersistentScheduler):
    """The persistent one, on unsteady ground."""

    def sync(self) -> None:
        """Writes down the last turns, if there is room."""
        try:
            super().sync()
        except Exception as trouble:  # whatever the kind of file of this machine says of a full disk
            log.error("schedule_not_kept", error=type(trouble).__name__)

    def tick(self, *given: Any, **more: Any) -> float:
        """One turn; those that are remembered for an hour that is still to come are due now."""
        now, stray = self.app.now(), False
        for entry in self.schedule.values():
            if entry.last_run_at is not None and entry.last_run_at > now + SOON:
                entry.last_run_at = now - LONG_AGO
                stray = True
        if stray:
            self._heap = None  # it is ordered by the hours of before
            log.warning("clock_set_back")
        return float(super().tick(*given, **more))
