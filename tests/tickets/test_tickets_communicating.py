"""Is a petition closed only when the person has the answer, and open again when it came back?"""

from datetime import timedelta

import pytest

from pqr.errors import ActNotAllowed
from pqr.tickets.answering import Reply, record_answer, send_answer
from pqr.tickets.communicating import communicate, letter_left, letter_refused
from pqr.tickets.events import history
from tests.builders import NOW, assigned, at, letters_of, office_of

LATER = at("2026-03-10 09:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def answered(session, here):
    ticket = assigned(session, here)
    record_answer(session, Reply(ticket, "Ya se reparó.", "secretaria:planeacion"), here, NOW)
    session.flush()
    return ticket


def the_answer(session):
    return letters_of(session, "answer")[0]


def facts(ticket):
    return ticket.state, ticket.outcome, ticket.communicated_at, ticket.closed_at, ticket.days_used


def test_an_answer_that_left_closes_the_petition_with_the_days_it_took(session, here, answered):
    letter_left(session, the_answer(session), here, LATER)
    assert facts(answered) == ("closed", "answered", LATER, LATER, 5)
    assert answered.answers[0].communicated_by == "mail"
    assert [event.kind for event in history(session, answered.id)][-2:] == ["letter_sent", "communicated"]
    assert history(session, answered.id)[-1].data == {"way": "mail", "days_used": 5}


def test_other_letters_that_leave_close_nothing(session, here, answered):
    for letter in letters_of(session, ticket=answered):
        if letter.letter != "answer":
            letter_left(session, letter, here, LATER)
    assert answered.state == "answered"


def test_the_day_of_the_answer_is_bogotas(session, here, answered):
    communicate(session, answered, "counter", "user:1", here, at("2026-03-04 23:30"))
    assert answered.days_used == 1


def test_an_answer_that_came_back_opens_the_petition_again(session, here, answered):
    letter_left(session, the_answer(session), here, NOW)
    letter_refused(session, the_answer(session), LATER)
    assert facts(answered) == ("answered", "", None, None, None)
    assert answered.answers[0].communicated_by == ""
    assert history(session, answered.id)[-1].kind == "letter_bounced"
    communicate(session, answered, "notice", "user:1", here, LATER)
    assert facts(answered)[:2] == ("closed", "answered")


def test_a_letter_refused_at_once_leaves_the_petition_with_the_desk(session, here, answered):
    letter_refused(session, the_answer(session), NOW)
    assert facts(answered) == ("answered", "", None, None, None)


def test_what_was_handed_over_stays_handed_over_when_the_letter_comes_back(session, here, answered):
    communicate(session, answered, "counter", "user:1", here, NOW)
    letter_left(session, the_answer(session), here, NOW + timedelta(minutes=1))
    letter_refused(session, the_answer(session), LATER)
    assert facts(answered) == ("closed", "answered", NOW, NOW, 0)
    assert answered.answers[0].communicated_by == "counter"


def test_an_official_says_how_the_person_got_it(session, here, answered):
    communicate(session, answered, "postal", "user:7", here, LATER)
    last = history(session, answered.id)[-1]
    assert (answered.state, last.actor, last.data["way"]) == ("closed", "user:7", "postal")


def test_without_an_answer_there_is_nothing_to_communicate(session, here):
    ticket = assigned(session, here)
    with pytest.raises(ActNotAllowed):
        communicate(session, ticket, "counter", "user:1", here, NOW)
    assert ticket.state == "assigned"


def test_what_was_communicated_is_not_communicated_twice(session, here, answered):
    communicate(session, answered, "counter", "user:1", here, NOW)
    with pytest.raises(ActNotAllowed):
        communicate(session, answered, "portal", "citizen", here, LATER)
    assert answered.communicated_at == NOW


def test_the_proof_is_on_the_answer_that_left_and_not_on_a_later_draft(session, settings):
    reviewing = office_of(session, settings, answer_mode="review")
    ticket = assigned(session, reviewing)
    left, draft = (
        record_answer(session, Reply(ticket, text, "secretaria:planeacion"), reviewing, NOW) for text in ("Uno", "Dos")
    )
    send_answer(session, left, "user:1", reviewing, NOW)
    letter_left(session, the_answer(session), reviewing, NOW)
    assert (left.communicated_by, draft.communicated_by) == ("mail", "")


def test_an_acknowledgement_that_came_back_is_noted_and_changes_nothing_else(session, here):
    ticket = assigned(session, here)
    letter_refused(session, letters_of(session, "acknowledgement")[0], LATER)
    assert (ticket.acknowledgement_failed_at, ticket.state) == (LATER, "assigned")


def test_what_was_handed_over_earlier_is_proved_by_that_hour(session, here, answered):
    for wrong in ("2026-03-03 09:59", "2026-03-10 09:01"):
        with pytest.raises(ActNotAllowed, match="revise el día y la hora"):
            communicate(session, answered, "counter", "user:1", here, LATER, handed_at=at(wrong))
    communicate(session, answered, "counter", "user:1", here, LATER, handed_at=at("2026-03-04 16:00"))
    assert facts(answered) == ("closed", "answered", at("2026-03-04 16:00"), LATER, 1)
    event = history(session, answered.id)[-1]
    assert event.data == {"way": "counter", "days_used": 1, "handed_at": at("2026-03-04 16:00").isoformat()}
