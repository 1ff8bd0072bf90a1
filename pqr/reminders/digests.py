"""What waits for an office today?  One summary each business morning; another one only where much was missed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.db import insert
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.inbox import waiting_for_a_person
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, stuck
from pqr.reminders.contributions import late_contributions
from pqr.reminders.deadlines import Deadline
from pqr.reminders.models import Digest
from pqr.secretarias.models import DESK, Secretaria
from pqr.terms.calendar import BOGOTA
from pqr.tickets.contributions import Contribution


def daily_digests(
    session: Session,
    running: Sequence[Deadline],
    desk: Secretaria,
    many: Mapping[Secretaria, Sequence[str]],
    office: Office,
    now: datetime,
) -> int:
    """Enqueues those of today; how many. `many`: who gets one whatever happened, instead of letters, and its copies."""
    today, written = now.astimezone(BOGOTA).date(), 0
    waiting: dict[Secretaria, list[Deadline]] = defaultdict(list)
    for deadline in running:
        waiting[deadline.recipient].append(deadline)
    late = late_contributions(session, today)
    reading = [*sorted({*waiting, *late} - {desk}, key=lambda each: each.id)]
    if desk in {*waiting, *late} or waiting_for_a_person(session, limit=1) or stuck(session, limit=1):
        reading.append(desk)
    for each in reading:
        wanted = each in many or each.wants_digest
        first = wanted and first_time(session, each, "daily", today, now)
        if first or each in many:
            copies = many.get(each, each.copies_on(today))
            _write(session, each, waiting[each], late.get(each, ()), copies, office, now)
            written += 1
    return written


def _write(
    session: Session,
    secretaria: Secretaria,
    waiting: Sequence[Deadline],
    late: Sequence[Contribution],
    copies: Sequence[str],
    office: Office,
    now: datetime,
) -> None:
    today, between = now.astimezone(BOGOTA).date(), office.calendar.business_days_between
    envelope = Envelope(
        letter="digest",
        recipient=secretaria.email,
        copies=tuple(copies),
        automatic="auto-generated",
        headers=way_out(secretaria, office),
    )
    is_desk = secretaria.code == DESK
    values = {
        "secretaria": secretaria,
        "today": today,
        "rows": [(each.ticket, between(today, each.due_on)) for each in waiting if not each.code],
        "duties": [(each, between(today, each.due_on)) for each in waiting if each.code],
        "late": late,
        "mails": len(waiting_for_a_person(session)) if is_desk else 0,
        "stuck": len(stuck(session)) if is_desk else 0,
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
