"""What does each process of `pqr up` run?  The same commands that one would give `python -m` by hand."""

import os
import runpy
import shelve
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pqr.config import ROOT, Settings
from pqr.up.broker import Broker
from pqr.up.children import Order
from pqr.up.ports import netloc

REQUEST_SECONDS = 20
TASK_SECONDS = 30
WEB_THREADS = 8


def broker(found: Broker, settings: Settings) -> Order:
    """The broker, which reads its configuration from standard input."""
    command = partial(os.execv, found.binary, [found.binary, "-"])
    return Order("broker", command, quiet=True, stdin=found.configuration(settings.data_dir))


def init(report: int) -> Order:
    """Migrations and seeds; its JSON goes to the descriptor `report`."""
    return Order("init", _module("pqr.cli", "init", "--json"), errand=True, stdout=report)


def web(settings: Settings) -> Order:
    """The pages. No access log: codes travel in addresses, and letters say where they lead."""
    command = _module(
        *(
            "gunicorn",
            "wsgi:app",
            "--bind",
            netloc(settings.host, settings.port),
            "--worker-class",
            "gthread",
        ),
        *("--workers", str(settings.workers), "--threads", str(WEB_THREADS), "--no-control-socket"),
        *("--graceful-timeout", str(REQUEST_SECONDS), "--log-level", "warning", "--chdir", str(ROOT)),
        *("--logger-class", "pqr.up.weblog.WebLog"),
    )
    return Order("web", command, patience=REQUEST_SECONDS + 5)


def worker() -> Order:
    """The tasks. Threads, for they wait on sockets and on the database; the ledgers queue, not the broker."""
    options = ("--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING")
    return Order("worker", _celery("worker", *options), patience=TASK_SECONDS)


def beat(settings: Settings) -> Order:
    """The schedule; what it remembers lives in the data directory, and no pid file anywhere."""
    schedule = settings.data_dir / "beat-schedule"
    run = _celery("beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING")
    return Order("beat", partial(_with_sound_schedule, schedule, run))


def _with_sound_schedule(schedule: Path, run: Callable[[], None]) -> None:
    """A power cut can tear the file in which beat remembers its last turns, and then beat would never start."""
    try:
        with shelve.open(str(schedule)) as remembered:  # noqa: S301 - written by this service alone
            dict(remembered)
    except Exception:  # dbm.dumb reads its index as Python: anything may come out of a torn one
        for part in schedule.parent.glob(f"{schedule.name}*"):
            part.unlink()
    run()


def mail_in() -> Order:
    """The mail door."""
    return Order("mail-in", _module("workers.listener"))


def mailbox() -> Order:
    """Who waits for new mail in the IMAP mailbox."""
    return Order("mailbox", _module("workers.mailbox"))


PARTS: dict[str, Callable[[Settings], Order]] = {
    "web": web,
    "worker": lambda _settings: worker(),
    "beat": beat,
    "mail-in": lambda _settings: mail_in(),
    "mailbox": lambda _settings: mailbox(),
}


def _celery(*arguments: str) -> "partial[None]":
    return _module("celery", "--quiet", "-A", "workers.app", *arguments)


def _module(*command: str) -> "partial[None]":
    return partial(_run_module, command)


def _run_module(command: tuple[str, ...]) -> None:
    warnings.filterwarnings("ignore", message=".*superuser privileges")  # in a container everybody is root
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
