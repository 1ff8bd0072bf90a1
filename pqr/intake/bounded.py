"""What does this message say, if it can be told in reasonable time and memory?

Ordinary messages are read where one stands. A large or odd one is read by a child process that has 20 seconds of the
clock and of the processor, and 768 MB of addresses; over these bounds it is set aside with the defect `too-costly`,
its headers read and the whole kept as a file, so that it waits for a person and the next one goes on.

The child is a program of its own, not a fork: it may be started from any thread of a worker, it inherits neither
secrets nor connections, and what it answers is data, never code.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any

from pqr.mail.message import TOO_COSTLY, Attachment, IncomingMail, parse, set_aside

_LONGEST_HERE = 120_000
_MOST_MARKS = 20_000
_MARKS = (b"<", b"(", b'"', b"=?", b"\n--", b"\n\n", b"&", b"@", b">")


@dataclass(frozen=True)
class Bounds:
    """What the reading of one message may take: seconds (of the clock, and of the processor) and bytes."""

    seconds: int = 20
    memory: int = 768 * 1024 * 1024


def parse_bounded(raw: bytes, bounds: Bounds = Bounds()) -> IncomingMail:
    """Return what the message says, or its headers alone with the defect `too-costly`.

    Raises OSError only where the machine cannot start a process: then the message is as good as it was, and the
    caller tries again later.
    """
    if _is_ordinary(raw):
        return parse(raw)
    told = _asked(raw, bounds)
    return set_aside(raw, TOO_COSTLY) if told is None else told


def _is_ordinary(raw: bytes) -> bool:
    """Tell by the size and by the marks that make work; a page in base64 hides its marks, so the size is small."""
    return len(raw) <= _LONGEST_HERE and sum(raw.count(mark) for mark in _MARKS) <= _MOST_MARKS


def _asked(raw: bytes, bounds: Bounds) -> IncomingMail | None:
    """Return the child's answer, or None when it needs too much, dies or talks nonsense."""
    limits = (str(bounds.seconds), str(bounds.memory))
    command = [sys.executable, "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{_CHILD}", *limits]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
            command, input=raw, capture_output=True, timeout=bounds.seconds, env={}, check=True
        )
        return _unpacked(done.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError, KeyError, TypeError):
        return None


_CHILD = f"from {__name__} import answer\nanswer(sys.argv[1:])"


def answer(limits: Sequence[str]) -> None:
    """Read one message from standard input under the limits and write what it says to standard output."""
    seconds, memory = map(int, limits)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for piece in _packed(parse(sys.stdin.buffer.read())):
        sys.stdout.buffer.write(piece)


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
