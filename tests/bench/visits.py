"""How many citizens a second can file?  Each opens the form, sends it and sees the receipt, on its own connections.

The same visitors go to every service: as many at once as asked, from one process, on loopback alone. What a visit is on
a service is said by `Place`; how it is started, by the context manager beside it.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench.processes import cpu_seconds
from tests.servers import free_port, listens, new_broker, redis, running

ROOT = Path(__file__).resolve().parents[2]
SERVER = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning")
BODY = "Hace dos semanas no llega el agua a la vereda; hay un tubo roto junto a la escuela. " * 6
WARM_UP = 24
LONGEST = 15  # seconds of a round: then nobody new comes
_HIDDEN = re.compile(rb"""<input\b(?=[^>]*type=["']?hidden)[^>]*>""")
_NAME, _VALUE = re.compile(rb"""\bname=["']([^"']*)"""), re.compile(rb"""\bvalue=["']([^"']*)""")


@dataclass(frozen=True)
class Place:
    """A service that is running: the path of its form, what is typed into it, and the processes to count."""

    port: int
    form: str
    typed: Callable[[int], Mapping[str, str]]
    processes: Sequence[int]
    action: str = ""  # where the form goes; "" is where it came from


@dataclass(frozen=True)
class Measure:
    """`each`: seconds of each visit. `cpu`: seconds of all the service's processes."""

    wall: float
    each: Sequence[float]
    cpu: float

    @property
    def rate(self) -> float:
        """Visits a second."""
        return len(self.each) / self.wall

    def percentile(self, share: float) -> float:
        """Milliseconds within which so great a share of the visits was over."""
        return sorted(self.each)[min(int(share * len(self.each)), len(self.each) - 1)] * 1000


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


async def _ask(place: Place, method: str, path: str, jar: dict[str, str], body: bytes = b"") -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{place.port}", "Connection: close"]
    if jar:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in jar.items()))
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        lines += [f"Referer: http://127.0.0.1:{place.port}{path}", f"Origin: http://127.0.0.1:{place.port}"]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
    raw = await reader.read()
    writer.close()
    head, _, content = raw.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (each.partition(":") for each in fields)]
    for name, value in headers:
        if name == "set-cookie":
            key, _, kept = value.partition(";")[0].partition("=")
            jar[key] = kept
    return Answer(int(status.split()[1]), headers, content)


def hidden(page: bytes) -> dict[str, str]:
    """What the page's forms carry unseen."""
    fields = {}
    for field in _HIDDEN.findall(page):
        if name := _NAME.search(field):
            value = _VALUE.search(field)
            fields[name[1].decode()] = unescape(value[1].decode()) if value else ""
    return fields


async def _visit(place: Place, number: int) -> float:
    jar, start = dict[str, str](), time.perf_counter()
    page = await _ask(place, "GET", place.form, jar)
    assert page.status == 200, (place.form, page.status)
    sent = urlencode({**hidden(page.body), **place.typed(number)}).encode()
    taken = await _ask(place, "POST", place.action or place.form, jar, sent)
    assert taken.status in (302, 303), (taken.status, taken.body[-3000:])
    to = urlsplit(taken.header("location"))
    shown = await _ask(place, "GET", to.path + (f"?{to.query}" if to.query else ""), jar)
    assert shown.status == 200, (to, shown.status)
    return time.perf_counter() - start


async def _visits(place: Place, numbers: Sequence[int], at_once: int) -> list[float]:
    waiting, taken, end = iter(numbers), list[float](), time.perf_counter() + LONGEST

    async def go() -> None:
        for number in waiting:
            taken.append(await _visit(place, number))
            if time.perf_counter() > end:
                return

    await asyncio.gather(*(go() for _ in range(at_once)))
    return taken


def measure(place: Place, number: int, at_once: int) -> Measure:
    """So many visits, after some that are not counted."""
    asyncio.run(_visits(place, range(WARM_UP), 8))
    cpu, start = cpu_seconds(place.processes), time.perf_counter()
    each = asyncio.run(_visits(place, range(WARM_UP, WARM_UP + number), at_once))
    wall = time.perf_counter() - start
    return Measure(wall, each, cpu_seconds(place.processes) - cpu)


def typed(number: int) -> dict[str, str]:
    """What a person writes: a petition by name, with an address."""
    return {
        "kind": "peticion_general",
        "subject": f"No llega agua a la vereda {number}",
        "description": BODY,
        "identity": "named",
        "name": f"Vecina Prueba {number}",
        "email": f"vecina{number}@correo.example",
        "answer_by": "email",
        "accept_notice": "y",
    }


def gunicorn(application: str, port: int, python: str = sys.executable) -> list[str]:
    """The command that serves it: all of them with the same number of processes and threads."""
    return [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *SERVER]


@contextmanager
def ours(directory: Path, url: str) -> Iterator[Place]:
    """The service's pages with its broker; the letters leave later, by a worker, and are not in the visit."""
    broker, port = new_broker(), free_port()
    places = {"PQR_DATA_DIR": str(directory), "PQR_DATABASE_URL": url, "PQR_REDIS_URL": broker.url}
    environ = os.environ | places | {"PYTHONPATH": str(ROOT), "PQR_DEMO": "on", "PQR_RATE_LIMITS": "off"}
    subprocess.run([sys.executable, "-m", "pqr.cli", "init"], env=environ, cwd=ROOT, check=True, capture_output=True)
    command = [*gunicorn("wsgi:app", port), "--no-control-socket"]
    with redis(broker), running(command, lambda: listens(port), cwd=ROOT, env=environ) as server:
        yield Place(port, "/radicar", typed, [server.pid])


@contextmanager
def limit(directory: Path, url: str) -> Iterator[Place]:
    """The least that can be done (see `limit`), on the same database."""
    port = free_port()
    environ = os.environ | {"PYTHONPATH": str(ROOT), "LIMIT_URL": url or f"sqlite:///{directory}/limit.sqlite3"}
    subprocess.run([sys.executable, "-m", "tests.bench.limit"], env=environ, cwd=ROOT, check=True)
    command = [*gunicorn("tests.bench.limit:app", port), "--no-control-socket"]
    with running(command, lambda: listens(port), cwd=ROOT, env=environ) as server:
        yield Place(port, "/radicar", typed, [server.pid])


def compare(places: Mapping[str, Place], number: int, at_once: int, rounds: int) -> dict[str, Measure]:
    """Of each service the round with the median rate; they take turns, so that what else runs weighs on all alike."""
    found: dict[str, list[Measure]] = {name: [] for name in places}
    for _ in range(rounds):
        for name, place in places.items():
            found[name].append(measure(place, number, at_once))
    return {name: sorted(each, key=lambda one: one.rate)[len(each) // 2] for name, each in found.items()}
