"""Is the person reminded once before their time ends, and is nobody hurried while the clock stands still?"""

from datetime import date

import pytest

from pqr.reminders.remind import remind_all
from pqr.terms.clock import Cause
from pqr.tickets.completing import Completion, Request, ask_to_complete, complete, give_more_time
from pqr.tickets.events import history
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.pausing import Pause, pause
from tests.builders import assigned, at, letters_of, office_of

ASKED = at("2026-03-10 16:00")  # until Friday 10 April


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def ticket(session, here):
    ticket = assigned(session, here)
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), here, ASKED)
    session.flush()
    return ticket


def reminded(session, here, now, letter="completion_reminder"):
    remind_all(session, here, at(now))
    session.flush()
    return len(letters_of(session, letter))


def test_the_person_is_reminded_once_five_business_days_before_the_end(session, here, ticket):
    assert reminded(session, here, "2026-03-31 09:00") == 0
    assert reminded(session, here, "2026-04-01 09:00") == 1  # over Holy Week
    assert reminded(session, here, "2026-04-07 09:00") == 1
    (letter,) = letters_of(session, "completion_reminder")
    assert "Falta el plano." in letter.text
    assert "viernes 10 de abril de 2026" in letter.subject
    assert history(session, ticket.id)[-1].kind == "petitioner_reminded"


def test_with_more_time_there_is_another_reminder_before_the_new_end(session, here, ticket):
    assert reminded(session, here, "2026-04-08 09:00") == 1
    give_more_time(session, ticket, "user:1", here, at("2026-04-09 09:00"))
    assert reminded(session, here, "2026-04-10 09:00") == 1
    assert reminded(session, here, "2026-05-08 09:00") == 2


def test_whoever_sent_something_or_is_too_late_is_not_reminded(session, here, ticket):
    assert reminded(session, here, "2026-04-13 09:00") == 0
    assert ticket.state == "awaiting_petitioner"
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), here, at("2026-04-08 08:00"))
    assert reminded(session, here, "2026-04-08 09:00") == 0


def test_no_office_is_hurried_while_the_clock_stands_still(session, here, ticket):
    other = assigned(session, here)
    pause(session, Pause(other, Cause.COMPETENCE, "En disputa", "user:1"), here, ASKED)
    session.flush()
    assert reminded(session, here, "2026-04-13 09:00", "reminder") == 0
    complete(session, Completion(ticket, date(2026, 4, 13), "user:1"), here, at("2026-04-13 10:00"))
    session.flush()
    assert reminded(session, here, "2026-04-14 09:00", "reminder") == 0  # day 6 of 15, though due_on is near
    assert reminded(session, here, "2026-04-16 09:00", "reminder") == 1  # day 8: the half


def test_what_the_person_sent_is_looked_at_in_time(session, here, ticket):
    add_message(session, FollowUp(ticket, "Aquí está.", "citizen"), here, at("2026-03-24 09:00"))
    session.flush()
    assert (ticket.suspended_on, ticket.due_on) == (date(2026, 3, 10), date(2026, 4, 9))
    assert reminded(session, here, "2026-03-26 09:00", "reminder") == 0
    assert reminded(session, here, "2026-04-06 09:00", "reminder") == 1
    (letter,) = letters_of(session, "reminder")
    assert "jueves 9 de abril de 2026" in letter.text
    assert "La persona ya escribió" in letter.text
    assert reminded(session, here, "2026-04-10 09:00", "reminder") == 2  # late, if that was what lacked


def test_the_half_of_a_resumed_term_leaves_out_the_days_it_stood_still(session, here, ticket):
    complete(session, Completion(ticket, date(2026, 3, 24), "user:1"), here, at("2026-03-24 10:00"))
    session.flush()
    assert reminded(session, here, "2026-03-26 09:00", "reminder") == 0
    assert reminded(session, here, "2026-03-27 09:00", "reminder") == 1
