"""Who has the petition, since when, and does its term ever restart?"""

from dataclasses import replace

import pytest

from pqr.errors import ActNotAllowed
from pqr.mail.addresses import Action, read
from pqr.secretarias.directory import by_code
from pqr.terms.deadlines import ClosingRule
from pqr.terms.kinds import TicketKind
from pqr.tickets.assigning import Assignment, Return, assign, return_to_desk
from pqr.tickets.events import history
from tests.builders import NOW, assigned, at, filed, letters_of, office_of

TO_THE_OFFICE = [
    ("calendar_day", "2026-03-03 10:00", "2026-03-03 16:00", 0),
    ("calendar_day", "2026-03-03 10:00", "2026-03-04 23:59", 1),
    ("calendar_day", "2026-03-03 10:00", "2026-03-05 00:00", 2),
    ("calendar_day", "2026-03-06 20:00", "2026-03-09 08:00", 1),  # Friday night, Monday
    ("calendar_day", "2026-03-07 10:00", "2026-03-09 08:00", 1),  # Saturday, Monday
    ("calendar_day", "2026-03-07 10:00", "2026-03-10 08:00", 2),  # Saturday, Tuesday
    ("calendar_day", "2026-03-07 10:00", "2026-03-08 10:00", 0),  # Saturday, Sunday
    ("calendar_day", "2026-03-20 10:00", "2026-03-24 10:00", 1),  # over San José
    ("office_hours@18:00", "2026-03-06 20:00", "2026-03-09 08:00", 0),  # received on Monday
    ("office_hours@18:00", "2026-03-06 20:00", "2026-03-06 20:00", 0),
    ("office_hours@18:00", "2026-03-07 10:00", "2026-03-10 08:00", 1),
    ("office_hours@18:00", "2026-03-03 10:00", "2026-03-04 19:00", 2),
]


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def unassigned(session, here, when):
    return filed(session, here, when, kind=TicketKind.QUEJA)


def give(session, here, ticket, code, when, reason="es de su competencia"):
    return assign(session, Assignment(ticket, by_code(session, code), reason, "user:1"), here, when)


def test_the_days_to_the_first_office_are_counted_by_the_closing_rule(session, here):
    for rule, received, first, days in TO_THE_OFFICE:
        office = replace(here, closing_rule=ClosingRule.parse(rule))
        ticket = unassigned(session, office, at(received))
        give(session, office, ticket, "planeacion", at(first))
        assert ticket.reception_days == days, (rule, received, first)


def test_mail_of_saturday_assigned_on_monday_took_one_day(session, here):
    ticket = unassigned(session, here, at("2026-03-07 10:00"))
    give(session, here, ticket, "planeacion", at("2026-03-09 08:00"))
    assert (ticket.first_assigned_at, ticket.reception_days) == (at("2026-03-09 08:00"), 1)


def test_passing_it_on_changes_neither_the_date_nor_the_first_assignment(session, here):
    ticket = assigned(session, here, kind=TicketKind.QUEJA)
    due, first = ticket.due_on, (ticket.first_assigned_at, ticket.reception_days)
    later = at("2026-03-17 10:00")
    give(session, here, ticket, "hacienda", later)
    assert (ticket.due_on, ticket.secretaria.code) == (due, "hacienda")
    assert (ticket.first_assigned_at, ticket.reception_days) == first
    last = history(session, ticket.id)[-1]
    assert (last.kind, last.actor) == ("reassigned", "user:1")
    assert last.data == {"secretaria": "hacienda", "before": "planeacion", "reason": "es de su competencia"}
    assert letters_of(session, "assignment")[-1].recipient == "hacienda@puerres.example"


def test_the_letter_to_the_office_brings_the_addresses_that_answer_return_extend_and_ask(session, here):
    ticket = assigned(session, here, kind=TicketKind.QUEJA)
    letter = letters_of(session, "assignment")[0]
    offered = [letter.reply_to, *(word[7:].partition("?")[0] for word in letter.text.split() if "mailto:" in word)]
    read_back = [read(address, here.keys, here.mail_domain) for address in offered]
    assert [signed.action for signed in read_back] == [Action.ANSWER, Action.RETURN, Action.EXTEND, Action.ASK]
    assert {signed.subject_id for signed in read_back} == {ticket.id}


def test_an_office_gives_back_what_is_not_its_own(session, here):
    ticket = assigned(session, here, kind=TicketKind.QUEJA)
    due = ticket.due_on
    return_to_desk(session, Return(ticket, "Es de hacienda", "secretaria:planeacion"), NOW)
    assert (ticket.state, ticket.secretaria, ticket.due_on) == ("filed", None, due)
    assert history(session, ticket.id)[-1].data == {"before": "planeacion", "reason": "Es de hacienda"}


def test_what_nobody_has_cannot_be_given_back(session, here):
    ticket = unassigned(session, here, NOW)
    with pytest.raises(ActNotAllowed):
        return_to_desk(session, Return(ticket, "no es mía", "user:1"), NOW)
    assert [event.kind for event in history(session, ticket.id)] == ["filed"]


def test_a_closed_petition_is_not_assigned_again(session, here):
    ticket = assigned(session, here)
    ticket.state = "closed"
    written = len(letters_of(session))
    with pytest.raises(ActNotAllowed):
        give(session, here, ticket, "hacienda", NOW)
    assert ticket.secretaria.code == "planeacion"
    assert len(letters_of(session)) == written
