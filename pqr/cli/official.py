"""How does a report that the law orders leave from a terminal?  `pqr report trimestral --from D --to D --out FILE`.

A report that was signed leaves as it was signed; any other with today's figures, and says that it is provisional.
"""

from datetime import date, datetime
from pathlib import Path

import click

from pqr.cli.application import prepared_application
from pqr.reports.named_periods import NamedPeriod, between, read_period
from pqr.reports.ordered import ORDERED, ReportKind
from pqr.reports.periods import Period
from pqr.terms.receipt import in_bogota

DAY = click.DateTime(formats=["%Y-%m-%d"])
FORMATS = ("pdf", "xlsx", "csv", "html")


def command_of(kind: ReportKind) -> click.Command:
    """The command of this kind."""
    ordered = ORDERED[kind]

    @click.command(name=kind.value, help=f"{ordered.title} ({ordered.norm}).")
    @click.option("--from", "start", type=DAY, help="Primer día, 2026-07-01.")
    @click.option("--to", "end", type=DAY, help="Último día, incluido.")
    @click.option("--period", "name", default="", help="En vez de los dos días: 2026-T3, 2026-S2, 2026.")
    @click.option("--format", "form", type=click.Choice(FORMATS), default="pdf", show_default=True)
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Dónde se guarda.")
    @click.option("--public", is_flag=True, help="Como se publica: sin los grupos de menos de 5.")
    def command(start: datetime | None, end: datetime | None, name: str, form: str, out: Path, public: bool) -> None:
        from pqr import clock
        from pqr.reports.published import is_publishable

        period = _period(kind, start.date() if start else None, end.date() if end else None, name)
        if public and not is_publishable(Period(period.start, period.end), in_bogota(clock.now()).date()):
            raise click.UsageError("Solo se publica por trimestres completos que ya terminaron.")
        if not out.parent.is_dir():
            raise click.UsageError(f"No existe la carpeta {out.parent}.")
        click.echo(_write(kind, period, form, out, shows_small=not public), err=True)

    return command


def _period(kind: ReportKind, start: date | None, end: date | None, name: str) -> NamedPeriod:
    if name:
        found = read_period(name, ORDERED[kind].months)
        if found is None:
            raise click.UsageError(f"No hay un periodo «{name}» de este informe.")
        return found
    if start is None or end is None:
        raise click.UsageError("Diga de qué días: --from y --to, o --period.")
    if end < start:
        raise click.UsageError("El periodo termina antes de empezar.")
    return between(start, end)


def _write(kind: ReportKind, period: NamedPeriod, form: str, out: Path, *, shows_small: bool) -> str:
    """Writes the file whole, and says what it holds."""
    from flask import render_template
    from sqlalchemy import select

    from pqr import clock
    from pqr.db import reading
    from pqr.door import office
    from pqr.reports.building import Wanted, build, key_of
    from pqr.reports.formats import render
    from pqr.reports.models import Report
    from pqr.reports.official import shown
    from pqr.reports.whole_file import whole_file

    with prepared_application() as app, reading() as session:
        here, now = office(session), clock.now()
        kept = session.scalar(select(Report).where(Report.kind == kind, Report.period == period.name))
        value = (kept.frozen if shows_small else kept.published) if kept else None
        if value is None:
            key, typed = (kept.id_key, kept.recommendations) if kept else (key_of(kind, period, here), "")
            value, _ = build(session, Wanted(kind, period, key, shows_small, typed), here, now)
        if form == "html":
            with app.test_request_context():
                content = render_template("reports/file.html", value=value, shown=shown).encode()
        else:
            content = render(value, form, here)
        with whole_file(out) as half:
            half.write_bytes(content)
    return f"{value.title}. {value.period}. {value.status}"
