"""When was the last copy made?  One row for each; the copies themselves are the operator's to keep elsewhere."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model


class Backup(Model):
    """A copy that was finished. `size` in bytes; `revision`: of the tables that it holds."""

    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    revision: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    encrypted: Mapped[bool]


def latest(session: Session) -> Backup | None:
    """The newest copy; None where there was never one."""
    return session.scalars(select(Backup).order_by(Backup.id.desc()).limit(1)).first()
