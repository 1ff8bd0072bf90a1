"""How are open data published by hand?  What the workers do every day, when the operator says so."""

from datetime import datetime

import click

from pqr.cli.application import prepared_application


@click.group()
def opendata() -> None:
    """Los datos abiertos."""


@opendata.command()
@click.option(
    "--month",
    type=click.DateTime(formats=["%Y-%m"]),
    help="Un mes que ya terminó, 2026-10, sin esperar su turno. No se podrá volver a publicar.",
)
def publish(month: datetime | None) -> None:
    """Publica los meses a los que les llegó el turno, o el que se diga. Cada mes se publica una sola vez."""
    from pqr import clock
    from pqr.db import reading, transaction
    from pqr.door import office
    from pqr.publishing.opendata import months_due, publish_month
    from pqr.terms.receipt import in_bogota

    with prepared_application():
        with reading() as session:
            due = months_due(session, office(session), in_bogota(clock.now()).date())
        for each in [month.date()] if month else due:
            with transaction() as session:
                published = publish_month(session, each, "system", office(session), clock.now())
                told = "sin datos suficientes" if published.cases is None else f"{published.cases} peticiones"
            click.echo(f"{each:%Y-%m}\t{told}")
