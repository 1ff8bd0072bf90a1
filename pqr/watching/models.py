"""What was last looked at, and which alarms are on?  Sentences for the operator; nothing of a petition's people."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert
from pqr.watching.rules import OFF, WATCH, Open

_IS_ON = text("ended_at IS NULL")


class Checkup(Model):
    """Something that is done or looked at again and again. `every`: seconds, 0 for what has no schedule.

    `ran_at`: the last time; `well_at`: the last time without `trouble`; `said`: what it found then.
    """

    __tablename__ = "checkups"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    every: Mapped[int]
    ran_at: Mapped[datetime]
    well_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(300), default="")
    trouble: Mapped[str] = mapped_column(String(300), default="")


class Alarm(Model):
    """A condition from its beginning to its end. `told_at`: the last letter of it; `quiet_since`: seen well again."""

    __tablename__ = "alarms"
    __table_args__ = (Index("uq_alarms_on", "code", unique=True, sqlite_where=_IS_ON, postgresql_where=_IS_ON),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    began_at: Mapped[datetime]
    told_at: Mapped[datetime]
    quiet_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def as_open(self) -> Open:
        """For the rules."""
        return Open(self.code, self.name, self.began_at, self.told_at, self.quiet_since)


def note(session: Session, name: str, now: datetime, *, every: int = 0, said: str = "", trouble: str = "") -> None:
    """It was done now, well or with this trouble."""
    row = {"name": name, "every": every, "ran_at": now, "well_at": now, "said": said[:300], "trouble": trouble[:300]}
    changed = {key: value for key, value in row.items() if key != "name" and not (trouble and key == "well_at")}
    session.execute(insert(session, Checkup).values(row).on_conflict_do_update(index_elements=["name"], set_=changed))


def expect(session: Session, schedule: Mapping[str, int], now: datetime) -> None:
    """From now on these are to happen, each so many seconds after the last; what is scheduled no more is forgotten.

    After a time in which the whole service was off, what was missed has its slack to be made up for.
    """
    known = {each.name: each for each in session.scalars(select(Checkup).with_for_update())}
    watch = known.get(WATCH)
    was_off = watch is None or now - watch.ran_at > OFF
    for name, every in schedule.items():
        row = known.get(name)
        if row is None:
            note(session, name, now, every=every)
        elif was_off and not row.trouble:
            row.ran_at, row.well_at = (max(each, now - timedelta(seconds=every)) for each in (row.ran_at, row.well_at))
    for name, row in known.items():
        if "." in name and name not in schedule:
            session.delete(row)


def alarms_on(session: Session) -> Sequence[Alarm]:
    """Those that have not ended, oldest first."""
    return session.scalars(select(Alarm).where(_IS_ON).order_by(Alarm.began_at, Alarm.id)).all()


def alone(session: Session) -> None:
    """One looks at a time until the end of the transaction, or two would tell the same."""
    session.execute(select(Checkup.name).where(Checkup.name == WATCH).with_for_update())
