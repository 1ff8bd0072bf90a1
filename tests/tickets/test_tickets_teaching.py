"""Who teaches?  Officials' own assignments that held, and never a complaint, a reserved identity or a machine."""

import pytest
from sqlalchemy import update

from pqr.secretarias.directory import by_code
from pqr.secretarias.models import Lesson
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.states import State
from pqr.tickets.teaching import advise_on, keep_lessons, read_lessons
from tests.builders import NOW, filed, office_of
from workers.upkeep import learn_assignments

PAST = {
    "planeacion": ("Puente caído", "El puente de la vereda se cayó con el invierno"),
    "salud": ("Vacunación", "Pido jornada de vacunación para los niños"),
    "hacienda": ("Factura", "El valor de la factura está equivocado"),
}


@pytest.fixture
def office(session, settings):
    return office_of(session, settings, routing="desk")


def teach(session, office, code, times=1, actor="user:1", **changes):
    for _ in range(times):
        subject, body = PAST[code]
        ticket = filed(session, office, **{"subject": subject, "body": body} | changes)
        assign(session, Assignment(ticket, by_code(session, code), "es suya", actor), office, NOW)
        ticket.state = State.CLOSED


def learnt(session):
    session.flush()
    keep_lessons(session, read_lessons(session), NOW)
    session.flush()
    return {each.secretaria_id: each for each in session.query(Lesson)}


def test_the_night_s_lesson_advises_in_the_morning(session, office):
    for code in PAST:
        teach(session, office, code, 17)
    assert sorted(each.examples for each in learnt(session).values()) == [17, 17, 17]
    advice = advise_on(session, filed(session, office, subject="Otro puente", body="Se va a caer el puente"))
    assert advice
    assert (advice.office, advice.right) == (by_code(session, "planeacion").id, 1.0)
    assert learnt(session).keys() == learnt(session).keys()  # learnt twice, kept once


def test_the_daily_task_learns_and_forgets_what_holds_no_more(app, session, office):
    for code in PAST:
        teach(session, office, code, 17)
    session.commit()
    with app.app_context():
        learn_assignments()
    session.rollback()
    assert len(session.query(Lesson).all()) == 3
    session.execute(update(Ticket).values(state=State.ASSIGNED))
    session.commit()
    with app.app_context():
        learn_assignments()
    session.rollback()
    assert session.query(Lesson).all() == []


def test_what_a_machine_assigned_or_may_not_travel_alone_teaches_nothing(session, office):
    for code in PAST:
        teach(session, office, code, 16)
    teach(session, office, "salud", 2, actor="system")
    teach(session, office, "salud", identity=Identity.RESERVED)
    teach(session, office, "salud", kind="queja")
    teach(session, office, "salud", body="Denuncio un soborno en el puesto de vacunación")
    assert learnt(session) == {}  # 48: two too few


def test_what_is_not_answered_yet_teaches_nothing(session, office):
    for code in PAST:
        teach(session, office, code, 17)
    session.flush()
    session.execute(update(Ticket).values(state=State.ASSIGNED))
    assert learnt(session) == {}
