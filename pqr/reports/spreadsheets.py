"""How does a table become a spreadsheet?  XLSX with typed cells, CSV as Excel in Spanish opens it.

A text is never a formula: XLSX says that it is a text; CSV, which cannot, gets an apostrophe in front (OWASP,
"CSV Injection"). Rows are written as they come, so that their number costs no memory.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from pqr.reports.official import NO_DATA, Cell, Column, Type, shown

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORMATS = {Type.DATE: "dd/mm/yyyy", Type.SHARE: "0.0 %", Type.DECIMAL: "0.0"}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_CELL = 32_767  # letters of a cell, by Excel's limits


class Book:
    """A workbook, written sheet after sheet and row after row. Close it, or there is no file."""

    def __init__(self, target: str | IO[bytes], title: str, made_at: datetime) -> None:
        """`target`: a path or an open file. `made_at`: the same instant gives the same bytes."""
        self._book = Workbook(target, {"constant_memory": True})
        self._book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[Type, Format] = {
            each: self._book.add_format({"num_format": code}) for each, code in _FORMATS.items()
        }
        self._names: set[str] = set()

    def text(self, name: str, lines: Iterable[tuple[str, bool]]) -> None:
        """A sheet of sentences; with each, whether it is a heading."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 100)
        sheet.hide_gridlines(2)
        for number, (line, is_heading) in enumerate(lines):
            sheet.write_string(number, 0, line[:_CELL], self._bold if is_heading else self._wrapped)

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
        """A sheet whose first row names the columns; returns how many rows it has."""
        sheet, number = self._sheet(name), 0
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, max(len(columns) - 1, 1), 16)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.title, self._bold)
        writers = [self._writer(sheet, column) for column in columns]
        for number, row in enumerate(rows, start=1):
            for place, (write, cell) in enumerate(zip(writers, row, strict=True)):
                write(number, place, cell)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        return number

    def close(self) -> None:
        """Writes the file."""
        self._book.close()

    def _sheet(self, name: str) -> Worksheet:
        name = name.translate(_FORBIDDEN).strip()[:31] or "Hoja"
        number = 1
        while name.lower() in self._names:
            number += 1
            name = f"{name[:28].rstrip()} {number}"
        self._names.add(name.lower())
        return self._book.add_worksheet(name)

    def _writer(self, sheet: Worksheet, column: Column) -> Callable[[int, int, Cell], Any]:
        style = self._formats.get(column.type)

        def write(row: int, place: int, cell: Cell) -> None:
            match cell:
                case None:
                    sheet.write_string(row, place, NO_DATA)
                case str():
                    sheet.write_string(row, place, cell[:_CELL])
                case date():
                    sheet.write_datetime(row, place, cell, style)
                case _:
                    sheet.write_number(row, place, cell, style)

        return write


def csv_rows(target: IO[str]) -> Callable[[Iterable[str]], Any]:
    """What writes a row of texts; open the target with `encoding="utf-8-sig"` and `newline=""`."""
    return csv.writer(target, delimiter=";", lineterminator="\r\n").writerow


def csv_cell(cell: Cell, column_type: Type = Type.TEXT) -> str:
    """The cell as the CSV holds it: a date as ISO 8601 writes it, a text that no program takes for a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell
    return cell.isoformat() if isinstance(cell, date) else shown(cell, column_type)
