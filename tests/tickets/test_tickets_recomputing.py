"""Does a decree that closes a day move the open terms, foreseen and aloud, and never yesterday's lateness (R2.25)?"""

from datetime import date

import pytest

from pqr.closures.models import ClosureRow
from pqr.terms.explaining import explain_clock
from pqr.terms.silence import COPIES
from pqr.tickets.duties import owe
from pqr.tickets.events import history
from pqr.tickets.recomputing import CalendarChange, Move, foresee, recompute_open
from pqr.tickets.suspensions import explanation, read_clock
from tests.builders import NOW, at, filed, office_of


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def close(session, settings, *days):
    for day in days:
        session.add(
            ClosureRow(day=day, kind="full_day", name="Día cívico", act="Decreto 9", national=False, created_at=NOW)
        )
    session.flush()
    return office_of(session, settings)


def change(office, act_on=None):
    return CalendarChange(office.calendar, act_on, "Decreto 9 de 2026", "user:1")


def recompute(session, office, now, act_on=None, before=None):
    """How many dates move. `before`: the office while the calendar was another one."""
    return len(recompute_open(session, change(before or office, act_on), office, now))


def test_an_open_term_moves_and_says_why(session, settings, here):
    ticket = filed(session, here)
    office = close(session, settings, date(2026, 3, 16), date(2026, 3, 17))
    assert recompute(session, office, at("2026-03-12 08:00")) == 1
    assert (ticket.due_on, ticket.calendar_version) == (date(2026, 3, 27), office.calendar.version)
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.actor) == ("due_date_recomputed", "user:1")
    assert event.data == {
        "before": "2026-03-25",
        "due_on": "2026-03-27",
        "reason": "Decreto 9 de 2026",
        "calendar": office.calendar.version,
    }


def test_recomputing_twice_moves_nothing_the_second_time(session, settings, here):
    filed(session, here)
    office = close(session, settings, date(2026, 3, 16))
    assert [recompute(session, office, NOW) for _ in range(2)] == [1, 0]


def test_a_term_that_has_passed_is_not_made_punctual(session, settings, here):
    ticket = filed(session, here)
    office = close(session, settings, date(2026, 3, 25))
    assert recompute(session, office, at("2026-03-26 00:00")) == 0
    assert ticket.due_on == date(2026, 3, 25)


def test_on_its_last_day_a_term_still_moves(session, settings, here):
    ticket = filed(session, here)
    office = close(session, settings, date(2026, 3, 25))
    assert recompute(session, office, at("2026-03-25 23:00")) == 1
    assert ticket.due_on == date(2026, 3, 26)


def test_an_extension_is_kept_when_the_term_moves(session, settings, here):
    ticket = filed(session, here)
    ticket.extension, ticket.due_on = 5, date(2026, 4, 1)
    recompute(session, close(session, settings, date(2026, 3, 16)), NOW)
    assert ticket.due_on == date(2026, 4, 6)  # Thursday and Friday are holy


def test_what_is_answered_closed_or_suspended_does_not_move(session, settings, here):
    tickets = [filed(session, here) for _ in range(3)]
    for ticket, state in zip(tickets, ("answered", "closed", "awaiting_petitioner"), strict=True):
        ticket.state = state
    assert recompute(session, close(session, settings, date(2026, 3, 16)), NOW) == 0
    assert {ticket.due_on for ticket in tickets} == {date(2026, 3, 25)}


def test_a_day_outside_the_term_moves_nothing(session, settings, here):
    ticket = filed(session, here)
    office = close(session, settings, date(2026, 5, 4))
    assert recompute(session, office, NOW) == 0
    assert len(history(session, ticket.id)) == 2
    assert (ticket.due_on, ticket.calendar_version) == (date(2026, 3, 25), here.calendar.version)


def test_what_is_foreseen_is_what_happens_and_changes_nothing_itself(session, settings, here):
    ticket, late = filed(session, here), filed(session, here, now=at("2026-03-04 10:00"))
    office = close(session, settings, date(2026, 3, 16))
    foreseen = foresee(session, change(here), office, NOW)
    assert foreseen == [
        Move(ticket.radicado, date(2026, 3, 25), date(2026, 3, 26)),
        Move(late.radicado, date(2026, 3, 26), date(2026, 3, 27)),
    ]
    assert ticket.due_on == date(2026, 3, 25)
    assert recompute_open(session, change(here), office, NOW) == foreseen


def test_an_act_dated_before_the_term_ended_moves_it_though_it_was_written_down_late(session, settings, here):
    ticket, today = filed(session, here), at("2026-03-26 09:00")
    office = close(session, settings, date(2026, 3, 25))
    assert recompute(session, office, today, act_on=date(2026, 3, 26), before=here) == 0
    assert recompute(session, office, today, act_on=date(2026, 3, 25), before=here) == 1
    assert ticket.due_on == date(2026, 3, 26)


def test_an_earlier_act_does_not_bring_in_the_day_that_a_late_one_could_not(session, settings, here):
    ticket, today = filed(session, here), at("2026-03-27 09:00")
    late = close(session, settings, date(2026, 3, 16))
    assert recompute(session, late, today, act_on=date(2026, 3, 26), before=here) == 0
    office = close(session, settings, date(2026, 5, 4))
    assert recompute(session, office, today, act_on=date(2026, 3, 1), before=late) == 0
    assert ticket.due_on == date(2026, 3, 25)


def test_a_day_that_is_worked_after_all_never_makes_anybody_late_at_once(session, settings, here):
    closed = close(session, settings, date(2026, 3, 16), date(2026, 3, 17))
    ticket = filed(session, closed)
    assert ticket.due_on == date(2026, 3, 27)
    assert recompute(session, here, at("2026-03-26 08:00"), before=closed) == 1
    assert ticket.due_on == date(2026, 3, 26)
    *counted, kept = explanation(session, ticket, here)
    assert "se conserva la fecha ya dicha, jueves 26 de marzo de 2026" in kept
    assert tuple(counted) == explain_clock(read_clock(session, ticket, here))


def test_a_pending_duty_moves_too_and_one_whose_day_somebody_fixed_does_not(session, settings, here):
    ticket = filed(session, here)
    counted = owe(session, ticket, COPIES, date(2026, 3, 12), here, NOW)  # until Tuesday the 17th
    fixed = owe(session, ticket, "insistencia", date(2026, 3, 12), here, NOW)
    fixed.due_on = date(2026, 3, 20)
    ticket.state = "closed"
    office = close(session, settings, date(2026, 3, 16))
    moves = [Move(ticket.radicado, date(2026, 3, 17), date(2026, 3, 18), COPIES)]
    assert foresee(session, change(here), office, NOW) == moves
    assert recompute_open(session, change(here), office, NOW) == moves
    assert (counted.due_on, fixed.due_on) == (date(2026, 3, 18), date(2026, 3, 20))
    event = history(session, ticket.id)[-1]
    assert event.kind == "duty_moved"
    assert event.data == {
        "code": COPIES, "before": "2026-03-17", "due_on": "2026-03-18", "reason": "Decreto 9 de 2026",
    }  # fmt: skip
