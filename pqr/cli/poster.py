"""What do we hang on the wall?  The poster that leads to the form, from a terminal."""

from pathlib import Path

import click

from pqr import clock
from pqr.cli.application import prepared_application


@click.command()
@click.option("--office", "code", default="", help="Código de la dependencia en cuya pared va: pone su nombre.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Archivo PDF que escribe.")
def poster(code: str, out: Path) -> None:
    """El cartel «Radique aquí su PQR», tamaño carta, con su código QR."""
    from pqr.db import reading
    from pqr.door import office
    from pqr.publishing.poster import poster_pdf
    from pqr.secretarias.directory import by_code

    with prepared_application(), reading() as session:
        secretaria = by_code(session, code) if code else None
        if code and secretaria is None:
            raise click.UsageError(f"No hay una dependencia con el código {code}.")
        pdf = poster_pdf(office(session), clock.now(), secretaria.name if secretaria else "")
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise click.UsageError(f"No se pudo escribir {out}: {error.strerror}.") from error
