"""What became of what is done again and again?  Kept for whoever looks after the service; a door."""

from collections.abc import Mapping, Sequence
from time import monotonic

from pqr import clock
from pqr.db import transaction
from pqr.terms.spanish import counted
from pqr.watching import models

EVERY_SECONDS = 60
_noted: dict[str, tuple[float, str]] = {}


def note(name: str, *, every: int = 0, said: str = "", trouble: str = "") -> None:
    """Keeps what became of it now; the same within a minute is kept once."""
    last, before = _noted.get(name, (None, ""))
    if last is not None and trouble == before and monotonic() - last < EVERY_SECONDS * 0.8:
        return
    with transaction() as session:
        models.note(session, name, clock.now(), every=every, said=said, trouble=trouble)
    _noted[name] = monotonic(), trouble


def note_findings(name: str, findings: Sequence[str]) -> None:
    """The same of a search for faults: how many, and the first in words."""
    faults = f"{counted(len(findings), 'falta', 'faltas')}; la primera: {findings[0]}" if findings else ""
    note(name, said="Todo en orden.", trouble=faults)


def expect(schedule: Mapping[str, int]) -> None:
    """The worker that starts says what is to happen from now on, and how often (seconds)."""
    with transaction() as session:
        models.expect(session, schedule, clock.now())
