"""What has each month come to?  The reports' counts are kept again where something happened since."""

from celery import shared_task

from pqr import clock
from pqr.db import reading, transaction
from pqr.door import office
from pqr.reports import keeping
from pqr.reports.conditions import Asked
from pqr.terms.calendar import BOGOTA


@shared_task(name="figures.keep")
def keep() -> None:
    """Reads first and writes afterwards, a month at a time: counting must not hold up a filing."""
    with transaction() as session:
        event_id = keeping.last_event(session)
    with reading() as session:
        asked = Asked(clock.now().astimezone(BOGOTA).date(), office(session).reception_days)
        changed = keeping.changed_months(session, asked)
        months = keeping.months_with_petitions(session) if changed is None else changed
    if changed is None:
        with transaction() as session:
            keeping.forget(session)
    for month in months:
        with reading() as session:
            counts = keeping.count_month(session, month, asked)
        with transaction() as session:
            keeping.keep_month(session, month, counts)
    with transaction() as session:
        keeping.keep_until(session, event_id, asked)
