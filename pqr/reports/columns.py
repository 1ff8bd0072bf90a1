"""Which columns of a list name the person?  Told by the words of its header, or as the caller says. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pqr.reports.likeness import Person, fold, person

LOOKED_AT = 20  # rows: titles may stand above the header
DOCUMENT, NAMES, BIRTH = "documento", "nombres", "nacimiento"
_WORDS = re.compile(r"[a-z]+|\d+")
_NOT_DOCUMENT = {"tipo", "tip", "expedicion", "fecha", "lugar", "clase", "tipodoc", "tipodocumento"}
_DOCUMENT = {
    *("documento", "documen", "doc", "cedula", "identificacion", "identidad", "nuip", "cc", "numdoc", "numdocumento"),
    *("nrodoc", "nodoc", "ndoc", "numeroid", "numid"),
}
_NOT_NAME = {"madre", "padre", "acudiente", "municipio", "vereda", "barrio", "eps", "ips", "usuario", "archivo"}
_NAME = {
    *("nombre", "nombres", "apellido", "apellidos", "nom", "ape", "nombrecompleto", "beneficiario", "primernombre"),
    *("segundonombre", "primerapellido", "segundoapellido", "prinom", "segnom", "priape", "segape"),
}
_BIRTH = {"nacimiento", "nac", "fechanacimiento", "fecnac", "fechanac", "fechanto", "fnac", "fecnacimiento", "nacim"}


@dataclass(frozen=True)
class Columns:
    """Positions, from 0. `document`, `birth`: None where the list has none. `names`: joined in this order."""

    document: int | None
    names: tuple[int, ...]
    birth: int | None

    def __bool__(self) -> bool:
        return self.document is not None or bool(self.names)

    def read(self, row: int, cells: Sequence[str]) -> Person:
        """The person of a row."""
        name = " ".join(_cell(cells, place) for place in self.names)
        return person(row, _cell(cells, self.document), name, _cell(cells, self.birth))

    def said(self, header: Sequence[str]) -> dict[str, list[str]]:
        """The columns' own names, by what they are for."""
        parts = ((DOCUMENT, (self.document,)), (NAMES, self.names), (BIRTH, (self.birth,)))
        return {part: [header[place].strip() for place in places if place is not None] for part, places in parts}


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def told(header: Sequence[str]) -> Columns:
    """The columns by their words; empty where none is recognised."""
    document = birth = None
    names = []
    for place, cell in enumerate(header):
        words = {*_WORDS.findall(fold(cell)), *re.findall(r"[a-z]+", fold(cell).replace("_", "").replace(" ", ""))}
        if birth is None and words & _BIRTH and "lugar" not in words:
            birth = place
        elif document is None and words & _DOCUMENT and not words & _NOT_DOCUMENT:
            document = place
        elif words & _NAME and not words & _NOT_NAME:
            names.append(place)
    return Columns(document, tuple(names), birth)


def chosen(header: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> Columns | None:
    """The columns with these names; None where one of them is not in this row."""
    places = {fold(cell.strip()): place for place, cell in reversed(list(enumerate(header)))}
    found = {part: [places.get(fold(name.strip())) for name in names] for part, names in wanted.items()}
    if not header or any(place is None for part in found.values() for place in part):
        return None
    document, birth = (next(iter(found.get(part, ())), None) for part in (DOCUMENT, BIRTH))
    return Columns(document, tuple(place for place in found.get(NAMES, ()) if place is not None), birth)


def parse_choice(text: str) -> dict[str, list[str]]:
    """ "documento=NUM_DOC;nombres=NOM1,APE1;nacimiento=FEC" by part. Raises ValueError with the sentence."""
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    wanted = {part.strip(): [name for name in names.split(",") if name.strip()] for part, _, names in parts}
    if not wanted or not set(wanted) <= {DOCUMENT, NAMES, BIRTH} or not all(wanted.values()):
        raise ValueError("Escriba las columnas así: documento=CEDULA;nombres=NOMBRES,APELLIDOS;nacimiento=FECHA_NAC")
    return wanted


def persons(rows: Iterator[Sequence[str]], header_row: int, columns: Columns) -> Iterator[Person]:
    """The persons of the rows after the header; rows without a cell are passed over."""
    for number, cells in enumerate(rows, start=header_row + 1):
        if any(cell.strip() for cell in cells):
            yield columns.read(number, cells)
