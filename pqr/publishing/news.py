"""What does the service announce?  Closed days, new ways to be served, what people asked for and was done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model

LATEST = 20


class News(Model):
    """A short text: blank lines divide, "- " lists (`entity.prose`). `active`: on the site."""

    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]
    published_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def path(self) -> str:
        """Its page."""
        return f"/novedades/{self.id}"


def latest_news(session: Session, limit: int = LATEST) -> Sequence[News]:
    """What is on the site, newest first."""
    return session.scalars(select(News).where(News.active).order_by(News.id.desc()).limit(limit)).all()
