"""How are the processes of `pqr up` heard, and ended?

One loop reads every pipe and notices every end; there are no threads. Children end one after the other, in
the order asked, each with its own patience; what is left of its process group is then killed.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Self

from pqr.up.children import READ_BYTES, STOP_SIGNALS, Child, Order, Place, give_birth

KILL_SECONDS = 5.0


class Crew:
    """The children, oldest first, and the loop that hears them.

    As a context manager it takes the signals over and, on leaving, ends the children and gives the signals
    back. `stop_order`: the names of those that end first, in that order.
    """

    def __init__(self, place: Place, show: Callable[[str, str], None], stop_order: Sequence[str] = ()) -> None:
        self.children: list[Child] = []
        self.requests = 0
        """How many times somebody asked to stop."""
        self._place = place
        self._show = show
        self._stop_order = stop_order
        self._selector = selectors.DefaultSelector()
        self._bell, self._ringer = socket.socketpair()

    def __enter__(self) -> Self:
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._before = {number: signal.signal(number, self._on_request) for number in STOP_SIGNALS}
        # SIG_DFL would not ring the bell
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_reason: object) -> None:
        self._end_all()
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._selector.close()
        self._bell.close()
        self._ringer.close()

    def _on_request(self, _number: int, _frame: FrameType | None) -> None:
        self.requests += 1

    def start(self, order: Order) -> Child:
        """Start a child; from now on it is heard."""
        child = give_birth(order, self._place)
        self.children.append(child)
        self._selector.register(child.pipe, selectors.EVENT_READ, child)
        return child

    def fallen(self) -> Child | None:
        """The first child that ended although nobody asked."""
        ended = (child for child in self.children if child.code is not None and not child.asked_to_end)
        return next((child for child in ended if child.code or not child.order.errand), None)

    def wait_until(self, fact: Callable[[], bool], seconds: float) -> bool:
        """Attend until the fact holds: True. False on a request to stop, a fall, or when time is over."""
        until = time.monotonic() + seconds
        while not fact():
            left = until - time.monotonic()
            if self.requests or self.fallen() or left < 0:
                return False
            self._attend(min(left, 0.05))
        return True

    def watch(self) -> None:
        """Attend until somebody asks to stop or a child falls."""
        while not self.requests and not self.fallen():
            self._attend(None)

    def _end_all(self) -> None:
        """One more request to stop, meanwhile, kills at once those that are left."""
        turns = {name: turn for turn, name in enumerate(self._stop_order)}
        requests = self.requests
        for child in sorted(self.children, key=lambda child: turns.get(child.order.name, len(turns))):
            self._end_one(child, lambda: self.requests > requests)

    def _end_one(self, child: Child, hurried: Callable[[], bool]) -> None:
        if child.code is None:
            child.asked_to_end = True
            os.kill(child.pid, signal.SIGTERM)
            self._attend_until(lambda: child.code is not None or hurried(), child.order.patience)
        if child.code is None:
            _kill_group(child)
            self._attend_until(lambda: child.code is not None, KILL_SECONDS)

    def _attend_until(self, fact: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not fact() and (left := until - time.monotonic()) > 0:
            self._attend(left)

    def _attend(self, seconds: float | None) -> None:
        for key, _events in self._selector.select(seconds):
            if isinstance(key.data, Child):
                self._hear(key.data)
            else:
                self._bell.recv(READ_BYTES)
        for child in self.children:
            if child.code is None:
                self._notice_end(child)

    def _hear(self, child: Child) -> bool:
        lines = child.read()
        if lines is None:
            self._selector.unregister(child.pipe)
            os.close(child.pipe)
        for line in () if child.order.quiet else lines or ():
            self._show(child.order.name, line)
        return bool(lines)

    def _notice_end(self, child: Child) -> None:
        ended, status = os.waitpid(child.pid, os.WNOHANG)
        if ended:
            while child.pipe in self._selector.get_map() and self._hear(child):
                pass  # what it said before it ended comes before the news of its end
            child.code = os.waitstatus_to_exitcode(status)
            _kill_group(child)  # at once: later the number may be somebody else's


def _kill_group(child: Child) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        os.killpg(child.pid, signal.SIGKILL)
