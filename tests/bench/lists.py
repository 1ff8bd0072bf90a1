"""What do the desk's lists, the figures, the sweep and the load cost, at three sizes?

Other services are asked at the two smaller sizes, for the same words in the same petitions.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from urllib.parse import parse_qs, urlsplit

from tests.bench.bench_dashboard import PAGES, keep
from tests.bench.bench_desk import DESK, OFFICE, ROOT, WORDS, Visitor, installed, pages, served
from tests.bench.lines import Bench, Line, in_turns
from tests.bench.peers.peer import Peer, export

YEARS = (0.2, 2.5, 2.5)  # so that the small one too has something in each of its lists
COUNTED_ANEW = ("not whole months", "two filters at once")  # the table's figure is of what is kept
QUEUE, SEARCH = "queue: abiertas", "search: "
Asked = dict[str, Callable[[], float]]  # by the page's name: the seconds that it takes now
Environs = dict[int, dict[str, str]]  # by size: where such an installation is served
Found = Mapping[tuple[str, str, int], float]  # by the page's name, whose it is ("" is ours) and the size


def lists(bench: Bench) -> Iterator[Line]:
    """All of it."""
    with ExitStack() as stack:
        made, (_, some, many) = {}, bench.sizes
        for size, years in zip(bench.sizes, YEARS, strict=True):
            url = stack.enter_context(bench.database())
            made[size], rate = installed(bench.directory / f"lists-{size}", url, size, years)
            yield Line(f"`pqr demo load` of {size:,}", f"{rate:,.0f} a second", "≥ 5,000" if size == many else "")
        theirs = {peer: _filled(bench, peer, made) for peer in bench.peers}
        yield from _looked_at(made, theirs, bench.sizes)
        keep(made[many])
        yield from _figures(made[many], theirs, bench.sizes)
        start = time.perf_counter()
        _python("-m", "pqr.cli", "verify", environ=made[some], ends=(0, 1))  # `fill_lists` wrote past the acts
        yield Line(f"`pqr verify`, {some:,}", f"{time.perf_counter() - start:.0f} s", "≤ 60 s")
        told = json.loads(_python("-m", "tests.bench.sweeping", environ=made[many]).splitlines()[-1])
        due = f"{statistics.median(told['due']):.2f} s; nothing due: {told['idle']:.2f} s"
        yield Line(f"reminder sweep, {many:,}, 200 due", due, "≤ 1 s")


def _filled(bench: Bench, peer: Peer, made: Environs) -> Environs:
    """One of the peer for each of our two smaller ones, with the same petitions."""
    filled = {}
    for size in bench.sizes[:2]:
        directory, petitions = bench.directory / f"lists-{size}-{peer.site}", bench.directory / f"petitions-{size}"
        url = made[size]["PQR_DATABASE_URL"] or f"sqlite:///{made[size]['PQR_DATA_DIR']}/pqr.sqlite3"
        export(url, petitions)
        filled[size] = peer.loaded(directory, petitions)
    return filled


def _looked_at(made: Environs, theirs: Mapping[Peer, Environs], sizes: tuple[int, int, int]) -> Iterator[Line]:
    """All installations are asked in turns, page after page."""
    few, some, many = sizes
    found: dict[tuple[str, str, int], float] = {}
    with ExitStack() as stack:
        asked: dict[tuple[str, int], Asked] = {}
        for size, environ in made.items():
            port = stack.enter_context(served(environ))
            paths = {name: (who, path) for name, who, path in pages(Visitor(port, DESK), Visitor(port, OFFICE))}
            asked["", size] = {name: partial(who.timed, path) for name, (who, path) in paths.items()}
            words = {SEARCH + name: parse_qs(urlsplit(paths[SEARCH + name][1]).query)["q"][0] for name in WORDS}
            for peer, environs in theirs.items():
                if size in environs:
                    visitor = stack.enter_context(peer.staff(environs[size]))
                    searches = {name: partial(_all, visitor, peer, word) for name, word in words.items()}
                    asked[peer.name, size] = {QUEUE: partial(_all, visitor, peer, ""), **searches}
        for name in asked["", few]:
            if name == QUEUE or name.startswith(SEARCH):
                turns = in_turns({whose: each[name] for whose, each in asked.items() if name in each})
                found |= {(name, *whose): taken for whose, taken in turns.items()}
    queue = {size: found[QUEUE, "", size] for size in sizes}
    grown = {few: "", some: "", many: f"; {queue[many] / queue[few]:.2f} ×"}
    reach = {few: "≤ 25 ms", some: "", many: "≤ 1.3 ×"}
    for size in sizes:
        others = tuple((peer.name, f"{found[QUEUE, peer.name, size]:.0f} ms") for peer in theirs if size != many)
        yield Line(f"queue page, {size:,}", f"{queue[size]:.0f} ms{grown[size]}", reach[size], others)
    reach = {few: "", some: "≤ 100 ms", many: "≤ 300 ms"}
    for size in sizes:
        others = tuple((peer.name, _searched(found, peer.name, size)) for peer in theirs if size != many)
        yield Line(f"search, {size:,}", _searched(found, "", size), reach[size], others)


def _all(visitor: Visitor, peer: Peer, searched: str) -> float:
    """Seconds of all requests that together are the page."""
    return sum(visitor.timed(path) for path in peer.paths(searched))


def _searched(found: Found, whose: str, size: int) -> str:
    times = {
        name: taken for (name, who, many), taken in found.items() if (who, many) == (whose, size) and name != QUEUE
    }
    slowest = max(times, key=lambda name: times[name])
    return (
        f"{statistics.median(times.values()):.0f} ms; slowest {times[slowest]:.0f} ms ({slowest.removeprefix(SEARCH)})"
    )


def _figures(environ: dict[str, str], theirs: Mapping[Peer, Environs], sizes: tuple[int, int, int]) -> Iterator[Line]:
    """Of our largest; the reports of others are of the size before it."""
    _, some, many = sizes
    with ExitStack() as stack:
        desk = Visitor(stack.enter_context(served(environ)), DESK)
        asked: Asked = {name: partial(desk.timed, path) for name, path in PAGES.items() if name not in COUNTED_ANEW}
        reports: Asked = {}
        for peer, environs in theirs.items():
            if peer.report:
                reports[peer.name] = partial(stack.enter_context(peer.staff(environs[some])).timed, peer.report)
        medians = in_turns(asked | reports)
    slowest = max(asked, key=lambda name: medians[name])
    told = f"{medians['this year']:.0f} ms; slowest {medians[slowest]:.0f} ms ({slowest})"
    others = tuple((name, f"{medians[name]:.0f} ms for {some:,}") for name in reports)
    yield Line(f"dashboard, {many:,}", told, "≤ 300 ms", others)


def _python(*words: str, environ: dict[str, str], ends: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([sys.executable, *words], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert done.returncode in ends, words
    return done.stdout
