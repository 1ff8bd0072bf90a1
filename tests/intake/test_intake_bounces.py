"""Does a letter that came back change what it must, and only that?"""

import pytest

from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.outbox import LetterState, mark_sent
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import letter_left
from tests.builders import CITIZEN, NOW, arrive, assigned, at, delivery_report, letters_of, office_of, raw_mail

LATER = at("2026-03-04 09:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def closed(session, here):
    """Answered, and the answer accepted by the next server."""
    ticket = assigned(session, here)
    record_answer(session, Reply(ticket, "Listo", "secretaria:planeacion"), here, NOW)
    for letter in letters_of(session):
        mark_sent(letter, NOW)
        letter_left(session, letter, here, NOW)
    session.flush()
    return ticket


def one(session, name):
    return letters_of(session, name)[0]


def test_an_acknowledgement_that_came_back_no_longer_counts_as_received(session, here, closed):
    letter = one(session, "acknowledgement")
    row = arrive(session, here, delivery_report(letter, CITIZEN), LATER)
    assert (row.verdict, row.ticket_id) == ("bounce", closed.id)
    assert "5.1.1" in row.reason
    assert (letter.state, letter.bounced_at) == (LetterState.BOUNCED, LATER)
    assert (closed.acknowledgement_failed_at, closed.state) == (LATER, "closed")


def test_an_answer_that_came_back_opens_the_petition_again(session, here, closed):
    row = arrive(session, here, delivery_report(one(session, "answer"), CITIZEN), LATER)
    assert row.verdict == "bounce"
    assert (closed.state, closed.communicated_at, closed.days_used) == ("answered", None, None)


def test_a_report_to_the_letter_s_own_address_is_understood_without_its_id(session, here, closed):
    letter = one(session, "answer")
    to = sign(SignedAddress(Action.BOUNCE, letter.id), here.keys[0], here.mail_domain)
    letter_without_id = type("L", (), {"message_id": "<otro@relay.example>"})
    row = arrive(session, here, delivery_report(letter_without_id, CITIZEN), LATER, to=(to,))
    assert (row.verdict, letter.state, closed.state) == ("bounce", LetterState.BOUNCED, "answered")


def test_a_letter_that_is_only_late_has_not_come_back(session, here, closed):
    letter = one(session, "answer")
    row = arrive(session, here, delivery_report(letter, CITIZEN, action="delayed", status="4.4.1"), LATER)
    assert (row.verdict, letter.state, closed.state) == ("bounce", LetterState.SENT, "closed")


def test_the_same_failure_told_twice_changes_nothing_the_second_time(session, here, closed):
    letter = one(session, "answer")
    arrive(session, here, delivery_report(letter, CITIZEN), NOW)
    closed.state = "closed"  # as if it had been handed over since
    arrive(session, here, delivery_report(letter, CITIZEN, status="5.1.2"), LATER)
    assert (closed.state, letter.bounced_at) == ("closed", NOW)


def test_a_report_about_somebody_else_s_letter_is_set_aside(session, here, closed):
    stranger = type("L", (), {"message_id": "<otro@correo.example>"})
    row = arrive(session, here, delivery_report(stranger, "x@correo.example"), LATER)
    assert (row.verdict, row.ticket_id, closed.state) == ("ignored", None, "closed")


def test_reports_are_answered_by_nobody(session, here, closed):
    written = len(letters_of(session))
    for name in ("acknowledgement", "answer", "assignment"):
        arrive(session, here, delivery_report(one(session, name), CITIZEN), LATER)
    assert len(letters_of(session)) == written


def test_somebody_who_writes_to_the_address_of_reports_files_a_petition(session, here, closed):
    letter = one(session, "answer")
    to = sign(SignedAddress(Action.BOUNCE, letter.id), here.keys[0], here.mail_domain)
    row = arrive(session, here, raw_mail("otro@correo.example", to, "Agua", "No llega agua"), to=(to,))
    assert row.verdict == "new_ticket"
    assert closed.state == "closed"
