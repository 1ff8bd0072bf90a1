"""Which programs must be told?  Those that subscribed, of what the events hold."""

from celery import shared_task

from pqr import announcing


@shared_task(name="webhooks.tell")
def tell() -> None:
    """Looks through the new events and makes the calls that are due."""
    announcing.tell_waiting()
