"""What do people say of the site itself?  A short survey, of nobody; the action plan recommends it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model


class SiteOpinion(Model):
    """`found`: whether the person found what they came for. `text`: what they would change, perhaps ""."""

    __tablename__ = "site_opinions"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    found: Mapped[bool]
    text: Mapped[str] = mapped_column(default="")


def keep_site_opinion(session: Session, found: bool, text: str, on: date) -> None:
    """Adds one."""
    session.add(SiteOpinion(on=on, found=found, text=text))


def site_opinions(session: Session, since: date) -> tuple[int, int, Sequence[str]]:
    """From this day on: how many there are, how many found what they came for, and what they wrote, newest first."""
    total, found = session.execute(
        select(func.count(), func.count().filter(SiteOpinion.found)).where(SiteOpinion.on >= since)
    ).one()
    texts = select(SiteOpinion.text).where(SiteOpinion.on >= since, SiteOpinion.text != "")
    return total, found, session.scalars(texts.order_by(SiteOpinion.id.desc()).limit(50)).all()
