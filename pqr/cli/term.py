"""When is it due?  The calculator of terms, with this municipality's calendar where there is a database."""

import json
import os
import sys
from datetime import datetime

import click

from pqr import config
from pqr.terms.calendar import BOGOTA, Calendar, parse_closures
from pqr.terms.deadlines import ClosingRule, DueDate, due_date
from pqr.terms.explaining import explain


@click.command()
@click.argument("type_", metavar="TYPE")
@click.argument("received_at")
@click.option("--closing-rule", help="calendar_day u office_hours@HH:MM; si falta, la de la configuración.")
@click.option("--closures", default="", help="Cierres adicionales: 2027-01-05;2026-12-31@12:00")
@click.option("--json", "as_json", is_flag=True, help="Imprime todo el cálculo como JSON.")
def term(type_: str, received_at: str, closing_rule: str | None, closures: str, as_json: bool) -> None:
    """Calcula cuándo vence un término.

    TYPE es un tipo de petición (peticion_general, consulta, peticion_general+ext15) o un paso (traslado);
    RECEIVED_AT es el instante de recibo: 2026-02-02T09:15:00-05:00 (sin zona se lee en hora de Colombia).
    """
    settings = config.load(config.environment(), needs_key=False)
    try:
        moment = datetime.fromisoformat(received_at)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=BOGOTA)
        rule = ClosingRule.parse(closing_rule) if closing_rule else settings.closing_rule
        calendar = _own_calendar(settings).with_closures(*parse_closures(closures))
        due = due_date(type_, moment, calendar, rule)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(_as_json(due), ensure_ascii=False))
        return
    click.echo(due.due_on.isoformat())
    for sentence in explain(due):
        click.echo(sentence, err=True)


def _own_calendar(settings: config.Settings) -> Calendar:
    """The municipality's closures where a database is there to ask; else the national rule alone."""
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    from pqr.closures.calendar import load_calendar
    from pqr.db import make_engine

    path = settings.database_url.removeprefix("sqlite:///")
    if settings.database_url.startswith("sqlite") and not os.path.exists(path):
        return Calendar()  # asking SQLite would create an empty file
    try:
        with Session(make_engine(settings.database_url)) as session:
            return load_calendar(session)
    except SQLAlchemyError as error:
        print(f"pqr: sin calendario propio ({type(error).__name__}); uso el nacional.", file=sys.stderr)
        return Calendar()


def _as_json(due: DueDate) -> dict[str, object]:
    return {
        "type": due.code,
        "received_at": due.received_at.isoformat(),
        "day_zero": due.day_zero.isoformat(),
        "due_date": due.due_on.isoformat(),
        "length": due.length,
        "extension": due.extension,
        "unit": due.unit,
        "closing_rule": str(due.rule),
        "calendar": due.calendar_version,
        "source": due.source,
        "skipped": [{"day": each.day.isoformat(), "reason": each.reason} for each in due.skipped],
        "explanation": list(explain(due)),
    }
