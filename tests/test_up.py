"""Does one command start everything, and does nothing stay behind?  Real processes, from an empty directory."""

import os
import select
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.running import ROOT, Service, environment, pqr_up, started

PARTS = {"web", "worker", "beat", "mail-in", "broker"}

pytestmark = pytest.mark.xdist_group("up")


def ended(service: Service) -> tuple[int, str]:
    """Its exit code and the rest of its log, once it has ended."""
    log, _ = service.process.communicate(timeout=60)
    return service.process.returncode, log


def are_gone(numbers: list[int], seconds: float) -> bool:
    """Whether all these processes, which are not ours to wait for, end within the time."""
    for number in numbers:
        try:
            descriptor = os.pidfd_open(number)
        except ProcessLookupError:
            continue
        with os.fdopen(descriptor):
            if not select.select([descriptor], [], [], seconds)[0]:
                return False
    return True


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = started(environment(tmp_path_factory.mktemp("up") / "var"))
    yield service
    if service.process.poll() is None:
        service.process.kill()
        service.process.communicate()


def test_from_an_empty_directory_everything_starts_and_says_where_to_look(service: Service) -> None:
    web = HTTPConnection("127.0.0.1", int(service.environ["PQR_PORT"]))
    web.request("GET", "/healthz")
    assert web.getresponse().status == 200
    web.close()
    with smtplib.SMTP("127.0.0.1", int(service.environ["PQR_MAIL_IN_PORT"])) as door:
        assert door.noop()[0] == 250
    for word in ("/radicar", "/atencion/", "/ingresar/", "DEMOSTRACIÓN", "pqr@puerres.example"):
        assert word in service.said
    assert len(service.children()) == len(PARTS)


def test_a_second_start_on_the_same_directory_is_refused_in_one_line(service: Service) -> None:
    second = pqr_up(environment(Path(service.environ["PQR_DATA_DIR"])))
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said.count("\n") == 1
    assert f"proceso {service.process.pid}" in said


@pytest.mark.parametrize("setting", ["PQR_PORT", "PQR_MAIL_IN_PORT"])
def test_a_busy_port_is_refused_in_one_line_that_names_the_setting(
    service: Service, tmp_path: Path, setting: str
) -> None:
    second = pqr_up(environment(tmp_path, **{setting: service.environ[setting]}))
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said.count("\n") == 1
    assert setting in said
    assert service.environ[setting] in said


def test_a_directory_that_cannot_be_written_is_refused_in_one_line() -> None:
    refused = pqr_up(environment(Path("/dev/null/var")))
    said, _ = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert said.count("\n") == 1
    assert "/dev/null/var" in said


def test_a_request_to_stop_ends_everything_in_order(service: Service) -> None:
    children = list(service.children())
    service.process.terminate()
    code, log = ended(service)
    assert code == 0, log
    assert are_gone(children, 0)


def test_when_one_process_falls_all_stop_and_the_reason_is_said(tmp_path: Path) -> None:
    """A power cut has torn what the scheduler remembers: that alone stops nothing."""
    for suffix in ("", ".dat", ".dir", ".db"):
        (tmp_path / f"beat-schedule{suffix}").write_bytes(b"\x00torn")
    service = started(environment(tmp_path))
    children = service.children()
    worker = next(number for number, line in children.items() if "worker" in line)
    os.kill(worker, signal.SIGKILL)
    code, log = ended(service)
    assert code == 1
    assert "«worker» terminó por la señal SIGKILL" in log
    assert are_gone(list(children), 0)


def test_nothing_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    orphaned = started(environment(tmp_path))
    children = list(orphaned.children())
    orphaned.process.kill()
    orphaned.process.communicate()
    assert are_gone(children, 30)


CREW = """
import os, signal
from pathlib import Path
from pqr.up.children import Order, Place
from pqr.up.crew import Crew

def work():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    print("begins")
    signal.sigwait({signal.SIGTERM})
    print("finished")

def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("begins")
    while True:
        signal.pause()

with Crew(Place(os.environ, Path("/")), lambda *line: print(*line, flush=True), ("first", "deaf", "second")) as crew:
    for order in (Order("last", work), Order("second", work), Order("deaf", deaf, patience=0.2), Order("first", work)):
        crew.start(order)
    assert crew.wait_until(lambda: all(child.last_lines for child in crew.children), 20)
print(*(f"{child.order.name}:{child.code}" for child in crew.children))
"""


def test_processes_end_in_the_order_asked_finish_what_they_do_and_a_deaf_one_is_killed() -> None:
    told = subprocess.run(
        [sys.executable, "-c", CREW], env=environment(ROOT), capture_output=True, text=True, timeout=60, check=True
    )
    lines = told.stdout.splitlines()
    assert [line for line in lines if "finished" in line] == ["first finished", "second finished", "last finished"]
    assert lines[-1] == "last:0 second:0 deaf:-9 first:0"
