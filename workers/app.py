"""Which application do the workers run?  The same one as the web, without its doors being used.

Run as `celery -A workers.app worker` and `celery -A workers.app beat`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from time import perf_counter

import structlog
from celery import Celery, Task
from celery.apps.worker import Worker
from celery.signals import worker_ready

from pqr import cause, metrics
from pqr.app import create_app
from pqr.checkups import expect, note
from pqr.door import recall_keys, settings
from workers.broker import WATCHED, make_celery

log = structlog.get_logger(__name__)
flask_app = create_app()


class InApplication(Task):  # type: ignore[type-arg]  # celery makes it generic for checkers alone
    """A task that runs inside the application's context, as every door does."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Runs the task."""
        with flask_app.app_context(), cause.by(cause.new()), _accounted(self.name):
            return super().__call__(*args, **kwargs)


class Silent(Worker):
    """A worker that tells the others nothing of itself: nobody listens, and whoever talks while the broker is away
    waits for it and does not hear that it must stop.
    """

    def prepare_args(self, **kwargs: object) -> dict[str, object]:
        """What was said on the command line, without the talk."""
        return kwargs | {"without_heartbeat": True, "without_gossip": True, "without_mingle": True}


class Application(Celery):
    """Celery with that worker."""

    @cached_property
    def Worker(self) -> type[Silent]:
        """The class of the `worker` command."""
        return self.subclass_with_self(Silent)


@contextmanager
def _accounted(name: str) -> Iterator[None]:
    """How long it took, and for whoever watches over the schedule, when it was done and whether it was well."""
    trouble, began = "", perf_counter()
    try:
        yield
    except Exception as error:
        trouble = type(error).__name__
        log.error("task_failed", task=name, exc_info=error)
        raise
    finally:
        metrics.task(name, perf_counter() - began, well=not trouble)
        if name in WATCHED:
            note(name, every=WATCHED[name], trouble=trouble)


with flask_app.app_context():
    recall_keys()
    celery = make_celery(settings(), InApplication, Application)


@worker_ready.connect
def catch_up(**_signal: object) -> None:
    """A machine that is off at night never reaches the daily hour: what may be due is looked at on starting."""
    with flask_app.app_context():
        expect(WATCHED)
    for name in (
        "watch.look",
        "watch.certificate",
        "mail_in.process",
        "mail_out.drain",
        "avisos.keep",
        "figures.keep",
        "opendata.publish",
        "plan.keep",
        "reminders.remind",
        "upkeep.daily",
    ):
        celery.send_task(name, retry=False)
