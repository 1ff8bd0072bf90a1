"""How many petitions a second do one and two machines file, over a network, from one data machine?

Run as root, as `python -m tests.bench.bench_hosts [--seconds N] [--clients N] [--share S]`. Three network namespaces:
PostgreSQL, Redis and an S3 in one, `pqr up` in the others, each with that share of one processor, so that the machines
of a municipality are imitated on one that has few. Every visit is the whole of it: the form and what comes of it,
the radicado; the letters leave meanwhile.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.hosts import APPS, Citizens, machines, why_not


def measure(names: tuple[str, ...], seconds: float, clients: int, share: float) -> float:
    """Petitions a second. PostgreSQL as it comes: every commit waits for the disk."""
    with tempfile.TemporaryDirectory() as directory, machines(Path(directory), speed=()) as here:
        for name in names:
            here.start(name)
            here.give(name, share)
        warm = Citizens(names, clients, lambda shown: shown < 4 * clients)
        warm.end()
        over = threading.Event()
        began = time.perf_counter()
        citizens = Citizens(names, clients, lambda _: not over.is_set())
        over.wait(seconds)
        filed = len(citizens.shown) / (time.perf_counter() - began)
        over.set()
        citizens.end()
        return filed


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--share", type=float, default=0.25, help="of one processor, for each machine of the service")
    given = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    alone = measure(APPS[:1], given.seconds, given.clients, given.share)
    print(f"one machine:  {alone:6.1f} petitions a second")
    both = measure(APPS, given.seconds, given.clients, given.share)
    print(f"two machines: {both:6.1f} petitions a second, {both / alone:.2f} times as many")


if __name__ == "__main__":
    main()
