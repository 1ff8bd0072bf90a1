"""`python -m pqr.cli`, the `pqr` command without installing anything."""

from pqr.cli import main

main(prog_name="pqr")
