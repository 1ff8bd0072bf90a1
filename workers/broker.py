"""How do processes reach each other?  The Celery client, which carries no data: losing a message loses nothing."""

import threading
import time

import structlog
from celery import Celery, Task
from kombu import Queue

from pqr.config import Settings
from workers import transport

TASKS = (
    "workers.mail_in",
    "workers.mail_out",
    "workers.avisos",
    "workers.exports",
    "workers.figures",
    "workers.opendata",
    "workers.plan",
    "workers.reminders",
    "workers.upkeep",
    "workers.watch",
    "workers.webhooks",
)
NUDGED = ("mail_in.process", "mail_out.drain", "exports.make")
PAUSE = 0.2  # seconds
QUEUE = "pqr"
LOCAL_BROKER = "redis://127.0.0.1:6379/0"

log = structlog.get_logger(__name__)


def make_celery(
    settings: Settings, task_class: "type[Task[..., None]]" = Task, application: type[Celery] = Celery
) -> Celery:
    """A client of the broker, with the schedule; `workers.app` gives the classes that run the tasks."""
    transport.use()
    url = broker_url(settings.redis_url or LOCAL_BROKER)
    celery = application("pqr", broker=url, include=TASKS, task_cls=task_class)
    celery.conf.update(
        task_ignore_result=True,
        task_default_queue=QUEUE,
        task_queues=[Queue(QUEUE, no_ack=True)],  # with the transport's silence: see `workers.transport`
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker that outlives its broker waits for the next one
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 10},
        timezone="America/Bogota",
        beat_schedule=SCHEDULE,
        beat_scheduler="workers.beat:OneOfMany",
        beat_max_loop_interval=15,
    )
    return celery


def broker_url(redis_url: str) -> str:
    """The same Redis as Celery spells it: `unix:///path` is `redis+socket:///path` there."""
    return "redis+socket://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url


def _every(task: str, seconds: float) -> dict[str, object]:
    # A task that waited longer than its own pause is dropped: the next one does the same work.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE = {
    "mail-in": _every("mail_in.process", 15.0),
    "mail-out": _every("mail_out.drain", 15.0),
    "mailbox": _every("mail_in.fetch", 60.0),
    "webhooks": _every("webhooks.tell", 15.0),
    "avisos": _every("avisos.keep", 900.0),
    "figures": _every("figures.keep", 120.0),
    "opendata": _every("opendata.publish", 6 * 3600.0),
    "reminders": _every("reminders.remind", 3600.0),
    "plan": _every("plan.keep", 3600.0),
    "held-files": _every("upkeep.forget_held", 900.0),
    "exports": _every("exports.make", 15.0),
    "upkeep": _every("upkeep.daily", 24 * 3600.0),
    "watch": _every("watch.look", 60.0),
    "certificate": _every("watch.certificate", 6 * 3600.0),
}
# Of these it is kept when they were last done: those that nobody would miss within the hour, and the look itself.
WATCHED = {
    str(entry["task"]): int(str(entry["schedule"]).partition(".")[0])
    for entry in SCHEDULE.values()
    if entry["task"] == "watch.look" or float(str(entry["schedule"])) >= 900
}


class Nudger:
    """Tells the workers to look now, from a thread, so that a broker that is down never keeps a citizen waiting.

    Calls that come within `PAUSE` of the last one are one, at its end.
    """

    def __init__(self, celery: Celery) -> None:
        self._celery, self._wanted, self._started = celery, threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        """Returns at once."""
        self._wanted.set()
        with self._started:  # after a fork the thread of the parent is gone
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="nudger", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            try:
                for task in NUDGED:
                    self._celery.send_task(task, retry=False, expires=15)
            except Exception as error:  # dropped on purpose: the schedule does the work
                log.warning("nudge_dropped", error=type(error).__name__)
            time.sleep(PAUSE)
