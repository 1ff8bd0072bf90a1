"""How does the whole service run on one machine?  `pqr up`: one command, one log, an ordered end."""

from pqr.up.service import run

__all__ = ["run"]
