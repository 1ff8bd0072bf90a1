"""Does `pqr dedupe` read the lists that offices keep, say what is there twice, and keep nothing of anybody?"""

import csv
import json
from datetime import datetime

import pytest
import xlsxwriter
from click.testing import CliRunner
from sqlalchemy import select

from pqr.accounts.changes import latest_changes
from pqr.app import create_app
from pqr.cli import main
from pqr.db import db
from pqr.reports.readings import PlanReading
from tests.installation import make_settings, prepare

HEADER = ("Tipo documento", "No. Documento", "Nombres", "Apellidos", "Fecha de nacimiento", "Vereda")
ROWS = (
    ("CC", "1.085.123.456", "María Fernanda", "Rosero Muñoz", "02/01/1980", "El Páramo"),
    ("CC", "98765432", "Luis", "Paz", "15/05/1950", "San Mateo"),
    ("CC", "1085123456", "MARIA", "ROSERO", "", ""),
    ("TI", "98765423", "Luis", "Pas", "15/05/1950", "San Mateo"),
)
FOUND = [("exact", [2, 4]), ("likely", [3, 5])]


def ask(*words):
    return CliRunner().invoke(main, ["dedupe", *map(str, words)], catch_exceptions=False)


def groups_of(result):
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    return [(group["kind"], group["rows"]) for group in found["groups"]]


def written(path, encoding="utf-8", separator=";", rows=(HEADER, *ROWS)):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def book(path, rows=(HEADER, *ROWS), first_row=0):
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Beneficiarios")
        for number, row in enumerate(rows, start=first_row):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_a_csv_is_read_as_the_programs_here_write_it(tmp_path, encoding, separator):
    result = ask(written(tmp_path / "lista.csv", encoding, separator), "--json")
    assert groups_of(result) == FOUND
    found = json.loads(result.stdout)
    assert found["columns"] == {
        "documento": ["No. Documento"],
        "nombres": ["Nombres", "Apellidos"],
        "nacimiento": ["Fecha de nacimiento"],
    }
    assert found["clean"] == {"numerator": 3, "denominator": 4, "rate": 0.75}


def test_a_workbook_with_a_title_above_numbers_as_numbers_and_real_dates_is_read_with_its_own_row_numbers(tmp_path):
    path = tmp_path / "lista.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as made:
        sheet = made.add_worksheet()
        sheet.write(2, 0, "Listado de beneficiarios 2026")
        sheet.write_row(4, 0, ("CEDULA", "NOMBRE COMPLETO", "FEC_NAC"))
        sheet.write_row(5, 0, (1085123456, "Ana Rosero Paz"))
        sheet.write_row(7, 0, ("", "Ana Rosero Paz", datetime(1980, 1, 2)))
        sheet.write_row(8, 0, ("1085123456", "Otra"))
        sheet.write_row(9, 0, ("", "PAZ ROSERO ANA", "02/01/1980"))
    assert groups_of(ask(path, "--json")) == [("exact", [6, 9]), ("exact", [8, 10]), ("likely", [6, 8])]


@pytest.mark.parametrize(
    "header",
    [
        "TIPODOC;NUM_DOC;NOM1;NOM2;APE1;APE2;FECHANTO",
        "tip_doc;cedula;pri_nom;seg_nom;pri_ape;seg_ape;fec_nac",
        "Tipo de identificación;Número de identificación;Primer nombre;Segundo nombre;Primer apellido;"
        "Segundo apellido;Fecha nacimiento",
    ],
)
def test_the_columns_of_the_programs_of_the_state_are_known(tmp_path, header):
    path = tmp_path / "base.csv"
    path.write_text(f"{header}\nCC;1085123456;Ana;Lucía;Paz;Mora;02/01/1980\nCC;1085123456;Ana;;Paz;Mora;\n", "utf-8")
    found = json.loads(ask(path, "--json").stdout)
    assert [len(names) for names in found["columns"].values()] == [1, 4, 1]
    assert found["exact"]["surplus"] == 1


def test_the_columns_may_be_said(tmp_path):
    path = written(tmp_path / "lista.csv", rows=(("X", "Y"), ("98765432", "Ana Paz"), ("98765432", "Ana Paz")))
    assert ask(path).exit_code == 2
    assert groups_of(ask(path, "--json", "--columns", "documento=X;nombres=Y")) == [("exact", [2, 3])]
    assert "Z" in ask(path, "--columns", "documento=Z").stderr
    assert ask(path, "--columns", "cualquiera").exit_code == 2


def test_the_groups_are_data_and_the_summary_is_talk_and_neither_names_anybody(tmp_path):
    path, out = written(tmp_path / "lista.csv"), tmp_path / "grupos.csv"
    result = ask(path)
    assert result.stdout.splitlines()[:2] == ["grupo;clase;filas;razón", "1;exacto;2 4;mismo documento"]
    assert "Base depurada: 75 % (3 de 4 filas" in result.stderr
    assert ask(path, "--out", out).stdout == ""
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    said = result.stdout + result.stderr + out.read_text("utf-8")
    assert not any(word in said for word in ("1085123456", "98765432", "Rosero", "ROSERO", "Luis", "1950"))


def encrypted(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    return path


BAD = {
    "no such file": (lambda folder: folder / "falta.csv", "No se pudo leer"),
    "empty": (lambda folder: written(folder / "a.csv", rows=()), "está vacío"),
    "header alone": (lambda folder: written(folder / "a.csv", rows=(HEADER,)), "no tiene filas"),
    "no column": (lambda folder: written(folder / "a.csv", rows=(("Vereda", "Casas"), ("Sur", 3))), "--columns"),
    "a picture": (lambda folder: written(folder / "a.png"), "no es una lista"),
    "a workbook called csv": (lambda folder: book(folder / "a.xlsx").rename(folder / "a.csv"), "cámbiele el nombre"),
    "a csv called workbook": (lambda folder: written(folder / "a.xlsx"), "no es un libro"),
    "encrypted": (lambda folder: encrypted(folder / "a.xlsx"), "protegido"),
    "half a workbook": (lambda folder: half(book(folder / "a.xlsx")), "dañado"),
    "empty sheet": (lambda folder: book(folder / "a.xlsx", rows=()), "vacía"),
    "huge cell": (lambda folder: written(folder / "a.csv", rows=(HEADER, ("x" * 200_000,))), "comilla sin cerrar"),
    "long cell": (lambda folder: written(folder / "a.csv", rows=(HEADER, ("x" * 20_000,))), "La fila 2"),
    "zeros": (lambda folder: (folder / "a.csv").write_bytes(b"a\0b\n") and folder / "a.csv", "no es un texto"),
}


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize(("made", "says"), BAD.values(), ids=BAD)
def test_what_is_no_list_is_refused_with_a_sentence(tmp_path, made, says):
    result = ask(made(tmp_path))
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert not result.stdout


def test_a_recorded_reading_keeps_figures_evidence_and_digest_alone(tmp_path, monkeypatch):
    settings = make_settings(tmp_path)
    prepare(settings)
    for name, value in (("DATA_DIR", tmp_path), ("DATABASE_URL", settings.database_url), ("SECRET_KEY", "c" * 32)):
        monkeypatch.setenv(f"PQR_{name}", str(value))
    path = written(tmp_path / "lista.csv")
    assert ask(path, "--record").exit_code == 2
    assert ask(path, "--record", "--base", "sisben", "--evidence", "x", "--author", "nadie@x.example").exit_code == 2
    assert ask(path, "--record", "--base", "sisben", "--evidence", "Corte de octubre").exit_code == 0
    app = create_app(settings)
    with app.app_context():
        row = db.session.scalars(select(PlanReading)).one()
        assert (row.measure, row.numerator, row.denominator, row.goal) == ("sisben", 3, 4, 100)
        assert row.evidence == "Corte de octubre"
        assert len(row.sha256) == 64
        assert row.actor.startswith("terminal:")
        assert latest_changes(db.session())[0].what == "plan_readings"
        db.session.remove()
        db.engine.dispose()
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("pqr.sqlite3*"))
    assert not any(word.encode() in kept for word in ("1085123456", "1.085.123.456", "María Fernanda", "Muñoz"))


def test_the_same_list_in_a_workbook_and_in_a_csv_gives_the_same_groups(tmp_path):
    assert groups_of(ask(book(tmp_path / "a.xlsx"), "--json")) == FOUND
