"""Who must be nudged?  The ladder and the digests, once an hour; the rules decide what is due."""

from celery import shared_task

from pqr import clock, mailroom
from pqr.db import transaction
from pqr.door import office
from pqr.reminders.remind import remind_all


@shared_task(name="reminders.remind")
def remind() -> None:
    """Enqueues the reminders and digests that this hour calls for."""
    with transaction() as session:
        remind_all(session, office(session), clock.now())
    mailroom.send_waiting()
