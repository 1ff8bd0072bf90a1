"""How many petitions a second do one and two machines file, over a network, from one data machine?

Run as root, as `python -m tests.bench.bench_hosts [--seconds N] [--clients N] [--share S]`. Three network namespaces:
PostgreSQL, Redis and an S3 in one, `pqr up` in the others, each with that share of one processor, so that the machines
of a municipality are imitated on one that has few. Every visit is the form and what comes of it; the letters leave
meanwhile. The processor's time that a petition takes, letters included, hardly changes with what else the machine does.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.hosts import APPS, DATA, Citizens, machines, why_not


@dataclass(frozen=True)
class Measured:
    """Petitions a second, and the milliseconds of a processor that each took on the machines of each kind."""

    rate: float
    service: float
    data: float

    def __str__(self) -> str:
        return (
            f"{self.rate:6.1f} petitions a second; each {self.service:.0f} ms of a processor, data {self.data:.0f} ms"
        )


def measure(names: tuple[str, ...], seconds: float, clients: int, share: float) -> Measured:
    """PostgreSQL as it comes: every commit waits for the disk."""
    with tempfile.TemporaryDirectory() as directory, machines(Path(directory), speed=()) as here:
        for name in names:
            here.start(name)
            here.give(name, share)
        warm = Citizens(names, clients, lambda shown: shown < 4 * clients)
        warm.end()
        used = {name: here.processor_seconds(name) for name in (*names, DATA)}
        over, began = threading.Event(), time.perf_counter()
        citizens = Citizens(names, clients, lambda _: not over.is_set())
        over.wait(seconds)
        filed, taken = len(citizens.shown), time.perf_counter() - began
        used = {name: here.processor_seconds(name) - before for name, before in used.items()}
        over.set()
        citizens.end()
        each = 1000 / filed
        return Measured(filed / taken, each * sum(used[name] for name in names), each * used[DATA])


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--share", type=float, default=0.4, help="of one processor, for each machine of the service")
    given = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    alone = measure(APPS[:1], given.seconds, given.clients, given.share)
    print(f"one machine:  {alone}")
    both = measure(APPS, given.seconds, given.clients, given.share)
    print(f"two machines: {both}; {both.rate / alone.rate:.2f} times as many")


if __name__ == "__main__":
    main()
