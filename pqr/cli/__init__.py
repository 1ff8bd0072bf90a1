"""What can be asked from a terminal?  The `pqr` command.

Data on standard output, talk on standard error; exit 0, 1 for a no, 2 for bad use. Each command imports what it
needs when it runs, so that asking for a due date does not wait for a web service to be put together.
"""

import sys

import click

from pqr.errors import PqrError


class Explaining(click.Group):
    """A broken setting or an act that is not allowed is one line, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; PqrError ends with its sentence and exit 1."""
        try:
            return super().invoke(ctx)
        except PqrError as error:
            print(f"pqr: {error}", file=sys.stderr)
            sys.exit(1)


@click.group(cls=Explaining, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """PQR: recibe, numera, reparte y responde las PQRS de un municipio dentro del término legal."""


from pqr.cli import (  # noqa: E402
    backup,
    dedupe,
    demo,
    doctor,
    handover,
    install,
    keys,
    ledgers,
    moving,
    opendata,
    poster,
    report,
    term,
    users,
)

for command in (install.up, install.run, install.init, install.upgrade, install.check, install.verify):
    main.add_command(command)
for command in (doctor.doctor, doctor.compare):
    ledgers.mail.add_command(command)
for command in (
    backup.backup,
    backup.restore,
    moving.move_database,
    demo.demo,
    term.term,
    ledgers.mail,
    ledgers.outbox,
    poster.poster,
):
    main.add_command(command)
for command in (opendata.opendata, report.report, users.user, dedupe.dedupe, handover.handover, keys.keys):
    main.add_command(command)
