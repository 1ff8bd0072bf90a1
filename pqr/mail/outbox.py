"""What must leave?  Finished letters: what the file keeps is what the person was told.

A row's life: queued → claimed → sent, or tried again with growing pauses, or failed (a person must look), and
sent → bounced when the far side says so later. A worker that dies after sending and before settling sends again
under the same Message-ID: a repeat is possible, a loss is not.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model

LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440))
MAX_ATTEMPTS = len(PAUSES) + 1  # about three days


class LetterState(StrEnum):
    """Where a letter is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


class Letter(Model):
    """One finished letter to one person. `letter`: its template. `files`: attachments by digest in the store."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "next_try_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(30))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    sender_name: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(254))
    copies: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=LetterState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Envelope:
    """Which letter (the folder of its template) goes to whom, and how it threads.

    `answers`: Message-IDs it replies to, nearest first. `files`: rows {sha256, name, media_type, size}.

    `automatic`: the value of Auto-Submitted (RFC 3834), empty for what a person wrote.
    """

    letter: str
    recipient: str
    ticket_id: int | None = None
    reply_to: str = ""
    copies: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    automatic: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[dict[str, Any], ...] = ()


def new_message_id(domain: str) -> str:
    """A Message-ID that nobody can guess: a reply that cites it was written by somebody who had the letter."""
    return f"<{secrets.token_hex(16)}@{domain}>"


def claim(session: Session, now: datetime) -> int | None:
    """Takes the letter that waits longest for `LEASE` and counts the attempt; None when nothing is due."""
    due = (
        select(Letter)
        .where(Letter.state == LetterState.QUEUED, Letter.next_try_at <= now)
        .order_by(Letter.next_try_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (letter := session.scalar(due)) is not None:
        if letter.attempts < MAX_ATTEMPTS:
            letter.next_try_at, letter.attempts = now + LEASE, letter.attempts + 1
            return letter.id
        letter.state, letter.last_error = LetterState.FAILED, letter.last_error or "El servicio se detuvo al enviarla."
    return None


def mark_sent(letter: Letter, now: datetime) -> None:
    """The next server accepted the letter."""
    letter.state, letter.sent_at, letter.last_error = LetterState.SENT, now, ""


def mark_bounced(letter: Letter, reason: str, now: datetime) -> None:
    """The far side refused the letter for good, at once or by a delivery report."""
    letter.state, letter.bounced_at, letter.last_error = LetterState.BOUNCED, now, reason[:500]


def mark_delayed(letter: Letter, error: str, now: datetime) -> None:
    """The next server could not be reached or asked to wait: try later, and after about three days say so."""
    letter.last_error = error[:500]
    if letter.attempts >= MAX_ATTEMPTS:
        letter.state = LetterState.FAILED
    else:
        letter.next_try_at = now + PAUSES[letter.attempts - 1]


def retry(session: Session, letter_id: int, now: datetime) -> Letter:
    """Queues a letter again from the first attempt.

    Raises sqlalchemy.exc.NoResultFound for an unknown id and ValueError for one that was sent.
    """
    letter = session.get_one(Letter, letter_id)
    if letter.state == LetterState.SENT:
        raise ValueError(f"La carta {letter_id} ya salió.")
    letter.state, letter.attempts, letter.next_try_at, letter.bounced_at = LetterState.QUEUED, 0, now, None
    return letter


def stuck(session: Session, limit: int = 200) -> Sequence[Letter]:
    """Letters that a person must look at: given up, bounced, or refused at least three times so far."""
    return session.scalars(
        select(Letter)
        .where(
            Letter.state.in_((LetterState.FAILED, LetterState.BOUNCED))
            | ((Letter.state == LetterState.QUEUED) & (Letter.attempts >= 3) & (Letter.last_error != ""))
        )
        .order_by(Letter.id.desc())
        .limit(limit)
    ).all()
