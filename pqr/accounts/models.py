"""Which officials may enter, where are they in, and who has knocked?"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pqr.accounts.roles import Role
from pqr.db import Model
from pqr.sealing import SealedText
from pqr.secretarias.models import Secretaria

__all__ = ["Knock", "Outcome", "Role", "StaffSession", "User"]


class User(Model):
    """An official. No password until the one-time link is used; only the link's hash is kept.

    `reveals`: whether this official may see a reserved identity; None: as the role says.
    `totp_nonce`: "" without a second step. `totp_secret`: sealed; of who enrolled before it was kept, "" until the keys
    are changed: see `second_step`.
    `totp_step`: the last time step whose code was used. `recovery_hashes`: of the codes that are still good.
    """

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
    reveals: Mapped[bool | None]
    totp_nonce: Mapped[str] = mapped_column(String(32), default="", server_default="")
    totp_secret: Mapped[str] = mapped_column(SealedText(always=True), default="", server_default="")
    totp_step: Mapped[int] = mapped_column(default=0, server_default="0")
    recovery_hashes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")

    secretaria: Mapped[Secretaria | None] = relationship()

    @property
    def has_second_step(self) -> bool:
        """Whether the password alone is not enough."""
        return bool(self.totp_nonce)


class StaffSession(Model):
    """One browser in which somebody is in; of its cookie only the hash is kept. `seen_at`: to some minutes."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Outcome(StrEnum):
    """How a try to get in ended. HALF: the password was right and the second step is still to come."""

    GOOD = "good"
    HALF = "half"
    WRONG = "wrong"
    CODE = "code"
    LOCKED = "locked"


class Knock(Model):
    """A try to get in. `who`: SHA-256 of the address in lower case, of an account or of nobody.

    `device`: of a browser in which that official was in before, else ""; strangers slow only strangers down.
    """

    __tablename__ = "knocks"
    __table_args__ = (Index("ix_knocks_who_at", "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10))
    browser: Mapped[str] = mapped_column(String(80))
