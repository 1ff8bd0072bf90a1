"""Do the copies that silence gave reach the person, in time or late, and is it said how and when?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed, NotUnderstood
from pqr.portal.story import tell
from pqr.reminders.remind import remind_all
from pqr.terms.kinds import TicketKind
from pqr.terms.silence import COPIES
from pqr.tickets import files
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate, letter_left, letter_refused
from pqr.tickets.delivering import Delivery, deliver_copies
from pqr.tickets.duties import pending_duty
from pqr.tickets.events import history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.ruling import Ruling
from tests.builders import assigned, at, letters_of, office_of

AFTER, IN_TIME = at("2026-03-18 09:00"), at("2026-03-19 16:00")  # the term ended on the 17th; copies until the 20th


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def silent(session, office, kind=TicketKind.DOCUMENTOS, **given):
    """A request that nobody answered in time."""
    ticket = assigned(session, office, kind=kind, **given)
    remind_all(session, office, AFTER)
    session.flush()
    return ticket


def told(session, ticket):
    return [event.data for event in history(session, ticket.id) if event.kind == "copies_delivered"]


def by_hand(session, office, ticket, when="2026-03-19 15:30", now=IN_TIME, **given):
    asked = {"way": "counter", "at": at(when), "actor": "user:1", "note": "Recibió su hermana, CC 1.", **given}
    deliver_copies(session, Delivery(ticket, **asked), office, now)


def copy(office):
    return (files.keep(b"la licencia", "licencia.txt", "text/plain", office),)


@pytest.mark.parametrize(
    ("kind", "due_on"),
    [
        (TicketKind.DOCUMENTOS, date(2026, 3, 20)),
        (TicketKind.VEEDURIA, date(2026, 3, 20)),
        (TicketKind.SERVICIOS_PUBLICOS, None),
    ],
)
def test_positive_silence_makes_the_copies_due_once(session, office, kind, due_on):
    ticket = silent(session, office, kind)
    remind_all(session, office, at("2026-03-26 10:00"))
    duty = pending_duty(session, ticket, COPIES)
    assert (duty and duty.due_on) == due_on


def test_handed_over_it_is_said_when_and_to_whom(session, office):
    ticket = silent(session, office)
    by_hand(session, office, ticket)
    assert pending_duty(session, ticket, COPIES) is None
    (event,) = told(session, ticket)
    assert event.pop("message") == ticket.messages[-1].id
    assert event.pop("text_sha256")
    assert event == {"way": "counter", "at": at("2026-03-19 15:30").isoformat(), "until": "2026-03-20", "late": False}
    assert ticket.messages[-1].text == "Recibió su hermana, CC 1."


def test_late_they_are_still_due_and_it_is_said(session, office):
    ticket = silent(session, office)
    by_hand(session, office, ticket, "2026-03-24 08:00", at("2026-03-24 09:00"))
    assert [event["late"] for event in told(session, ticket)] == [True]


@pytest.mark.parametrize("when", ["2026-03-19 16:01", "2026-03-17 23:59"])
def test_they_are_not_delivered_in_the_future_nor_before_they_were_due(session, office, when):
    ticket = silent(session, office)
    with pytest.raises(ActNotAllowed, match="revise el día y la hora"):
        by_hand(session, office, ticket, when)
    assert told(session, ticket) == []


def test_by_mail_they_are_the_answer_and_count_once_the_server_took_them(session, office):
    ticket = silent(session, office)
    deliver_copies(session, Delivery(ticket, "mail", IN_TIME, "user:1", files=copy(office)), office, IN_TIME)
    session.flush()
    assert (ticket.state, pending_duty(session, ticket, COPIES) is None) == ("answered", False)
    (letter,) = letters_of(session, "answer")
    letter_left(session, letter, office, at("2026-03-19 16:05"))
    assert pending_duty(session, ticket, COPIES) is None
    assert [(event["way"], event["answer"]) for event in told(session, ticket)] == [("mail", ticket.answer.id)]
    letter_refused(session, letter, at("2026-03-19 16:30"))
    assert pending_duty(session, ticket, COPIES).due_on == date(2026, 3, 20)


def test_after_an_answer_without_them_they_complete_it(session, office):
    ticket = silent(session, office)
    record_answer(session, Reply(ticket, "Venga por ellas.", "user:1", final=True), office, AFTER)
    communicate(session, ticket, "counter", "user:1", office, AFTER)
    assert pending_duty(session, ticket, COPIES) is not None
    deliver_copies(session, Delivery(ticket, "mail", IN_TIME, "user:1", files=copy(office)), office, IN_TIME)
    session.flush()
    letter_left(session, letters_of(session, "complement")[0], office, IN_TIME)
    assert pending_duty(session, ticket, COPIES) is None
    assert ticket.state == "closed"


def test_what_was_asked_may_be_told_in_words_and_a_reserve_gives_no_copies(session, office):
    informed, reserved = (silent(session, office, TicketKind.INFORMACION) for _ in range(2))
    record_answer(session, Reply(informed, "Costó 40 millones.", "user:1", final=True), office, AFTER)
    ruling = Ruling("denied_reserved", "Ley 1712 de 2014, art. 19, lit. c")
    record_answer(session, Reply(reserved, "Es reservada.", "user:1", final=True, ruling=ruling), office, AFTER)
    for ticket in (informed, reserved):
        communicate(session, ticket, "counter", "user:1", office, IN_TIME)
    assert (pending_duty(session, informed, COPIES), len(told(session, informed))) == (None, 1)
    assert pending_duty(session, reserved, COPIES) is not None


def test_nothing_goes_by_mail_without_an_address_or_without_a_file(session, office):
    nowhere = silent(session, office, petitioner=PetitionerData(name="Ana Prueba", answer_by="portal"))
    with pytest.raises(ActNotAllowed, match="no dejó correo"):
        deliver_copies(session, Delivery(nowhere, "mail", IN_TIME, "user:1", files=copy(office)), office, IN_TIME)
    with pytest.raises(NotUnderstood, match="Adjunte las copias"):
        deliver_copies(session, Delivery(silent(session, office), "mail", IN_TIME, "user:1"), office, IN_TIME)


def test_where_none_are_due_none_are_delivered(session, office):
    with pytest.raises(ActNotAllowed, match="no hay copias pendientes por el silencio"):
        by_hand(session, office, assigned(session, office))


def test_a_silence_without_copies_is_told_without_them(session, office):
    ticket = silent(session, office, TicketKind.SERVICIOS_PUBLICOS)
    remind_all(session, office, at("2026-03-26 10:00"))  # after fifteen business days
    told_to_the_person = [step.words for step in tell(history(session, ticket.id), {})]
    assert any("ya no se le puede negar." in words for words in told_to_the_person)
    assert not any("copias" in words for words in told_to_the_person)
