"""What does the hourly sweep of the reminders cost where little is due of much?

`python -m tests.bench.sweeping` in the environment of a loaded installation (PQR_DATA_DIR, PQR_DATABASE_URL) puts off
all that is due, counts what is closed as asked for an opinion, lets a morning's sweep write the digests, and sweeps
three times with `DUE` tickets due anew. Prints the seconds of each as JSON, and of a sweep with nothing due. It changes
the installation.
"""

import json
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from pqr import clock, config
from pqr.app import create_app
from pqr.db import transaction
from pqr.door import office
from pqr.reminders.remind import remind_all
from pqr.terms.calendar import BOGOTA

DUE = 200
OPEN = "state IN ('filed', 'assigned', 'awaiting_petitioner')"


def make_due(session: Session, day: datetime, far: datetime) -> None:
    """The newest of those that were put off."""
    newest = f"SELECT id FROM tickets WHERE {OPEN} AND state = 'assigned' AND suspended_on IS NULL AND due_on = :far"  # noqa: S608
    change = f"UPDATE tickets SET due_on = :day WHERE id IN ({newest} ORDER BY id DESC LIMIT {DUE})"  # noqa: S608
    session.execute(text(change), {"day": day.date(), "far": far.date()})


def sweep(at: datetime) -> float:
    """Seconds, with the commit."""
    start = time.perf_counter()
    with transaction() as session:
        remind_all(session, office(session), at)
    return time.perf_counter() - start


def main() -> None:
    """Prepares and sweeps."""
    with create_app(config.load(config.environment())).app_context():
        with transaction() as session:
            calendar = office(session).calendar
            day = calendar.next_business_day(clock.now().astimezone(BOGOTA).date())
            morning = datetime(day.year, day.month, day.day, 8, tzinfo=BOGOTA)
            far = datetime.combine(calendar.nth_business_day_after(day, 60), morning.timetz())
            session.execute(text(f"UPDATE tickets SET due_on = :far WHERE {OPEN}"), {"far": far.date()})  # noqa: S608
            asked = """INSERT INTO reminders (ticket_id, code, due_on, step, reached_at)
                SELECT id, '', :day, 'survey', :now FROM tickets WHERE state = 'closed'"""
            session.execute(text(asked), {"day": day, "now": datetime.now(UTC)})
        sweep(morning)
        idle, seconds = sweep(morning + timedelta(hours=1)), []
        for hour in range(2, 5):
            with transaction() as session:
                make_due(session, morning, far)
            seconds.append(sweep(morning + timedelta(hours=hour)))
    print(json.dumps({"idle": idle, "due": seconds}))


if __name__ == "__main__":
    main()
