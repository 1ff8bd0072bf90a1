"""How do thousands of whole rows get into the database?  Bound by their columns' types, the driver's fastest way.

SQLAlchemy's own bulk insert spends as long on each row as SQLite does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.orm import Session

from pqr.db import Model
from pqr.secretarias.models import ExternalBody
from pqr.tickets.counter import Counter, last_given
from pqr.tickets.models import Answer, Message, Petitioner, Ticket
from pqr.tickets.transfers import Transfer

Row = dict[str, Any]
COUNTED = (Petitioner, Ticket, Answer, Message, Transfer)  # their ids are given by who makes the rows
_INSTANTS = 20_000  # the same ones come again in a ticket, its events and its answer
_CACHE = "PRAGMA cache_size=-65536"  # KiB: SQLite's own 2 MB do not hold the ends of all the indexes


@dataclass(frozen=True)
class Batch:
    """Rows of each table, and how far they count. `last_ids`: of each table; `given`: per (year, series)."""

    rows: Mapping[type[Model], list[Row]]
    last_ids: Mapping[type[Model], int]
    given: Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Stand:
    """From where is counted on: ids of `COUNTED`, numbers per (year, series); and the other entities that there are."""

    ids: Mapping[type[Model], int]
    given: Mapping[tuple[int, str], int]
    bodies: list[tuple[int, str]]

    def after(self, batch: Batch) -> "Stand":
        """Where one stands when it is written, and nobody else wrote."""
        return Stand(batch.last_ids, batch.given, self.bodies)


def stand_of(session: Session) -> Stand:
    """After what there is."""
    ids: dict[type[Model], int] = {table: session.scalar(select(func.max(table.id))) or 0 for table in COUNTED}
    bodies = session.execute(select(ExternalBody.id, ExternalBody.name).order_by(ExternalBody.id))
    return Stand(ids, dict(last_given(session)), [(number, name) for number, name in bodies])


def write(session: Session, batch: Batch) -> None:
    """Puts the rows in, all with the same keys in each table; what a row leaves out gets its default."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_CACHE)
    for table, rows in batch.rows.items():
        if rows:
            _put(connection, cast(Table, table.__table__), rows)
    for (year, series), last in batch.given.items():
        session.merge(Counter(year=year, series=series, last=last))
    if connection.dialect.name == "postgresql":  # its sequences do not know of ids given by hand
        for table, last in batch.last_ids.items():
            session.execute(select(func.setval(f"{table.__tablename__}_id_seq", max(last, 1))))


def _put(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    defaults = {each.name: _default(each) for each in table.columns if each.default is not None}
    columns = [each for each in table.columns if each.name in rows[0] or each.name in defaults]
    binds = [(each.name, defaults.get(each.name), _bind(each, connection)) for each in columns]
    values = [[bind(row.get(name, default)) for name, default, bind in binds] for row in rows]
    names, cursor = ", ".join(each.name for each in columns), cast(Any, connection.connection.cursor())
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for each in values:
                copy.write_row(each)
    else:
        places = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", values)  # noqa: S608 - ours


def _default(column: Column[Any]) -> Any:
    default = cast(Any, column.default)
    return default.arg if default.is_scalar else default.arg(None)


def _bind(column: Column[Any], connection: Connection) -> Callable[[Any], Any]:
    """What the database is given for a value of this column."""
    kind = column.type.dialect_impl(connection.dialect)
    bind = kind.bind_processor(connection.dialect) or _as_it_is
    return lru_cache(_INSTANTS)(bind) if issubclass(column.type.python_type, date) else bind


def _as_it_is(value: Any) -> Any:
    return value
