"""Does a report stay what somebody signed?  Prepared once, frozen by name, and corrected beside itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from pqr.errors import ActNotAllowed
from pqr.reports.approving import Signature, approve, changed_since, correct, recommend
from pqr.reports.formats import MEDIA_TYPES, render
from pqr.reports.models import Report
from pqr.reports.official import from_json
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.reports.preparing import prepare_due
from pqr.tickets.models import Ticket
from pqr.upkeep import verify
from tests.builders import at, letters_of, office_of
from tests.reports.test_reports_access import answer, ask, table
from tests.tickets.test_tickets_letters import check
from workers.upkeep import daily

ROSA = Signature("Rosa Ejemplo", "jefe de Control Interno", "user:1")
FIRST_DAY = at("2026-04-01 00:10")  # the first business day after the quarter
LATER = at("2026-05-20 08:00")


@pytest.fixture
def here(session, settings):
    return office_of(session, settings, base_url="https://pqr.puerres.example")


@pytest.fixture
def quarter(session, here):
    """Seven requests of information, of which one is open; the report is prepared."""
    tickets = [ask(session, here) for _ in range(7)]
    for ticket in tickets[:6]:
        answer(session, here, ticket, at("2026-03-09 10:00"))
    return prepared(session, here)


def prepared(session, here, now=FIRST_DAY):
    prepare_due(session, here, now)
    session.flush()
    return session.scalars(select(Report).where(Report.kind == ReportKind.ACCESS)).one()


def signed(session, here, report, now=FIRST_DAY):
    approve(session, report, ROSA, here, now)
    session.flush()
    return report


def test_each_report_is_prepared_on_the_first_business_day_after_its_period_and_once(session, here):
    ask(session, here)
    assert prepare_due(session, here, at("2026-03-31 23:50")) == []
    prepared_ones = [
        [each.kind for each in prepare_due(session, here, FIRST_DAY + timedelta(days=n))] for n in range(3)
    ]
    quarterly = [kind for kind, ordered in ORDERED.items() if ordered.months == 3]
    assert prepared_ones == [quarterly, [], []]
    (letter,) = letters_of(session, "report_ready")
    assert (letter.recipient, letter.copies) == ("control-interno@puerres.example", "atencion@puerres.example")
    check(letter, "report_ready")


def test_the_daily_work_prepares_what_is_due(app, session, here):
    ask(session, here)
    session.commit()
    with time_machine.travel(FIRST_DAY, tick=False), app.app_context():
        daily()
        daily()
    session.rollback()
    assert [report.period for report in session.scalars(select(Report))] == ["2026-T1"] * 2
    assert len(letters_of(session, "report_ready")) == 1


def test_nothing_is_prepared_of_a_time_before_the_service(session, here):
    assert prepare_due(session, here, FIRST_DAY) == []
    ask(session, here, at("2026-04-01 00:05"))
    assert prepare_due(session, here, FIRST_DAY) == []


def test_a_day_off_postpones_it(session, here):
    ask(session, here, at("2025-12-31 10:00"))
    assert prepare_due(session, here, at("2026-01-01 12:00")) == []
    names = {(each.kind, each.period) for each in prepare_due(session, here, at("2026-01-02 00:10"))}
    assert (ReportKind.ACCESS, "2025-T4") in names
    assert {period for _, period in names} <= {"2025-T4", "2025-S2", "2025"}


def test_a_signed_report_keeps_its_figures_its_cases_and_its_digest(session, here, quarter):
    recommend(quarter, "Responder antes del quinto día.\n\nPublicar el presupuesto.")
    report = signed(session, here, quarter)
    before = (report.sha256, report.public_sha256, report.content, list(report.cases))
    assert report.frozen.digest == report.sha256 == quarter.sha256
    assert len(report.cases) == 7
    assert report.frozen.signature.startswith("Aprobado y firmado por Rosa Ejemplo, jefe de Control Interno, el ")
    assert "sigue abierta" in report.frozen.status
    (typed,) = [each for each in report.frozen.sections if each.heading == "Recomendaciones"]
    assert typed.paragraphs == ("Responder antes del quinto día.", "Publicar el presupuesto.")
    papers = {form: render(report.frozen, form, here) for form in MEDIA_TYPES}
    answer(session, here, session.get_one(Ticket, report.cases[-1]), at("2026-05-04 10:00"))
    session.commit()
    session.refresh(report)
    assert (report.sha256, report.public_sha256, report.content, list(report.cases)) == before
    assert {form: render(report.frozen, form, here) for form in MEDIA_TYPES} == papers
    assert list(verify(session, here)) == []


def test_what_changed_since_is_told_cell_by_cell_and_signed_as_an_erratum(session, here, quarter):
    report = signed(session, here, quarter)
    assert changed_since(session, report, here, LATER) == ()
    answer(session, here, session.get_one(Ticket, report.cases[-1]), at("2026-05-04 10:00"))
    session.flush()
    told = [f"{each.where}: {each.before} → {each.now}" for each in changed_since(session, report, here, LATER)]
    name = "Acceso a información"
    assert f"{name}: Respondidas, solicitudes: 6 → 7" in told
    assert f"{name}: En trámite o por comunicar, solicitudes: 1 → 0" in told
    assert "Tiempo de respuesta: Mediana, días hábiles: 4,0 → 4,0" not in told
    erratum = correct(session, report, ROSA, "Se respondió después de aprobarlo.", here, LATER)
    session.flush()
    assert erratum.number == 1
    assert from_json(erratum.content).digest == erratum.sha256
    ((_, changed),) = erratum.published.tables
    assert [" → ".join(row) for row in changed.rows] == [
        " → ".join(row) for row in table(erratum.frozen, "Lo que cambió").rows
    ]
    assert len(changed.rows) == len(told)
    assert erratum.frozen.sections[0].paragraphs == ("Se respondió después de aprobarlo.",)
    assert render(erratum.frozen, "pdf", here).startswith(b"%PDF")


def test_the_same_changes_are_signed_once(session, here, quarter):
    report = signed(session, here, quarter)
    with pytest.raises(ActNotAllowed, match="No hay cambios"):
        correct(session, report, ROSA, "Por si acaso.", here, LATER)
    answer(session, here, session.get_one(Ticket, report.cases[-1]), at("2026-05-04 10:00"))
    correct(session, report, ROSA, "Se respondió.", here, LATER)
    session.flush()
    with pytest.raises(ActNotAllowed, match="ya dice estos cambios"):
        correct(session, report, ROSA, "Otra vez.", here, LATER)


def test_what_is_signed_is_neither_signed_again_nor_edited(session, here, quarter):
    report = signed(session, here, quarter)
    with pytest.raises(ActNotAllowed, match="ya está aprobado"):
        approve(session, report, ROSA, here, LATER)
    with pytest.raises(ActNotAllowed, match="ya está aprobado"):
        recommend(report, "Otra cosa.")


def test_another_key_of_the_installation_changes_no_name(session, here, quarter):
    report = signed(session, here, quarter)
    rotated = replace(here, keys=("otra-clave-de-esta-instalacion", *here.keys))
    assert changed_since(session, report, rotated, LATER) == ()


def test_a_forged_report_is_noticed(session, here, quarter):
    report = signed(session, here, quarter)
    report.public_content = report.public_content.replace("2026", "2025")
    session.commit()
    assert list(verify(session, here)) == ["informe trimestral 2026-T1: no es el que se firmó."]
