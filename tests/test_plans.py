"""Is what is asked again and again read from an index, and never by reading a whole ledger?  Lists and search: see
`tests/tickets/test_tickets_search.py`.
"""

import re

import pytest
from sqlalchemy import text

from pqr.mail import inbox, outbox
from pqr.reminders.remind import remind_all
from pqr.reports import keeping
from pqr.sharing import delivering
from pqr.tickets import queries
from tests.builders import NOW, arrive, assigned, at, office_of, raw_mail
from tests.tickets.test_tickets_search import plans_of

LEDGERS = (
    *("tickets", "petitioners", "events", "outbox", "inbox", "reminders", "answers", "messages", "documents"),
    *("suspensions", "ticket_words"),
)
AFTER = at("2026-03-10 09:00")  # the digests of this day and week were written
READINGS = {
    "sweep": lambda session, office: remind_all(session, office, AFTER),
    "letters to send": lambda session, office: outbox.claim(session, NOW),
    "mails to read": lambda session, office: inbox.claim(session, NOW),
    "calls to make": lambda session, office: delivering.claim(session, NOW),
    "a radicado": lambda session, office: queries.find(session, "2026-E-000001", None),
    "months that were counted": lambda session, office: keeping.read_kept(session, [NOW.date()], {}),
    "the last event": lambda session, office: keeping.last_event(session),
}


@pytest.fixture
def office(session, settings):
    here = office_of(session, settings)
    for number in range(3):
        assigned(session, here)
        arrive(session, here, raw_mail("salud@puerres.example", subject=f"Carta {number}", text="Llegó."), NOW)
    remind_all(session, here, at("2026-03-10 08:00"))
    session.commit()
    return here


def read_whole(plan):
    """The ledgers that this plan reads from beginning to end."""
    sqlite, postgresql = r"SCAN (\w+)(?! USING)\b(?! USING)", r"Seq Scan on (\w+)"
    return set(re.findall(f"{sqlite}|{postgresql}", plan))


@pytest.mark.parametrize("name", READINGS)
def test_no_ledger_is_read_whole(session, office, name):
    plans = plans_of(session, lambda session: READINGS[name](session, office))
    assert plans
    for plan in plans:
        whole = {table for found in read_whole(plan) for table in found if table}
        assert whole.isdisjoint(LEDGERS), plan


def test_what_reads_a_ledger_whole_is_noticed(session, office):
    (plan,) = plans_of(session, lambda session: session.execute(text("SELECT id FROM tickets WHERE body = 'x'")))
    assert {table for found in read_whole(plan) for table in found if table} == {"tickets"}
