"""What must leave?  Letters that are due go to the relay."""

from celery import shared_task

from pqr import mailroom


@shared_task(name="mail_out.drain")
def drain() -> None:
    """Tries every letter that is due."""
    mailroom.send_waiting()
