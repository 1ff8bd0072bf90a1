"""How far has the IMAP mailbox been read?  One row for each message ever seen there, by UIDVALIDITY and UID.

Flags and age decide nothing (RFC 9051 §2.3.1.1: these two numbers alone name a message for ever). When a server
numbers its messages anew, everything is read again and the inbox recognises what it has by its bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr.db import Model, insert
from pqr.mail.inbox import InboxMail, Received


class Mailbox(Model):
    """A folder that is read. `name`: user@host/folder. `since`: what arrived before that day was left untouched."""

    __tablename__ = "mailboxes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(250), unique=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[date | None]
    first_seen_at: Mapped[datetime]


class Position(Model):
    """A message seen in a mailbox. `mail_id`: its row in the inbox ledger; empty for one that was left untouched.

    `put_away_at`: when it reached the folder of what is done; empty while that has not worked yet.
    """

    __tablename__ = "mailbox_positions"
    __table_args__ = (UniqueConstraint("mailbox_id", "uidvalidity", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailboxes.id"))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    put_away_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Place:
    """A mailbox as it is numbered now."""

    mailbox_id: int
    uidvalidity: int


def find(session: Session, name: str) -> Mailbox | None:
    """The mailbox of this name, if it was ever read."""
    return session.scalar(select(Mailbox).where(Mailbox.name == name[:250]))


def enter(session: Session, name: str, uidvalidity: int, since: date | None, now: datetime) -> Place:
    """Notes the mailbox, or the new numbers of one that is known."""
    values = {"name": name[:250], "uidvalidity": uidvalidity, "since": since, "first_seen_at": now}
    session.execute(insert(session, Mailbox).values(values).on_conflict_do_nothing())
    found = session.scalars(select(Mailbox).where(Mailbox.name == name[:250])).one()
    found.uidvalidity = uidvalidity
    return Place(found.id, uidvalidity)


def leave_untouched(session: Session, place: Place, uids: Iterable[int], now: datetime) -> None:
    """Notes messages of before our time, so that they are never read, whatever happens to them there."""
    for uid in uids:
        _note(session, place, uid, None, now)


def lock(session: Session, place: Place) -> None:
    """Keeps two readers of one mailbox from storing the same message at the same time."""
    session.execute(select(Mailbox.id).where(Mailbox.id == place.mailbox_id).with_for_update())


def remember(session: Session, place: Place, uid: int, mail_id: int) -> bool:
    """Notes that this message is stored; in the transaction that stores it. False where another reader has done so."""
    return _note(session, place, uid, mail_id, None)


def put_away(session: Session, place: Place, uid: int, now: datetime) -> None:
    """Notes that this message has reached its folder."""
    rows = select(Position).where(
        Position.mailbox_id == place.mailbox_id, Position.uidvalidity == place.uidvalidity, Position.uid == uid
    )
    session.scalars(rows).one().put_away_at = now


def known(session: Session, place: Place, uids: Sequence[int]) -> dict[int, bool]:
    """Of these messages the ones already seen, each with whether nothing is left to do about it."""
    if not uids:
        return {}
    rows = session.execute(
        select(Position.uid, Position.put_away_at).where(
            Position.mailbox_id == place.mailbox_id,
            Position.uidvalidity == place.uidvalidity,
            Position.uid.between(min(uids), max(uids)),
        )
    )
    return {uid: put_away_at is not None for uid, put_away_at in rows}


def _note(session: Session, place: Place, uid: int, mail_id: int | None, put_away_at: datetime | None) -> bool:
    where = {"mailbox_id": place.mailbox_id, "uidvalidity": place.uidvalidity, "uid": uid}
    row = insert(session, Position).values(**where, mail_id=mail_id, put_away_at=put_away_at)
    return bool(session.execute(row.on_conflict_do_nothing()).rowcount)  # type: ignore[attr-defined]


def stored_ids(session: Session, message_ids: Iterable[str]) -> set[str]:
    """Of these Message-IDs the ones that the inbox ledger has."""
    return set(session.scalars(select(InboxMail.message_id).where(InboxMail.message_id.in_(tuple(message_ids)))))


def is_stored(session: Session, received: Received) -> bool:
    """Whether the inbox ledger has these very bytes."""
    return session.scalar(select(InboxMail.id).where(InboxMail.digest == received.digest)) is not None
