"""What does each promise of speed cost, here and now?  One command, one table.

`python -m tests.bench [--database URL] [--works WORK ...] [--peers [DIRECTORY]]`: all on this machine's loopback, in a
directory that is removed. What is compared takes turns, and the median of three rounds counts. On two cores with
nothing else: visits 2 minutes, mail 1, idle 1, lists 10 (it loads a million petitions; `--sizes` for fewer).
`--database`: a PostgreSQL server of one's own, whose user may create databases; without it SQLite on disk. `--peers`:
django-helpdesk and Roundup too, which pip installs, each into an environment of its own, in that directory if it is to
be kept for the next time; they are on SQLite, and all together may take twice as long. pytest does not collect it.
"""

import argparse
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import bench_mail, visits
from tests.bench.lines import Bench, Line, table
from tests.bench.lists import lists
from tests.bench.peers.helpdesk import Helpdesk
from tests.bench.peers.peer import Peer, relay
from tests.bench.peers.roundup import Roundup
from tests.bench.processes import memory
from tests.installation import make_settings
from tests.running import READY, environment, pqr_up

ROUNDS = 3
SIZES = (1_000, 100_000, 1_000_000)
AT_ONCE = (1, 8, 32)
VISITS = 200
MAILS, PEERS_MAILS = 400, 200
SETTLED = 15  # seconds after which nothing of the start is going on any more


def filing(bench: Bench) -> Iterator[Line]:
    """Full citizen visits, against the limit and the peers."""
    with ExitStack() as stack:
        places = {}
        for name, start in {"limit": visits.limit, "ours": visits.ours}.items():
            directory = bench.directory / f"visits-{name}"
            directory.mkdir()
            places[name] = stack.enter_context(start(directory, stack.enter_context(bench.database())))
        for peer in bench.peers:
            places[peer.name] = stack.enter_context(peer.visits(bench.directory / f"visits-{peer.site}"))
        reach = "≥ 60 % of the limit, p99 < 5 × p50" + (", ≥ 4 × the best peer" if bench.peers else "")
        for at_once in AT_ONCE:
            found = visits.compare(places, VISITS, at_once, ROUNDS)
            share = f"{found['ours'].rate / found['limit'].rate:.0%}"
            times = _times(found["ours"].rate, [found[peer.name].rate for peer in bench.peers])
            others = tuple((name, _told(each)) for name, each in found.items() if name != "ours")
            yield Line(f"citizen's visit, {at_once} at once", f"{_told(found['ours'])}; {share}{times}", reach, others)


def _told(found: visits.Measure) -> str:
    p50, p99, cpu = found.percentile(0.5), found.percentile(0.99), found.cpu / len(found.each) * 1000
    return f"{found.rate:.0f}/s, p50 {p50:.0f} ms, p99 {p99:.0f} ms, {cpu:.1f} ms CPU"


def _times(ours: float, peers: Sequence[float]) -> str:
    return f"; {ours / max(peers):.1f} × the best peer" if peers else ""


def mail(bench: Bench) -> Iterator[Line]:
    """From the ledger of what came in to a filed ticket; of the peers, by their own commands."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("", *(peer.name for peer in bench.peers))}
    for number in range(ROUNDS):
        directory = bench.directory / f"mail-{number}"
        directory.mkdir()
        with bench.database() as url:
            found[""].append(bench_mail.measure(make_settings(directory, url), MAILS))
        for peer in bench.peers:
            found[peer.name].append(peer.mail(directory / peer.site, PEERS_MAILS))
    medians = {name: [statistics.median(each) for each in zip(*rounds, strict=True)] for name, rounds in found.items()}
    told = {name: f"{rate:.0f}/s, {cpu:.1f} ms CPU" for name, (rate, cpu) in medians.items()}
    ours = told.pop("") + _times(medians.pop("")[0], [rate for rate, _ in medians.values()])
    reach = "≥ 100/s, ≤ 10 ms CPU" + (", ≥ 2.5 × the best peer" if told else "")
    yield Line("mail to filed ticket", ours, reach, tuple(told.items()))


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


WORKS: dict[str, Callable[[Bench], Iterator[Line]]] = {"visits": filing, "mail": mail, "idle": idle, "lists": lists}


def main() -> None:
    """Does the works, one after the other, and prints the table; each line as soon as it is known, too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", nargs="+", choices=WORKS, default=list(WORKS), help="all without")
    parser.add_argument("--database", default="", help="postgresql://… of a server of one's own")
    parser.add_argument("--sizes", nargs=3, type=int, default=SIZES, help="petitions of the three installations")
    parser.add_argument("--peers", nargs="?", const="", help="where they are installed, if that is to be kept")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # all that was started is stopped on the way out
    lines = []
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pqr-bench-")))
        peers: list[Peer] = []
        if given.peers is not None:
            port, kept = stack.enter_context(relay()), Path(given.peers or directory / "peers")
            peers = [kind(kept.absolute(), port) for kind in (Helpdesk, Roundup)]
        bench = Bench(directory, given.database, tuple(given.sizes), peers)
        for name in given.works:
            start = time.perf_counter()
            for line in WORKS[name](bench):
                print(line.work, line.ours, *(": ".join(other) for other in line.others), sep=" | ", flush=True)
                lines.append(line)
            print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print("\n" + table(lines))


if __name__ == "__main__":
    main()
