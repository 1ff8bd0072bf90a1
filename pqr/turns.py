"""Who works on a ledger in this process?  One thread at a time: two would only wait for each other's locks."""

import threading
from collections.abc import Callable


class Turn:
    """Lets one thread of a process work; who comes meanwhile is told zero, and the work is done once more."""

    def __init__(self) -> None:
        self._asked, self._taken = threading.Event(), threading.Lock()

    def run(self, work: Callable[[], int]) -> int:
        """What the work returned, summed over the times it was asked for; 0 where another thread does it."""
        done = 0
        self._asked.set()
        while self._asked.is_set() and self._taken.acquire(blocking=False):
            try:
                self._asked.clear()
                done += work()
            finally:
                self._taken.release()
        return done
