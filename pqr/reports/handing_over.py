"""Which handover was delivered, and who says to have received it?  The plan's seventh action counts them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.accounts.models import User
from pqr.db import Model, insert
from pqr.reports.indicator import Share
from pqr.reports.official import OfficialReport, as_json


class Handover(Model):
    """A handover as it was delivered. `report`: the canonical JSON of an OfficialReport; `sha256`: of it."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    report: Mapped[str]


class HandoverReceipt(Model):
    """ "Recibí el empalme", said by an official. Only added to."""

    __tablename__ = "handover_receipts"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]


def deliver(session: Session, report: OfficialReport, actor: str, now: datetime) -> Handover:
    """Keeps the handover as it is now: from here on officials receive this one."""
    row = Handover(at=now, actor=actor, sha256=report.digest, report=as_json(report))
    session.add(row)
    return row


def acknowledge(session: Session, handover_id: int, user_id: int, now: datetime) -> None:
    """The official received it; said twice it is once."""
    row = insert(session, HandoverReceipt).values(handover_id=handover_id, user_id=user_id, at=now)
    session.execute(row.on_conflict_do_nothing())


def latest_handover(session: Session) -> Handover | None:
    """The one that is to be received now."""
    return session.scalar(select(Handover).order_by(Handover.id.desc()).limit(1))


def receipts(session: Session, handover_id: int) -> list[tuple[User, datetime | None]]:
    """Every official in charge, by address, and when they received it."""
    rows = (
        select(User, HandoverReceipt.at)
        .outerjoin(HandoverReceipt, (HandoverReceipt.user_id == User.id) & (HandoverReceipt.handover_id == handover_id))
        .where(User.active)
        .order_by(User.email)
    )
    return [(user, at) for user, at in session.execute(rows)]


def linked_share(session: Session) -> Share:
    """Officials in charge who received the latest handover; without one no denominator."""
    latest = latest_handover(session)
    if latest is None:
        return Share(0, 0)
    in_charge = select(func.count()).select_from(User).where(User.active)
    received = (
        select(func.count())
        .select_from(HandoverReceipt)
        .join(User)
        .where(HandoverReceipt.handover_id == latest.id, User.active)
    )
    return Share(session.scalar(received) or 0, session.scalar(in_charge) or 0)
