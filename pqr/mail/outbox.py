"""What must leave?  Finished letters: what the file keeps is what the person was told.

A row's life: queued → claimed → sent, or tried again with growing pauses for five days, or failed (a person must look),
and bounced when the far side refuses it, at once or later; a person may dismiss it (see `mending`). A worker that dies
after sending and before settling sends again under the same Message-ID: a repeat of that one letter is possible, a
loss is not.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, String, TextClause, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr import cause
from pqr.db import Model
from pqr.mail.addresses import Action, stated_action
from pqr.sealing import SealedText, like

LEASE = timedelta(minutes=15)  # longer than the slowest relay may hold a letter, or it would be sent twice
SLOWEST_LINE = 20_000  # bytes a second: a large letter over a poor line is sent in its time, not given up
# Five days in all, as RFC 5321 §4.5.4.1 wants: a relay that is repaired after a long weekend still gets the letters.
MINUTES = (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 960, 1440, 1440, 1440)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in MINUTES)
MAX_ATTEMPTS = len(PAUSES) + 1
FIVE_DAYS, EIGHT_HOURS = timedelta(days=5), timedelta(hours=8)


class LetterState(StrEnum):
    """Where a letter is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    DISMISSED = "dismissed"


# Written out in every query too, since neither database matches a partial index with bound values.
IS_UNSENT, IS_QUEUED = text("state <> 'sent'"), text("state = 'queued'")
IS_ACKNOWLEDGEMENT, IS_NOTICE = text("letter = 'acknowledgement'"), text("letter = 'not_understood'")


class Letter(Model):
    """One finished letter to one person. `letter`: its template. `files`: attachments by digest in the store.

    `recipient` is sealed where the petitioner's is, and so is what servers say of it.

    `response`: what the next server said when it took it, with its queue number. `request`: what caused it, as the log
    names it. A file with "linked" left as a link.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_try_at", sqlite_where=IS_QUEUED, postgresql_where=IS_QUEUED),
        Index("ix_outbox_unsent", "id", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index(
            "ix_outbox_acknowledged",
            "created_at",
            sqlite_where=IS_ACKNOWLEDGEMENT,
            postgresql_where=IS_ACKNOWLEDGEMENT,
        ),
        Index(
            "ix_outbox_noticed",
            "recipient",
            "created_at",
            sqlite_where=IS_NOTICE,
            postgresql_where=IS_NOTICE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(30))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    sender_name: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(SealedText(254))
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
    last_error: Mapped[str] = mapped_column(SealedText(), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    response: Mapped[str] = mapped_column(SealedText(), default="", server_default="")
    request: Mapped[str] = mapped_column(String(40), default=cause.current, server_default="")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Whom it goes to: the person first, then the copies, each once."""
        return tuple(dict.fromkeys((self.recipient, *filter(None, self.copies.split(",")))))

    @property
    def is_for_petitioner(self) -> bool:
        """Whether it speaks to who asks; who reads it later may not be allowed to know the address."""
        return stated_action(self.reply_to) is Action.CITIZEN


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
    due = _due(now).where(Letter.attempts < MAX_ATTEMPTS).order_by(Letter.next_try_at, Letter.id).limit(1)
    letter = session.scalar(due.with_for_update(skip_locked=True))
    if letter is None:
        return None
    size = sum(row["size"] for row in letter.files)
    letter.next_try_at = now + LEASE + timedelta(seconds=2 * size // SLOWEST_LINE)
    letter.attempts += 1
    return letter.id


def claim_this(session: Session, letter_id: int, now: datetime) -> bool:
    """Takes this letter, as `claim` does; False where somebody has taken it before."""
    fresh = select(Letter).where(Letter.id == letter_id, IS_QUEUED, Letter.attempts == 0)
    letter = session.scalar(fresh.with_for_update(skip_locked=True))
    if letter is not None:
        letter.next_try_at, letter.attempts = now + LEASE, 1
    return letter is not None


def give_up(session: Session, now: datetime) -> Sequence[Letter]:
    """Fails the letters whose last try was never settled, because the service stopped while sending them."""
    lost = _due(now).where(Letter.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    letters = session.scalars(lost).all()
    for letter in letters:
        letter.state = LetterState.FAILED
        letter.last_error = letter.last_error or "El servicio se detuvo al enviarla."
    return letters


def _due(now: datetime) -> Select[Letter]:
    return select(Letter).where(IS_QUEUED, Letter.next_try_at <= now)


def mark_sent(letter: Letter, now: datetime, response: str = "") -> None:
    """The next server accepted the letter, with these words."""
    letter.state, letter.sent_at, letter.last_error = LetterState.SENT, now, ""
    letter.response = like(letter.recipient, response[:500])


def send_again(letter: Letter, reason: str, now: datetime) -> bool:
    """Queues a letter that a full mailbox or a server's bad day gave back; False once its five days are over."""
    if now - letter.created_at > FIVE_DAYS or letter.attempts >= MAX_ATTEMPTS:
        return False
    letter.state, letter.next_try_at = LetterState.QUEUED, now + EIGHT_HOURS
    letter.last_error = like(letter.recipient, reason[:500])
    return True


def mark_bounced(letter: Letter, reason: str, now: datetime) -> None:
    """The far side refused the letter for good, at once or by a delivery report."""
    letter.state, letter.bounced_at = LetterState.BOUNCED, now
    letter.last_error = like(letter.recipient, reason[:500])


def mark_delayed(letter: Letter, error: str, now: datetime) -> None:
    """The next server could not be reached or asked to wait: try later, and after five days say so."""
    letter.last_error = like(letter.recipient, error[:500])
    if letter.attempts >= MAX_ATTEMPTS:
        letter.state = LetterState.FAILED
    else:
        letter.next_try_at = now + PAUSES[letter.attempts - 1]


def keep_as_told(letter: Letter, text: str, html: str, linked: Iterable[str]) -> None:
    """What left is what the file keeps: the words with their link, and which files (SHA-256) became one."""
    letter.text, letter.html, became = text, html, set(linked)
    letter.files = [{**row, "linked": True} if row["sha256"] in became else row for row in letter.files]


def part_from_copies(session: Session, letter: Letter, late: Iterable[str], now: datetime) -> None:
    """The copies' fate is no longer the letter's: those that are late become letters of their own."""
    shown = {"To": letter.headers.get("To", letter.recipient), "Cc": letter.headers.get("Cc", letter.copies)}
    session.add_all(_copy(letter, address, {**letter.headers, **shown}, now) for address in late)
    letter.headers, letter.copies = {**letter.headers, **shown}, ""


def _copy(letter: Letter, address: str, headers: dict[str, str], now: datetime) -> Letter:
    return Letter(
        letter=letter.letter,
        ticket_id=letter.ticket_id,
        sender_name=letter.sender_name,
        recipient=address,
        reply_to=letter.reply_to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=headers,
        files=letter.files,
        request=letter.request,
        message_id=new_message_id(letter.message_id.strip("<>").rpartition("@")[2]),
        attempts=1,
        next_try_at=now + PAUSES[0],
        created_at=letter.created_at,
    )


def stuck(session: Session, limit: int = 200) -> Sequence[Letter]:
    """Letters that a person must look at: given up, bounced, held back, or refused at least three times so far."""
    return session.scalars(select(Letter).where(*_stuck()).order_by(Letter.id.desc()).limit(limit)).all()


def count_stuck(session: Session, most: int = 200) -> int:
    """How many they are, counted up to `most`."""
    found = select(Letter.id).where(*_stuck()).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _stuck() -> tuple[ColumnElement[bool] | TextClause, ...]:
    given_up = Letter.state.in_((LetterState.FAILED, LetterState.BOUNCED))
    in_trouble = (Letter.attempts >= 3) | (Letter.attempts == 0)  # often refused, or held back
    waiting = (Letter.state == LetterState.QUEUED) & in_trouble & (Letter.last_error != "")
    return IS_UNSENT, given_up | waiting
