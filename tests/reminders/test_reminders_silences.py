"""Does silence decide only what the law says, on its day, and is it written down once?"""

from datetime import date

import pytest

from pqr.reminders.remind import remind_all
from pqr.terms.calendar import Calendar
from pqr.terms.kinds import TicketKind
from pqr.terms.silence import Silence, silence
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from tests.builders import assigned, at, office_of

DAY_ZERO, DUE = date(2026, 3, 3), date(2026, 3, 17)  # ten business days
AFTER = at("2026-03-18 09:00")


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def silences(session, ticket):
    return [event.data for event in history(session, ticket.id) if event.kind.startswith("silence")]


@pytest.mark.parametrize(
    ("kind", "today", "expected"),
    [
        (TicketKind.INFORMACION, date(2026, 3, 17), None),
        (TicketKind.INFORMACION, date(2026, 3, 18), Silence(True, DUE, date(2026, 3, 20))),
        (TicketKind.DOCUMENTOS, date(2026, 3, 18), Silence(True, DUE, date(2026, 3, 20))),
        (TicketKind.PETICION_GENERAL, date(2026, 3, 31), None),
        (TicketKind.PETICION_GENERAL, date(2026, 6, 3), None),
        (TicketKind.PETICION_GENERAL, date(2026, 6, 4), Silence(False, date(2026, 6, 3))),
        (TicketKind.SUGERENCIA, date(2027, 1, 1), None),
    ],
)
def test_silence_decides_what_the_law_says_and_on_its_day(kind, today, expected):
    assert silence(kind, DAY_ZERO, DUE, today, Calendar()) == expected


def test_the_copies_skip_a_holiday():
    reached = silence(TicketKind.DOCUMENTOS, DAY_ZERO, date(2026, 3, 19), date(2026, 3, 20), Calendar())
    assert reached.copies_by == date(2026, 3, 25)  # Monday the 23rd is a holiday


def test_it_is_written_down_once_and_the_case_goes_on(session, office):
    ticket = assigned(session, office, kind=TicketKind.INFORMACION)
    for moment in ("2026-03-17 09:00", "2026-03-18 09:00", "2026-03-18 10:00", "2026-03-20 09:00"):
        remind_all(session, office, at(moment))
    assert silences(session, ticket) == [{"since": "2026-03-17", "copies_by": "2026-03-20"}]
    assert ticket.state == "assigned"


def test_an_answer_that_did_not_reach_the_person_stops_no_silence(session, office):
    told, untold = (assigned(session, office, kind=TicketKind.INFORMACION) for _ in range(2))
    for ticket in (told, untold):
        record_answer(session, Reply(ticket, "Aquí está.", "user:1", final=True), office, at("2026-03-10 09:00"))
    communicate(session, told, "counter", "user:1", office, at("2026-03-10 10:00"))
    remind_all(session, office, AFTER)
    assert (silences(session, told), len(silences(session, untold))) == ([], 1)


def test_a_clock_that_stands_still_or_was_extended_is_not_silence(session, office):
    asked, extended = (assigned(session, office, kind=TicketKind.INFORMACION) for _ in range(2))
    ask_to_complete(session, Request(asked, "¿De qué año?", "user:1"), office, at("2026-03-10 09:00"))
    extend_term(session, Extension(extended, 5, "Son muchos folios.", "user:1"), office, at("2026-03-10 09:00"))
    remind_all(session, office, AFTER)
    assert (silences(session, asked), silences(session, extended)) == ([], [])
    remind_all(session, office, at("2026-03-26 09:00"))
    assert [each["since"] for each in silences(session, extended)] == ["2026-03-25"]


def test_after_three_months_the_silence_is_negative(session, office):
    ticket = assigned(session, office)
    remind_all(session, office, at("2026-06-03 09:00"))
    assert silences(session, ticket) == []
    remind_all(session, office, at("2026-06-04 09:00"))
    remind_all(session, office, at("2026-06-05 09:00"))
    assert silences(session, ticket) == [{"since": "2026-06-03"}]
