"""How does a report that the law orders come to be official?  On the desk's pages, by name, and then for everybody."""

import pytest
import time_machine
from sqlalchemy import select

from pqr.accounts.roles import Role
from pqr.publishing.updates import SiteUpdate
from pqr.reports.models import Report
from pqr.reports.preparing import prepare_due
from pqr.tickets.models import Ticket
from tests.builders import CITIZEN, at, office_of
from tests.desk.staff import at_work, form_of, look_again, send, words_of
from tests.reports.reported import csv_lines, sheets
from tests.reports.test_reports_access import answer, ask

NOW = at("2026-04-01 09:00")
LIST, PAGE, PUBLIC = (
    "/atencion/informes/oficiales",
    "/atencion/informes/oficiales/trimestral/2026-T1",
    "/informes/trimestral/2026-T1",
)
SIGN, CORRECT = f"{PAGE}/firmar", f"{PAGE}/corregir"
ROSA = {"name": "Rosa Ejemplo", "post": "jefe de Control Interno"}


@pytest.fixture(autouse=True)
def on_the_day():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def quarter(session, here):
    """Six answered requests and an open one; the report waits for its signature."""
    tickets = [ask(session, here, at("2026-03-03 10:00")) for _ in range(7)]
    for ticket in tickets[:6]:
        answer(session, here, ticket, at("2026-03-09 10:00"))
    prepare_due(session, here, NOW)
    session.commit()
    return tickets


def approve(client, **typed):
    return send(client, PAGE, SIGN, **ROSA | typed, accion="aprobar")


def updates(session):
    look_again(session)
    return [(each.what, each.path) for each in session.scalars(select(SiteUpdate))]


def test_it_is_read_signed_and_from_then_on_public(client, session, quarter):
    auditor = at_work(client, session, Role.AUDITOR)
    assert "Informe trimestral" in words_of(client.get(LIST)).split("Por aprobar", 1)[1]
    assert client.get(PUBLIC).status_code == 404
    assert "Provisional" in words_of(client.get(PAGE))
    answer = approve(client, recommendations="Responder antes.")
    assert answer.status_code == 303
    look_again(session)
    report = session.scalars(select(Report).where(Report.kind == "trimestral")).one()
    assert (report.approved_by, report.signer) == (f"user:{auditor.id}", "Rosa Ejemplo")
    assert updates(session) == [("report", PUBLIC)]
    told = words_of(client.get(PUBLIC))
    assert "Aprobado y firmado por Rosa Ejemplo, jefe de Control Interno" in told
    assert "Responder antes." in told
    assert report.public_sha256 in told
    assert "Informe trimestral" in words_of(client.get("/informes/publicados"))


@pytest.mark.parametrize("face", [PAGE, PUBLIC])
def test_all_formats_carry_the_figures_of_the_page(client, session, quarter, face):
    at_work(client, session, Role.ADMIN)
    approve(client)
    page = words_of(client.get(face))
    files = {form: client.get(f"{face}/informe.{form}") for form in ("pdf", "xlsx", "csv")}
    assert all(
        each.status_code == 200 and "attachment" in each.headers["Content-Disposition"] for each in files.values()
    )
    look_again(session)
    report = session.scalars(select(Report).where(Report.kind == "trimestral")).one()
    value = report.frozen if face == PAGE else report.published
    lines, book = csv_lines(files["csv"].data), sheets(files["xlsx"].data)
    for heading, table in value.tables:
        assert len(book[heading][1:]) == len(table.rows)
        for row in table.rows:
            assert str(row[0]) in page
            assert any(line and line[0] == row[0] for line in lines)
    assert files["pdf"].data.startswith(b"%PDF")
    again = client.get(f"{face}/informe.pdf").data
    assert again == files["pdf"].data


def test_nothing_public_names_a_number_or_a_person(client, session, quarter):
    at_work(client, session, Role.ADMIN)
    approve(client)
    told = [client.get(PUBLIC).text, client.get(f"{PUBLIC}/informe.csv").text]
    for secret in (*(ticket.radicado for ticket in quarter), "Ana Prueba", CITIZEN, "acueducto"):
        assert not any(secret in each for each in told), secret


def test_the_desk_reads_and_may_not_sign(client, session, quarter):
    at_work(client, session, Role.DESK)
    page = client.get(PAGE)
    assert "Lo aprueba Control Interno." in words_of(page)
    assert client.post(SIGN, data={**ROSA, "accion": "aprobar"}).status_code == 403
    assert client.post(CORRECT, data=ROSA).status_code == 403
    assert updates(session) == []


def test_an_office_does_not_see_what_is_not_published(client, session, quarter):
    at_work(client, session, Role.SECRETARIA, "planeacion")
    assert client.get(LIST).status_code == client.get(PAGE).status_code == 403


def test_a_signature_needs_a_name_and_a_post_and_keeps_what_was_typed(client, session, quarter):
    at_work(client, session, Role.AUDITOR)
    refused = send(client, PAGE, SIGN, recommendations="Responder antes.", accion="aprobar")
    assert refused.status_code == 422
    told = words_of(refused)
    assert "Escriba su nombre, como firma." in told
    assert "Escriba su cargo." in told
    assert form_of(refused.text, SIGN)["recommendations"] == "Responder antes."
    assert updates(session) == []


def test_recommendations_wait_for_the_signature(client, session, quarter):
    at_work(client, session, Role.AUDITOR)
    assert send(client, PAGE, SIGN, recommendations="Responder antes.", accion="guardar").status_code == 303
    assert form_of(client.get(PAGE).text, SIGN)["recommendations"] == "Responder antes."
    assert updates(session) == []


def test_who_looks_at_old_figures_signs_nothing(client, session, quarter, here):
    at_work(client, session, Role.AUDITOR)
    fields = form_of(client.get(PAGE).text, SIGN)
    answer(session, here, quarter[-1], at("2026-04-01 08:00"))
    session.commit()
    refused = client.post(SIGN, data={**fields, **ROSA, "recommendations": "Responder antes.", "accion": "aprobar"})
    assert refused.status_code == 422
    assert "Las cifras cambiaron" in words_of(refused)
    assert form_of(refused.text, SIGN)["recommendations"] == "Responder antes."
    assert client.get(PUBLIC).status_code == 404


def test_two_who_edit_at_once_overwrite_nothing(client, session, quarter):
    at_work(client, session, Role.AUDITOR)
    fields = form_of(client.get(PAGE).text, SIGN)
    client.post(SIGN, data={**fields, "recommendations": "La primera.", "accion": "guardar"})
    refused = client.post(SIGN, data={**fields, "recommendations": "La segunda.", "accion": "guardar"})
    assert refused.status_code == 422
    assert "después de que usted abrió la página" in words_of(refused)
    assert form_of(refused.text, SIGN)["recommendations"] == "La segunda."
    look_again(session)
    assert "La primera." in session.scalars(select(Report.recommendations).where(Report.kind == "trimestral")).all()


def test_a_later_change_shows_as_an_erratum_and_changes_nothing(client, session, quarter, here, on_the_day):
    at_work(client, session, Role.AUDITOR)
    approve(client)
    before = client.get(f"{PUBLIC}/informe.csv").data
    assert "Las cifras de hoy son las mismas que se aprobaron." in words_of(client.get(PAGE))
    ticket = session.get_one(Ticket, quarter[-1].id)
    answer(session, here, ticket, at("2026-04-01 08:30"))
    session.commit()
    on_the_day.shift(3600)
    told = words_of(client.get(PAGE))
    assert "Acceso a información: Respondidas, solicitudes: 6 → 7" in told
    assert "Respondidas, solicitudes" not in words_of(client.get(PUBLIC))
    assert send(client, PAGE, CORRECT, **ROSA, reason="").status_code == 422
    assert send(client, PAGE, CORRECT, **ROSA, reason="Se respondió después.").status_code == 303
    public = words_of(client.get(PUBLIC))
    assert "Fe de erratas 1" in public
    assert "Se respondió después." in public
    assert client.get(f"{PUBLIC}/informe.csv").data == before
    assert ["Acceso a información: Respondidas, solicitudes", "6", "7"] in csv_lines(
        client.get(f"{PUBLIC}/fe-de-erratas-1.csv").data
    )
    assert client.get(f"{PUBLIC}/fe-de-erratas-1.pdf").data.startswith(b"%PDF")
    assert [what for what, _ in updates(session)] == ["report", "erratum"]


@pytest.mark.parametrize(
    "path",
    [
        "/informes/otro/2026-T1", "/informes/trimestral/2026-S1", "/informes/trimestral/nada",
        "/informes/trimestral/2099-T1", f"{PUBLIC}/informe.exe", f"{PUBLIC}/fe-de-erratas-7.pdf",
    ],
)  # fmt: skip
def test_what_is_no_report_is_not_found(client, session, quarter, path):
    at_work(client, session, Role.AUDITOR)
    approve(client)
    assert client.get(path).status_code == 404
    assert client.get(f"/atencion/informes/oficiales{path.removeprefix('/informes')}").status_code == 404
