"""By which lawful way does each decision reach each person, and what follows when it fails?"""

from datetime import date

import pytest

from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import (
    PARTICULAR,
    Addressee,
    AnswerOutcome,
    Way,
    ladder,
    may_be_denied,
    must_be_notified,
    next_step,
    notice_days,
    usual_outcome,
)

EVERYTHING = Addressee(email=True, address=True, accepts=True)


@pytest.mark.parametrize("kind", TicketKind)
def test_what_grants_or_informs_is_communicated_and_a_reserve_or_a_withdrawal_is_always_notified(kind):
    for decision in (AnswerOutcome.GRANTED, AnswerOutcome.INFORMED, AnswerOutcome.NO_COMPETENCE):
        assert not must_be_notified(kind, decision)
    for decision in (AnswerOutcome.DENIED_RESERVED, AnswerOutcome.WITHDRAWN):
        assert must_be_notified(kind, decision)
    for decision in (AnswerOutcome.PARTLY, AnswerOutcome.DENIED):
        assert must_be_notified(kind, decision) is (kind in PARTICULAR)


def test_a_petition_of_general_interest_is_never_of_a_particular_one():
    assert not PARTICULAR & {TicketKind.PETICION_GENERAL, TicketKind.DENUNCIA, TicketKind.SUGERENCIA}


@pytest.mark.parametrize(
    ("notify", "who", "ways"),
    [
        (False, EVERYTHING, [Way.MAIL, Way.POSTAL, Way.NOTICE]),
        (False, Addressee(email=True, by_portal=True), [Way.MAIL, Way.PORTAL, Way.NOTICE]),
        (False, Addressee(address=True), [Way.POSTAL, Way.NOTICE]),
        (False, Addressee(), [Way.COUNTER, Way.NOTICE]),
        (False, Addressee(came_back=True), [Way.NOTICE]),
        (False, Addressee(anonymous=True), [Way.NOTICE]),
        (False, Addressee(anonymous=True, email=True), [Way.MAIL, Way.NOTICE]),
        (True, EVERYTHING, [Way.ELECTRONIC, Way.CITATION, Way.NOTICE_SENT, Way.NOTICE]),
        (True, Addressee(email=True), [Way.CITATION, Way.NOTICE_SENT, Way.NOTICE]),
        (True, Addressee(accepts=True, address=True), [Way.CITATION, Way.NOTICE_SENT, Way.NOTICE]),
        (True, Addressee(accepts=True), [Way.CITATION_POSTED, Way.NOTICE]),
        (True, Addressee(came_back=True), [Way.CITATION_POSTED, Way.NOTICE]),
        (True, Addressee(anonymous=True), [Way.NOTICE]),
    ],
)
def test_each_person_has_a_ladder_that_ends_in_the_aviso(notify, who, ways):
    assert [step.way for step in ladder(notify, who)] == ways
    failed = set()
    for way in ways:
        assert next_step(notify, who, failed).way == way
        failed.add(way)
    assert next_step(notify, who, failed).way == Way.NOTICE


def test_a_notice_is_up_five_whole_business_days_and_has_effect_the_day_after():
    # up on Monday 16 March 2026; Monday the 23rd is a holiday
    days = notice_days(date(2026, 3, 16), Calendar())
    assert (days.first_day, days.last_day) == (date(2026, 3, 17), date(2026, 3, 24))
    assert days.effective_on == date(2026, 3, 25)


def test_a_notice_put_up_on_a_closed_day_counts_from_the_next():
    assert notice_days(date(2026, 3, 21), Calendar()) == notice_days(date(2026, 3, 23), Calendar())


def test_information_can_no_longer_be_denied_once_its_term_is_over_unless_the_law_reserves_it():
    assert not may_be_denied(TicketKind.INFORMACION, AnswerOutcome.DENIED, overdue=True)
    assert may_be_denied(TicketKind.INFORMACION, AnswerOutcome.DENIED, overdue=False)
    assert may_be_denied(TicketKind.INFORMACION, AnswerOutcome.DENIED_RESERVED, overdue=True)
    assert may_be_denied(TicketKind.PETICION_PARTICULAR, AnswerOutcome.DENIED, overdue=True)


def test_an_answer_of_which_nothing_was_said_informs_or_grants():
    assert usual_outcome(TicketKind.DENUNCIA) == AnswerOutcome.INFORMED
    assert usual_outcome(TicketKind.RECLAMO) == AnswerOutcome.GRANTED
