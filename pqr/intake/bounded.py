"""What does this message say, if it can be told in reasonable time and memory?

Every message is read by a child process that has 20 seconds for it, of the clock and of the processor, and 768 MB of
addresses; over these bounds it is set aside with the defect `too-costly`, its headers read and the whole kept as a
file, so that it waits for a person and the next one goes on. The child stays for the next message, and ends when none
comes.

It is a program of its own, not a fork: it may be started from any thread of a worker, it inherits neither secrets nor
connections, and what it answers is data, never code.
"""

import atexit
import json
import os
import resource
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any

from pqr.mail.message import TOO_COSTLY, Attachment, IncomingMail, parse, set_aside

_IDLE_SECONDS = 60
_SIZE = 8  # bytes of the number before each piece of a talk
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """What the reading of one message may take: seconds (of the clock, and of the processor) and bytes."""

    seconds: int = 20
    memory: int = 768 * 1024 * 1024


USUAL = Bounds()


def parse_bounded(raw: bytes, bounds: Bounds = USUAL) -> IncomingMail:
    """Return what the message says, or its headers alone with the defect `too-costly`.

    Raises OSError only where the machine cannot start a process: then the message is as good as it was, and the
    caller tries again later.
    """
    told = _told(raw, bounds)
    return set_aside(raw, TOO_COSTLY) if told is None else told


class _Gone(Exception):
    """The child is no more."""


class _Reader:
    """A child that reads messages, one after the other. `fresh`: it has not read any yet."""

    def __init__(self, bounds: Bounds) -> None:
        """Start it. Raises OSError."""
        self.bounds, self.fresh, self.owner = bounds, True, os.getpid()
        limits = (str(bounds.seconds), str(bounds.memory))
        command = [sys.executable, "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{_CHILD}", *limits]
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )

    def ask(self, raw: bytes) -> IncomingMail:
        """Return what the message says. Raises _Gone, or TimeoutError when it takes longer than it may."""
        assert self._child.stdin is not None
        until = time.monotonic() + self.bounds.seconds
        try:
            self._child.stdin.write(len(raw).to_bytes(_SIZE) + raw)
            self._child.stdin.flush()
            return _unpacked(self._read(int.from_bytes(self._read(_SIZE, until)), until))
        except (BrokenPipeError, ValueError, KeyError, TypeError) as trouble:
            raise _Gone from trouble
        finally:
            self.fresh = False

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        with suppress(BrokenPipeError):
            self._child.kill()
            self._child.communicate()

    def _read(self, size: int, until: float) -> bytes:
        assert self._child.stdout is not None
        pieces, number = [], self._child.stdout.fileno()
        while size:
            if not select.select([number], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(number, min(size, _CHUNK))
            if not piece:
                raise _Gone
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


_waiting: list[_Reader] = []
_one_at_a_time = threading.Lock()


def _told(raw: bytes, bounds: Bounds) -> IncomingMail | None:
    """What a child says; None when the message is too much for it. One that ended while idle is no sign of that."""
    reader = _take(bounds)
    while True:
        was_fresh = reader.fresh
        try:
            told = reader.ask(raw)
        except (_Gone, TimeoutError) as trouble:
            reader.end()
            if was_fresh or isinstance(trouble, TimeoutError):
                return None
            reader = _Reader(bounds)
            continue
        _give_back(reader)
        return told


def _take(bounds: Bounds) -> _Reader:
    """The child that waits for work in this process, else a new one."""
    with _one_at_a_time:
        mine = [reader for reader in _waiting if reader.owner == os.getpid() and reader.bounds == bounds]
        if mine:
            _waiting.remove(mine[0])
            return mine[0]
    return _Reader(bounds)


def _give_back(reader: _Reader) -> None:
    """Keep one child for the next message; a second one, of another thread, goes."""
    with _one_at_a_time:
        if not any(other.owner == reader.owner for other in _waiting):
            _waiting.append(reader)
            return
    reader.end()


@atexit.register
def end_readers() -> None:
    """End the children that wait in this process."""
    for reader in _waiting:
        if reader.owner == os.getpid():
            reader.end()


_CHILD = f"from {__name__} import read_on\nread_on(sys.argv[1:])"


def read_on(limits: Sequence[str]) -> None:
    """Read messages from standard input and tell what they say on standard output, until none comes any more."""
    seconds, memory = map(int, limits)
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    given, told = sys.stdin.buffer, sys.stdout.buffer
    while select.select([given], [], [], _IDLE_SECONDS)[0] and (size := given.read(_SIZE)):
        raw = given.read(int.from_bytes(size))
        used = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))
        pieces = _packed(parse(raw))
        told.write(sum(map(len, pieces)).to_bytes(_SIZE))
        told.writelines(pieces)
        told.flush()


def _packed(mail: IncomingMail) -> list[bytes]:
    """One line of JSON, then the contents of the files, one after the other."""
    told = {field.name: getattr(mail, field.name) for field in fields(mail) if field.name != "attachments"}
    told["attachments"] = [asdict(file) | {"content": file.size} for file in mail.attachments]
    return [json.dumps(told).encode("ascii"), b"\n", *(file.content for file in mail.attachments)]


def _unpacked(data: bytes) -> IncomingMail:
    line, _, contents = data.partition(b"\n")
    told: dict[str, Any] = json.loads(line)
    files, start = [], 0
    for file in told.pop("attachments"):
        size = file.pop("content")
        files.append(Attachment(content=contents[start : start + size], **file))
        start += size
    if start != len(contents):
        raise ValueError("the answer was cut")
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return IncomingMail(**(told | lists), attachments=tuple(files))
