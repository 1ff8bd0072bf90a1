"""Does whoever comes next receive everything that is open, and no petitioner's data and no secret?"""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from click.testing import CliRunner

from pqr.accounts.roles import Role
from pqr.cli import main
from pqr.reports.formats import render
from pqr.reports.handover import handover, part_of
from pqr.reports.handover_house import without_secrets
from pqr.reports.official import as_json
from pqr.reports.plain import as_markdown
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import ExternalBody
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.contributing import Asking, ask_office
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.filing import PetitionerData
from pqr.tickets.transferring import Sending, transfer
from tests.builders import arrive, assigned, at, filed, office_of, raw_mail
from tests.desk.staff import employ
from tests.installation import make_settings
from tests.reports.reported import EVERY_KIND_OF_CELL, pdf_words, sheets

NOW, LATER = at("2026-03-03 10:00"), at("2026-04-20 10:00")
PERSON = PetitionerData("Bertulfo Cuasquer", "bertulfo@correo.example", "CC", "98765432")
SECRETS = {
    "PQR_SMTP_URL": "smtp://relevo:contraseña-del-correo@relay.example:587",
    "PQR_IMAP_URL": "imaps://pqr:otra-contraseña@imap.example/INBOX",
    "PQR_IMAP_SINCE": "2026-01-01",
    "PQR_REDIS_URL": "redis://:clave-de-redis@10.0.0.1:6379/0",
}


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def report(session, settings, here):
    """A house with one of everything that is handed over."""
    assigned(session, here, now=NOW, petitioner=PERSON)
    stopped = assigned(session, here, "salud", now=LATER, petitioner=PERSON)
    ask_to_complete(session, Request(stopped, "Falta el plano.", "user:1"), here, LATER)
    longer = assigned(session, here, now=LATER, petitioner=PERSON)
    extend_term(session, Extension(longer, 5, "Hay que visitar.", "user:1"), here, LATER)
    ask_office(
        session, Asking(longer, by_code(session, "hacienda"), "¿Hay plata?", longer.due_on, None, "user:1"), here, LATER
    )
    filed(session, here, now=LATER, kind="denuncia", identity="reserved", petitioner=PERSON)
    elsewhere = ExternalBody(name="Gobernación de Prueba")
    session.add(elsewhere)
    moved = assigned(session, here, now=LATER, petitioner=PERSON)
    transfer(session, Sending(moved, elsewhere, "Es vía departamental.", "user:1"), here, LATER)
    arrive(session, here, raw_mail("salud@puerres.example", subject="Una carta", text="Esto llegó."), LATER)
    employ(session, Role.ADMIN)
    session.flush()
    told = make_settings(settings.data_dir, settings.database_url, **SECRETS)
    return handover(session, here, told, LATER)


def table(report, heading):
    return next(section.table for section in report.sections if section.heading == heading)


def test_every_case_without_an_end_is_in_it_with_its_office_its_date_and_how_it_stands(report):
    rows = table(report, "Casos abiertos").rows
    assert [row[3] for row in rows] == sorted(row[3] for row in rows)
    assert len(rows) == 4  # the transferred one has ended
    found = {row[0]: row for row in rows}
    assert found["2026-E-000001"][4].startswith("Vencido hace ")
    assert found["2026-E-000002"][4] == "Suspendido"
    assert found["2026-E-000003"][4] == "En término"
    assert found["2026-E-000004"][2] == "Sin dependencia todavía"
    assert all(isinstance(row[3], date) for row in rows)
    summary = {row[0]: row[1:] for row in table(report, "Resumen por dependencia").rows}
    assert summary["Secretaría de Planeación"] == (2, 1, 0)
    assert summary["Secretaría de Salud"] == (1, 0, 1)


def test_what_was_promised_or_is_owed_is_in_it(report):
    said = {(row[0], row[1]) for row in table(report, "Acuerdos y deberes pendientes").rows}
    assert ("2026-E-000003", "Prórroga concedida de 5 días") in said
    assert ("2026-E-000003", "Aporte que se le pidió") in said
    assert ("2026-E-000005", "Traslado por llevar a Gobernación de Prueba") in said


def test_letters_mails_accounts_and_reports_to_come_are_in_it(report):
    waits = dict(table(report, "Cartas y correos detenidos").rows)
    assert waits["Por salir"] > 0
    assert waits["Correos que esperan a que una persona los lea"] == 1
    assert table(report, "Usuarios").rows[0][:2] == ("admin@puerres.example", "Administración del sistema")
    due = {row[0].split(" de ")[0]: row[2] for row in table(report, "Informes por rendir").rows}
    assert due["Informe trimestral"] == date(2026, 7, 1)
    assert due["Informe semestral"] == date(2026, 7, 1)


def test_no_petitioner_and_no_secret_is_in_any_of_its_formats(report, here, tmp_path):
    pdf = pdf_words(render(report, "pdf", here), tmp_path)
    plain = as_markdown(report).replace("\\", "")
    for said in (pdf, plain, str(sheets(render(report, "xlsx", here))), as_json(report)):
        assert "2026-E-000001" in said
        assert "relay.example:587" in said
        for hidden in ("Bertulfo", "Cuasquer", "bertulfo@", "98765432", "contraseña-", "otra-contraseña", "clave-de"):
            assert hidden not in said, hidden


def test_its_pdf_lasts_and_can_be_signed(report, here, tmp_path):
    pdf = render(report, "pdf", here)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.open_metadata()["pdfaid:part"] == "2"
        assert opened.open_metadata()["pdfuaid:part"] == "1"
    said = pdf_words(pdf, tmp_path)
    assert "Recibe Nombre y cargo: ____" in said
    assert render(report, "pdf", here) == pdf


def test_an_official_of_one_office_receives_that_office_s_part(report):
    part = part_of(report, "Secretaría de Salud")
    assert [row[0] for row in table(part, "Casos abiertos").rows] == ["2026-E-000002"]
    headings = {section.heading for section in part.sections}
    assert not headings & {"Usuarios", "Configuración", "Cartas y correos detenidos", "Resumen por dependencia"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "postgresql+psycopg://pqr:clave@db.example:5432/pqr?sslpassword=x",
            "postgresql+psycopg://db.example:5432/pqr",
        ),
        ("unix:///run/clamd.ctl", "unix:///run/clamd.ctl"),
        ("smtp://u:p%40@relay.example", "smtp://relay.example"),
        ("", "no se usa"),
    ],
)
def test_an_address_is_told_without_who_enters_it(url, shown):
    assert without_secrets(url) == shown


def test_markdown_of_a_report_holds_no_markup_of_its_words():
    strange = replace(EVERY_KIND_OF_CELL, title="[a](javascript:x) | # <b>")
    said = as_markdown(strange)
    assert said.startswith("# \\[a\\](javascript:x) \\| \\# \\<b\\>\n")
    assert "| Solicitud de información | 12 | 3,5 | 85,3 % | 30/09/2026 |" in said


def test_the_command_writes_what_is_asked_for_and_says_what_it_cannot(tmp_path, monkeypatch):
    monkeypatch.setenv("PQR_DATA_DIR", str(tmp_path / "var"))
    run = CliRunner().invoke
    for name, beginning in (("a.pdf", b"%PDF"), ("a.xlsx", b"PK"), ("a.md", b"# Acta"), ("a.json", b"{")):
        result = run(main, ["handover", "--out", str(tmp_path / name)])
        assert result.exit_code == 0, result.stderr
        assert (tmp_path / name).read_bytes().startswith(beginning)
    assert run(main, ["handover"]).stdout.startswith("# Acta de empalme")
    for words in (["--format", "pdf"], ["--out", str(tmp_path / "a.docx")], ["--out", str(tmp_path / "no" / "a.md")]):
        result = run(main, ["handover", *words])
        assert (result.exit_code, "Traceback" in result.stderr) == (2, False), words
