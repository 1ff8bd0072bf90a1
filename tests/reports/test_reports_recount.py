"""Does every figure equal a second counting from the ledgers alone?"""

import os
from datetime import UTC, date, datetime

import pytest
import time_machine

from pqr import clock
from pqr.door import office
from pqr.reports.figures import Asking, figures
from pqr.reports.measures import MEASURES
from pqr.reports.periods import Period
from pqr.terms.calendar import BOGOTA
from pqr.upkeep import verify
from tests.builders import arrive, raw_mail
from tests.reports.recount import recount
from tests.test_demo_load import load
from workers.figures import keep

NUMBER = 20_000 if os.environ.get("PQR_TEST_FULL") else 1_500
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)  # what is invented hangs on the hour; at this one every measure is met
NEVER_INVENTED = {"withdrawn_tacit", "archived_unclear", "rejected", "by_reference", "duplicates"}


@pytest.fixture
def here(app, session):
    with time_machine.travel(NOW), app.app_context():
        load(session, seed=7, number=NUMBER)
        known = office(session)
        arrive(session, known, raw_mail(subject="Boletín", text="x", precedence="bulk"), clock.now())
        session.commit()
        keep()
        yield known


def counted(session, here, period, filters, today):
    found = figures(session, Asking(period, filters), here, today)
    every = {("", ""): found.whole} | {
        (name, value): tally for name, by in found.by.items() for value, tally in by.items()
    }
    return {place: ({key: tally[key] for key in MEASURES if tally[key]}, tally.days) for place, tally in every.items()}


def test_every_figure_equals_a_second_counting(session, here):
    today = clock.now().astimezone(BOGOTA).date()
    whole, seen = Period(date(today.year - 3, 1, 1), date(today.year, 12, 31)), set()
    for period, filters in (
        (whole, {}),
        (Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)), {}),
        (Period(date(today.year - 1, 3, 10), date(today.year, 2, 20)), {"channel": "email"}),
        (whole, {"kind": "informacion", "identity": "named"}),
    ):
        again = recount(session, here, today, period.start, period.end, filters)
        assert counted(session, here, period, filters, today) == again
        seen |= set(again["", ""][0])
    assert set(MEASURES) - seen <= NEVER_INVENTED


def test_what_was_invented_is_as_the_acts_would_leave_it(session, here):
    assert list(verify(session, here)) == []
