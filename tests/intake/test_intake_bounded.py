"""Does a message made to exhaust us stop anybody else?"""

import base64
import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from pqr.intake.bounded import Bounds, parse_bounded
from pqr.mail.message import parse

HEAD = b"From: Ana <ana@correo.example>\nMessage-ID: <1@correo.example>\nSubject: Agua\n"
MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))


def with_file(content: bytes, name: str) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHola\n--b\n"
    label = f"Content-Type: application/x; name={name}\nContent-Transfer-Encoding: base64\n\n".encode()
    return HEAD + head + label + base64.encodebytes(content) + b"--b--\n"


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("ceros", b"\0" * 200_000_000)
    return packed.getvalue()


def test_every_mail_of_the_collection_reads_the_same_with_and_without_bounds():
    large = b"\n" + b"A" * 76
    for path in MAILS:
        raw = path.read_bytes()
        assert parse_bounded(raw) == parse(raw)
    raw = MAILS[0].read_bytes() + large * 2_000
    assert parse_bounded(raw) == parse(raw)


def test_a_mail_of_40_megabytes_is_read():
    raw = with_file(bytes(range(256)) * 117_000, "plano.pdf")
    found = parse_bounded(raw)
    assert len(raw) > 40_000_000
    assert (found.text, found.defects) == ("Hola", ())
    assert [(file.name, file.size) for file in found.attachments] == [("plano.pdf", 256 * 117_000)]


def test_a_mail_that_takes_too_long_is_set_aside_whole_with_its_headers():
    raw = HEAD + b"To: pqr@puerres.example\n\n" + b"Hola\n" * 400_000
    found = parse_bounded(raw, Bounds(seconds=0))
    assert (found.sender, found.subject, found.message_id) == ("ana@correo.example", "Agua", "<1@correo.example>")
    assert (found.text, found.defects) == ("", ("too-costly",))
    assert [(file.name, file.content) for file in found.attachments] == [("mensaje-original.eml", raw)]


def test_a_mail_that_takes_too_much_memory_is_set_aside_and_the_next_one_goes_on():
    raw = with_file(bytes(40_000_000), "plano.pdf")
    assert parse_bounded(raw, Bounds(memory=200 * 1024 * 1024)).defects == ("too-costly",)
    assert parse_bounded(MAILS[0].read_bytes()).subject


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nHola\n" * 10_000,
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)),
        HEAD + b"To: " + b'"\\' * 400_000 + b"\n\nHola\n",
        HEAD + b"".join(b"To: " + b'"\\' * 8_000 + b"\n" for _ in range(40)) + b"\nHola\n",
        HEAD + b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 100_000 + b"Hola",
        HEAD + b"Content-Type: text/html\n\n" + b"<blockquote type=cite>x</blockquote>" * 30_000 + b"Hola",
        HEAD + b"Content-Type: text/html\n\n" + b"<p " * 300_000 + b">Hola",
        HEAD + b"\n" + b"Este mensaje es\n" * 60_000,
        with_file(zip_bomb(), "bomba.zip"),
    ],
    ids=["parts", "nest", "header", "headers", "tables", "quotes", "tags", "notices", "zip"],
)
def test_a_bomb_has_its_headers_read_within_the_bound(raw):
    start = time.monotonic()
    found = parse_bounded(raw)
    assert time.monotonic() - start < 25
    assert (found.sender, found.subject) == ("ana@correo.example", "Agua")
    assert found.text or found.attachments[-1].content == raw


def test_a_zip_that_swells_is_kept_as_it_came():
    bomb = zip_bomb()
    found = parse_bounded(with_file(bomb, "bomba.zip"))
    assert [file.content for file in found.attachments] == [bomb]


def test_threads_read_large_mails_side_by_side():
    raw, found = with_file(bytes(1_500_000), "plano.pdf"), []
    threads = [threading.Thread(target=lambda: found.append(parse_bounded(raw).attachments[0].size)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1_500_000] * 4


def test_the_child_sees_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("PQR_SECRET_KEY", "no")
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    assert parse_bounded(with_file(bytes(200_000), "plano.pdf")).defects == ()


def test_the_child_stays_for_the_next_mail_and_one_that_died_is_replaced():
    parse_bounded(MAILS[0].read_bytes())
    (first,) = children()
    parse_bounded(MAILS[1].read_bytes())
    assert children() == [first]
    os.kill(first, signal.SIGKILL)
    assert parse_bounded(MAILS[0].read_bytes()) == parse(MAILS[0].read_bytes())
    assert first not in children()


def test_the_child_ends_with_its_parent():
    script = (
        "import os, time; from pqr.intake.bounded import parse_bounded; parse_bounded(b'From: a@b.example\\n\\nx');"
        "print(open(f'/proc/self/task/{os.getpid()}/children').read(), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    child = Path("/proc") / parent.stdout.readline().strip()
    assert child.exists()
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 10
    while child.exists() and "Z" not in child.joinpath("stat").read_text().rpartition(")")[2][:3]:
        assert time.monotonic() < until
        threading.Event().wait(0.02)


def children() -> list[int]:
    """The processes that this thread started and that still run."""
    found = [int(number) for path in Path("/proc/self/task").glob("*/children") for number in path.read_text().split()]
    return [number for number in found if b"read_on" in Path(f"/proc/{number}/cmdline").read_bytes()]
