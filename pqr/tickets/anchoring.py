"""Is yesterday's history still the one of yesterday?  Once a day a seal over all that was written, kept and mailed.

Each ticket's chain shows what was changed in it by somebody who did not rewrite it whole. A seal shows that too, and
what was taken off the end of a chain: it covers the hashes of all events since the seal before it, in their order, and
that seal. Control Interno has it by mail, out of reach of whoever can write in the database.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.config import Office
from pqr.db import Model
from pqr.mail.letters import write
from pqr.mail.outbox import Envelope
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import CONTROL_INTERNO
from pqr.terms.calendar import BOGOTA
from pqr.tickets.events import GENESIS, Event
from pqr.tickets.ledgers import as_bytes, broken_ledgers, seal_ledgers

SETTLED = timedelta(hours=1)  # PostgreSQL gives numbers before commits: nothing older than this is still under way
BATCH = 5_000


class Anchor(Model):
    """A day's seal. It covers the events up to `last_event_id`, of which `events` are new since the seal before.

    `ledgers`: what it says of each of `ledgers.LEDGERS`; {} in seals of before they were sealed.
    """

    __tablename__ = "anchors"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    last_event_id: Mapped[int] = mapped_column(unique=True)
    events: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    ledgers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


def anchor(session: Session, office: Office, now: datetime) -> Anchor | None:
    """Seals what happened since the seal before, and tells Control Interno; None if today's is there or nothing is new.

    What happened within the last hour waits for the next one.
    """
    before = session.scalars(select(Anchor).order_by(Anchor.id.desc()).limit(1)).first()
    if before is not None and _day(before) == now.astimezone(BOGOTA).date():
        return None
    start, digest = (before.last_event_id, before.digest) if before else (0, GENESIS)
    end = session.scalar(select(Event.id).where(Event.at < now - SETTLED).order_by(Event.id.desc()).limit(1)) or 0
    if end <= start:
        return None
    ledgers = seal_ledgers(session, before.ledgers if before else {})
    count, digest = _sealed(session, start, end, digest, ledgers)
    made = Anchor(made_at=now, last_event_id=end, events=count, digest=digest, ledgers=ledgers)
    session.add(made)
    _tell(session, made, office, now)
    return made


def broken_anchors(session: Session) -> Iterator[Anchor]:
    """The seals that the events of today do not give any more."""
    start, digest = 0, GENESIS
    for each in session.scalars(select(Anchor).order_by(Anchor.id)):
        if _sealed(session, start, each.last_event_id, digest, each.ledgers) != (each.events, each.digest):
            yield each
        start, digest = each.last_event_id, each.digest


def broken_rows(session: Session) -> Iterator[tuple[Anchor, str, int, int]]:
    """The seals that the rows of a ledger do not give any more: which, whose, and between which ids."""
    before: dict[str, Any] = {}
    for each in session.scalars(select(Anchor).order_by(Anchor.id)):
        for name, first, last in broken_ledgers(session, before, each.ledgers):
            yield each, name, first, last
        before = each.ledgers or before


def has_anchor(session: Session, digest: str) -> bool:
    """Whether a seal that somebody was mailed is in the ledger."""
    return session.scalar(select(Anchor.id).where(Anchor.digest == digest.strip().lower())) is not None


def _sealed(session: Session, start: int, end: int, before: str, ledgers: dict[str, Any]) -> tuple[int, str]:
    """How many events have ids above `start` up to `end`, and the seal over them and over what is said of ledgers."""
    seal, count = hashlib.sha256(before.encode()), 0
    hashes = select(Event.hash).where(Event.id > start, Event.id <= end).order_by(Event.id)
    for each in session.scalars(hashes.execution_options(yield_per=BATCH)):
        seal.update(each.encode())
        count += 1
    if ledgers:
        seal.update(as_bytes(ledgers))
    return count, seal.hexdigest()


def _day(made: Anchor) -> object:
    return made.made_at.astimezone(BOGOTA).date()


def _tell(session: Session, made: Anchor, office: Office, now: datetime) -> None:
    control = by_code(session, CONTROL_INTERNO)
    if control is None:
        return
    values = {"made": made, "total": session.scalar(select(func.coalesce(func.sum(Anchor.events), 0)))}
    write(
        session,
        Envelope(letter="anchor", recipient=control.email, automatic="auto-generated"),
        values,
        office,
        now,
    )
