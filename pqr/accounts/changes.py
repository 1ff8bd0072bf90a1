"""Who changed which setting, from what to what?  A ledger that is only added to; secrets are no part of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model

SEEN = {
    "secretarias": ("name", "email", "other_emails", "active", "away_from", "away_until", "substitute_id"),
    "entity": ("name", "nit", "address", "place", "phone", "hours", "site", "signer", "logo"),
    "notices": ("name", "version", "text"),
    "retention_series": ("kind", "code", "name", "years_in_office", "years_in_central", "disposition", "act"),
    "external_bodies": ("name", "email", "address", "active"),
    "places": ("names",),
    "topics": ("name", "secretaria_id", "transfer_to", "keywords", "active", "sensitive"),
    "api_keys": ("name", "per_hour", "active"),
    "webhooks": ("name", "url", "events", "active"),
    "answer_templates": ("name", "text", "secretaria_id", "active"),
    "procedures": (
        *("name", "secretaria_id", "summary", "requirements", "steps"),
        *("cost", "duration", "place", "norm", "link", "active"),
    ),
    "news": ("name", "text", "active"),
    "closures": ("day", "kind", "name", "act", "act_on", "closes_at", "active"),
    "plan_goals": ("goal", "responsible", "term"),
    "plan_readings": ("on", "numerator", "denominator", "evidence", "link", "reason"),
    "users": ("email", "role", "secretaria_id", "active", "reveals", "has_second_step"),
}


class SettingChange(Model):
    """One change. `what`: the table; `which`: the row's name then; `before`, `after`: the columns that differ."""

    __tablename__ = "setting_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(20))
    which: Mapped[str] = mapped_column(String(254))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Witness:
    """`actor`: user:<id>."""

    actor: str
    now: datetime


@contextmanager
def witnessed(session: Session, row: Model, witness: Witness, *, new: bool = False) -> Iterator[None]:
    """Notes what the block changes in the row; nothing where nothing changed. `new`: the row is made in the block."""
    before = {} if new else _seen(row)
    yield
    after = _seen(row)
    differ = [name for name in after if new or before[name] != after[name]]
    if differ:
        session.add(
            SettingChange(
                at=witness.now,
                actor=witness.actor,
                what=row.__tablename__,
                which=str(getattr(row, "name", None) or after["email"]),
                before={name: before[name] for name in differ if name in before},
                after={name: after[name] for name in differ},
            )
        )


def latest_changes(session: Session, limit: int = 100) -> Sequence[SettingChange]:
    """What was changed last, newest first."""
    return session.scalars(select(SettingChange).order_by(SettingChange.id.desc()).limit(limit)).all()


def _seen(row: Model) -> Mapping[str, Any]:
    return {name: _plain(getattr(row, name)) for name in SEEN[row.__tablename__]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value
