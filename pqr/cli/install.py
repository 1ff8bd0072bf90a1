"""How is it installed, started and looked after?"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pqr import clock, config
from pqr.cli.application import application, prepared_application
from pqr.cli.backup import copy_what_will_change
from pqr.cli.keys import still_needed

MISSING = "Base de datos: falta crearla o actualizarla; ejecute «pqr init» o «pqr upgrade»."


@click.command()
def up() -> None:
    """Enciende todo en esta máquina: base de datos, web, trabajadores, correo de entrada."""
    from pqr.up import run

    environ = config.environment()
    sys.exit(run(config.load(environ), environ))


@click.command()
@click.argument("part", type=click.Choice(["web", "worker", "beat", "mail-in", "mailbox"]))
def run(part: str) -> None:
    """Enciende una sola parte de las que enciende `up`: para que systemd o un contenedor cuide cada una."""
    from pqr.up.orders import PARTS

    configured = config.load(config.environment())
    configured.data_dir.mkdir(parents=True, exist_ok=True)
    os.environ["PQR_DATA_DIR"] = str(configured.data_dir)  # whole: the part works in the project's directory
    os.chdir(config.ROOT)
    PARTS[part](configured).act()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Imprime {admin_link} para otro programa.")
def init(as_json: bool) -> None:
    """Crea o actualiza la base de datos, la siembra, y da el enlace del primer administrador."""
    from pqr.accounts.acts import first_admin_link
    from pqr.db import transaction
    from pqr.door import settings

    with prepared_application(before=copy_what_will_change):
        configured = settings()
        with transaction() as session:
            path = first_admin_link(session, f"admin@{configured.mail_domain}", clock.now())
        link = configured.base_url + path if path else None
    if as_json:
        click.echo(json.dumps({"admin_link": link}))
    else:
        click.echo(link or "Ya hay un administrador con contraseña.")


@click.command()
@click.option("--yes", is_flag=True, help="Aunque no haya una copia reciente.")
def upgrade(yes: bool) -> None:
    """Lleva la base de datos a esta versión del programa; si hay peticiones, pide una copia reciente."""
    with prepared_application(before=(lambda: None) if yes else None):
        click.echo("La base de datos está al día.", err=True)


@click.command()
@click.option("--seal", default="", help="Un sello que Control Interno recibió: ¿es de este registro?")
def verify(seal: str) -> None:
    """Comprueba numeración, cadenas de eventos, sellos, textos y archivos; una línea por cada falta."""
    from pqr.db import reading
    from pqr.door import office
    from pqr.tickets.anchoring import has_anchor
    from pqr.upkeep import verify as findings_of

    with application(), reading() as session:
        findings = list(findings_of(session, office(session)))
        if seal and not has_anchor(session, seal):
            findings.append(f"sello {seal}: no es de este registro, o alguien lo quitó.")
        _keep(findings)
    for finding in findings:
        click.echo(finding)
    click.echo("Todo en orden." if not findings else f"{len(findings)} faltas.", err=True)
    sys.exit(1 if findings else 0)


def _keep(findings: Sequence[str]) -> None:
    """What was found ends or begins the alarm of it; not where the tables are still of an older version."""
    from sqlalchemy import inspect

    from pqr.checkups import note_findings
    from pqr.db import db
    from pqr.watching.models import Checkup
    from pqr.watching.rules import VERIFIED

    if inspect(db.engine).has_table(Checkup.__tablename__):
        note_findings(VERIFIED, findings)


@click.command()
def check() -> None:
    """Dice si esta configuración sirve para atender de verdad y si el servicio está bien; una línea por hallazgo."""
    from pqr.fetching import past_to_settle
    from pqr.tickets import files, scanner

    configured = config.load(config.environment())
    findings = [*config.production_findings(configured), *past_to_settle(configured)]
    findings += [*scanner.trouble(configured.clamd_url), *files.trouble(configured.files_url)]
    findings += [*still_needed(configured), *_not_well()]
    for finding in findings:
        click.echo(finding)
    sys.exit(1 if findings else 0)


def _not_well() -> list[str]:
    """What the page of the state shows to attend, and what that page cannot: a database that does not answer."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    from pqr import guard
    from pqr.db import db, reading
    from pqr.door import settings
    from pqr.watching.models import Checkup

    with application():
        try:
            if db.engine.dialect.name == "sqlite" and not Path(db.engine.url.database or "").exists():
                return [MISSING]  # to ask SQLite would make it
            if not inspect(db.engine).has_table(Checkup.__tablename__):
                return [MISSING]
            with reading() as session:
                seen = guard.seen(session, settings(), clock.now())
        except SQLAlchemyError as error:
            return [f"Base de datos: no responde ({type(error).__name__}); revise PQR_DATABASE_URL."]
    return [f"{each.name}: {each.words} {each.advice}" for each in seen if each.advice]
