"""Who writes next on SQLite?  Who has waited longest.

SQLite lets one write and keeps no queue: whoever finds it taken sleeps, for up to a tenth of a second, looks again, and
meanwhile others come and take it. So writers of all threads and processes stand in a queue of the system's, flock(2) on
the database's directory, and only the first of them looks, and often. The queue is left as soon as the write begins:
nobody holds it who works, hangs or is dead, and who waited too long is told so. It is a courtesy: a write that does not
queue is kept apart by SQLite's own lock as ever.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SHORTEST, LONGEST = 0.0003, 0.02  # seconds between two looks; they grow with the time waited


def begin(connection: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE, in turn. Raises sqlite3.OperationalError after the connection's own busy_timeout."""
    began, path = time.monotonic(), connection.execute("PRAGMA database_list").fetchone()[2]
    [patience] = connection.execute("PRAGMA busy_timeout").fetchone()
    with _first_in_line(os.path.dirname(path)):
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            _look_until_free(connection, began, patience / 1000)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {patience}")


@contextmanager
def _first_in_line(directory: str) -> Iterator[None]:
    try:
        place = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)  # of this wait alone, so threads queue, too
    except OSError:  # in memory, or not ours to read
        yield
        return
    try:
        with suppress(OSError):  # a file system that knows no such lock
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(place, fcntl.LOCK_UN)  # a child forked meanwhile has it, too: closing would not do
        os.close(place)


def _look_until_free(connection: sqlite3.Connection, began: float, patience: float) -> None:
    looking = time.monotonic()
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            now = time.monotonic()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or now - began >= patience:
                raise
            time.sleep(max(SHORTEST, min(LONGEST, (now - looking) / 8)))
        else:
            return
