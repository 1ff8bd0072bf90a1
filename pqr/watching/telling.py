"""Who is told that something is not well?  One letter for all that changed, and one row an alarm."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope, Letter
from pqr.watching.models import Alarm, alarms_on, alone
from pqr.watching.rules import Reading, turn


def tell(session: Session, seen: Sequence[Reading], to: Sequence[str], office: Office, now: datetime) -> Letter | None:
    """Begins and ends alarms by what was seen; the letter of it, None where nothing changed or `to` is empty."""
    alone(session)
    rows = {row.code: row for row in alarms_on(session)}
    change = turn([row.as_open for row in rows.values()], seen, now)
    for code, row in rows.items():
        row.quiet_since = (row.quiet_since or now) if code in change.quiet else None
    for over in change.ended:
        rows[over.code].ended_at = now
    for reading in change.lasting:
        rows[reading.code].told_at = now
    session.add_all(Alarm(code=each.code, name=each.name, began_at=now, told_at=now) for each in change.begun)
    if not (to and change.is_told):
        return None
    envelope = Envelope(letter="alarm", recipient=to[0], copies=tuple(to[1:]), automatic="auto-generated")
    lasting = [(each, rows[each.code].began_at) for each in change.lasting]
    return write(session, envelope, {"change": change, "lasting": lasting}, office, now)
