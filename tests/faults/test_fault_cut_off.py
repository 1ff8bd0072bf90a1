"""Is anything lost when one of several machines is cut off and dies?  Three machines, a load, and a cable pulled out.

Long: PQR_TEST_FULL=1 runs it, as root.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine, text

from pqr.db import make_engine
from tests.faults.kept import poll
from tests.faults.proving import ask, let_the_leases_run_out, unfinished
from tests.hosts import APPS, DATA, Citizens, inside, machines, pull_out, why_not

CLIENTS, BEFORE, AFTER = 8, 60, 120  # petitions until the cable is pulled out, and in all
NOTICED = 60  # seconds until the database lets go of what a machine held that is gone, and until another has its lease

pytestmark = [
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(os.environ.get("PQR_TEST_FULL") != "1", reason="long: PQR_TEST_FULL=1"),
]


def test_of_two_machines_one_is_cut_off_and_nothing_is_lost(tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    with machines(tmp_path) as here, ExitStack() as stack:
        for name in APPS:
            here.start(name)
        engine = create_engine(here.database_url)
        stack.callback(engine.dispose)
        citizens = Citizens(APPS, CLIENTS, lambda shown: shown < AFTER)
        poll(lambda: len(citizens.shown) >= BEFORE, "both machines file")
        with inside("una"):  # whoever holds the counter when the cable is pulled out
            held = stack.enter_context(make_engine(here.environ["PQR_DATABASE_URL"]).connect())
            held.execute(text("SELECT * FROM counters FOR UPDATE"))
        pull_out("una")
        began, before = time.monotonic(), keeper(engine, here)
        shown = len(citizens.shown) + CLIENTS  # these may have been filed before
        poll(lambda: len(citizens.shown) > shown, "the other machine files")
        stood_still = time.monotonic() - began
        poll(lambda: keeper(engine, here) == "otra", "the other machine keeps the schedule")
        relieved = time.monotonic() - began
        poll(lambda: citizens.are_done, "the other machine files for both")
        citizens.end()
        here.kill("una")
        held.invalidate()
        let_the_leases_run_out(engine)
        poll(lambda: not unfinished(engine), "every letter has left")
        assert_nothing_is_lost(engine, here, citizens)
        print(f"filing stood still for {stood_still:.0f} s, the schedule was {before}'s, relieved in {relieved:.0f} s")
        assert max(stood_still, relieved) < NOTICED


def keeper(engine, here):
    """Which machine keeps the schedule."""
    ((holder,),) = ask(engine, "SELECT holder FROM leases WHERE name = 'beat'")
    return here.of(int(holder.rpartition("/")[2]))


def assert_nothing_is_lost(engine, here, citizens):
    radicados = [radicado for (radicado,) in ask(engine, "SELECT radicado FROM tickets ORDER BY radicado")]
    assert [int(radicado[-6:]) for radicado in radicados] == list(range(1, len(radicados) + 1))
    assert len(set(citizens.shown)) == len(citizens.shown) >= AFTER
    assert set(citizens.shown) <= set(radicados), "a number was shown to a citizen and is not there"
    assert len(radicados) == len(citizens.shown), "what was sent again was filed again"

    letters = ask(engine, "SELECT message_id, letter, state FROM outbox")
    assert {state for _, _, state in letters} == {"sent"}
    assert sum(letter == "acknowledgement" for _, letter, _ in letters) == len(radicados)
    arrived = Counter(str(taken.mail["Message-ID"]) for taken in here.relay.taken)
    assert set(arrived) == {message_id for message_id, _, _ in letters}
    assert arrived.total() - len(arrived) <= 1, "a death repeats one letter at most"

    with inside(DATA):
        command = [sys.executable, "-m", "pqr.cli", "verify"]
        verified = subprocess.run(command, env=here.environ, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout + verified.stderr
