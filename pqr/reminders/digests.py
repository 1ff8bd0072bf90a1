"""What waits for an office today?  One summary each business morning; another one only where much was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.db import insert
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.inbox import count_waiting
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, count_stuck
from pqr.reminders.contributions import late_contributions
from pqr.reminders.deadlines import Deadline, Reach, count, deadlines
from pqr.reminders.models import Digest
from pqr.secretarias.models import DESK, Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets.contributions import Contribution

LISTED = 50  # answers, and as many other days, that a digest names: the nearest; the desk has them all


def daily_digests(
    session: Session,
    desk: Secretaria,
    many: Mapping[Secretaria, Sequence[str]],
    office: Office,
    now: datetime,
) -> int:
    """Enqueues those of today; how many. `many`: who gets one whatever happened, instead of letters, and its copies."""
    today, written = now.astimezone(BOGOTA).date(), 0
    late = late_contributions(session, today)
    had = set(session.scalars(select(Digest.secretaria_id).where(Digest.kind == "daily", Digest.day == today)))
    for each in session.scalars(select(Secretaria).order_by(Secretaria.code == DESK, Secretaria.id)).all():
        if each not in many and (each.id in had or not each.wants_digest):
            continue
        waits = _waiting(session, each, desk, late.get(each, ()), office, today)
        if waits.anything and (first_time(session, each, "daily", today, now) or each in many):
            _write(session, each, waits, many.get(each, each.copies_on(today)), office, now)
            written += 1
    return written


@dataclass(frozen=True)
class _Waits:
    """What an office's digest tells. `more`: answers that it only counts; `mails`, `stuck`: of the desk."""

    deadlines: Sequence[Deadline]
    more: int
    late: Sequence[Contribution]
    mails: int
    stuck: int

    @property
    def anything(self) -> bool:
        return bool(self.deadlines or self.late or self.mails or self.stuck)


def _waiting(
    session: Session, each: Secretaria, desk: Secretaria, late: Sequence[Contribution], office: Office, today: date
) -> _Waits:
    nearest = deadlines(session, office.calendar, desk, today, Reach.of(each, desk, most=LISTED))
    listed = sum(not deadline.code for deadline in nearest)
    more = count(session, Reach.of(each, desk)) - listed if listed == LISTED else 0
    is_desk = each is desk
    mails, letters = (count_waiting(session), count_stuck(session)) if is_desk else (0, 0)
    return _Waits(nearest, more, late, mails, letters)


def _write(
    session: Session, secretaria: Secretaria, waits: _Waits, copies: Sequence[str], office: Office, now: datetime
) -> None:
    today, between = now.astimezone(BOGOTA).date(), office.calendar.business_days_between
    envelope = Envelope(
        letter="digest",
        recipient=secretaria.email,
        copies=tuple(copies),
        automatic="auto-generated",
        headers=way_out(secretaria, office),
    )
    values = {
        "secretaria": secretaria,
        "today": today,
        "rows": [(each.ticket, between(today, each.due_on)) for each in waits.deadlines if not each.code],
        "more": waits.more,
        "duties": [(each, between(today, each.due_on)) for each in waits.deadlines if each.code],
        "late": waits.late,
        "mails": waits.mails,
        "stuck": waits.stuck,
        "desk_link": f"{office.base_url}/atencion/",
    }
    write(session, envelope, values, office, now)


def way_out(secretaria: Secretaria, office: Office) -> dict[str, str]:
    """The header by which an office asks for no more digests (RFC 2369)."""
    leave = sign(SignedAddress(Action.UNSUBSCRIBE, secretaria.id), office.keys[0], office.mail_domain)
    return {"List-Unsubscribe": f"<mailto:{leave}?subject=Baja>"}


def was_written(session: Session, secretaria: Secretaria, kind: str, day: date) -> bool:
    """Whether it was, so that nobody counts for it again."""
    found = select(Digest.id).where(Digest.secretaria_id == secretaria.id, Digest.kind == kind, Digest.day == day)
    return session.scalar(found) is not None


def first_time(session: Session, secretaria: Secretaria, kind: str, day: date, now: datetime) -> bool:
    """Whether nobody has written this digest of that day, or of that week, to the office."""
    statement = (
        insert(session, Digest)
        .values(secretaria_id=secretaria.id, kind=kind, day=day, sent_at=now)
        .on_conflict_do_nothing()
        .returning(Digest.id)
    )
    return session.scalar(statement) is not None
