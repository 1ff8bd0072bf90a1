"""Who may enter?  Accounts from a terminal."""

import sys

import click

from pqr import clock
from pqr.accounts.roles import Role
from pqr.cli.application import prepared_application
from pqr.portal.cleaning import what_is_wrong_with


@click.group()
def user() -> None:
    """Las cuentas de los funcionarios."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--secretaria", "code", default="", help="Código de la dependencia, para el rol secretaria.")
@click.option("--password-stdin", is_flag=True, help="Lee la contraseña de la entrada estándar.")
def add(email: str, role: str, code: str, password_stdin: bool) -> None:
    """Crea una cuenta; sin --password-stdin imprime un enlace de un solo uso para poner la contraseña."""
    from pqr.accounts.acts import LINK_PATH, NewUser, add_user, give_password
    from pqr.db import transaction
    from pqr.door import settings
    from pqr.secretarias.directory import by_code

    problem = what_is_wrong_with(email.strip())
    if problem:
        raise click.UsageError(problem)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    with prepared_application(), transaction() as session:
        secretaria = by_code(session, code) if code else None
        if code and secretaria is None:
            raise click.UsageError(f"No hay una dependencia con el código {code}.")
        new = NewUser(email, Role(role), secretaria.id if secretaria else None)
        account, token = add_user(session, new, clock.now())
        if password_stdin:
            give_password(account, password)
        link = settings().base_url + LINK_PATH + token
    if not password_stdin:
        click.echo(link)
