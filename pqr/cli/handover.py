"""What does the next administration receive?  The *empalme* document, from a terminal."""

from pathlib import Path

import click

from pqr import clock
from pqr.cli.application import prepared_application

FORMS = ("pdf", "md", "json", "xlsx")


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Archivo que escribe.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Si no se dice: lo que diga el nombre de --out, o md.")
def handover(out: Path | None, form: str | None) -> None:
    """El acta de empalme: casos abiertos, acuerdos, usuarios, configuración sin secretos y cómo seguir."""
    form = form or (out.suffix.removeprefix(".").lower() if out else "") or "md"
    if form not in FORMS:
        raise click.UsageError(f"No se escribe el empalme como .{form}: use --format pdf, md, json o xlsx.")
    if out is None and form in ("pdf", "xlsx"):
        raise click.UsageError(f"Diga dónde escribir el {form}, por ejemplo --out empalme.{form}")
    content = _content(form)
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    from pqr.reports.whole_file import whole_file

    try:
        with whole_file(out) as half:
            half.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"No se pudo escribir {out}: {error.strerror}.") from error
    click.echo(f"El empalme quedó en {out}.", err=True)


def _content(form: str) -> bytes:
    from pqr.db import reading
    from pqr.door import office, settings
    from pqr.reports.formats import render
    from pqr.reports.handover import handover as made
    from pqr.reports.official import as_json
    from pqr.reports.plain import as_markdown

    with prepared_application(), reading() as session:
        here = office(session)
        report = made(session, here, settings(), clock.now())
        if form == "json":
            return as_json(report).encode() + b"\n"
        return as_markdown(report).encode() if form == "md" else render(report, form, here)
