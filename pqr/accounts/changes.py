"""Who changed which setting, from what to what?  A ledger that is only added to; secrets are no part of it."""

import json
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
                which=_name(row),
                before={name: before[name] for name in differ if name in before},
                after={name: after[name] for name in differ},
            )
        )


def latest_changes(session: Session, limit: int = 100) -> Sequence[SettingChange]:
    """What was changed last, newest first."""
    return session.scalars(select(SettingChange).order_by(SettingChange.id.desc()).limit(limit)).all()


def altered(session: Session) -> Iterator[str]:
    """What is not as the ledger left it, a sentence each: somebody changed it and left no trace. See `upkeep.verify`.

    What nobody has changed since the beginning is not in the ledger. Of rows with one name, one must be as it was left.
    """
    known, doubled = _as_left(session)
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}
    for what in sorted({what for what, _ in known}):
        rows: dict[str, list[Model]] = {}
        for row in session.scalars(select(models[what])):
            rows.setdefault(_name(row), []).append(row)
        for (_, which), values in [each for each in known.items() if each[0][0] == what]:
            found = rows.get(which, [])
            differ = [_differing(row, values) for row in found] if (what, which) not in doubled else [[]]
            if not found:
                yield f"ajustes: «{which}» ({what}) ya no está, y nadie dejó constancia."
            elif all(differ):
                yield f"ajustes: «{which}» ({what}) cambió sin dejar constancia: {', '.join(differ[-1])}."


def _differing(row: Model, values: Mapping[str, Any]) -> list[str]:
    now = json.loads(json.dumps(_seen(row)))
    return [name for name, value in values.items() if name in now and now[name] != value]


Row = tuple[str, str]


def _as_left(session: Session) -> tuple[dict[Row, dict[str, Any]], set[Row]]:
    """The values of each row that was ever changed, by table and name; and the names that more than one had."""
    known: dict[Row, dict[str, Any]] = {}
    doubled: set[Row] = set()
    for change in session.scalars(select(SettingChange).order_by(SettingChange.id)):
        if change.what not in SEEN:
            continue
        called = "name" if "name" in SEEN[change.what] else "email"
        before, after = (change.what, str(change.before.get(called, change.which))), (change.what, change.which)
        if after in known and (not change.before or before != after):
            doubled.add(after)
        known[after] = known.pop(before, {}) | change.after if change.before else {**change.after}
    return known, doubled


def _name(row: Model) -> str:
    return str(getattr(row, "name", None) or getattr(row, "email", ""))


def _seen(row: Model) -> Mapping[str, Any]:
    return {name: _plain(getattr(row, name)) for name in SEEN[row.__tablename__]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value
