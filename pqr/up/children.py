"""How is a process of `pqr up` born?

A child is a fork of the parent that has already imported everything: five Python processes pay once for
their imports, in seconds and in memory. Each lives in a session of its own, so that Ctrl-C reaches the parent
alone, speaks through one pipe, and dies with the parent, whatever kills it.
"""

import ctypes
import os
import signal
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from setproctitle import setproctitle

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # prctl(2)
READ_BYTES = 65536
REMEMBERED_LINES = 12
MOST_DESCRIPTORS = 1024


@dataclass(frozen=True)
class Order:
    """What a child does; it ends when `act` returns or leaves with SystemExit.

    `patience`: seconds between SIGTERM and SIGKILL. `errand`: may end by itself with code 0. `quiet`: its
    lines are shown only if it falls. `stdin`: a text to read. `stdout`: a descriptor for what is not log.
    """

    name: str
    act: Callable[[], object]
    patience: float = 10.0
    errand: bool = False
    quiet: bool = False
    stdin: str = ""
    stdout: int | None = None


@dataclass(frozen=True)
class Place:
    """Where children live: their environment and working directory."""

    environ: Mapping[str, str]
    directory: Path


@dataclass
class Child:
    """A started order. `code`: None while it runs, then its exit code, negative for a signal."""

    order: Order
    pid: int
    pipe: int
    asked_to_end: bool = False
    code: int | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED_LINES))
    unfinished: bytes = b""

    def read(self) -> list[str] | None:
        """The lines that have come since the last call; None when nothing will come any more."""
        try:
            piece = os.read(self.pipe, READ_BYTES)
        except BlockingIOError:
            return []
        if not piece and not self.unfinished:
            return None
        *lines, self.unfinished = (self.unfinished + (piece or b"\n")).split(b"\n")
        heard = [text for line in lines if (text := line.decode(errors="replace").rstrip())]
        self.last_lines.extend(heard)
        return heard


def give_birth(order: Order, place: Place) -> Child:
    """Fork a child. The parent must have one thread only: a lock held by another would stay shut."""
    sys.stdout.flush()
    sys.stderr.flush()
    pipe, end_of_child = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _live(order, place, end_of_child, parent)
    os.close(end_of_child)
    os.set_blocking(pipe, False)
    return Child(order, pid, pipe)


def _live(order: Order, place: Place, log: int, parent: int) -> NoReturn:
    """The whole life of a child: it never returns into the frames that it inherited from its parent."""
    code = 1
    try:
        _settle(order, place, log, parent)
        order.act()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):  # a parent that was killed reads no more, and what follows must not be skipped
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _settle(order: Order, place: Place, log: int, parent: int) -> None:
    os.setsid()
    setproctitle(f"pqr {order.name}")
    _die_with(parent)
    signal.set_wakeup_fd(-1)
    for number in (*STOP_SIGNALS, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    _wire(order, log)
    os.environ.clear()
    os.environ.update(place.environ)
    os.chdir(place.directory)


def _wire(order: Order, log: int) -> None:
    """Standard streams of its own; nothing else stays open, or a dead parent's pipe would never break."""
    with tempfile.TemporaryFile() as text:
        text.write(order.stdin.encode())
        text.seek(0)
        os.dup2(text.fileno(), 0)
    os.dup2(log if order.stdout is None else order.stdout, 1)
    os.dup2(log, 2)
    os.closerange(3, MOST_DESCRIPTORS)
    sys.stdout, sys.stderr = (  # new ones: those of the parent believe that they write to its file
        open(number, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        for number in (1, 2)
    )


def _die_with(parent: int) -> None:
    """SIGTERM when the parent disappears, even by SIGKILL. Linux only: elsewhere somebody must look."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
