"""Which avisos go up, come down and have effect?  What was missed is made up for."""

from celery import shared_task

from pqr import clock
from pqr.db import transaction
from pqr.door import office
from pqr.publishing.avisos import end_sent_avisos, keep_avisos, publish_owed


@shared_task(name="avisos.keep")
def keep() -> None:
    """Publishes what nothing else can take to the person, and ends what has been up for its days."""
    with transaction() as session:
        here, now = office(session), clock.now()
        keep_avisos(session, here, now)
        end_sent_avisos(session, here, now)
        publish_owed(session, here, now)
