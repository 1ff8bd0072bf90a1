"""Does the board count what the ledgers hold, and does a month that is over stay as it was?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pqr.accounts.changes import Witness, latest_changes
from pqr.accounts.roles import Role
from pqr.errors import ActNotAllowed
from pqr.publishing.opinions import keep_site_opinion
from pqr.publishing.procedures import Procedure, note_reading
from pqr.publishing.updates import Published, SiteUpdate, note_update
from pqr.reports.board import board, satisfaction_answers, site_answers
from pqr.reports.handing_over import acknowledge, deliver, latest_handover
from pqr.reports.official import OfficialReport
from pqr.reports.plan import Goal, Verdict
from pqr.reports.plan_counting import LIVE_UP_TO, count, fix_months, unfixed_months
from pqr.reports.readings import PlanReading, Typed, every_reading, keep_reading, readings_in_force, set_goal
from pqr.secretarias.directory import by_code
from pqr.tickets.filing import PetitionerData
from pqr.tickets.surveying import Satisfaction
from pqr.tickets.voiding import Mistake, Voiding, void
from tests.builders import assigned, at, filed, office_of
from tests.desk.staff import employ

MARCH, APRIL, LATE_APRIL = at("2026-03-10 10:00"), at("2026-04-06 08:00"), at("2026-04-20 08:00")
TODAY = date(2026, 4, 20)


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def figure(session, here, measure, today=TODAY):
    return next(
        each for on_board in board(session, here, today) for each in on_board.figures if each.measure.code == measure
    )


def procedure(session, name, active=True):
    row = Procedure(
        slug=name, name=name, secretaria_id=by_code(session, "salud").id, summary="s", cost="Gratis", duration="Un día",
        place="Ventanilla", active=active, changed_on=date(2026, 1, 5),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def typed(**changes):
    given = {
        "measure": "schools", "on": date(2026, 3, 2), "numerator": 8, "denominator": 17, "evidence": "Acta 3",
        "actor": "user:1",
    }  # fmt: skip
    return Typed(**given | changes)


def fix(session, here, now):
    months = unfixed_months(session, here, now)
    fix_months(session, months, now)
    return {(each.measure, each.month) for each in months}


def test_without_anything_every_action_says_so(session, here):
    found = board(session, here, TODAY)
    assert [each.action.number for each in found] == [1, 2, 3, 4, 5, 6, 7]
    assert {each.verdict for each in found} == {Verdict.NO_DATA}
    assert not any(each.reading for on_board in found for each in on_board.figures)


def test_the_updates_of_the_month_are_those_of_the_ledger(session, here):
    for number in range(4):
        note_update(session, Published("news", "Algo", f"/novedades/{number}", "user:1"), MARCH)
    note_update(session, Published("news", "Otra", "/novedades/9", "user:1"), LATE_APRIL)
    found = figure(session, here, "updates")
    assert (found.reading.numerator, found.reading.on, found.verdict) == (4, date(2026, 3, 31), Verdict.MET)
    assert (found.so_far.numerator, found.so_far.on) == (1, TODAY)


def test_the_procedures_consulted_are_those_whose_page_was_opened_in_the_month(session, here):
    note_update(session, Published("procedure", "Uno", "/tramites/uno", "user:1"), MARCH)
    one, other, hidden = procedure(session, "uno"), procedure(session, "dos"), procedure(session, "tres", active=False)
    for row, day in ((one, 3), (one, 4), (hidden, 5)):
        note_reading(session, row.id, date(2026, 3, day))
    note_reading(session, other.id, date(2026, 4, 1))
    found = figure(session, here, "procedures")
    assert (found.reading.numerator, found.reading.denominator) == (1, 2)
    assert (found.so_far.numerator, found.so_far.denominator) == (1, 2)


def test_reception_is_the_indicator_of_the_month(session, here):
    assigned(session, here, now=MARCH)
    filed(session, here, now=MARCH, kind="queja")
    found = figure(session, here, "reception")
    assert (found.reading.fraction, found.verdict, found.is_provisional) == ("1 de 2", Verdict.NOT_MET, True)


def test_a_month_that_is_running_may_still_reach_its_goal(session, here):
    note_update(session, Published("news", "Algo", "/novedades/1", "user:1"), MARCH)
    found = figure(session, here, "updates", date(2026, 3, 15))
    assert (found.is_running, found.reading.numerator, found.verdict) == (True, 1, Verdict.NO_DATA)


def test_a_month_is_fixed_once_it_has_settled_and_stays(session, here):
    ticket = assigned(session, here, now=MARCH)
    filed(session, here, now=MARCH, kind="queja")
    note_update(session, Published("news", "Algo", "/novedades/1", "user:1"), MARCH)
    march = date(2026, 3, 1)
    fifth, sixth = at("2026-04-09 23:00"), at("2026-04-10 00:30")  # business days: Holy Week lies between
    assert ("reception", march) not in fix(session, here, fifth)  # letters may still come back
    assert {("reception", march), ("updates", march)} <= fix(session, here, sixth)
    before = {(row.measure, row.month): row.reading for row in session.query(PlanReading)}
    void(session, Voiding(ticket, Mistake.TEST, None, "Era una prueba", "user:1"), here, LATE_APRIL)
    session.query(SiteUpdate).delete()
    assert count(session, "reception", march, here, TODAY).denominator == 1
    assert fix(session, here, LATE_APRIL + timedelta(days=1)) == set()
    assert {(row.measure, row.month): row.reading for row in session.query(PlanReading)} == before
    found = figure(session, here, "reception")
    assert (found.reading.fraction, found.is_provisional) == ("1 de 2", False)


def test_two_workers_that_fix_one_month_fix_it_once(session, here):
    assigned(session, here, now=MARCH)
    months = unfixed_months(session, here, LATE_APRIL)
    fix_months(session, months, LATE_APRIL)
    other = [replace(each, reading=replace(each.reading, numerator=0)) for each in months]
    fix_months(session, other, LATE_APRIL)
    row = session.query(PlanReading).filter_by(measure="reception").one()
    assert (row.numerator, row.denominator) == (1, 1)


def test_months_without_a_worker_are_caught_up_and_none_from_before_the_service(session, here):
    assigned(session, here, now=at("2026-01-13 10:00"))
    months = {month for measure, month in fix(session, here, LATE_APRIL) if measure == "updates"}
    assert months == {date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)}


def test_the_register_is_counted_by_itself_and_of_a_large_one_the_kept_reading_is_shown(session, here, monkeypatch):
    for name in ("Ana Prueba", "Ana P."):
        filed(session, here, petitioner=PetitionerData(name, "ana@correo.example"))
    filed(session, here, petitioner=PetitionerData("Luis Ejemplo", "luis@correo.example"))
    assert figure(session, here, "register").reading.fraction == "1 de 3"
    assert LIVE_UP_TO > 3
    monkeypatch.setattr("pqr.reports.plan_counting.LIVE_UP_TO", 2)
    assert figure(session, here, "register").reading is None
    fix(session, here, LATE_APRIL)
    assert figure(session, here, "register").reading.fraction == "1 de 3"


def test_the_handover_counts_officials_in_charge_who_received_the_latest_one(session, here):
    users = [employ(session, Role.DESK), employ(session, Role.AUDITOR), employ(session, Role.SECRETARIA, "salud")]
    users[2].active = False
    assert figure(session, here, "handover").reading is None
    blank = OfficialReport("Acta", "hoy", "Alcaldía", MARCH, "", ())
    for now in (MARCH, APRIL):
        deliver(session, blank, "user:1", now)
        session.flush()
        latest = latest_handover(session).id
        for user in (users[0], users[0], users[2]):
            acknowledge(session, latest, user.id, now)
        assert figure(session, here, "handover").reading.fraction == "1 de 2"


def test_a_correction_is_another_reading_with_its_reason_and_the_wrong_one_stays(session):
    wrong = keep_reading(session, typed(), MARCH)
    session.flush()
    right = keep_reading(session, typed(numerator=9, corrects=wrong.id, reason="Faltaba una sede"), APRIL)
    session.flush()
    assert readings_in_force(session)["schools"] == [right]
    assert [row.numerator for row in every_reading(session, "escuelas")] == [9, 8]
    with pytest.raises(ActNotAllowed, match="ya corrigió"):
        keep_reading(session, typed(corrects=wrong.id, reason="Otra vez"), APRIL)
    assert latest_changes(session)[0].after["reason"] == "Faltaba una sede"


def test_what_the_service_counted_is_mended_by_nobody(session, here):
    assigned(session, here, now=MARCH)
    fix(session, here, LATE_APRIL)
    row = session.query(PlanReading).filter_by(measure="reception").one()
    with pytest.raises(ActNotAllowed):
        keep_reading(session, typed(measure="reception", corrects=row.id), APRIL)


def test_a_goal_that_is_edited_holds_from_then_on(session, here):
    keep_reading(session, typed(numerator=10, denominator=10), MARCH)
    set_goal(session, "escuelas", Goal(50, "Educación", "2027"), Witness("user:1", APRIL))
    session.flush()
    keep_reading(session, typed(on=date(2026, 4, 1), numerator=6, denominator=10), APRIL)
    session.flush()
    found = figure(session, here, "schools")
    assert [(each.goal, each.verdict) for each in found.history] == [(100, Verdict.MET), (50, Verdict.MET)]
    change = next(each for each in latest_changes(session) if each.what == "plan_goals")
    assert (change.before["goal"], change.after["goal"]) == (100, 50)


OPINIONS = ((0, 0, (0, 0)), (3, 1, (None, None)), (20, 0, (20, 20)), (20, 7, (20, 27)), (20, 2, (None, 22)))


def test_few_opinions_are_not_told_in_public_and_are_on_the_desk(session):
    since = TODAY - timedelta(days=365)
    for yes, no, shown in OPINIONS:
        for found in (True,) * yes + (False,) * no:
            keep_site_opinion(session, found, "", TODAY)
            session.add(Satisfaction(month=date(2026, 4, 1), kind="queja", channel="web", answered=found, solved=False))
        session.flush()
        for answers in (site_answers(session, since, False), satisfaction_answers(session, since, False)[0]):
            assert (answers.yes, answers.total) == shown
        told = site_answers(session, since, True)
        assert (told.yes, told.total) == (yes, yes + no)
        session.rollback()
