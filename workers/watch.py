"""Is the service well?  Looked at each minute; who is to know of it is told by mail."""

from celery import shared_task

from pqr import guard


@shared_task(name="watch.look")
def look() -> None:
    """Begins and ends alarms."""
    guard.look()


@shared_task(name="watch.certificate")
def certificate() -> None:
    """Looks until when the certificate of our address is good."""
    guard.check_certificate()
