"""Does a report say the same in every format?  Numbers stay numbers, texts stay texts, and no file is half a file."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from pqr.reports.formats import MEDIA_TYPES, render
from pqr.reports.official import Column, Section, Table, Type, as_json, from_json, shown
from pqr.reports.spreadsheets import csv_cell
from pqr.reports.whole_file import whole_file
from tests.reports.reported import EVERY_KIND_OF_CELL, as_typed, csv_lines, pdf_words, sheets

REPORT = EVERY_KIND_OF_CELL


def test_the_frozen_report_is_read_back_as_it_was():
    again = from_json(as_json(REPORT))
    assert again == REPORT
    assert as_json(again) == as_json(REPORT)


def test_the_digest_changes_with_any_figure():
    (heading, table), *_ = REPORT.tables
    other = replace(table, rows=((*table.rows[0][:1], 13, *table.rows[0][2:]), *table.rows[1:]))
    changed = replace(REPORT, sections=(Section(heading, REPORT.sections[0].paragraphs, other), *REPORT.sections[1:]))
    assert changed.digest != REPORT.digest == from_json(as_json(REPORT)).digest


def test_the_spreadsheet_holds_the_typed_cells():
    found = sheets(render(REPORT, "xlsx", None))
    for heading, table in REPORT.tables:
        titles, *rows = found[heading]
        assert titles == [column.title for column in table.columns]
        assert rows == [[as_typed(*pair) for pair in zip(row, table.columns, strict=True)] for row in table.rows]
    told = [line for row in found["Informe"] for line in row]
    assert {REPORT.title, REPORT.period, REPORT.status, REPORT.signature, f"Huella SHA-256: {REPORT.digest}"} <= {*told}


def test_the_csv_holds_every_cell_as_it_is_shown():
    content = render(REPORT, "csv", None)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = csv_lines(content)
    for _, table in REPORT.tables:
        for row in table.rows:
            assert [csv_cell(*pair) for pair in zip(row, (c.type for c in table.columns), strict=True)] in lines
    assert ["Solicitud de información", "12", "3,5", "85,3 %", "2026-09-30"] in lines


def test_the_pdf_shows_every_cell(tmp_path):
    told = pdf_words(render(REPORT, "pdf", None), tmp_path)
    for _, table in REPORT.tables:
        for row in table.rows:
            assert " ".join(shown(cell, column.type) for cell, column in zip(row, table.columns, strict=True)) in told
    assert REPORT.signature in told


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_the_same_report_gives_the_same_bytes(form):
    assert render(REPORT, form, None) == render(from_json(as_json(REPORT)), form, None)


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_another_instant_gives_other_bytes(form):
    later = replace(REPORT, made_at=REPORT.made_at + timedelta(days=1))
    assert render(later, form, None) != render(REPORT, form, None)


@pytest.mark.parametrize("text", ["=1+1", "+57", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1"])
def test_what_looks_like_a_formula_is_a_text_in_every_format(text):
    table = Table("Peligro", (Column(text), Column("Otra")), ((text, "a;b"),))
    report = replace(REPORT, title=text, sections=(Section("Tabla", (text,), table),))
    assert all(
        not cell.startswith(tuple("=+-@\t\r\n＝")) for row in csv_lines(render(report, "csv", None)) for cell in row
    )
    content = render(report, "xlsx", None)
    assert sheets(content)["Tabla"][1][0] == text
    assert b"<f>" not in unzipped(content)


def test_a_negative_number_is_no_formula():
    assert csv_cell(-2, Type.NUMBER) == "-2"
    assert csv_cell(-2.5, Type.DECIMAL) == "-2,5"


def test_sheets_of_the_same_name_are_told_apart():
    long = "El mismo encabezado, más largo que lo que admite una hoja [1]"
    sections = tuple(Section(long, (), Table("x", (Column("A"),), ((str(n),),))) for n in range(3))
    found = sheets(render(replace(REPORT, sections=sections), "xlsx", None))
    assert [rows[1] for name, rows in found.items() if name != "Informe"] == [["0"], ["1"], ["2"]]


def test_a_file_that_fails_leaves_nothing(tmp_path):
    path = tmp_path / "informe.csv"
    path.write_text("el de ayer")

    def write():
        with whole_file(path) as half:
            half.write_text("medio")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert [each.name for each in tmp_path.iterdir()] == ["informe.csv"]
    assert path.read_text() == "el de ayer"


def unzipped(content):
    """The parts of an XLSX after each other."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())
