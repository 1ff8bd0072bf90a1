"""How are we doing?  The reports, from a terminal."""

import json
from datetime import date, datetime

import click

from pqr.cli.application import prepared_application
from pqr.cli.official import command_of
from pqr.reports.indicator import Indicator, Share
from pqr.reports.ordered import ReportKind

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Los informes."""


for _kind in ReportKind:
    report.add_command(command_of(_kind))


@report.command()
@click.option("--from", "start", type=DAY, required=True, help="Primer día, 2026-01-01.")
@click.option("--to", "end", type=DAY, required=True, help="Último día, incluido.")
@click.option("--json", "as_json", is_flag=True, help="Imprime el contrato JSON.")
def indicator(start: datetime, end: datetime, as_json: bool) -> None:
    """El indicador del 80 %: recepción y utilización del servicio en un periodo."""
    found = _indicator(start.date(), end.date())
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    click.echo(f"Recepción:   {in_words(found.whole.reception)}")
    click.echo(f"Utilización: {in_words(found.whole.utilisation)}")


def _indicator(start: date, end: date) -> Indicator:
    from pqr.db import reading
    from pqr.door import office
    from pqr.reports.indicator import indicator as compute
    from pqr.reports.queries import reception_counts

    if end < start:
        raise click.UsageError("El periodo termina antes de empezar.")
    with prepared_application(), reading() as session:
        return compute(start, end, reception_counts(session, start, end, office(session)))


def in_words(share: Share) -> str:
    """ "85 % (17 de 20), meta 80 %: se cumple", or "sin datos"."""
    if share.rate is None:
        return "sin datos"
    verdict = "se cumple" if share.met else "no se cumple"
    return f"{share.rate * 100:.1f} % ({share.numerator} de {share.denominator}), meta 80 %: {verdict}".replace(
        ".", ","
    )
