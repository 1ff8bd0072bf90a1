"""Who starts the service again when one of its processes dies?  Here the test, as systemd does with Restart=always.

`pqr up` restarts nothing by itself: when a child falls it ends the others in order and says why.
"""

import os
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from imaplib import IMAP4
from pathlib import Path
from typing import Any, Self

import pytest

from tests.faults.clock import sitecustomize as clock
from tests.running import READY, pqr_up

PATIENCE = 120.0  # seconds; what is waited for takes a few, on a machine that does other things, too
STARTS = 40  # a killed `up` leaves orphans, which finish what they do before they give back the ports
PROCESSES = {
    "up": r"pqr\.cli",
    "broker": r"redis-server|valkey-server",
    "web": r"gunicorn: master|pqr web",
    "pages": r"gunicorn: worker",
    "worker": r"celeryd|pqr worker",
    "beat": r"celery beat|pqr beat",
    "mail-in": r"pqr mail-in",
    "mailbox": r"pqr mailbox",
}


def poll(fact: Callable[[], object], what: str) -> None:
    """Returns once the fact holds; fails the test, by name, where it never does."""
    until = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < until, f"{what}: not in {PATIENCE} s"
        threading.Event().wait(0.02)


def glimpse(fact: Callable[[], object], seconds: float) -> None:
    """Returns once the fact holds, or when the time is over: while something is broken it may never."""
    until = time.monotonic() + seconds
    while not fact() and time.monotonic() < until:
        threading.Event().wait(0.02)


def insist(act: Callable[..., Any], *given: object) -> Any:
    """Does it again, in the same words, until nobody breaks it off, as a relay and a patient citizen do."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act(*given)
        except (OSError, HTTPException, IMAP4.error):
            if time.monotonic() > until:
                raise
            threading.Event().wait(0.05)


@dataclass
class Kept:
    """A `pqr up` that stands up again. `killed`: how many processes of each kind; `log`: all that it said."""

    environ: dict[str, str]
    log: Path
    process: "subprocess.Popen[str]" = field(init=False)
    starts: int = 0
    killed: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Returns once it is ready; tries again where the orphans of a killed `up` still hold a port."""
        for _ in range(STARTS):
            self._begin()
            if not self.has_ended:
                return
        pytest.fail(f"up does not start:\n{self.log.read_text()[-3000:]}", pytrace=False)

    def _begin(self) -> None:
        with self.log.open("a") as log:
            said_before = log.tell()
            self.process = pqr_up(self.environ, log)
        self.starts += 1
        poll(lambda: self._is_ready(said_before) or self.has_ended, "the service is ready or ends")

    @property
    def has_ended(self) -> bool:
        """Whether nothing runs now."""
        return self.process.poll() is not None

    def kill(self, kinds: tuple[str, ...]) -> None:
        """SIGKILL to one process of each kind, all at once; everything ends, but gunicorn replaces its "pages"."""
        for number in [self._numbers(kind)[0] for kind in kinds]:
            os.kill(number, signal.SIGKILL)
        self.killed.update(kinds)
        if set(kinds) != {"pages"}:
            poll(lambda: self.has_ended, "the service ends")

    def jump(self, ahead: float) -> None:
        """The machine's clock is off by so many seconds from now on; those who run see it, and those who start."""
        Path(self.environ["PQR_TEST_CLOCK"]).write_text(str(ahead))
        for number in self._family() if not self.has_ended else ():
            if not re.search(PROCESSES["broker"], _title(number)):
                with suppress(ProcessLookupError):
                    os.kill(number, clock.SIGNAL)

    def stop(self) -> None:
        """As an operator stops it."""
        self.process.terminate()
        poll(lambda: self.has_ended, "the service ends")

    def _is_ready(self, said_before: int) -> bool:
        return READY.encode() in self.log.read_bytes()[said_before:]

    def _numbers(self, kind: str) -> list[int]:
        return [number for number in self._family() if re.search(PROCESSES[kind], _title(number))]

    def _family(self) -> list[int]:
        family = [self.process.pid, *_children(self.process.pid)]
        return family + [grandchild for child in family[1:] for grandchild in _children(child)]


@contextmanager
def kept(environ: dict[str, str], log: Path) -> Iterator[Kept]:
    """A service that runs until the block is left."""
    service = Kept(environ, log)
    service.start()
    try:
        yield service
    finally:
        if not service.has_ended:
            service.stop()


class Again:
    """A server of the tests that falls, and stands up where it was."""

    def __init__(self, start: Callable[[], AbstractContextManager[Any]]) -> None:
        self._start, self._life = start, ExitStack()
        self.it: Any = None

    def __enter__(self) -> Self:
        self.stand_up()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.fall()

    def fall(self) -> None:
        """As it ends where nobody has killed it before."""
        self._life.close()

    def stand_up(self) -> None:
        """Returns once it is ready."""
        self.it = self._life.enter_context(self._start())


def _children(number: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return []


def _title(number: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    return ""
