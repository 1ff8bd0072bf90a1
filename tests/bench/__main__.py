"""What does each promise of speed cost, here and now?  One command, one table.

`python -m tests.bench [--database URL] [--works WORK ...]`: all on this machine's loopback, in a directory that is
removed. What is compared takes turns, and the median of three rounds counts. On two cores with nothing else: visits 2
minutes, mail 1, idle 1, lists 10 (it loads a million petitions; `--sizes` for fewer). `--database`: a PostgreSQL server
of one's own, whose user may create databases; without it SQLite on disk. pytest does not collect it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench import bench_mail, visits
from tests.bench.bench_dashboard import PAGES, keep
from tests.bench.bench_desk import DESK, OFFICE, ROOT, Visitor, installed, pages, served
from tests.bench.processes import memory
from tests.installation import make_settings
from tests.running import READY, environment, pqr_up

ROUNDS = 3
SIZES = (1_000, 100_000, 1_000_000)
YEARS = (0.2, 2.5, 2.5)  # so that the small one too has something in each of its lists
TIMES, WARM_UP = 20, 3
AT_ONCE = (1, 8, 32)
VISITS = 200
MAILS = 400
SETTLED = 15  # seconds after which nothing of the start is going on any more
COUNTED_ANEW = ("not whole months", "two filters at once")  # the table's figure is of what is kept


@dataclass(frozen=True)
class Line:
    """One of the table. `others`: what others do with it, by name."""

    work: str
    ours: str
    reach: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Bench:
    """Where it is measured, and with how many petitions. `server`: a PostgreSQL, or "" for SQLite."""

    directory: Path
    server: str
    sizes: tuple[int, int, int]

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty one; "" for SQLite in the installation's own directory."""
        if not self.server:
            yield ""
            return
        name = f"bench_{uuid.uuid4().hex}"
        with psycopg.connect(self.server.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
            try:
                base, mark, options = self.server.partition("?")
                yield f"{base.rpartition('/')[0]}/{name}{mark}{options}"
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def filing(bench: Bench) -> Iterator[Line]:
    """Full citizen visits, against the limit."""
    with ExitStack() as stack:
        started = {"limit": visits.limit, "ours": visits.ours}
        places = {}
        for name, start in started.items():
            directory = bench.directory / f"visits-{name}"
            directory.mkdir()
            places[name] = stack.enter_context(start(directory, stack.enter_context(bench.database())))
        for at_once in AT_ONCE:
            found = visits.compare(places, VISITS, at_once, ROUNDS)
            share = found["ours"].rate / found["limit"].rate
            others = tuple((name, _told(each)) for name, each in found.items() if name != "ours")
            reach = "≥ 60 % of the limit, p99 < 5 × p50"
            yield Line(f"citizen's visit, {at_once} at once", f"{_told(found['ours'])}; {share:.0%}", reach, others)


def _told(found: visits.Measure) -> str:
    p50, p99, cpu = found.percentile(0.5), found.percentile(0.99), found.cpu / len(found.each) * 1000
    return f"{found.rate:.0f}/s, p50 {p50:.0f} ms, p99 {p99:.0f} ms, {cpu:.1f} ms CPU"


def mail(bench: Bench) -> Iterator[Line]:
    """From the ledger of what came in to a filed ticket."""
    found = []
    for number in range(ROUNDS):
        directory = bench.directory / f"mail-{number}"
        directory.mkdir()
        with bench.database() as url:
            found.append(bench_mail.measure(make_settings(directory, url), MAILS))
    rate, cpu = (statistics.median(each) for each in zip(*found, strict=True))
    yield Line("mail to filed ticket", f"{rate:.0f}/s, {cpu:.1f} ms CPU", "≥ 100/s, ≤ 10 ms CPU")


def idle(bench: Bench) -> Iterator[Line]:
    """Everything of `up`, with nothing to do, and how long it took to be ready."""
    directory = bench.directory / "idle"
    for name in ("the first time", "again"):  # the first time it migrates too
        start, environ = time.perf_counter(), environment(directory)
        process = pqr_up(environ)
        try:
            for line in process.stdout or ():
                if READY in line:
                    break
            ready = time.perf_counter() - start
            time.sleep(SETTLED)
            used = memory(process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=60)
        yield Line(f"`up`, {name}, idle, all processes", f"{used:.0f} MB, ready in {ready:.1f} s", "≤ 400 MB, ≤ 5 s")


def lists(bench: Bench) -> Iterator[Line]:
    """The desk's pages, the figures, the sweep and the load itself, at three sizes."""
    with ExitStack() as stack:
        made, (_, some, many) = {}, bench.sizes
        for size, years in zip(bench.sizes, YEARS, strict=True):
            url = stack.enter_context(bench.database())
            made[size], rate = installed(bench.directory / f"lists-{size}", url, size, years)
            yield Line(f"`pqr demo load` of {size:,}", f"{rate:,.0f} a second", "≥ 5,000" if size == many else "")
        yield from _looked_at(made, bench.sizes)
        keep(made[many])
        yield from _figures(made[many], many)
        start = time.perf_counter()
        _python("-m", "pqr.cli", "verify", environ=made[some], ends=(0, 1))  # `fill_lists` wrote past the acts
        yield Line(f"`pqr verify`, {some:,}", f"{time.perf_counter() - start:.0f} s", "≤ 60 s")
        told = json.loads(_python("-m", "tests.bench.sweeping", environ=made[many]).splitlines()[-1])
        due = f"{statistics.median(told['due']):.2f} s; nothing due: {told['idle']:.2f} s"
        yield Line(f"reminder sweep, {many:,}, 200 due", due, "≤ 1 s")


def _looked_at(made: dict[int, dict[str, str]], sizes: tuple[int, int, int]) -> Iterator[Line]:
    """The three installations are asked in turns."""
    few, some, many = sizes
    with ExitStack() as stack:
        ports = {size: stack.enter_context(served(environ)) for size, environ in made.items()}
        asked = {size: list(pages(Visitor(port, DESK), Visitor(port, OFFICE))) for size, port in ports.items()}
        found: dict[str, dict[int, float]] = {}
        for each in zip(*asked.values(), strict=True):
            if (name := each[0][0]) == "queue: abiertas" or name.startswith("search: "):
                turns = [[one[1].timed(one[2]) for one in each] for _ in range(WARM_UP + TIMES)][WARM_UP:]
                medians = [statistics.median(times) * 1000 for times in zip(*turns, strict=True)]
                found[name] = dict(zip(asked, medians, strict=True))
    queue = found.pop("queue: abiertas")
    yield Line(f"queue page, {few:,}", f"{queue[few]:.0f} ms", "≤ 25 ms")
    yield Line(f"queue page, {many:,}", f"{queue[many]:.0f} ms; {queue[many] / queue[few]:.2f} ×", "≤ 1.3 ×")
    for size, reach in ((some, "≤ 100 ms"), (many, "≤ 300 ms")):
        slowest = max(found, key=lambda name: found[name][size])
        usual = statistics.median(each[size] for each in found.values())
        told = f"{usual:.0f} ms; slowest {found[slowest][size]:.0f} ms ({slowest.removeprefix('search: ')})"
        yield Line(f"search, {size:,}", told, reach)


def _figures(environ: dict[str, str], size: int) -> Iterator[Line]:
    with served(environ) as port:
        desk, medians = Visitor(port, DESK), {}
        for name in [each for each in PAGES if each not in COUNTED_ANEW]:
            taken = [desk.timed(PAGES[name]) * 1000 for _ in range(WARM_UP + TIMES)][WARM_UP:]
            medians[name] = statistics.median(taken)
    slowest = max(medians, key=lambda name: medians[name])
    told = f"{medians['this year']:.0f} ms; slowest {medians[slowest]:.0f} ms ({slowest})"
    yield Line(f"dashboard, {size:,}", told, "≤ 300 ms")


def _python(*words: str, environ: dict[str, str], ends: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([sys.executable, *words], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert done.returncode in ends, words
    return done.stdout


WORKS: dict[str, Callable[[Bench], Iterator[Line]]] = {"visits": filing, "mail": mail, "idle": idle, "lists": lists}


def table(lines: Sequence[Line]) -> str:
    """As Markdown."""
    names = list(dict.fromkeys(name for line in lines for name, _ in line.others))
    head = ["work", "reach", "here", *names]
    rows = [[each.work, each.reach, each.ours, *(dict(each.others).get(name, "") for name in names)] for each in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def main() -> None:
    """Does the works, one after the other, and prints the table; each line as soon as it is known, too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", nargs="+", choices=WORKS, default=list(WORKS), help="all without")
    parser.add_argument("--database", default="", help="postgresql://… of a server of one's own")
    parser.add_argument("--sizes", nargs=3, type=int, default=SIZES, help="petitions of the three installations")
    given = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory(prefix="pqr-bench-") as directory:
        bench = Bench(Path(directory), given.database, tuple(given.sizes))
        for name in given.works:
            start = time.perf_counter()
            for line in WORKS[name](bench):
                print(line.work, line.ours, *(": ".join(other) for other in line.others), sep=" | ", flush=True)
                lines.append(line)
            print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print("\n" + table(lines))


if __name__ == "__main__":
    main()
