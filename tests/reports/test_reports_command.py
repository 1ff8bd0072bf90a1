"""Does a report leave from a terminal, whole, in every format?"""

from contextlib import contextmanager

import pytest
import time_machine
from click.testing import CliRunner

from pqr.cli import official
from pqr.cli.report import report
from pqr.reports.approving import approve
from pqr.reports.ordered import ReportKind
from tests.builders import at, office_of
from tests.reports.reported import csv_lines, sheets
from tests.reports.test_reports_access import ask
from tests.reports.test_reports_approving import FIRST_DAY, ROSA, prepared


@pytest.fixture
def run(app, monkeypatch):
    """The command over the database of this test."""

    @contextmanager
    def here():
        with app.app_context():
            yield app

    monkeypatch.setattr(official, "prepared_application", here)
    with time_machine.travel(at("2026-04-02 09:00"), tick=False):
        yield lambda *words: CliRunner().invoke(report, [str(word) for word in words])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_kind_leaves_in_each_format_for_any_days(run, tmp_path, kind):
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("html", b"")):
        out = tmp_path / f"informe.{form}"
        said = run(kind, "--from", "2026-01-15", "--to", "2026-02-20", "--format", form, "--out", out)
        assert said.exit_code == 0, said.output
        assert "Del 15 de enero al 20 de febrero de 2026. Provisional:" in said.output
        assert out.read_bytes().startswith(begins)
    assert "<h1>" in (tmp_path / "informe.html").read_text(encoding="utf-8")
    assert {each.name for each in tmp_path.iterdir()} >= {"informe.pdf", "informe.xlsx", "informe.csv", "informe.html"}
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_signed_report_leaves_as_it_was_signed(run, tmp_path, session, settings):
    here = office_of(session, settings)
    for _ in range(6):
        ask(session, here)
    row = prepared(session, here)
    approve(session, row, ROSA, here, FIRST_DAY)
    ask(session, here)
    session.commit()
    out = tmp_path / "informe.xlsx"
    said = run("trimestral", "--period", "2026-T1", "--format", "xlsx", "--out", out)
    assert "Aprobado el miércoles 1 de abril de 2026." in said.output
    assert sheets(out.read_bytes())["Acceso a información"][1] == ["Recibidas", 6.0]
    run("trimestral", "--from", "2026-01-01", "--to", "2026-03-31", "--format", "csv", "--public", "--out", out)
    assert [f"Huella SHA-256: {row.public_sha256}"] in csv_lines(out.read_bytes())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--from", "2026-02-01", "--to", "2026-01-01"], "termina antes de empezar"),
        (["--from", "2026-02-01"], "Diga de qué días"),
        (["--period", "2026-S1"], "No hay un periodo"),
        (["--from", "2026-02-30", "--to", "2026-03-01"], "2026-02-30"),
        (["--period", "2026-T1", "--format", "doc"], "doc"),
        (["--from", "2026-02-01", "--to", "2026-03-31", "--public"], "trimestres completos"),
        (["--period", "2026-T2", "--public"], "que ya terminaron"),
    ],
)
def test_bad_use_is_told_and_writes_nothing(run, tmp_path, words, sentence):
    said = run("trimestral", *words, "--out", tmp_path / "informe.pdf")
    assert said.exit_code == 2
    assert sentence in said.output
    assert not (tmp_path / "informe.pdf").exists()


def test_a_folder_that_does_not_exist_is_told(run, tmp_path):
    said = run("trimestral", "--period", "2026-T1", "--out", tmp_path / "nada" / "informe.pdf")
    assert (said.exit_code, "No existe la carpeta" in said.output) == (2, True)
