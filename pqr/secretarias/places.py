"""Which veredas, corregimientos and barrios are suggested?  A list that the entity keeps; any other may be typed."""

import csv
from pathlib import Path

from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model

ONLY = 1
LONGEST = 120
SEED = Path(__file__).parent / "places.csv"


class Places(Model):
    """The list, as the settings page says it: one row. `names`: one a line."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    names: Mapped[str]

    name = "veredas y barrios"  # for the ledger of changes


def seed_places(session: Session) -> None:
    """The list of the beginning, where there is none."""
    if session.get(Places, ONLY) is None:
        session.add(Places(id=ONLY, names="\n".join(first_places())))


def first_places() -> list[str]:
    """The list of the beginning."""
    with SEED.open(encoding="utf-8", newline="") as file:
        return [row["place"] for row in csv.DictReader(file)]


def known_places(session: Session) -> list[str]:
    """What is suggested, in the order that the entity gave it."""
    row = session.get(Places, ONLY)
    return first_places() if row is None else row.names.splitlines()


def listed(typed: str) -> list[str]:
    """The names of a text with one a line, each once, without blanks."""
    return list(dict.fromkeys(name for name in (" ".join(line.split()) for line in typed.splitlines()) if name))
