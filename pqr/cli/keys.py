"""How does the installation change its key?  `pqr keys`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pqr import clock
from pqr.cli.application import application

if TYPE_CHECKING:
    from pqr.config import Settings


@click.group()
def keys() -> None:
    """La clave de la instalación (PQR_SECRET_KEY)."""


@keys.command()
@click.option("--forget", is_flag=True, help="La clave vieja pudo caer en otras manos: nada de lo que firmó vale más.")
def rotate(forget: bool) -> None:
    """Vuelve a cifrar todo con la clave más nueva. Con el servicio andando; si se interrumpe, se repite."""
    from pqr import rekeying
    from pqr.db import transaction
    from pqr.door import settings

    with application():
        in_use = settings().secret_keys
        with transaction() as session:
            rekeying.keep_second_steps(session, in_use)
            rekeying.retire(session, in_use[1:], forget=forget, now=clock.now())
        done, lost = _reseal()
    click.echo(f"Se volvieron a cifrar {done} datos con la clave más nueva.")
    if lost:
        click.echo(f"{lost} datos no se abren con ninguna de las claves de PQR_SECRET_KEY: quedaron como estaban.")
        sys.exit(1)
    click.echo("Ya puede dejar en PQR_SECRET_KEY solo la primera clave.")
    if forget:
        click.echo("Los códigos, enlaces y direcciones de respuesta de antes ya no sirven cuando quite la clave vieja.")


def still_needed(configured: "Settings") -> Iterator[str]:
    """What keeps the old keys from going, in a sentence; nothing where the database does not answer."""
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    from pqr import app as models  # noqa: F401 - every table is known once the application is
    from pqr import rekeying, sealing
    from pqr.db import make_engine

    engine = make_engine(configured.database_url)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return
    sealing.use(configured.secret_keys)
    try:
        with Session(engine) as session:
            found = rekeying.waiting(session)
    except SQLAlchemyError:
        return
    finally:
        engine.dispose()
    if found:
        where = ", ".join(f"{name} {count}" for name, count in found.items())
        yield (
            f"PQR_SECRET_KEY: {sum(found.values())} datos todavía necesitan una clave vieja ({where}): "
            "ejecute «pqr keys rotate» antes de quitarla."
        )


def _reseal() -> tuple[int, int]:
    """How many values were sealed anew, and how many no key opens; each batch is a transaction of its own."""
    from pqr import rekeying
    from pqr.db import transaction

    total = lost = 0
    for place in rekeying.places():
        after, of_place = 0, 0
        while True:
            with transaction() as session:
                after, done, unopened = rekeying.reseal_some(session, place, after)
            if not after:
                break
            of_place, lost = of_place + done, lost + unopened
        if of_place:
            click.echo(f"{place.name}: {of_place}", err=True)
        total += of_place
    return total, lost
