"""Does a file carry a virus?  ClamAV's clamd is asked, over a socket (clamd(8), INSTREAM), where there is one.

A scanner that is down, slow or not set says nothing of a file, and keeps nobody from filing: see `Verdict`.
"""

import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from urllib.parse import urlsplit

import structlog

from pqr.errors import PqrError

SECONDS = 20.0  # for all the files of one message or form: a person waits, and a worker holds its message for minutes
PORT = 3310
CHUNK = 256 * 1024
LONGEST_REPLY = 1024

log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What is known of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True)
class Scan:
    """What the scanner said. `virus`: the name of its signature, for one that is infected."""

    verdict: Verdict
    virus: str = ""

    @property
    def infected(self) -> bool:
        """Whether the file must not be kept nor passed on."""
        return self.verdict == Verdict.INFECTED


class ScannerUnavailable(PqrError):
    """The scanner does not answer; the text says why and which setting to look at."""


class InfectedFile(PqrError):
    """Files that are neither taken nor given; the text says their `names`."""

    def __init__(self, sentence: str, names: frozenset[str]) -> None:
        super().__init__(sentence)
        self.names = names


def scan(contents: Sequence[bytes], url: str) -> list[Scan]:
    """What is known of each file, in `SECONDS` for all of them; `url`: of clamd, `""` where there is none."""
    until = monotonic() + SECONDS
    return [_scan(content, url, until) if url else Scan(Verdict.NOT_SCANNED) for content in contents]


def refuse_infected(files: Sequence[tuple[str, bytes]], url: str) -> None:
    """Raises InfectedFile, which names them, where some of these (name, content) are infected."""
    scans = scan([content for _, content in files], url)
    bad = {name: each.virus for (name, _), each in zip(files, scans, strict=True) if each.infected}
    if bad:
        head = "Este archivo trae un virus" if len(bad) == 1 else "Estos archivos traen un virus"
        named = ", ".join(f"«{name}» ({virus})" for name, virus in bad.items())
        raise InfectedFile(f"{head}: {named}.", frozenset(bad))


def version(url: str) -> str:
    """What the scanner calls itself, with the date of its signatures. Raises ScannerUnavailable."""
    return _ask(url, monotonic() + SECONDS, b"zVERSION\0")


def trouble(url: str) -> Iterator[str]:
    """What `pqr check` says of a scanner that was set and does not answer."""
    try:
        if url:
            version(url)
    except ScannerUnavailable as problem:
        yield str(problem)


def _scan(content: bytes, url: str, until: float) -> Scan:
    try:
        return _verdict(_ask(url, until, b"zINSTREAM\0", content))
    except ScannerUnavailable as problem:
        log.error("file_not_scanned", size=len(content), why=str(problem))
        return Scan(Verdict.NOT_SCANNED)


def _ask(url: str, until: float, command: bytes, content: bytes | None = None) -> str:
    try:
        with _connected(url, until) as connection:
            connection.sendall(command)
            if content is not None:
                _send(connection, content, until)
            return _reply(connection, until)
    except OSError as error:
        raise ScannerUnavailable(f"PQR_CLAMD_URL: {url} no responde ({error}).") from error


@contextmanager
def _connected(url: str, until: float) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        connection = socket.create_connection((parts.hostname or "", parts.port or PORT), _left(until))
    else:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_left(until))
    with connection:
        if parts.scheme != "tcp":
            connection.connect(parts.path)
        yield connection


def _send(connection: socket.socket, content: bytes, until: float) -> None:
    """The content in pieces with their lengths, and a piece of none. A scanner that has enough stops listening."""
    try:
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            connection.settimeout(_left(until))
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # its reply says why


def _reply(connection: socket.socket, until: float) -> str:
    said = b""
    while len(said) < LONGEST_REPLY and not said.endswith(b"\0"):
        connection.settimeout(_left(until))
        if not (piece := connection.recv(LONGEST_REPLY)):
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(until: float) -> float:
    if (left := until - monotonic()) <= 0:
        raise TimeoutError(f"no terminó en {SECONDS:.0f} segundos")
    return left


def _verdict(reply: str) -> Scan:
    """Of "stream: OK" or "stream: NAME FOUND"; whatever else is an error. Raises ScannerUnavailable."""
    said = reply.partition(": ")[2]
    if said == "OK":
        return Scan(Verdict.CLEAN)
    if said.startswith("Heuristics.Encrypted"):  # some are set to report what they cannot look into
        return Scan(Verdict.NOT_SCANNED)
    if said.endswith(" FOUND"):
        return Scan(Verdict.INFECTED, said.removesuffix(" FOUND"))
    raise ScannerUnavailable(f"PQR_CLAMD_URL: el antivirus contestó «{reply[:200]}».")
