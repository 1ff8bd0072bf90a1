"""Which months become open data?  Those whose turn has come, one transaction each; what was missed is made up for."""

from contextlib import suppress

from celery import shared_task

from pqr import clock
from pqr.db import reading, transaction
from pqr.door import office
from pqr.errors import ActNotAllowed
from pqr.publishing.opendata import months_due, publish_month
from pqr.terms.receipt import in_bogota


@shared_task(name="opendata.publish")
def publish() -> None:
    """Publishes the months that are due; another look on the same day finds none."""
    with reading() as session:
        due = months_due(session, office(session), in_bogota(clock.now()).date())
    for month in due:
        with suppress(ActNotAllowed), transaction() as session:  # another worker was first
            publish_month(session, month, "system", office(session), clock.now())
