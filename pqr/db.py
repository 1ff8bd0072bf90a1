"""Where do rows live, and who commits?

One declarative base, two engines (SQLite in WAL mode and PostgreSQL), and `transaction()`, the only commit of
the house. Rooms receive a session; doors open it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    func,
    make_url,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from pqr import queueing

BUSY_SECONDS = 30
# A machine that is cut off ends nothing: it would hold its locks, and so every radicado, for the two hours that TCP
# waits by default. Both sides notice within half a minute.
PATIENCE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
OURS = {"connect_timeout": 10, **PATIENCE}
THEIRS = "SELECT " + ", ".join(
    f"set_config('tcp_{name.removeprefix('tcp_')}', '{n}', false)" for name, n in PATIENCE.items()
)
WRITES = "pqr_writes"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware values only, gives back UTC; SQLite keeps no offset, so it is put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table; constraints get names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


db = SQLAlchemy(metadata=Model.metadata)


def engine_options(url: str) -> dict[str, Any]:
    """What the engine needs for this database: SQLite waits for a writer, PostgreSQL checks its connections."""
    # A database error would else carry names and texts into the log.
    common: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return common | {"connect_args": {"timeout": BUSY_SECONDS}}
    said = make_url(url).query
    patience = {name: value for name, value in OURS.items() if name not in said}
    return common | {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 20, "connect_args": patience}


def make_engine(url: str) -> Engine:
    """An engine outside Flask, with the same options as the service's own."""
    return create_engine(url, **engine_options(url))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """FULL: a radicado shown to a person survives a power cut; NORMAL in WAL mode would not promise that."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver must not begin by itself: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: object) -> None:
    """So that the server, too, notices a machine that is gone. Where there is none its driver is not imported."""
    if type(connection).__module__.startswith("psycopg"):
        connection.autocommit = True
        connection.execute(THEIRS)
        connection.autocommit = False


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: a read that turns into a write is refused by SQLite, never queued."""
    if connection.dialect.name != "sqlite":
        return
    if not connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    try:
        queueing.begin(driver)
    except sqlite3.Error as error:
        raise DBAPIError.instance("BEGIN IMMEDIATE", None, error, sqlite3.Error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One unit of work on this engine: commit on leaving, roll back on any exception."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads and keeps nothing open afterwards. Needs an application context."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work on the application's database; only doors open it. Needs an application context."""
    with writing(db.engine) as session:
        yield session


def insert(session: Session, model: type[Model]) -> postgresql.Insert | sqlite.Insert:
    """The database's own INSERT, which knows ON CONFLICT."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)


def instant(session: Session) -> datetime:
    """The present by the database's clock, which is the same for every machine."""
    here = session.get_bind().dialect.name
    now = func.clock_timestamp() if here == "postgresql" else func.strftime("%Y-%m-%d %H:%M:%S", "now")
    return session.scalars(select(type_coerce(now, UtcDateTime))).one()
