"""Who asked for which list as a file, how far is it, and where is it?  One row an export; a worker makes the file.

It stays `DAYS_KEPT` days. The row stays: it tells who took what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.config import Office
from pqr.db import Model
from pqr.errors import ActNotAllowed
from pqr.reports.cases import behind
from pqr.reports.figures import Asking
from pqr.reports.periods import Period
from pqr.tickets import files
from pqr.tickets.filters import Filters
from pqr.tickets.models import Ticket
from pqr.tickets.queries import Scope, View, listed

DAYS_KEPT = 7
AT_ONCE = 3  # of one person, waiting or being made
SILENCE = timedelta(minutes=10)  # of whoever makes one, after which nobody does


class ExportState(StrEnum):
    """How far it is. GONE: its days are over."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


class Export(Model):
    """One export. `wanted`: what `as_json` made of the list; `words`: the same for people. `seen_at`: last progress."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime]
    form: Mapped[str] = mapped_column(String(4))
    words: Mapped[str] = mapped_column(String(500))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), index=True)
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """As it is stored and downloaded."""
        return f"peticiones-{self.id}.{self.form}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come."""
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    def gone_on(self) -> datetime | None:
        """When the file is deleted."""
        return self.finished_at + timedelta(days=DAYS_KEPT) if self.finished_at else None


@dataclass(frozen=True)
class List:
    """A list of the desk, as its reader sees it."""

    view: View
    scope: Scope
    filters: Filters

    def as_json(self) -> dict[str, Any]:
        """See `selected`."""
        scope, filters = self.scope, self.filters
        return {
            "view": str(self.view), "office": scope.office_id, "actor": scope.actor, "today": scope.today.isoformat(),
            "soon": scope.soon.isoformat(), "secretaria": filters.office_id, "topic": filters.topic_id,
            "kind": filters.kind, "channel": filters.channel, "place": filters.place,
            "from": _written(filters.received_from), "to": _written(filters.received_to),
        }  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """The petitions behind a number."""

    measure: str
    asking: Asking
    today: date

    def as_json(self) -> dict[str, Any]:
        """See `selected`."""
        period = self.asking.period
        return {
            "measure": self.measure, "today": self.today.isoformat(), "filters": dict(self.asking.filters),
            "from": period.start.isoformat(), "to": period.end.isoformat(),
        }  # fmt: skip


def selected(wanted: Mapping[str, Any], office: Office) -> Select[int]:
    """The ids of the tickets in the list that `as_json` wrote down."""
    today = date.fromisoformat(wanted["today"])
    if "measure" in wanted:
        days = Period(date.fromisoformat(wanted["from"]), date.fromisoformat(wanted["to"]))
        query = behind(wanted["measure"], Asking(days, wanted["filters"]), office, today)
        return query.with_only_columns(Ticket.id).order_by(Ticket.id)
    scope = Scope(today, date.fromisoformat(wanted["soon"]), wanted["office"], wanted["actor"])
    filters = Filters(
        wanted["secretaria"], wanted["topic"], wanted["kind"], wanted["channel"], wanted["place"],
        _read(wanted["from"]), _read(wanted["to"]),
    )  # fmt: skip
    return listed(View(wanted["view"]), scope, filters).order_by(Ticket.id)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def ask(session: Session, export: Export, now: datetime) -> Export:
    """Puts it in the ledger. Raises ActNotAllowed where the person waits for `AT_ONCE` already."""
    under_way = select(func.count(Export.id)).where(
        Export.user_id == export.user_id, Export.state.in_((ExportState.WAITING, ExportState.RUNNING))
    )
    if (session.scalar(under_way) or 0) >= AT_ONCE:
        raise ActNotAllowed(f"Ya hay {AT_ONCE} archivos suyos en preparación: espere a que terminen.")
    export.asked_at, export.state = now, ExportState.WAITING
    session.add(export)
    return export


def exports_of(session: Session, user_id: int) -> Sequence[Export]:
    """Those of this person, latest first."""
    return session.scalars(select(Export).where(Export.user_id == user_id).order_by(Export.id.desc()).limit(50)).all()


def claim(session: Session, now: datetime) -> Export | None:
    """The next one that nobody makes; None where none waits. Those that somebody left half made have failed."""
    left = select(Export).where(Export.state == ExportState.RUNNING, Export.seen_at < now - SILENCE)
    for export in session.scalars(left):
        export.state, export.finished_at = ExportState.FAILED, now
    waiting = select(Export).where(Export.state == ExportState.WAITING).order_by(Export.id).limit(1)
    found = session.scalar(waiting.with_for_update(skip_locked=True))
    if found is not None:
        found.state, found.seen_at = ExportState.RUNNING, now
    return found


def forget(session: Session, office: Office, now: datetime) -> int:
    """Deletes the files whose days are over; how many."""
    old = select(Export).where(Export.state == ExportState.DONE, Export.finished_at < now - timedelta(days=DAYS_KEPT))
    found = session.scalars(old).all()
    for export in found:
        files.take_back(export.name, office)
        export.state = ExportState.GONE
    return len(found)
