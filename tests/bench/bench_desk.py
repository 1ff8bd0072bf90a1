"""What does the desk cost with a thousand tickets, and what with a hundred thousand?

`python -m tests.bench.bench_desk [URLs of two empty PostgreSQL databases]`: fills two installations of its own in a
temporary directory (SQLite without the URLs), serves each with one gunicorn worker and prints the median time of each
page in milliseconds, from request to last byte on this machine, at both sizes. They are asked in turns, so that what
else the machine does weighs on both alike; the ratio is of the medians, and beside it of the fastest tries, on which
nothing else weighs. pytest does not collect it.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import text

from pqr.db import make_engine
from tests.desk.staff import PASSWORD, form_of
from tests.servers import free_port, listens, running

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 100_000)
YEARS = (0.2, 2.5)  # so that the small installation too has something in each of its lists
TIMES, WARM_UP = 60, 3
DESK, OFFICE = "mesa@puerres.example", "hacienda@puerres.example"
VIEWS = (
    *("abiertas", "nuevas", "mias", "sin_dependencia", "vencidas", "por_vencer", "esperan_a_la_persona"),
    *("sin_comunicar", "cerradas", "todas"),
)
WORDS = {
    "rare word": "9000000{rare}",
    "word in nearly every ticket": "petición",
    "common word": "respuesta",
    "several words": "situación vereda lluvia",
    "several common words": "alcaldía respuesta vereda",
    "unfinished word": "respu",
    "word that is nowhere": "xilófono",
}


class Visitor:
    """Somebody of the staff who has logged in, on one connection."""

    def __init__(self, port: int, email: str = "") -> None:
        self._connection, self._cookies = http.client.HTTPConnection("127.0.0.1", port), SimpleCookie()
        if email:
            self.enter("/ingresar", dict(form_of(self.open("/ingresar"))) | {"email": email, "password": PASSWORD})

    def enter(self, path: str, fields: Mapping[str, str]) -> None:
        """Logs in; fails where it is not led on."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, page = self._ask("POST", path, urlencode(fields), form)
        assert status in (302, 303), (path, status, page[-3000:])

    def open(self, path: str) -> str:
        """The page; fails for anything but a page."""
        status, page = self._ask("GET", path)
        assert status == 200, (path, status)
        return page

    def timed(self, path: str) -> float:
        """Seconds."""
        start = time.perf_counter()
        self.open(path)
        return time.perf_counter() - start

    def _sent(self) -> str:
        return "; ".join(f"{each.key}={each.value}" for each in self._cookies.values())

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
        self._connection.request(method, path, body, {"Cookie": self._sent(), **(headers or {})})
        answer = self._connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie", ()):
            self._cookies.load(given)
        return answer.status, answer.read().decode()


@contextmanager
def served(
    environ: dict[str, str], application: str = "wsgi:app", python: str = sys.executable, port: int = 0
) -> Iterator[int]:
    """The service, or another, on a port of this machine."""
    port = port or free_port()
    options = ["--workers", "1", "--worker-class", "gthread", "--threads", "2", "--keep-alive", "600"]
    options += ["--no-control-socket", "--bind", f"127.0.0.1:{port}"]
    command = [python, "-m", "gunicorn", *options, application]
    with running(command, lambda: listens(port), cwd=ROOT, env=environ):
        yield port


def pqr(environ: dict[str, str], *words: str, said: str = "") -> None:
    """A command of the service; its talk goes to the screen."""
    subprocess.run([sys.executable, "-m", "pqr.cli", *words], env=environ, cwd=ROOT, input=said, text=True, check=True)


def pages(desk: Visitor, office: Visitor) -> Iterator[tuple[str, Visitor, str]]:
    """What is measured: name, who asks, path."""
    for view in VIEWS:
        yield f"queue: {view}", desk, f"/atencion/?vista={view}"
    for view in ("abiertas", "cerradas"):
        yield f"queue: {view}, a place that is nowhere", desk, f"/atencion/?vista={view}&lugar=xilofono"
    yield "triage", desk, "/atencion/clasificar"
    for view in ("abiertas", "cerradas"):
        yield f"an office's queue: {view}", office, f"/atencion/?vista={view}"
    rare = next(
        number for number in range(100, 999) if 'class="hit"' in desk.open(f"/atencion/buscar?q=9000000{number}")
    )
    for name, words in WORDS.items():
        yield f"search: {name}", desk, f"/atencion/buscar?q={quote(words.format(rare=rare))}"
    yield "search: the last page", desk, "/atencion/buscar?q=alcald&antes=60"
    yield "an office's search: common word", office, "/atencion/buscar?q=respuesta"
    yield "an office's search: common, not its own", office, "/atencion/buscar?q=servicios"
    newest = re.search(r"/atencion/radicado/[\dE-]+", desk.open("/atencion/?vista=cerradas"))
    assert newest
    yield "a ticket's page", desk, newest[0]


def fill_lists(url: str) -> None:
    """Makes every list of the desk longer than a page, so that both sizes show as many rows."""
    newest = "id IN (SELECT id FROM tickets WHERE {} ORDER BY id DESC LIMIT 60)"
    closed = newest.format("state = 'closed' AND answered_at IS NOT NULL AND outcome = 'answered'")
    again, in_time = "outcome = '', closed_at = NULL", "due_on = (SELECT max(due_on) FROM tickets)"
    of_the_office = "secretaria_id = (SELECT id FROM secretarias WHERE code = 'hacienda')"
    with make_engine(url).begin() as connection:
        for change, which in (
            (f"state = 'answered', {again}", closed),
            (f"state = 'filed', secretaria_id = NULL, {again}, {in_time}", closed),
            (f"state = 'awaiting_petitioner', {again}, {in_time}", closed),
            (f"state = 'assigned', {again}, due_on = received_on", closed),
            (f"state = 'assigned', {again}, due_on = CURRENT_DATE", closed),
            (f"state = 'assigned', {of_the_office}, {again}, {in_time}", closed),
            (of_the_office, closed),
        ):
            connection.execute(text(f"UPDATE tickets SET {change} WHERE {which}"))  # noqa: S608 - ours
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))  # as the server does by itself, a minute after so much is written


def installed(directory: Path, url: str, size: int, years: float) -> tuple[dict[str, str], float]:
    """An installation with so many tickets of so many years: the environment in which it is served, and how many
    were loaded a second, with the start of the command and the migrations.
    """
    directory.mkdir()
    places = {"PQR_DATA_DIR": str(directory), "PQR_DATABASE_URL": url, "PQR_RATE_LIMITS": "off"}
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PQR_DEMO": "on", **places}
    start = time.perf_counter()
    pqr(environ, "demo", "load", "--tickets", str(size), "--years", str(years), "--seed", "7")
    taken = time.perf_counter() - start
    print(f"{size} tickets loaded in {taken:.1f} s: {size / taken:.0f} a second", flush=True)
    pqr(environ, "user", "add", DESK, "--role", "desk", "--password-stdin", said=PASSWORD)
    of_office = ("--role", "secretaria", "--secretaria", "hacienda")
    pqr(environ, "user", "add", OFFICE, *of_office, "--password-stdin", said=PASSWORD)
    fill_lists(url or f"sqlite:///{directory}/pqr.sqlite3")
    return environ, size / taken


def measured(both: Sequence[dict[str, str]]) -> Iterator[tuple[str, list[float], list[float]]]:
    """Name and seconds at both sizes of each page, asked in turns."""
    with served(both[0]) as few, served(both[1]) as many:
        asked = [pages(Visitor(port, DESK), Visitor(port, OFFICE)) for port in (few, many)]
        for (name, *one), (_, *other) in zip(*asked, strict=True):
            taken = [(one[0].timed(one[1]), other[0].timed(other[1])) for _ in range(WARM_UP + TIMES)][WARM_UP:]
            yield name, *(list(each) for each in zip(*taken, strict=True))


def main() -> None:
    """Fills both, and measures them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="*", default=["", ""], help="postgresql://… of two empty databases")
    parser.add_argument("--sizes", nargs=2, type=int, default=SIZES, metavar="TICKETS")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pqr-bench-") as directory:
        both = [
            installed(Path(directory, str(size)), url, size, years)[0]
            for size, url, years in zip(given.sizes, given.databases, YEARS, strict=True)
        ]
        print(f"{'milliseconds, median':42} {given.sizes[0]:>9} {given.sizes[1]:>9}  ratio  of the fastest")
        for name, *taken in measured(both):
            few, many = map(statistics.median, taken)
            fastest = min(taken[1]) / min(taken[0])
            print(f"{name:42} {few * 1000:9.1f} {many * 1000:9.1f} {many / few:6.2f} {fastest:6.2f}", flush=True)


if __name__ == "__main__":
    main()
