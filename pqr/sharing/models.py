"""Which programs may write to us, and which are told what happened?"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pqr.db import Model
from pqr.sealing import SealedText

_QUEUED, _FAILED = text("state = 'queued'"), text("state = 'failed'")


class ApiKey(Model):
    """A program that may file. Of its secret only the hash is kept, and the last letters to know it by.

    `per_hour`: how many petitions.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    per_hour: Mapped[int]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def active(self) -> bool:
        """Whether it opens."""
        return self.revoked_at is None


class ApiFiling(Model):
    """Which key filed a ticket. `digest`: SHA-256 of what it said; `asked`: of the caller's own idempotency key."""

    __tablename__ = "api_filings"
    __table_args__ = (Index("ix_api_filings_key_id_filed_at", "key_id", "filed_at"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"))
    digest: Mapped[str] = mapped_column(String(64))
    asked: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime]


class Webhook(Model):
    """A program that is told. `events`: of `Told`; `since`: what happened before is not told."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(SealedText(always=True))
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime]
    created_at: Mapped[datetime]


class Delivery(Model):
    """One event told to one program. `state`: queued, sent, failed; `answered`: the last HTTP status, 0 for none."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_latest", "webhook_id", "id"),
        Index("ix_webhook_deliveries_failed", "created_at", sqlite_where=_FAILED, postgresql_where=_FAILED),
        Index("ix_webhook_deliveries_due", "next_try_at", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    event: Mapped[str] = mapped_column(String(10))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    body: Mapped[str]
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    answered: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class WebhookMark(Model):
    """Up to which event the ledger was looked through: one row."""

    __tablename__ = "webhook_marks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
