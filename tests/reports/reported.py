"""What do the tests of the official reports share?  A small report, and how each of its formats is read back."""

import csv
import io
import subprocess
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from pqr.reports.official import Column, OfficialReport, Section, Table, Type
from tests.builders import at
from tests.servers import program

EVERY_KIND_OF_CELL = OfficialReport(
    title="Informe de prueba",
    period="julio a septiembre de 2026",
    entity="Alcaldía de Prueba",
    made_at=at("2026-10-01 08:00"),
    status="Aprobado el jueves 1 de octubre de 2026.",
    signature="Firmó: Rosa Ejemplo, Control Interno",
    sections=(
        Section(
            "Por tipo",
            ("Llegaron 12 peticiones.", '=HYPERLINK("https://malo.example")'),
            Table(
                "Peticiones por tipo",
                (
                    Column("Tipo"),
                    Column("Recibidas", Type.NUMBER),
                    Column("Promedio de días", Type.DECIMAL),
                    Column("A tiempo", Type.SHARE),
                    Column("Última", Type.DATE),
                ),
                (
                    ("Solicitud de información", 12, 3.5, 0.853, date(2026, 9, 30)),
                    ("=1+1", 0, -1.0, 1.0, date(2026, 7, 1)),
                    ("Queja", "menos de 5", None, None, "en trámite"),
                ),
            ),
        ),
        Section("Denuncias", ("Sin datos.",), Table("Denuncias por mes", (Column("Mes"),), ())),
    ),
)


def sheets(content):
    """The sheets of an XLSX by name: rows of what calamine finds in their cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def csv_lines(content):
    """The rows of a CSV as Excel in Spanish opens it."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def pdf_words(content, folder: Path):
    """What a reader of the PDF sees, its spaces made one."""
    path = folder / "paper.pdf"
    path.write_bytes(content)
    command = [program("pdftotext", "poppler-utils"), "-layout", "-enc", "UTF-8", path, "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


def as_typed(cell, column):
    """What a spreadsheet gives back for this cell."""
    if cell is None:
        return "sin datos"
    return cell if isinstance(cell, str | date | datetime) else float(cell)
