"""How is a demonstration filled?  Synthetic tickets in bulk, to try the service out and to measure it."""

import sys
from random import Random

import click

from pqr import clock
from pqr.cli.application import prepared_application

BATCH = 2_000


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
    from pqr.tickets.invented import moments
    from pqr.tickets.sample import has_tickets, keep_sample, matters

    with prepared_application():
        with reading() as session:
            if not settings().demo and has_tickets(session):
                raise PqrError(
                    "Esta instalación atiende de verdad (PQR_DEMO está apagado) y ya tiene peticiones: las inventadas"
                    " tomarían radicados y se mezclarían con las de las personas. No se cargó nada."
                )
            here, random, now = office(session), Random(seed), clock.now()  # noqa: S311 - nothing is secret here
            loader = Loader(matters(session), here, keep_sample(here, now), random, now)
        arrived = moments(number, years, now, random)
        for start in range(0, number, BATCH):
            with transaction() as session:
                loader.load(session, arrived[start : start + BATCH])
            print(f"\r{min(start + BATCH, number)} de {number}", end="", file=sys.stderr)
    print(file=sys.stderr)
