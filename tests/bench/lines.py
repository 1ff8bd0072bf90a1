"""What is measured where, and how is it told?  The bench's place, its turns, and its table."""

import statistics
import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg

from tests.bench.peers.peer import Peer

TIMES, WARM_UP = 20, 3
LONGEST, AT_LEAST = 10, 3  # seconds after which a slow page is not asked again, when it was asked so often
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """One of the table. `others`: what others do with it, by name."""

    work: str
    ours: str
    reach: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Bench:
    """Where it is measured, with how many petitions, and who else is. `server`: a PostgreSQL, or "" for SQLite."""

    directory: Path
    server: str
    sizes: tuple[int, int, int]
    peers: Sequence[Peer] = ()

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


def in_turns(asked: Mapping[Key, Callable[[], float]]) -> dict[Key, float]:
    """The median of each, in milliseconds of what it tells in seconds; what is slow is asked fewer times."""
    taken: dict[Key, list[float]] = {key: [] for key in asked}
    for _ in range(WARM_UP + TIMES):
        for key, times in taken.items():
            if len(times) < WARM_UP + AT_LEAST or sum(times) < LONGEST:
                times.append(asked[key]())
    return {key: statistics.median(times[WARM_UP:]) * 1000 for key, times in taken.items()}


def table(lines: Sequence[Line]) -> str:
    """As Markdown."""
    names = list(dict.fromkeys(name for line in lines for name, _ in line.others))
    head = ["work", "reach", "here", *names]
    rows = [[each.work, each.reach, each.ours, *(dict(each.others).get(name, "") for name in names)] for each in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])
