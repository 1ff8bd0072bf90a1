"""Which officials may enter?"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.accounts.roles import Role
from pqr.db import Model
from pqr.secretarias.models import Secretaria

__all__ = ["Role", "User"]


class User(Model):
    """An official. No password until the one-time link is used; only the link's hash is kept."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    secretaria_id: Mapped[int | None] = mapped_column(ForeignKey("secretarias.id"))
    password_hash: Mapped[str] = mapped_column(default="")
    setup_hash: Mapped[str] = mapped_column(String(64), default="")
    setup_expires_at: Mapped[datetime | None]
    session_key: Mapped[str] = mapped_column(String(32))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    secretaria: Mapped[Secretaria | None] = relationship()
