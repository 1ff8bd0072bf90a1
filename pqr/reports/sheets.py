"""What do the rows of a list say?  CSV as programs here write it, or a workbook; row by row, keeping none.

Whatever cannot be read is refused with a sentence that says the remedy.
"""

import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pqr.errors import PqrError

TEXTS, BOOKS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm", ".xls", ".ods")
MOST_ROWS = 2_000_000
MOST_UNPACKED = 2 * 1024**3  # bytes; a workbook of a million rows has about half
LONGEST_CELL = 10_000  # letters; nobody's name
PART = 1 << 20
SEPARATORS = ";,\t|"
LOOKED_AT = 30  # lines from which the separator is told
ZIPPED, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(PqrError):
    """A file that is no list; the text says why and what to do."""


def digest_of_file(path: Path) -> str:
    """Its SHA-256. Raises Unreadable for a file that cannot be opened or holds nothing."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise Unreadable(f"No se pudo leer {path.name}: {error.strerror}.") from error
    if not size:
        raise Unreadable(f"{path.name} está vacío.")
    return digest


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows, each cell as text; the first is row 1 of the file. Raises Unreadable."""
    kind = _kind(path)
    rows = _rows_of_book(path) if kind in BOOKS else _rows_of_text(path)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable(f"{path.name} tiene más de {MOST_ROWS} filas: pártalo en varios archivos.")
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise Unreadable(f"La fila {number} tiene una celda de más de {LONGEST_CELL} letras: revise el archivo.")
        yield row


def _kind(path: Path) -> str:
    """What the name says, where the first bytes agree."""
    kind = path.suffix.lower()
    if kind not in TEXTS + BOOKS:
        raise Unreadable(f"{path.name} no es una lista: guárdela como CSV o como libro de Excel (.xlsx).")
    with path.open("rb") as file:
        first = file.read(4)
    is_book = first in (ZIPPED, OLD_OFFICE)
    if is_book and kind in TEXTS:
        raise Unreadable(f"{path.name} se llama {kind}, pero es un libro de Excel: cámbiele el nombre a .xlsx.")
    if kind in BOOKS and not is_book:
        raise Unreadable(f"{path.name} se llama {kind}, pero no es un libro de Excel: guárdelo otra vez como .xlsx.")
    return kind


def _rows_of_text(path: Path) -> Iterator[list[str]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        separator = _separator(file)
        file.seek(0)
        rows = csv.reader(file, delimiter=separator)
        try:
            yield from rows
        except (csv.Error, UnicodeError) as error:
            where = f"{path.name} no se puede leer como CSV después de la línea {rows.line_num}"
            raise Unreadable(f"{where}: puede haber una comilla sin cerrar. Guárdelo otra vez.") from error


def _encoding(path: Path) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Windows writes here."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        encoding = "utf-8-sig"
        while part := file.read(PART):
            if b"\0" in part:
                raise Unreadable(f"{path.name} no es un texto: guárdelo como CSV o como libro de Excel (.xlsx).")
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(part)
                except UnicodeDecodeError:
                    encoding = "cp1252"
            if encoding != "utf-8-sig" and any(byte in part for byte in b"\x81\x8d\x8f\x90\x9d"):
                return "latin-1"  # Windows has no letter there
    return encoding


def _separator(file: TextIO) -> str:
    """The sign that cuts the first lines into the most columns, the same in nearly every line."""
    lines = [line[: 10 * LONGEST_CELL] for line in islice(_lines(file), LOOKED_AT)]

    def columns(separator: str) -> int:
        try:
            widths = sorted(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        except csv.Error:
            return 0
        return widths[len(widths) // 2] if widths else 0

    return max(SEPARATORS, key=columns)


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(PART):
        yield line


def _rows_of_book(path: Path) -> Iterator[list[str]]:
    with _opened(path) as book:
        sheet = book.get_sheet_by_index(0)
        if sheet.start is None:
            raise Unreadable(f"La primera hoja de {path.name} está vacía.")
        for row in sheet.iter_rows():
            yield [_text(cell) for cell in row]


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    try:
        _weigh(path)
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except PasswordError as error:
        raise Unreadable(f"{path.name} está protegido con contraseña: quítesela y vuelva a intentarlo.") from error
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise Unreadable(f"{path.name} está dañado o protegido: ábralo y guárdelo otra vez como .xlsx.") from error


def _weigh(path: Path) -> None:
    """Refuses what would fill the memory."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable(f"{path.name} es demasiado grande: guárdelo como CSV.")


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
