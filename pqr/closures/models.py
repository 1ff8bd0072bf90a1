"""Which days does the municipality not work, and by which act?

National holidays are rows too: if a court strikes a holiday down, a person switches its row off and nobody waits
for a new version of the program.
"""

from datetime import date, datetime, time

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pqr.db import Model


class ClosureRow(Model):
    """One closed day or early closing. `act`: the decree; without it the row is a proposal.

    `act_on`: the decree's date; where it is not known the row moves no date that has passed.
    """

    __tablename__ = "closures"
    __table_args__ = (UniqueConstraint("day", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(120), default="")
    act_on: Mapped[date | None]
    closes_at: Mapped[time | None]
    national: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
