"""Do the numbers tell what happened on this machine, to those who may ask, and nothing of anybody?"""

import json
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection

import pytest
import time_machine

from pqr.mail.inbox import Received, store
from pqr.watching import models
from tests.builders import NOW, assigned, at, office_of, raw_mail
from tests.flows.test_flow_broker_down import file_by_web
from tests.running import environment, started

PATIENCE = 120.0


def samples(page):
    """{name and labels: value}"""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in page.splitlines() if line[0] != "#"}


def test_what_waits_and_what_is_late_is_told_as_it_is_now(client, session, settings):
    here = office_of(session, settings)
    assigned(session, here)
    assigned(session, here, now=at("2026-02-03 10:00"))
    store(session, Received(raw_mail(subject="Agua", text="Hola"), envelope_to=("pqr@puerres.example",)), NOW)
    models.note(session, "plan.keep", NOW, every=3600, trouble="KeyError")
    session.commit()
    with time_machine.travel(at("2026-03-03 10:20"), tick=False):
        answer = client.get("/metrics")
    found = samples(answer.text)
    assert answer.mimetype == "text/plain"
    assert found['pqr_tickets{state="open"}'] == 2
    assert found['pqr_tickets{state="overdue"}'] == 1
    assert found['pqr_queue_depth{queue="mail_in"}'] == 1
    assert found['pqr_oldest_waiting_seconds{queue="mail_in"}'] == 1200
    assert found['pqr_queue_depth{queue="mail_out"}'] >= 2
    assert found['pqr_checkup_trouble{name="plan.keep"}'] == 1


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1"])
def test_nobody_from_elsewhere_learns_that_there_are_numbers(client, session, address):
    assert client.get("/metrics", headers={"X-Forwarded-For": address}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": f"127.0.0.1, {address}"}).status_code == 404
    assert client.get("/metrics").status_code == 200
    claims = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/metrics", headers=claims, environ_base={"REMOTE_ADDR": address}).status_code == 404


LIVES = """
import os, sys
from pathlib import Path
from pqr import metrics

def live(directory, status):
    metrics.use(directory)
    metrics.request("portal.file", status, 0.2)
    metrics.mail("new_ticket")
    return metrics.page([]).decode()

for directory in (Path("/dev/null"), Path(sys.argv[1]), Path(sys.argv[1])):
    if os.fork() == 0:
        assert ("new_ticket" in live(directory, 200)) == (directory.name != "null")
        os._exit(0)
    assert os.wait()[1] == 0
print(live(Path(sys.argv[1]), 404), *sorted(path.name for path in metrics._places[0].glob("*.db")))
"""


def test_what_ended_processes_counted_stays_counted_and_their_files_go(tmp_path):
    """The first of them can write nowhere: it counts nothing, and works all the same."""
    command = [sys.executable, "-c", LIVES, str(tmp_path)]
    told = subprocess.run(command, env=environment(tmp_path), check=True, capture_output=True, text=True)
    *page, files = told.stdout.splitlines()
    found = samples("\n".join(page))
    assert found['pqr_request_seconds_count{endpoint="portal.file"}'] == 3
    assert found['pqr_request_seconds_bucket{endpoint="portal.file",le="0.25"}'] == 3
    assert found['pqr_responses_total{status="2xx"}'] == 2
    assert found['pqr_mails_total{verdict="new_ticket"}'] == 3
    assert {re.sub(r"[1-9]\d*", "N", name) for name in files.split()} == {
        "counter_0.db", "counter_N.db", "histogram_0.db", "histogram_N.db",
    }  # fmt: skip


BROKEN = """
import struct, sys
from pathlib import Path
from pqr import metrics

metrics.use(Path(sys.argv[1]))
metrics._places[0].mkdir(parents=True)
longer = struct.pack("iii", 4096, 0, 9999)
pieces = (b"", b"123", b"1234567", struct.pack("ii", 4096, 0), longer, longer + bytes([255]) * 4096)
for pid, piece in enumerate(pieces, start=4_000_000):  # more than Linux ever gives
    for kind in metrics.ROOM:
        (metrics._places[0] / f"{kind}_{pid}.db").write_bytes(piece)
metrics.request("portal.file", 200, 0.2)
(metrics._places[0] / "counter_1.db").write_bytes(b"12")  # of a process that lives
print(metrics.page([]).decode(), len(list(metrics._places[0].glob("*_4??????.db"))))
"""


def test_a_file_that_was_cut_short_breaks_no_page_and_goes(tmp_path):
    command = [sys.executable, "-c", BROKEN, str(tmp_path)]
    told = subprocess.run(command, env=environment(tmp_path), check=True, capture_output=True, text=True)
    *page, left = told.stdout.splitlines()
    assert samples("\n".join(page))['pqr_responses_total{status="2xx"}'] == 1
    assert left.strip() == "0"


def numbers_of(port):
    web = HTTPConnection("127.0.0.1", port, timeout=60)
    web.request("GET", "/metrics")
    answer = web.getresponse()
    page = answer.read().decode()
    web.close()
    assert answer.status == 200, page
    return samples(page)


@pytest.mark.xdist_group("up")
def test_web_mail_and_workers_are_one_page_of_numbers(tmp_path):
    service = started(environment(tmp_path, PQR_LOG="json"))
    try:
        port = int(service.environ["PQR_PORT"])
        file_by_web(f"http://127.0.0.1:{port}")
        with smtplib.SMTP("127.0.0.1", int(service.environ["PQR_MAIL_IN_PORT"])) as door:
            door.sendmail("ana@correo.example", "pqr@puerres.example", raw_mail(subject="Agua", text="No llega agua"))
        wanted = {
            'pqr_filed_total{channel="web"}': 1,
            'pqr_filed_total{channel="email"}': 1,
            'pqr_mails_total{verdict="new_ticket"}': 1,
            'pqr_queue_depth{queue="mail_out"}': 0,
            'pqr_checkup_trouble{name="watch.look"}': 0,
            'pqr_checkup_trouble{name="listener"}': 0,
        }
        until = time.monotonic() + PATIENCE
        while not wanted.items() <= (found := numbers_of(port)).items():
            assert time.monotonic() < until, found
            threading.Event().wait(0.1)
        tasks = {name for name in found if name.startswith("pqr_task_seconds_count")}
        assert 'pqr_task_seconds_count{outcome="well",task="mail_in.process"}' in tasks
        assert found['pqr_request_seconds_count{endpoint="portal.file"}'] >= 1
        page = " ".join(found)
        assert not re.search(r"@|/|2026-E|ana|correo\.", page.replace("correo.example", "")), page
    finally:
        service.process.send_signal(signal.SIGTERM)
        said, _ = service.process.communicate(timeout=120)
    assert service.process.returncode == 0, said
    spoken = [line.partition("| ")[2] for line in said.splitlines() if re.match(r"web|worker|beat|mail-in", line)]
    events = {json.loads(line)["event"] for line in spoken if "Warm shutdown" not in line}  # Celery prints that one
    assert {"mail_settled", "letter_tried"} <= events
    assert not re.search(r"ana@|agua|Prueba", " ".join(spoken))
