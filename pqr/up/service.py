"""In which order does everything start and stop?

Claim the data directory, start a broker if none is given, migrate and seed, then web, worker, beat, mail in.
If one of them falls, all stop and it is said why. It restarts nothing by itself: that is for whoever started
it (a person, systemd), who must see the reason.
"""

import errno
import fcntl
import gc
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from pqr.config import ROOT, Settings
from pqr.errors import PqrError
from pqr.up import orders
from pqr.up.broker import Broker, private_broker
from pqr.up.children import Place
from pqr.up.crew import Crew
from pqr.up.logbook import Logbook
from pqr.up.ports import greets_by_mail, require_free, serves_pages

APPLICATION = ("pqr.app", "pqr.upgrade")
SERVERS = (
    *("gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "aiosmtpd.controller"),
    *("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.worker.consumer"),
    *("celery.concurrency.thread", "kombu.transport.redis", "prometheus_client.multiprocess"),
)
STOP_ORDER = ("init", "mailbox", "mail-in", "web", "beat", "worker", "broker")
MIGRATION_SECONDS = 3600.0
START_SECONDS = 60.0
DISK_TROUBLES = {
    errno.EROFS: "disco de solo lectura",
    errno.EACCES: "sin permiso",
    errno.ENOSPC: "disco lleno",
}


class CannotStart(PqrError):
    """Something that the operator must settle first; the text says what and how."""


def run(settings: Settings, environ: Mapping[str, str]) -> int:
    """Run everything until asked to stop. 0: stopped as asked; 1: it could not start, or a process fell."""
    logbook = Logbook()
    try:
        with claimed(settings.data_dir):
            require_free(settings.host, settings.port, "PQR_PORT")
            require_free(settings.mail_in_host, settings.mail_in_port, "PQR_MAIL_IN_PORT")
            return _operate(settings, environ, logbook)
    except PqrError as reason:
        logbook.complain(str(reason))
        return 1


@contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """One `up` for each data directory; the lock goes with the process, so it is never stale. Raises CannotStart."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "up.lock").open("a+b")
    except OSError as error:
        trouble = DISK_TROUBLES.get(error.errno or 0, error.strerror)
        raise CannotStart(f"no se puede escribir en {directory} ({trouble}); ver PQR_DATA_DIR.") from error
    with lock:
        _lock_or_refuse(lock, directory)
        yield


def _lock_or_refuse(lock: BinaryIO, directory: Path) -> None:
    lock.seek(0)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = lock.read().decode().strip()
        raise CannotStart(f"ya hay un servicio en marcha sobre {directory} (proceso {owner}).") from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n".encode())
    lock.flush()


def _operate(settings: Settings, environ: Mapping[str, str], logbook: Logbook) -> int:
    broker = None if settings.redis_url else _own_broker()
    redis_url = broker.url if broker else settings.redis_url
    place = Place(_environment(settings, environ, redis_url), ROOT)
    with Crew(place, logbook.line, STOP_ORDER) as crew:
        if broker:
            crew.start(orders.broker(broker, settings))
        ready = _start(crew, settings, broker.answers if broker else lambda: True, logbook)
        if ready:
            crew.watch()
        # systemd asks every process at once: whoever obeys before being told by us has not fallen
        fallen = None if crew.requests else crew.fallen()
        logbook.farewell(fallen, late=not (ready or crew.requests or fallen))
    return 0 if crew.requests == 1 and not fallen else 1


def _own_broker() -> Broker:
    broker = private_broker()
    if broker is None:
        raise CannotStart("no hay Redis: instale redis-server o valkey-server, o indique PQR_REDIS_URL.")
    return broker


def _environment(settings: Settings, environ: Mapping[str, str], redis_url: str) -> dict[str, str]:
    """What the children see. Absolute paths: they work in the project's directory, not in the caller's."""
    found = {"PQR_DATA_DIR": str(settings.data_dir), "PQR_DATABASE_URL": settings.database_url}
    return {**environ, **found, "PQR_REDIS_URL": redis_url}


def _start(crew: Crew, settings: Settings, broker_answers: Callable[[], bool], logbook: Logbook) -> bool:
    """Everything in order until it can be used; False when that did not come to pass."""
    gc.disable()  # nothing of what is imported becomes garbage
    with tempfile.TemporaryFile() as report:
        _import(APPLICATION)
        import_module("pqr.metrics").use(settings.data_dir)
        init = crew.start(orders.init(report.fileno()))
        _import(SERVERS)  # meanwhile
        import_module("sqlalchemy.orm").configure_mappers()  # which each would do by itself, and share with nobody
        if not crew.wait_until(lambda: init.code == 0, MIGRATION_SECONDS):
            return False
        report.seek(0)
        link = json.loads(report.read() or "{}").get("admin_link")
    if not crew.wait_until(broker_answers, START_SECONDS):
        return False
    gc.freeze()  # the collector would touch, and so copy, every page that the children share
    gc.enable()
    for order in (orders.web(settings), orders.worker(), orders.beat(settings), orders.mail_in()):
        crew.start(order)
    if settings.imap_url:
        crew.start(orders.mailbox())
    if not _usable(crew, settings):
        return False
    logbook.welcome(settings, link)
    return True


def _usable(crew: Crew, settings: Settings) -> bool:
    return crew.wait_until(
        lambda: serves_pages(settings.host, settings.port, settings.base_url), START_SECONDS
    ) and crew.wait_until(lambda: greets_by_mail(settings.mail_in_host, settings.mail_in_port), START_SECONDS)


def _import(modules: Iterable[str]) -> None:
    """What the children need, once for all of them; only this process's time and memory are spent."""
    for module in modules:
        import_module(module)
