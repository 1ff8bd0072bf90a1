"""Does who wants to write on SQLite come next after those who came before, whatever becomes of them?"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from pqr import queueing
from pqr.db import writing

ROOT = Path(__file__).parent.parent
PROCESSES, THREADS, EACH = (8, 8, 25) if os.environ.get("PQR_TEST_FULL") else (4, 4, 10)
PATIENCE = 60  # seconds until a wait of these tests is given up
STORM = """
import sqlite3, sys, threading
from pqr import queueing

def write():
    connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
    for _ in range(int(sys.argv[3])):
        queueing.begin(connection)
        [[last]] = connection.execute("SELECT max(n) FROM written")
        connection.execute("INSERT INTO written VALUES (?, ?)", (last + 1, threading.get_native_id()))
        connection.execute("COMMIT")
    done.append(True)

sys.stdin.readline()
done = []
threads = [threading.Thread(target=write) for _ in range(int(sys.argv[2]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(len(done) != len(threads))
"""
WRITER = """
import sqlite3, sys
from pqr import queueing
connection = sqlite3.connect(sys.argv[1], timeout=60)
queueing.begin(connection)
print("begun", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "one.sqlite3"
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE written (n INTEGER PRIMARY KEY, who INTEGER)")
        connection.execute("INSERT INTO written VALUES (0, 0)")
    return path


def connect(path, patience=PATIENCE):
    return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)


@pytest.fixture
def python(path):
    """Starts a program on the database; none of them outlives the test."""
    pipes, started = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE), []

    def start(code, *words):
        command = [sys.executable, "-c", code, *map(str, (path, *words))]
        started.append(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


def in_line(*processes):
    """How many of these processes, or of the threads of this one, stand in a queue or are its first."""
    numbers = {str(each) for each in processes or [os.getpid()]}
    lines = Path("/proc/locks").read_text().replace("->", "").splitlines()
    return sum(fields[1] == "FLOCK" and fields[4] in numbers for fields in map(str.split, lines))


def wait_for(fact):
    until = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < until
        threading.Event().wait(0.005)


def writer(path, who, order):
    """A thread that stands in line as soon as it is given back."""

    def write():
        with closing(connect(path)) as connection:
            queueing.begin(connection)
            order.append(who)
            connection.execute("COMMIT")

    before, thread = in_line(), threading.Thread(target=write)
    thread.start()
    wait_for(lambda: in_line() > before)
    return thread


def test_writers_come_in_the_order_in_which_they_came(path):
    order = []
    with closing(connect(path)) as holder:
        queueing.begin(holder)
        threads = [writer(path, number, order) for number in range(6)]
        assert order == []
        holder.execute("COMMIT")
        for thread in threads:
            thread.join(PATIENCE)
    assert order == [0, 1, 2, 3, 4, 5]


def test_threads_of_many_processes_write_at_once_and_nobody_is_refused(path, python):
    storms = [python(STORM, THREADS, EACH) for _ in range(PROCESSES)]
    for storm in storms:
        storm.stdin.write("\n")
        storm.stdin.flush()
    for storm in storms:
        _, complaint = storm.communicate(timeout=PATIENCE * 2)
        assert storm.returncode == 0, complaint
    with closing(connect(path)) as connection:
        written = [who for [who] in connection.execute("SELECT who FROM written WHERE n > 0 ORDER BY n")]
    assert len(written) == PROCESSES * THREADS * EACH
    assert len(set(written)) == PROCESSES * THREADS


@pytest.mark.parametrize("killed", ["first in line", "second in line"])
def test_who_is_killed_in_the_line_keeps_nobody_back(path, python, killed):
    order = []
    with closing(connect(path)) as holder:
        queueing.begin(holder)
        waiters = []
        for _ in range(2):
            waiters.append(python(WRITER))
            wait_for(lambda: in_line(*(each.pid for each in waiters)) == len(waiters))
        last = writer(path, "last", order)
        waiters[killed == "second in line"].kill()
        holder.execute("COMMIT")
        for each in waiters:
            each.communicate("\n", timeout=PATIENCE)
        last.join(PATIENCE)
    assert order == ["last"]
    assert sorted(each.returncode for each in waiters) == [-signal.SIGKILL, 0]


def test_who_is_killed_while_it_writes_keeps_nobody_back(path, python):
    order, dying = [], python(WRITER)
    assert dying.stdout.readline() == "begun\n"
    thread = writer(path, "next", order)
    assert order == []
    dying.kill()
    thread.join(PATIENCE)
    assert order == ["next"]


def test_a_child_forked_in_the_line_does_not_keep_its_place(path):
    order, (reads, ends) = [], os.pipe()
    with closing(connect(path)) as holder:
        queueing.begin(holder)
        first = writer(path, "first", order)
        if (child := os.fork()) == 0:
            os.close(ends)
            os.read(reads, 1)
            os._exit(0)
        try:
            holder.execute("COMMIT")
            first.join(PATIENCE)
            second = threading.Thread(target=lambda: queueing.begin(holder), daemon=True)
            second.start()
            second.join(PATIENCE)
            assert holder.in_transaction
        finally:
            os.close(ends)
            os.close(reads)
            os.waitpid(child, 0)
    assert order == ["first"]


def test_who_waits_in_vain_is_told_and_leaves_the_line(path):
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.2})
    with closing(connect(path)) as holder:
        queueing.begin(holder)
        for _ in range(2):
            with pytest.raises(OperationalError, match="database is locked"), writing(engine):
                pass
        assert in_line() == 0
        holder.execute("COMMIT")
    with writing(engine) as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == 200
    engine.dispose()


def test_in_memory_there_is_no_line():
    with closing(connect(":memory:")) as connection:
        queueing.begin(connection)
        assert connection.in_transaction
        assert in_line() == 0
