"""How is everything copied, and brought back?"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pqr import clock
from pqr.cli.application import application
from pqr.errors import PqrError

if TYPE_CHECKING:
    from pqr.backups.making import Made


@click.command()
@click.argument("target", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copia todo (base de datos y archivos) en un solo archivo, sin detener el servicio.

    Con PQR_BACKUP_RECIPIENTS la copia sale cifrada. La clave PQR_SECRET_KEY no va en ella: guárdela aparte.
    """
    from pqr.backups.making import make
    from pqr.db import db
    from pqr.door import settings

    with application():
        try:
            made = make(db.engine, settings(), target, clock.now())
        except FileExistsError as error:
            raise PqrError(f"Ya hay un archivo {target}: no se escribe encima de otra copia.") from error
        _remember(made)
    click.echo(f"{made.row.sha256}  {target}")
    told = f"{made.manifest.counts['tickets']} peticiones, {len(made.manifest.members) - 1} archivos"
    click.echo(f"{told}, {made.row.size / 2**20:.1f} MB{', cifrada' if made.row.encrypted else ''}.", err=True)
    for digest in made.damaged:
        click.echo(f"El archivo {digest[:12]}… ya no es el que se guardó; se copió como está.", err=True)
    sys.exit(1 if made.damaged else 0)


@click.command()
@click.argument("source", metavar="ARCHIVO", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Clave privada de age.")
@click.option("--any-key", is_flag=True, help="Aunque PQR_SECRET_KEY no sea la de la copia.")
def restore(source: Path, identity: Path | None, any_key: bool) -> None:
    """Restaura una copia donde no hay nada, la lleva a esta versión y comprueba que todo esté."""
    from pqr.backups.restoring import restore as put_back
    from pqr.db import db, reading, transaction
    from pqr.door import office, settings
    from pqr.upgrade import migrate, seed
    from pqr.upkeep import verify

    with application() as app:
        manifest = put_back(db.engine, settings(), source, identity, any_key)
        migrate(app)
        with transaction() as session:
            seed(session, clock.now())
        with reading() as session:
            findings = list(verify(session, office(session)))
    click.echo(f"Copia del {manifest.made_at:%Y-%m-%d %H:%M} UTC: {manifest.counts['tickets']} peticiones.", err=True)
    for finding in findings:
        click.echo(finding)
    click.echo("Todo en orden." if not findings else f"{len(findings)} faltas.", err=True)
    sys.exit(1 if findings else 0)


def copy_what_will_change() -> None:
    """Before the tables of petitions change, a copy of them into the data directory. Needs an application context."""
    from pqr.backups.making import make
    from pqr.backups.revisions import changes_petitions, newest
    from pqr.db import db
    from pqr.door import settings

    if not changes_petitions(db.engine):
        return
    now = clock.now()
    target = settings().data_dir / "copias" / f"antes-de-{newest()}-{now:%Y%m%dT%H%M%S}.tar"
    make(db.engine, settings(), target, now, with_files=False)
    click.echo(f"Antes de cambiar las tablas se copiaron en {target}.", err=True)


def _remember(made: "Made") -> None:
    """Not where the tables are still of a version that did not count its copies."""
    from sqlalchemy import inspect

    from pqr.backups.models import Backup
    from pqr.db import db, transaction

    if inspect(db.engine).has_table(Backup.__tablename__):
        with transaction() as session:
            session.add(made.row)
