"""How is a demonstration filled?  Synthetic tickets in bulk, to try the service out and to measure it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random
from typing import TYPE_CHECKING

import click

from pqr import clock
from pqr.cli.application import prepared_application

if TYPE_CHECKING:
    from pqr.tickets.bulk_writing import Batch

AT_ONCE = 50_000  # tickets of one transaction
CHUNK = 2_000  # that are made while those before are written


@click.group()
def demo() -> None:
    """Datos de demostración."""


@demo.command()
@click.option("--tickets", "number", type=click.IntRange(1, 1_000_000), required=True, help="Cuántas peticiones.")
@click.option(
    "--years", type=click.FloatRange(0.1, 20), default=2.5, show_default=True, help="En cuántos años llegaron."
)
@click.option("--seed", default=0, help="La misma semilla inventa las mismas peticiones.")
def load(number: int, years: float, seed: int) -> None:
    """Llena una instalación de demostración, o una vacía, con peticiones inventadas."""
    from pqr.db import reading, transaction
    from pqr.door import office, settings
    from pqr.errors import PqrError
    from pqr.tickets.bulk import Loader
    from pqr.tickets.bulk_writing import Batch, Stand, stand_of, write
    from pqr.tickets.invented import moments
    from pqr.tickets.sample import has_tickets, keep_sample, matters

    with prepared_application(), _uncollected():
        with reading() as session:
            if not settings().demo and has_tickets(session):
                raise PqrError(
                    "Esta instalación atiende de verdad (PQR_DEMO está apagado) y ya tiene peticiones: las inventadas"
                    " tomarían radicados y se mezclarían con las de las personas. No se cargó nada."
                )
            here, random, now = office(session), Random(seed), clock.now()  # noqa: S311 - nothing is secret here
            topics, sample = matters(session), keep_sample(here, now)
        arrived = moments(number, years, now, random)

        def makes(start: int, stand: Stand) -> Iterator[Batch]:
            loader = Loader(topics, here, sample, Random(f"{seed}-{start}"), now)  # noqa: S311
            loader.go_on_from(stand)
            some = arrived[start : start + AT_ONCE]
            made = (loader.make(some[at : at + CHUNK]) for at in range(0, len(some), CHUNK))
            return made if len(some) <= CHUNK else _ahead(made)

        expected: Stand | None = None
        batches: Iterator[Batch] = iter(())
        for start in range(0, number, AT_ONCE):
            with transaction() as session:
                if (stand := stand_of(session)) != expected:  # the first time, or somebody filed between two
                    batches = makes(start, stand)
                for done, batch in enumerate(batches, 1):
                    write(session, batch)
                    print(f"\r{min(start + done * CHUNK, number)} de {number}", end="", file=sys.stderr)
                expected = stand.after(batch)
                batches = makes(start + AT_ONCE, expected)  # begins now, while these are committed
    print(file=sys.stderr)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python does not look for rubbish among so many rows again and again: a fifth of the time, and there is none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _ahead(made: Iterator["Batch"]) -> Iterator["Batch"]:
    """The same, made by another process while this one writes: what Python makes takes longer than what SQLite does."""
    fork = get_context("fork")
    receives, sends = fork.Pipe(duplex=False)
    maker = fork.Process(target=_make, args=(made, receives, sends), daemon=True)
    maker.start()
    sends.close()
    return _received(receives, maker)


def _received(receives: Connection, maker: BaseProcess) -> Iterator["Batch"]:
    while (batch := receives.recv()) is not None:
        yield batch
    maker.join()


def _make(made: Iterator["Batch"], receives: Connection, sends: Connection) -> None:
    receives.close()  # or nobody would notice that the other side no longer wants any
    with suppress(BrokenPipeError):
        for batch in made:
            sends.send(batch)
        sends.send(None)
