"""How does a whole database go from one engine to the other?  Every row as it is stored, or nothing at all.

Seals are not opened and JSON is not read: both sides hold the very same values. All of it is one transaction on the
target, so that whoever is interrupted finds that as empty as before, and begins again with the same words. Nobody can
write in the source meanwhile.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from typing import cast as known_as

import psycopg
from sqlalchemy import (
    JSON,
    ColumnClause,
    Connection,
    DateTime,
    Engine,
    LargeBinary,
    String,
    TableClause,
    Text,
    cast,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.types import TypeEngine

from pqr.backups.databases import IN_PLACE
from pqr.backups.revisions import newest
from pqr.db import WRITES, UtcDateTime
from pqr.errors import PqrError
from pqr.settled import SettingsVersion

BATCH, BATCH_OF_BYTES = 1_000, 20  # rows in memory; a raw message may have forty megabytes
OF_ITS_OWN = (IN_PLACE, SettingsVersion.__tablename__)  # what each database has from its migrations
OF_THE_SEARCH = "ticket_words_index"  # tables that SQLite keeps by itself, from what is written in `ticket_words`
MODULUS = 2**256
Values = tuple[Any, ...]


class NotMoved(PqrError):
    """Why nothing was moved; the target holds no row more than before."""


@dataclass(frozen=True)
class Fingerprint:
    """What a table holds. `digest`: the sum of the SHA-256 of its rows, whatever their order."""

    rows: int = 0
    digest: int = 0

    def plus(self, values: Values) -> "Fingerprint":
        """With one row more."""
        digest = int.from_bytes(hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).digest())
        return Fingerprint(self.rows + 1, (self.digest + digest) % MODULUS)

    def __str__(self) -> str:
        return f"{self.digest:064x}"[:16]


Told = Callable[[str, Fingerprint], None]


def require_empty(engine: Engine) -> None:
    """Raises NotMoved where a table of this database has a row."""
    with engine.connect() as connection:
        for name in _names(connection):
            if connection.scalar(select(1).select_from(table(name)).limit(1)) is not None:
                raise NotMoved(f"La base de datos de destino no está vacía (tabla {name}): no se escribió nada.")


def move(source: Engine, target: Engine, told: Told) -> dict[str, Fingerprint]:
    """Moves every row into a target with the same tables and none: what each table holds now. Raises NotMoved.

    `told`: hears of every table as it is done.
    """
    require_empty(target)
    with _writing(source).begin() as read, _writing(target).begin() as written:
        before, after = _tables(read), _tables(written)
        _refuse_what_differs(read, before, after)
        _hold(read, before)
        moved = {}
        for name, theirs in before.items():
            moved[name] = _carry(read, theirs, written, after[name])
            told(name, moved[name])
        _count_on(written, after)
        written.execute(text("ANALYZE"))
    return moved


def _writing(engine: Engine) -> Engine:
    """So that SQLite keeps everybody else from writing, from the beginning."""
    return engine.execution_options(**{WRITES: True})


def _names(connection: Connection) -> list[str]:
    """In the order in which they can be filled: a table after those that it points to."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in found if name and name not in OF_ITS_OWN and not name.startswith(OF_THE_SEARCH)]


def _tables(connection: Connection) -> dict[str, TableClause]:
    """Every table with its columns as they are stored; what an engine computes by itself is left out."""
    look = inspect(connection)
    return {
        name: table(
            name,
            *(
                column(each["name"], _stored(each["type"]))
                for each in sorted(look.get_columns(name), key=lambda each: each["name"])
                if "computed" not in each
            ),
        )
        for name in _names(connection)
    }


def _stored(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return UtcDateTime() if isinstance(kind, DateTime) else kind


def _refuse_what_differs(
    connection: Connection, before: Mapping[str, TableClause], after: Mapping[str, TableClause]
) -> None:
    try:
        revision = connection.scalar(text(f"SELECT version_num FROM {IN_PLACE}"))  # noqa: S608
    except (DBAPIError, NoSuchTableError) as error:
        raise NotMoved("La base de datos de origen no es de PQR: no se escribió nada.") from error
    if revision != newest():
        raise NotMoved("La base de datos de origen es de otra versión: ejecute con ella «pqr upgrade» y repita.")
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after or before[name].c.keys() != after[name].c.keys():
            raise NotMoved(f"La tabla {name} no es igual en las dos bases de datos: no se escribió nada.")


def _hold(connection: Connection, tables: Iterable[str]) -> None:
    """Whoever would write in the source waits until the end; SQLite holds them since the transaction began."""
    if connection.dialect.name == "postgresql":
        quoted = map(connection.dialect.identifier_preparer.quote, tables)
        connection.execute(text(f"LOCK TABLE {', '.join(quoted)} IN SHARE MODE"))


def _carry(read: Connection, theirs: TableClause, written: Connection, ours: TableClause) -> Fingerprint:
    """Raises NotMoved where the target does not hold in the end what the source gave."""
    seen = [Fingerprint()]

    def passing() -> Iterator[Values]:
        for values in _rows(read, theirs):
            seen[0] = seen[0].plus(values)
            yield values

    try:
        _TAKERS[written.dialect.name](written, ours, passing())
    except (DBAPIError, psycopg.Error) as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise NotMoved(f"La tabla {ours.name} no cabe en el destino ({said}): no se escribió nada.") from error
    there = Fingerprint()
    for values in _rows(written, ours):
        there = there.plus(values)
    if there != seen[0]:
        both = f"{seen[0].rows} filas {seen[0]}, llegaron {there.rows} {there}"
        raise NotMoved(f"La tabla {ours.name} no quedó igual ({both}): no se escribió nada.")
    return there


def _rows(connection: Connection, found: TableClause) -> Iterator[Values]:
    """The rows as they are stored, a batch of them in memory. JSON as its text."""
    asked = select(*(_as_it_is(each) for each in found.c)).execution_options(yield_per=_batch(found))
    with connection.execute(asked) as result:
        for row in result:
            yield tuple(row)


def _batch(found: TableClause) -> int:
    return BATCH_OF_BYTES if any(isinstance(each.type, LargeBinary) for each in found.c) else BATCH


def _as_it_is(each: ColumnClause[Any]) -> Any:
    return cast(each, Text) if isinstance(each.type, JSON) else each


def _take_into_sqlite(connection: Connection, target: TableClause, rows: Iterable[Values]) -> None:
    """Rows may point to later ones of their own table: SQLite looks when the transaction ends."""
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    plain = table(target.name, *(column(c.name, String() if isinstance(c.type, JSON) else c.type) for c in target.c))
    statement, names, rows = insert(plain), target.c.keys(), iter(rows)
    while some := list(islice(rows, _batch(target))):
        connection.execute(statement, [dict(zip(names, values, strict=True)) for values in some])


def _take_into_postgresql(connection: Connection, target: TableClause, rows: Iterable[Values]) -> None:
    """One COPY: rows may point to later ones of their own table, and what must not be changed may be begun."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, target.c.keys()))
    driver = known_as(psycopg.Connection[Any], connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(target.name)} ({columns}) FROM STDIN") as copy:
        for values in rows:
            copy.write_row(values)


def _count_on(connection: Connection, tables: Mapping[str, TableClause]) -> None:
    """PostgreSQL numbers the next row after those that came; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for name, found in tables.items():
        for key in inspect(connection).get_pk_constraint(name)["constrained_columns"]:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(name, key)))
            last = connection.scalar(select(func.max(found.c[key]))) if sequence else None
            if last is not None:
                connection.execute(select(func.setval(sequence, last)))


_TAKERS: dict[str, Callable[[Connection, TableClause, Iterable[Values]], None]] = {
    "sqlite": _take_into_sqlite,
    "postgresql": _take_into_postgresql,
}
