"""How does a report leave?  The same value as PDF, XLSX and CSV; its web page is `templates/reports/value.html`.

The same value gives the same bytes: what was frozen can be made again.
"""

import io
from collections.abc import Iterator

from pqr.config import Office
from pqr.reports.official import OfficialReport, Table, shown
from pqr.reports.spreadsheets import Book, csv_cell, csv_rows
from pqr.tickets.documents import logo, set_paper

LONG = 40  # letters, from which a cell is read as a sentence
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def render(report: OfficialReport, form: str, office: Office) -> bytes:
    """The report in one of the MEDIA_TYPES. `office`: only for the store that has the logo."""
    match form:
        case "pdf":
            return as_pdf(report, office)
        case "xlsx":
            return as_xlsx(report)
        case "csv":
            return as_csv(report)
    raise ValueError(f"no report is written as {form}")


def as_pdf(report: OfficialReport, office: Office) -> bytes:
    """PDF/A-2a and PDF/UA-1."""
    sections = [
        {
            "heading": section.heading,
            "paragraphs": list(section.paragraphs),
            "table": _pdf_table(section.table) if section.table else None,
        }
        for section in report.sections
    ]
    given = {
        "entity": report.entity,
        "lines": list(report.lines),
        "logo": logo(report.logo, office),
        "title": report.title,
        "period": report.period,
        "status": report.status,
        "signature": report.signature,
        "digest": report.digest if report.signature else "",
        "sections": sections,
    }
    return set_paper("informe", given, report.made_at)


def _pdf_table(table: Table) -> dict[str, object]:
    return {
        "about": table.about,
        "columns": [
            {"title": column.title, "figure": column.is_figure, "width": _width(table, place)}
            for place, column in enumerate(table.columns)
        ],
        "rows": [
            [shown(cell, column.type) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
        ],
    }


def _width(table: Table, place: int) -> float:
    """How wide a column is, as a share of what there is."""
    if table.columns[place].is_figure:
        return 1
    longest = max((len(cell) for row in table.rows if isinstance(cell := row[place], str)), default=0)
    return 4 if longest > LONG else 2 if place == 0 else 1.2


def as_xlsx(report: OfficialReport) -> bytes:
    """A sheet of sentences, and one for each table."""
    target = io.BytesIO()
    book = Book(target, f"{report.title}: {report.period}", report.made_at)
    book.text("Informe", _sentences(report))
    for heading, table in report.tables:
        book.table(heading, table.columns, table.rows)
    book.close()
    return target.getvalue()


def _sentences(report: OfficialReport) -> Iterator[tuple[str, bool]]:
    yield report.title, True
    for line in (report.entity, report.period, report.status):
        yield line, False
    for section in report.sections:
        yield section.heading, True
        yield from ((paragraph, False) for paragraph in section.paragraphs)
        if section.table:
            yield f"Tabla en otra hoja: {section.table.about}", False
    yield from ((line, False) for line in _end(report))


def as_csv(report: OfficialReport) -> bytes:
    """Everything under each other: the sentences as rows of one cell, each table with its heading above it."""
    target = io.StringIO(newline="")
    write = csv_rows(target)
    for line in (report.title, report.entity, report.period, report.status):
        write([csv_cell(line)])
    for section in report.sections:
        write([])
        for line in (section.heading, *section.paragraphs):
            write([csv_cell(line)])
        if section.table:
            columns = section.table.columns
            write([csv_cell(column.title) for column in columns])
            for row in section.table.rows:
                write([csv_cell(cell, column.type) for cell, column in zip(row, columns, strict=True)])
    if report.signature:
        write([])
    for line in _end(report):
        write([csv_cell(line)])
    return target.getvalue().encode("utf-8-sig")


def _end(report: OfficialReport) -> tuple[str, ...]:
    return (report.signature, f"Huella SHA-256: {report.digest}") if report.signature else ()
