"""How is a database copied while people use it, and put back?  SQLite by its backup interface, PostgreSQL by its tools.

A copy is one instant: nothing that was committed before it is missing, nothing of later is half there.
"""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, text

from pqr.backups.archive import BadBackup
from pqr.errors import PqrError

IN_PLACE = "alembic_version"


class CannotCopy(PqrError):
    """What a copy needs and is not there; the text says what and how."""


def copy(engine: Engine, target: Path) -> tuple[str, dict[str, int]]:
    """Writes the database's copy: the revision of its tables, and how many rows each has, of that very instant."""
    if engine.dialect.name == "sqlite":
        place = Path(engine.url.database or "").as_uri()
        with (
            closing(sqlite3.connect(f"{place}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copied,
        ):
            source.backup(copied)  # in one step: those who write go on, and are not in it
            copied.execute("PRAGMA journal_mode=DELETE")
        with _file(target) as connection:
            return _counted(connection)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run("pg_dump", engine.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return _counted(connection)


def is_empty(engine: Engine) -> bool:
    """Whether there is nothing that a copy put back would overwrite."""
    if engine.dialect.name == "sqlite":
        place = Path(engine.url.database or "")
        if not place.exists():
            return True
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def put_back(engine: Engine, copied: Path) -> dict[str, int]:
    """Puts the copy where there is nothing: how many rows each table has now. Raises BadBackup if it is not whole."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        with _file(copied) as connection:
            if connection.scalar(text("PRAGMA integrity_check")) != "ok":
                raise BadBackup("La base de datos de la copia está dañada.")
        place = Path(engine.url.database or "")
        place.parent.mkdir(parents=True, exist_ok=True)
        for leftover in (Path(f"{place}-wal"), Path(f"{place}-shm")):
            leftover.unlink(missing_ok=True)
        os.replace(copied, place)
    else:
        _run("pg_restore", engine.url, "--single-transaction", "--exit-on-error", "--no-owner", str(copied))
    with engine.connect() as connection:
        return _counted(connection)[1]


@contextmanager
def _file(path: Path) -> Iterator[Connection]:
    with create_engine(f"sqlite:///{path}", poolclass=NullPool).connect() as connection:
        yield connection


def _counted(connection: Connection) -> tuple[str, dict[str, int]]:
    names = sorted(name for name in inspect(connection).get_table_names() if not name.startswith("ticket_words_index"))
    quote = connection.dialect.identifier_preparer.quote
    counts = {name: connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0 for name in names}  # noqa: S608
    return connection.scalar(text(f"SELECT version_num FROM {IN_PLACE}")) or "", counts  # noqa: S608


def _run(program: str, url: URL, *options: str) -> None:
    """One of PostgreSQL's own tools; the password goes in a file, for no list of processes to show it."""
    with NamedTemporaryFile("w") as secrets:
        secrets.write(":".join(("*", "*", "*", "*", re.sub(r"([\\:])", r"\\\1", url.password or ""))))
        secrets.flush()
        query = {**url.query, **({"passfile": secrets.name} if url.password else {})}
        where = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
        command = [program, f"--dbname={where.render_as_string()}", *options]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the operator's database
        except FileNotFoundError as error:
            raise CannotCopy(
                f"Falta {program}: instale el cliente de PostgreSQL (paquete postgresql-client)."
            ) from error
        except subprocess.CalledProcessError as error:
            said = (error.stderr.strip().splitlines() or ["sin explicación"])[-1]
            raise CannotCopy(f"{program} no pudo: {said}") from error
