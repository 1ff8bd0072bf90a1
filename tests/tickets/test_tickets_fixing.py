"""Is the day and hour that a judge or an authority fixed the due date, whatever the calendar says later?"""

from datetime import date, time

import pytest

from pqr.closures.models import ClosureRow
from pqr.errors import ActNotAllowed
from pqr.reminders.remind import remind_all
from pqr.terms.kinds import TicketKind
from pqr.tickets.events import history
from pqr.tickets.fixing import Fixing, fix_date
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.recomputing import CalendarChange, recompute_open
from pqr.tickets.suspensions import explanation
from tests.builders import NOW, assigned, at, filed, letters_of, office_of

THURSDAY = date(2026, 3, 5)


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def fix(session, ticket, day=THURSDAY, hour=time(15), now=NOW):
    return fix_date(session, Fixing(ticket, day, hour, "auto del 3 de marzo", "user:1"), now)


def test_the_judge_s_day_and_hour_are_the_due_date(session, office):
    ticket = assigned(session, office, kind=TicketKind.TUTELA_INFORME)
    assert ticket.due_on == date(2026, 3, 4)  # until then a prudent alarm
    fix(session, ticket)
    assert (ticket.due_on, ticket.fixed_at) == (THURSDAY, at("2026-03-05 15:00"))
    event = history(session, ticket.id)[-1]
    assert (event.kind, event.data["before"], event.data["reason"]) == (
        "date_fixed",
        "2026-03-04",
        "auto del 3 de marzo",
    )
    said = ("La fecha la fijó el juez: jueves 5 de marzo de 2026, a las 3:00 p. m.",)
    assert explanation(session, ticket, office) == said
    remind_all(session, office, at("2026-03-05 08:00"))
    assert "Vence: jueves 5 de marzo de 2026, a las 3:00 p. m." in letters_of(session, "reminder")[0].text


def test_an_authority_may_fix_a_day_alone_and_it_lasts_until_its_end(session, office):
    ticket = fix(session, filed(session, office, kind=TicketKind.ENTE_CONTROL), hour=None)
    assert (ticket.due_on, ticket.fixed_at) == (THURSDAY, at("2026-03-05 23:59:59"))
    assert explanation(session, ticket, office) == (
        "La fecha la fijó la autoridad que lo pide: jueves 5 de marzo de 2026.",
    )


@pytest.mark.parametrize(
    ("kind", "day", "hour", "why"),
    [
        (TicketKind.TUTELA_INFORME, THURSDAY, None, "escriba también la hora"),
        (TicketKind.TUTELA_INFORME, date(2026, 3, 3), time(9), "Se recibió el martes 3 de marzo de 2026"),
        (TicketKind.RECLAMO, THURSDAY, time(9), "La fecha de esta petición la da la ley"),
    ],
)
def test_what_cannot_be_fixed_is_refused_with_its_reason(session, office, kind, day, hour, why):
    ticket = filed(session, office, kind=kind)
    with pytest.raises(ActNotAllowed, match=why):
        fix(session, ticket, day, hour)
    assert ticket.fixed_at is None


def test_a_closed_day_does_not_move_what_a_judge_fixed_and_another_kind_has_its_own_date(session, settings, office):
    ticket = fix(session, filed(session, office, kind=TicketKind.TUTELA_INFORME))
    session.add(
        ClosureRow(
            day=date(2026, 3, 4), kind="full_day", name="Día cívico", act="Decreto 9", national=False, created_at=NOW
        )
    )
    session.flush()
    after = office_of(session, settings)
    assert recompute_open(session, CalendarChange(office.calendar, None, "Decreto 9", "user:1"), after, NOW) == []
    reclassify(session, Reclassification(ticket, TicketKind.CONGRESO, "es del Congreso", "user:1"), after, NOW)
    assert (ticket.due_on, ticket.fixed_at) == (date(2026, 3, 11), None)
