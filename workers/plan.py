"""What does the action plan read by itself?  Each month that is over, once."""

from celery import shared_task

from pqr import clock
from pqr.db import reading, transaction
from pqr.door import office
from pqr.reports.plan_counting import fix_months, unfixed_months


@shared_task(name="plan.keep")
def keep() -> None:
    """Counts first and writes afterwards: what takes seconds must not hold up a filing."""
    now = clock.now()
    with reading() as session:
        months = unfixed_months(session, office(session), now)
    if months:
        with transaction() as session:
            fix_months(session, months, now)
