"""What were people told about their data, and when?  The notices' texts; a change is another row, none is lost.

A version is a label for all of them together: it names the moment, and each notice is then the last one written up to
it. So one label beside a petition says every word that its form showed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model
from pqr.settled import kept
from pqr.terms.calendar import BOGOTA

NAMES = ("privacy", "filing", "reserved", "anonymous")
FIRST_VERSION, FIRST_DAY = "2026-11", date(2026, 11, 1)
TEXTS = Path(__file__).parent / "texts"


class Notice(Model):
    """One text. `name`: of `NAMES`; `author`: user:<id>, or system for the texts of the beginning."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    valid_from: Mapped[date]
    author: Mapped[str] = mapped_column(String(60))


@dataclass(frozen=True)
class Revision:
    """A notice says something else from now on. `actor`: user:<id>."""

    name: str
    text: str
    actor: str


def seed_notices(session: Session) -> None:
    """The texts of the beginning, where there are none."""
    known = set(session.scalars(select(Notice.name)))
    session.add_all(_first(name) for name in NAMES if name not in known)


def first_notices() -> dict[str, Notice]:
    """The texts of the beginning, for a page that has no database; kept nowhere."""
    return {name: _first(name) for name in NAMES}


def in_force(session: Session, version: str = "") -> Mapping[str, Notice]:
    """Every notice as this version had it; as it is now for "" and for a version that never was."""
    up_to = select(func.max(Notice.id)).where(Notice.version == version).scalar_subquery() if version else None
    latest = select(func.max(Notice.id)).group_by(Notice.name)
    if up_to is not None and session.scalar(select(up_to)) is not None:
        latest = latest.where(Notice.id <= up_to)
    rows = session.scalars(select(Notice).where(Notice.id.in_(latest)))
    return first_notices() | {row.name: row for row in rows}


def current_version(session: Session) -> str:
    """The label of now."""
    return next(iter(_labels(session)), FIRST_VERSION)


def is_version(session: Session, version: str) -> bool:
    """Whether something was ever shown under this label."""
    return version in _labels(session)


def _labels(session: Session) -> Sequence[str]:
    """The newest first."""
    return kept(session, "labels of the notices", _read_labels)


def _read_labels(session: Session) -> Sequence[str]:
    return tuple(session.scalars(select(Notice.version).order_by(Notice.id.desc())))


def versions(session: Session, name: str) -> Sequence[Notice]:
    """All texts of one notice, the newest first."""
    return session.scalars(select(Notice).where(Notice.name == name).order_by(Notice.id.desc())).all()


def revise(session: Session, revision: Revision, now: datetime) -> Notice | None:
    """Writes the new text under a new version; None where it says the same."""
    if in_force(session)[revision.name].text == revision.text:
        return None
    day = now.astimezone(BOGOTA).date()
    made = session.scalar(select(func.count(Notice.id)).where(Notice.version.startswith(day.isoformat()))) or 0
    label = f"{day.isoformat()}.{made + 1}" if made else day.isoformat()
    notice = Notice(
        name=revision.name, version=label, text=revision.text, valid_from=day, author=revision.actor
    )  # fmt: skip
    session.add(notice)
    return notice


def _first(name: str) -> Notice:
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").strip()
    return Notice(name=name, version=FIRST_VERSION, text=text, valid_from=FIRST_DAY, author="system")
