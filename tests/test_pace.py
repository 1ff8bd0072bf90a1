"""Does the schedule go on when the disk is full, and when the clock is set right?"""

from datetime import timedelta

import pytest

from tests.faults.tight import full, small_disk
from tests.installation import make_settings
from workers.broker import SCHEDULE, make_celery
from workers.pace import Scheduler

YEARS = timedelta(days=20_000)


@pytest.fixture
def scheduler(tmp_path):
    begun = []

    def started(directory):
        celery = make_celery(make_settings(tmp_path, PQR_REDIS_URL="redis://127.0.0.1:1/0"))
        celery.conf.broker_url = "memory://"
        begun.append(Scheduler(app=celery, schedule_filename=str(directory / "beat-schedule")))
        return begun[-1]

    yield started
    for each in begun:
        each.close()


def turns(scheduler):
    """Which tasks are sent now."""
    sent = []
    scheduler.apply_entry = lambda entry, producer=None: sent.append(entry.name)
    while scheduler.tick() == 0:
        assert len(sent) < 100
    return {name for name in sent if name in SCHEDULE}


def test_a_clock_that_was_years_ahead_does_not_silence_the_schedule(scheduler, tmp_path):
    one = scheduler(tmp_path)
    assert turns(one) == set()  # it has just begun
    for entry in one.schedule.values():
        entry.last_run_at += YEARS
    one._heap = None
    assert turns(one) == set(SCHEDULE)
    assert turns(one) == set()


def test_what_was_remembered_by_a_wrong_clock_is_mended_at_the_start(scheduler, tmp_path):
    one = scheduler(tmp_path)
    for entry in one.schedule.values():
        entry.last_run_at += YEARS
    one.close()
    one._store = None
    assert turns(scheduler(tmp_path)) == set(SCHEDULE)


def test_a_schedule_that_cannot_be_written_down_is_kept_all_the_same(scheduler, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("a small disk can be mounted by the administrator alone")
        one = scheduler(disk)
        with full(disk):
            for entry in one.schedule.values():
                entry.last_run_at -= YEARS
                entry.kwargs = {"of a size": "x" * 5000}
            one.sync()
            one._heap = None
            assert turns(one) >= set(SCHEDULE)
