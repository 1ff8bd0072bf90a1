"""What happened to a ticket?  An append-only chain of events; each seals the one before it.

Events hold facts, digests and the reasons that officials give, never a petitioner's name, address or words, so that
the chain can outlive them.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from pqr.db import Model
from pqr.tickets.models import Ticket

FIRST = "filed"  # what begins every chain
GENESIS = "0" * 64
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_BEGUN = "pqr_chains_begun"  # in this transaction, so that nobody else appends: ticket id to number and hash of its end
BY_STAFF = text("actor NOT IN ('citizen', 'system')")  # written out, as the index needs it


class Event(Model):
    """One thing that happened. `actor`: citizen, system, secretaria:<code>, user:<id>. Triggers refuse changes."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index("ix_events_of_the_staff", "ticket_id", "actor", sqlite_where=BY_STAFF, postgresql_where=BY_STAFF),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def digest_of_text(text: str) -> str:
    """SHA-256 of a text, hexadecimal: the event proves the words without holding them."""
    return hashlib.sha256(text.encode()).hexdigest()


def record(session: Session, ticket_id: int, kind: str, actor: str, now: datetime, /, **data: Any) -> Event:
    """Appends an event. `data`: JSON values that say what changed, without personal data.

    Whoever else wants to append to this ticket waits here until the caller's transaction ends.
    """
    begun: dict[int, tuple[int, str]] = session.info.setdefault(_BEGUN, {})
    seq, before = (0, GENESIS) if kind == FIRST else begun.get(ticket_id) or _last(session, ticket_id)
    appended = Event(
        ticket_id=ticket_id,
        seq=seq + 1,
        at=now.astimezone(UTC),
        actor=actor,
        kind=kind,
        data=data,
        prev_hash=before,
    )
    appended.hash = seal(appended)
    session.add(appended)
    if kind == FIRST or ticket_id in begun:
        begun[ticket_id] = appended.seq, appended.hash
    return appended


@event.listens_for(Session, "after_transaction_end")
def _forget_begun(session: Session, transaction: SessionTransaction) -> None:
    """Others append once the transaction is over; what a savepoint had appended may be gone."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_BEGUN, None)


def _last(session: Session, ticket_id: int) -> tuple[int, str]:
    """Number and hash of the chain's end, held against others."""
    session.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update(key_share=True))
    end = select(Event.seq, Event.hash).where(Event.ticket_id == ticket_id).order_by(Event.seq.desc()).limit(1)
    seq, digest = session.execute(end).one_or_none() or (0, GENESIS)
    return seq, digest


def seal(event: Event) -> str:
    """SHA-256 over the canonical JSON of everything in the event and the hash before it."""
    content = {
        "ticket": event.ticket_id,
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "kind": event.kind,
        "data": event.data,
        "prev": event.prev_hash,
    }
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def history(session: Session, ticket_id: int) -> Sequence[Event]:
    """The ticket's events, oldest first."""
    return session.scalars(select(Event).where(Event.ticket_id == ticket_id).order_by(Event.seq)).all()


def first_broken(events: Sequence[Event]) -> Event | None:
    """The first event of one ticket's chain that does not follow from the one before it; None when all do."""
    before = GENESIS
    for position, each in enumerate(events, start=1):
        if each.seq != position or each.prev_hash != before or each.hash != seal(each):
            return each
        before = each.hash
    return None
