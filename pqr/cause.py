"""What caused this?  The request, mail or task that a process is at work on; its id follows into logs and letters."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WELL_FORMED = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,35}")
_current: ContextVar[str] = ContextVar("pqr_cause", default="")


def current() -> str:
    """The id of what is being worked on; "" where nothing began it."""
    return _current.get()


def begin(cause: str) -> None:
    """From now on, in this thread or context, all is caused by this."""
    _current.set(cause)


@contextmanager
def by(cause: str) -> Iterator[None]:
    """All within is caused by this."""
    token = _current.set(cause)
    try:
        yield
    finally:
        _current.reset(token)


def new() -> str:
    """An id that says nothing of anybody."""
    return secrets.token_hex(16)


def given(header: str) -> str:
    """The id that a proxy gave, if it is well formed, else a new one."""
    return header if _WELL_FORMED.fullmatch(header) else new()


def short(cause: str) -> str:
    """What a person can read out on the telephone: the beginning of it."""
    return cause[:8].upper()
