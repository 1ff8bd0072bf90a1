"""Does the scanner tell an infected file from a clean one, and keep nobody waiting when it is away?  A real clamd."""

import socket
import threading
from contextlib import contextmanager

import pytest

from pqr.tickets import scanner
from pqr.tickets.scanner import InfectedFile, Scan, ScannerUnavailable, Verdict, refuse_infected, scan, trouble, version
from tests.servers import VIRUS, VIRUS_NAME, clamd, free_port

CLEAN, INFECTED, UNKNOWN = Scan(Verdict.CLEAN), Scan(Verdict.INFECTED, VIRUS_NAME), Scan(Verdict.NOT_SCANNED)


@pytest.fixture(scope="module")
def url():
    with clamd() as url:
        yield url


@contextmanager
def answering(replies):
    """Somebody on a port who takes a connection for each of these replies, reads what comes first, and says it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk():
            for reply in replies:
                connection, _ = server.accept()
                with connection:
                    if reply is not None:
                        connection.recv(1 << 16)
                        connection.sendall(reply)
                    else:
                        connection.recv(1)
                        hold.wait(10)

        hold, thread = threading.Event(), threading.Thread(target=talk)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        hold.set()
        thread.join()


def test_the_infected_file_among_others_is_found_and_named(url):
    beyond_one_piece = b"x" * (scanner.CHUNK + 7) + VIRUS
    assert scan([b"una carta", VIRUS, b"", beyond_one_piece], url) == [CLEAN, INFECTED, CLEAN, INFECTED]


def test_an_infected_file_is_refused_by_its_name_and_the_virus_s(url):
    refuse_infected([("a.pdf", b"una carta")], url)
    with pytest.raises(InfectedFile, match=rf"^Este archivo trae un virus: «b\.pdf» \({VIRUS_NAME}\)\.$") as refused:
        refuse_infected([("a.pdf", b"una carta"), ("b.pdf", VIRUS)], url)
    assert "a.pdf" not in str(refused.value)


def test_a_file_larger_than_the_scanner_takes_is_not_scanned_and_the_next_one_is(url):
    assert scan([b"x" * (3 << 20), VIRUS], url) == [UNKNOWN, INFECTED]


def test_without_a_scanner_nothing_is_known_of_any_file():
    assert scan([VIRUS], "") == [UNKNOWN]
    refuse_infected([("b.pdf", VIRUS)], "")
    assert list(trouble("")) == []


@pytest.mark.parametrize("scheme", ["tcp", "unix"])
def test_a_scanner_that_is_down_keeps_no_file_back_and_says_which_setting_to_look_at(scheme):
    url = f"tcp://127.0.0.1:{free_port()}" if scheme == "tcp" else "unix:///no/hay/nadie.ctl"
    assert scan([b"a", b"b"], url) == [UNKNOWN, UNKNOWN]
    (said,) = trouble(url)
    assert said.startswith("PQR_CLAMD_URL: ")
    with pytest.raises(ScannerUnavailable):
        version(url)


def test_a_scanner_that_does_not_answer_is_waited_for_once_whatever_the_number_of_files(monkeypatch):
    monkeypatch.setattr(scanner, "SECONDS", 0.2)
    with answering([None]) as url:
        assert scan([b"a"] * 50, url) == [UNKNOWN] * 50


@pytest.mark.parametrize(
    "reply",
    [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't allocate memory ERROR\0", b"", b"\xff" * 5000],
)
def test_an_answer_that_says_nothing_of_the_file_is_no_verdict(reply):
    with answering([reply]) as url:
        assert scan([b"a"], url) == [UNKNOWN]


def test_a_scanner_that_reports_what_it_cannot_look_into_has_found_no_virus():
    with answering([b"stream: Heuristics.Encrypted.PDF FOUND\0"]) as url:
        assert scan([b"a"], url) == [UNKNOWN]


def test_the_scanner_says_its_version(url):
    assert version(url).startswith("ClamAV ")
    assert list(trouble(url)) == []
