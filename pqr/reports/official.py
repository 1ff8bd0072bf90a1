"""What is a report that the law orders?  A value: sections with sentences and tables of typed columns. Pure.

A page, a PDF, a spreadsheet and a CSV are made of the same value (see `formats`), and it is what is frozen when
somebody signs: its canonical JSON, and the SHA-256 of that.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pqr.reports.charts import percent

NO_DATA = "sin datos"
Cell = str | int | float | date | None


class Type(StrEnum):
    """What a column holds. SHARE: from 0 to 1. A text may stand in any column: what was hidden, or "en trámite"."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column and its title."""

    title: str
    type: Type = Type.TEXT

    @property
    def is_figure(self) -> bool:
        """Whether it stands to the right."""
        return self.type in (Type.NUMBER, Type.DECIMAL, Type.SHARE)


@dataclass(frozen=True)
class Table:
    """Rows as wide as its columns; the first cell names the row. `about`: what is counted, as a caption says it."""

    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table where there is one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class OfficialReport:
    """The whole report. `period`: in words. `lines` and `logo` (a digest, or ""): of the letterhead.

    `made_at`: the instant that its figures are of. `status`: provisional or approved, in a sentence.
    `signature`: who signed and when, "" for a draft.
    """

    title: str
    period: str
    entity: str
    made_at: datetime
    status: str
    sections: tuple[Section, ...]
    signature: str = ""
    lines: tuple[str, ...] = ()
    logo: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON, hexadecimal."""
        return hashlib.sha256(as_json(self).encode()).hexdigest()

    @property
    def tables(self) -> Iterator[tuple[str, Table]]:
        """Each table, and the heading over it."""
        return ((section.heading, section.table) for section in self.sections if section.table)


def shown(cell: Cell, column_type: Type) -> str:
    """The cell as a person reads it: "12", "3,5", "85,3 %", "31/12/2026", or that there is none."""
    match cell:
        case None:
            return NO_DATA
        case str():
            return cell
        case date():
            return f"{cell:%d/%m/%Y}"
    if column_type is Type.SHARE:
        return percent(cell)
    return f"{cell:.1f}".replace(".", ",") if column_type is Type.DECIMAL else str(cell)


def as_json(report: OfficialReport) -> str:
    """Canonical: the same report, the same bytes on every machine."""
    given = asdict(report) | {"made_at": report.made_at.isoformat()}
    return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=date.isoformat)


def from_json(text: str) -> OfficialReport:
    """The report that `as_json` wrote."""
    given = json.loads(text)
    return OfficialReport(
        **given
        | {
            "made_at": datetime.fromisoformat(given["made_at"]),
            "sections": tuple(map(_section, given["sections"])),
            "lines": tuple(given["lines"]),
        }
    )


def _section(given: dict[str, Any]) -> Section:
    table = given["table"]
    return Section(given["heading"], tuple(given["paragraphs"]), _table(table) if table else None)


def _table(given: dict[str, Any]) -> Table:
    columns = tuple(Column(each["title"], Type(each["type"])) for each in given["columns"])
    rows = (tuple(map(_cell, row, columns)) for row in given["rows"])
    return Table(given["about"], columns, tuple(rows))


def _cell(given: Any, column: Column) -> Cell:
    if column.type is Type.DATE and isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            return given  # "en trámite"
    found: Cell = given
    return found
