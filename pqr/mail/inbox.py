"""What came in?  Raw messages as received, stored before anything is parsed, never deleted.

A row's life: stored → claimed by a worker → settled with a verdict, or, after three failures, left for a person.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    bindparam,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column
from sqlalchemy.sql.dml import ReturningUpdate

from pqr.db import Model
from pqr.sealing import SealedBinary, SealedText

MAX_ATTEMPTS = 3
LEASE = timedelta(minutes=5)


class Verdict(StrEnum):
    """Where a message ended; every message ends in exactly one."""

    NEW_TICKET = "new_ticket"
    SECRETARIA_REPLY = "secretaria_reply"
    CITIZEN_FOLLOW_UP = "citizen_follow_up"
    BOUNCE = "bounce"
    IGNORED = "ignored"
    NEEDS_HUMAN = "needs_human"
    DISCARDED = "discarded"


# Written out, since neither database matches a partial index with bound values.
_WAITS = text("verdict = 'needs_human' AND closed_at IS NULL")
APART = (Verdict.IGNORED, Verdict.BOUNCE, Verdict.DISCARDED)  # nobody has to read it
IS_APART = text("verdict IN ('ignored', 'bounce', 'discarded')")
IS_OPEN, IS_READ = text("verdict = ''"), text("said <> ''")
IS_FILED = text("verdict = 'new_ticket'")


class InboxMail(Model):
    """One received message. `digest`: SHA-256 of the raw bytes and the envelope's recipients.

    The bytes are sealed at the door, before anybody knows whom they speak of; see `tickets.hiding` for `sender`.

    `said`: SHA-256 of who says what to whom, "" until it was read; a repeat says the same in other bytes.
    `verdict` is empty until settled. `closed_at`: when a person dealt with one that needed a human.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_open", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_inbox_waiting", "received_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_inbox_apart", "id", sqlite_where=IS_APART, postgresql_where=IS_APART),
        Index("ix_inbox_said", "said", sqlite_where=IS_READ, postgresql_where=IS_READ),
        Index("ix_inbox_filed_from", "sender", "settled_at", sqlite_where=IS_FILED, postgresql_where=IS_FILED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    raw: Mapped[bytes] = deferred(mapped_column(SealedBinary, nullable=False))
    size: Mapped[int]
    source: Mapped[str] = mapped_column(String(20))
    envelope_from: Mapped[str] = mapped_column(SealedText(254, always=True), default="")
    envelope_to: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(String(250), default="", index=True)
    sender: Mapped[str] = mapped_column(SealedText(254), default="")
    subject: Mapped[str] = mapped_column(String(250), default="")
    said: Mapped[str] = mapped_column(String(64), default="", server_default="")
    verdict: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(SealedText(), default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(60), default="")


@dataclass(frozen=True)
class Received:
    """A message at the door: raw bytes, who said to send it, to whom, by which door (smtp, lmtp, imap, cli)."""

    raw: bytes
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    source: str = "cli"

    @property
    def digest(self) -> str:
        """The same bytes for other recipients are another message: two offices' addresses must both be read."""
        recipients = ",".join(sorted(address.lower() for address in self.envelope_to))
        return hashlib.sha256(self.raw + b"\0" + recipients.encode()).hexdigest()


def store(session: Session, received: Received, now: datetime) -> tuple[InboxMail, bool]:
    """The row of this message and whether it is new; one that was stored before is found, not stored twice."""
    known = session.scalar(select(InboxMail).where(InboxMail.digest == received.digest))
    if known is not None:
        return known, False
    row = InboxMail(
        digest=received.digest,
        raw=received.raw,
        size=len(received.raw),
        source=received.source,
        envelope_from=received.envelope_from[:254].lower(),
        envelope_to=",".join(received.envelope_to).lower(),
        received_at=now,
        next_try_at=now,
    )
    session.add(row)
    session.flush()  # the caller names the row by its id
    return row, True


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to settle: its row's id and its bytes."""

    mail_id: int
    raw: bytes


def claim(session: Session, now: datetime, *, untried: bool = False) -> Claimed | None:
    """Takes the oldest unsettled message for `LEASE` and counts the attempt; None when nothing is due.

    `untried`: only one that nobody has taken yet.

    A worker that dies leaves the row to the next one once the lease has run out; one that killed its worker each
    time is left for a person.
    """
    row = session.execute(_TAKE_UNTRIED if untried else _TAKE, {"now": now, "until": now + LEASE}).one_or_none()
    if row is not None:
        return Claimed(row.id, row.raw)
    if not untried:
        for mail in session.scalars(_GIVEN_UP, {"now": now}):
            settle(mail, Verdict.NEEDS_HUMAN, "El servicio se detuvo cada vez que lo procesaba.", None, now)
    return None


def _taking(which: ColumnElement[bool]) -> ReturningUpdate[int, bytes]:
    oldest = _DUE.where(which).order_by(InboxMail.id).limit(1).with_for_update(skip_locked=True)
    return (
        update(InboxMail)
        .where(InboxMail.id == oldest.scalar_subquery())
        .values(next_try_at=bindparam("until"), attempts=InboxMail.attempts + 1)
        .returning(InboxMail.id, InboxMail.raw)
        .execution_options(synchronize_session=False)
    )


# Asked for every message, and built once: building one costs more than running it.
_DUE = select(InboxMail.id).where(IS_OPEN, InboxMail.next_try_at <= bindparam("now"))
# Not whatever is due: one may have come since it was asked which is the next, or be in another worker's hands.
_GIVEN_UP = select(InboxMail).where(InboxMail.id.in_(_DUE.where(InboxMail.attempts >= MAX_ATTEMPTS)))
_TAKE, _TAKE_UNTRIED = _taking(InboxMail.attempts < MAX_ATTEMPTS), _taking(InboxMail.attempts == 0)


def settle(mail: InboxMail, verdict: Verdict, reason: str, ticket_id: int | None, now: datetime) -> None:
    """Writes where the message ended."""
    mail.verdict, mail.reason, mail.ticket_id, mail.settled_at = verdict, reason, ticket_id, now


def fail(session: Session, mail_id: int, error: str, now: datetime) -> None:
    """Notes a failed attempt; after `MAX_ATTEMPTS` the message waits for a person, with the reason."""
    mail = session.get_one(InboxMail, mail_id)
    if mail.verdict:  # its lease ran out and another worker has settled it
        return
    mail.last_error = error[:500]
    mail.next_try_at = now + timedelta(minutes=mail.attempts)
    if mail.attempts >= MAX_ATTEMPTS:
        settle(mail, Verdict.NEEDS_HUMAN, f"No se pudo procesar: {error[:200]}", None, now)


def waiting_for_a_person(session: Session, limit: int = 200) -> Sequence[InboxMail]:
    """What the desk must read: messages that nobody has dealt with yet, oldest first."""
    return session.scalars(select(InboxMail).where(_WAITS).order_by(InboxMail.received_at).limit(limit)).all()


def count_waiting(session: Session, most: int = 200) -> int:
    """How many they are, counted up to `most`."""
    found = select(InboxMail.id).where(_WAITS).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def retry(session: Session, mail_id: int, now: datetime) -> InboxMail:
    """Puts a message that waits for a person back in the line, as if it had just arrived.

    Raises sqlalchemy.exc.NoResultFound for an unknown id and ValueError for one already settled otherwise.
    """
    mail = session.get_one(InboxMail, mail_id)
    if mail.verdict not in ("", Verdict.NEEDS_HUMAN) or mail.closed_at is not None:
        raise ValueError(f"El mensaje {mail_id} ya fue atendido ({mail.verdict}).")
    mail.verdict, mail.reason, mail.attempts, mail.next_try_at = "", "", 0, now
    return mail
