"""Who are we, as the settings page says it?  One row, or none while the environment's name is all there is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pqr.db import Model

ONLY = 1


class EntityRow(Model):
    """The entity. See `about.About` for what each column says."""

    __tablename__ = "entity"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    nit: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    site: Mapped[str] = mapped_column(String(120), default="")
    signer: Mapped[str] = mapped_column(String(120), default="")
    logo: Mapped[str] = mapped_column(String(64), default="")
    logo_type: Mapped[str] = mapped_column(String(20), default="")
