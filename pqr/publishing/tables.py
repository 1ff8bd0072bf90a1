"""How is a table written for machines?  CSV (RFC 4180, UTF-8, commas) and JSON, the same bytes for the same rows."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pqr.publishing.columns import HIDDEN, Column

Row = tuple[str, ...]
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


def written(form: str, columns: Sequence[Column], rows: Iterable[tuple[Row, int]]) -> bytes:
    """The rows, each as often as said. `form`: of `MEDIA_TYPES`."""
    return _csv(columns, rows) if form == "csv" else _json(columns, rows)


def _csv(columns: Sequence[Column], rows: Iterable[tuple[Row, int]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for row, times in rows:
        writer.writerows([row] * times)
    return text.getvalue().encode()


def _json(columns: Sequence[Column], rows: Iterable[tuple[Row, int]]) -> bytes:
    """One list, one object a line: can be read by parts and compared by lines. What is hidden is null."""
    text = io.StringIO()
    text.write("[")
    before = "\n"
    for row, times in rows:
        line = json.dumps(_object(columns, row), ensure_ascii=False)
        for _ in range(times):
            text.write(before + line)
            before = ",\n"
    text.write("\n]\n")
    return text.getvalue().encode()


def _object(columns: Sequence[Column], row: Row) -> dict[str, str | int | None]:
    return {column.name: _value(column, cell) for column, cell in zip(columns, row, strict=True)}


def _value(column: Column, cell: str) -> str | int | None:
    if cell == HIDDEN:
        return None
    return int(cell) if column.kind == "integer" else cell
