"""How does everything go from SQLite to PostgreSQL, or back?"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pqr import variables
from pqr.cli.application import application
from pqr.errors import PqrError

if TYPE_CHECKING:
    from pqr.backups.moving import Fingerprint


@click.command("move-database")
@click.argument("source", metavar="ORIGEN")
@click.argument("target", metavar="DESTINO")
def move_database(source: str, target: str) -> None:
    """Pasa la base de datos de ORIGEN a DESTINO, que debe estar vacía (sqlite:///… o postgresql://…).

    Con el servicio detenido. Compara cada tabla en los dos lados y al final comprueba todo, como «verify». Si se
    interrumpe, el destino queda sin ninguna fila: repita la misma orden.
    """
    from pqr.backups.moving import move, require_empty
    from pqr.db import db, make_engine, reading
    from pqr.door import office, settings
    from pqr.up.service import claimed
    from pqr.upgrade import migrate
    from pqr.upkeep import verify

    read = make_engine(_there(source))
    with application(variables.database(target)) as app, claimed(settings().data_dir):
        require_empty(db.engine)
        migrate(app)
        moved = move(read, db.engine, _tell)
        with reading() as session:
            findings = list(verify(session, office(session)))
    read.dispose()
    for finding in findings:
        click.echo(finding)
    rows = sum(each.rows for each in moved.values())
    click.echo(f"{len(moved)} tablas, {rows} filas: iguales en los dos lados.", err=True)
    click.echo("Todo en orden. Ahora PQR_DATABASE_URL." if not findings else f"{len(findings)} faltas.", err=True)
    sys.exit(1 if findings else 0)


def _tell(name: str, held: "Fingerprint") -> None:
    click.echo(f"{name:<24} {held.rows:>10}  {held}")


def _there(url: str) -> str:
    """The address; opening a file that is not there would make an empty database."""
    found = variables.database(url)
    if found.startswith("sqlite") and not Path(found.removeprefix("sqlite:///")).is_file():
        raise PqrError(f"No hay una base de datos en {found.removeprefix('sqlite:///')}.")
    return found
