"""What has this machine done?  Counted by each process in a small file, and added up for whoever asks (Prometheus).

Labels are names of pages, tasks, channels and verdicts, never an address or anything of a person. The files live in
the data directory, have all their room from the start (a disk that fills later cannot end a process by them), and
where they cannot be had nothing is counted and the service works all the same.
"""

import fcntl
import os
import re
import socket
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from pqr.tickets.models import Ticket
from pqr.watching.facts import Gauge

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MIME = "text/plain; version=0.0.4; charset=utf-8"
ROOM = {"counter": 1 << 16, "histogram": 1 << 20}  # bytes: several times what all our labels take
REQUEST_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
TASK_BUCKETS = (0.05, 0.25, 1, 5, 15, 60, 300, 1800)
_UNREADABLE = (struct.error, RuntimeError, UnicodeDecodeError)  # what reading a file that is not whole ends with
_DEAD = "0"  # whose file keeps what ended processes had counted: a total never falls
_FILED = "pqr_filed"
_places: list[Path] = []


class Book:
    """What one process counts."""

    def __init__(self, directory: Path) -> None:
        from prometheus_client import Counter, Histogram

        with _alone(directory):
            _bury(directory)
            for kind, room in ROOM.items():
                _make_room(directory / f"{kind}_{os.getpid()}.db", room)
        self.filed = Counter("pqr_filed", "Petitions filed", ["channel"], registry=None)
        self.mails = Counter("pqr_mails", "Mails settled", ["verdict"], registry=None)
        self.responses = Counter("pqr_responses", "Answers of the pages", ["status"], registry=None)
        self.requests = Histogram(
            "pqr_request_seconds", "Time of a request", ["endpoint"], buckets=REQUEST_BUCKETS, registry=None
        )
        self.tasks = Histogram(
            "pqr_task_seconds", "Time of a task", ["task", "outcome"], buckets=TASK_BUCKETS, registry=None
        )


def use(data_dir: Path) -> None:
    """Where this process counts from now on; the first place holds, and nothing is opened before there is a count."""
    if not _places:
        _places.append(data_dir / "metrics" / re.sub(r"[^\w.-]", "_", socket.gethostname()))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_places[0])  # what prometheus_client looks for when it is imported


def request(endpoint: str, status: int, seconds: float) -> None:
    """A page was served. `endpoint`: its name in the code, never its address."""
    if book := _book(os.getpid()):
        book.requests.labels(endpoint).observe(seconds)
        book.responses.labels(f"{status // 100}xx").inc()


def task(name: str, seconds: float, *, well: bool) -> None:
    """A task ended."""
    if book := _book(os.getpid()):
        book.tasks.labels(name, "well" if well else "failed").observe(seconds)


def mail(verdict: str) -> None:
    """A mail was settled."""
    if book := _book(os.getpid()):
        book.mails.labels(verdict).inc()


@lru_cache(maxsize=1)
def _book(_pid: int) -> Book | None:
    if not _places:
        return None
    try:
        _places[0].mkdir(parents=True, exist_ok=True)
        return Book(_places[0])
    except (OSError, *_UNREADABLE):
        return None


@event.listens_for(Session, "after_flush")
def _notice_filings(session: Session, _context: UOWTransaction) -> None:
    """Whatever door a petition came in by; counted once it is committed."""
    channels = [each.channel for each in session.new if isinstance(each, Ticket)]
    if channels:
        session.info.setdefault(_FILED, []).extend(channels)


@event.listens_for(Session, "after_commit")
def _count_filings(session: Session) -> None:
    for channel in session.info.pop(_FILED, ()):
        if book := _book(os.getpid()):
            book.filed.labels(str(channel)).inc()


@event.listens_for(Session, "after_rollback")
def _forget_filings(session: Session) -> None:
    session.info.pop(_FILED, None)


def page(gauges: Iterable[Gauge]) -> bytes:
    """All numbers in Prometheus's text: what the processes of this data directory counted, and these gauges."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Told([*_counted(), *_as_metrics(gauges)]))
    return generate_latest(registry)


class _Told:
    """A collector of what is known already."""

    def __init__(self, metrics: "list[Metric]") -> None:
        self._metrics = metrics

    def collect(self) -> "Iterator[Metric]":
        """As a registry asks for it."""
        yield from self._metrics


def _counted() -> "Iterable[Metric]":
    from prometheus_client import multiprocess

    if not (_places and _places[0].is_dir()):
        return []
    with _alone(_places[0]):
        _bury(_places[0])
        collector: Any = multiprocess.MultiProcessCollector
        whole = [str(path) for path in _places[0].parent.glob("*/*.db") if _read(path)]
        found: Iterable[Metric] = collector.merge(whole)
    return found


def _as_metrics(gauges: Iterable[Gauge]) -> "Iterator[Metric]":
    from prometheus_client.core import GaugeMetricFamily

    families = defaultdict[str, list[Gauge]](list)
    for each in gauges:
        families[each.name].append(each)
    for name, rows in families.items():
        family = GaugeMetricFamily(name, rows[0].meaning, labels=[label for label, _ in rows[0].labels])
        for each in rows:
            family.add_metric([value for _, value in each.labels], each.value)
        yield family


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time moves files or adds them up, or what is moved would be counted twice."""
    with (directory / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_room(path: Path, room: int) -> None:
    with path.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, room)


def _bury(directory: Path) -> None:
    """What ended processes of this machine had counted goes into one file, and theirs away."""
    for kind, room in ROOM.items():
        dead = [path for path in directory.glob(f"{kind}_*.db") if _has_ended(path.stem.partition("_")[2])]
        if not dead:
            continue
        grave = directory / f"{kind}_{_DEAD}.db"
        _make_room(grave, room)
        total = _file_of_numbers()(str(grave))
        for path in dead:
            for key, value in _read(path):
                total.write_value(key, total.read_value(key)[0] + value, 0.0)
            path.unlink()
        total.close()


def _read(path: Path) -> Sequence[tuple[str, float]]:
    """What is counted there; nothing in a file that never had its room, for the disk was full or its process killed."""
    with suppress(*_UNREADABLE):
        return [(key, value) for key, value, _, _ in _file_of_numbers().read_all_values_from_file(str(path))]
    return ()


def _file_of_numbers() -> Any:
    """Of the library, which says nothing of its types; imported when there is something to count."""
    from prometheus_client.mmap_dict import MmapedDict

    return MmapedDict


def _has_ended(pid: str) -> bool:
    if pid == _DEAD or not pid.isdigit():
        return False
    with suppress(PermissionError):  # it lives, and is somebody else's now: its number was given anew
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
    return False
