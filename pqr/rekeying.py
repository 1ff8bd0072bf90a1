"""How does the installation take a new key and let the old one go?  What is sealed is sealed anew with the newest.

A batch at a time, while the service runs: each seal tells which key made it, so what is done is not done again, and
stopping in the middle loses nothing. A key that has been printed on receipts for years goes on being recognised: it
is kept in the database, sealed by the newest. One that strangers may have is not (see `rotate`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, String, Table, func, select, type_coerce, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pqr import sealing
from pqr.accounts.models import User
from pqr.accounts.second_step import keep_secret
from pqr.db import Model
from pqr.sealing import LOST, MARK, SealedBinary, SealedText
from pqr.tickets.contact import proving_key

MOST_ROWS = {SealedText: 500, SealedBinary: 20}  # rows at a time: of texts, of whole mails


class RetiredKey(Model):
    """A key that seals nothing any more. `secret`: codes, reply addresses and public ids made with it still count.

    `proving`: the key made of it that persons' data in the events were sealed with, as hexadecimal figures. Of a key
    that was forgotten only that is left, and `secret` is "".
    """

    __tablename__ = "retired_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText(always=True))
    proving: Mapped[str] = mapped_column(SealedText(always=True))
    retired_at: Mapped[datetime]


@dataclass(frozen=True)
class Place:
    """A column that may hold seals."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        """As an operator reads it."""
        return f"{self.table.name}.{self.column.name}"


def places() -> Iterator[Place]:
    """Every column whose values are, or may be, sealed."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedText | SealedBinary):
                yield Place(table, column)


def retired(session: Session) -> tuple[str, ...]:
    """The keys that are recognised besides those of the settings, newest first."""
    found = session.scalars(select(RetiredKey.secret).order_by(RetiredKey.id.desc()))
    return tuple(key for key in found if key)


def retire(session: Session, old: Sequence[str], *, forget: bool, now: datetime) -> None:
    """Writes down the keys that are about to go; with `forget` none is recognised any more, and what they signed ends.

    `old`: of the settings, newest first. Before: `keep_second_steps`, which needs them.
    """
    rows = {row.proving: row for row in session.scalars(select(RetiredKey))}
    for key in reversed(old):
        proving = proving_key(key).hex()
        if proving not in rows:
            rows[proving] = RetiredKey(secret=key, proving=proving, retired_at=now)
            session.add(rows[proving])
    for row in rows.values() if forget else ():
        row.secret = ""


def kept_proving_keys(session: Session) -> list[bytes]:
    """Of the keys that went: see `pqr.tickets.contact`."""
    found = session.scalars(select(RetiredKey.proving))
    return [bytes.fromhex(proving) for proving in found if proving is not LOST]


def keep_second_steps(session: Session, keys: Sequence[str]) -> None:
    """Keeps the second steps that were only made of a key, so that nobody enrols again."""
    for user in session.scalars(select(User).where(User.totp_nonce != "", User.totp_secret == "")):
        keep_secret(user, keys)


def waiting(session: Session) -> dict[str, int]:
    """How many values need another key than the newest, by column; only the columns that have some."""
    counts = {
        place.name: session.scalar(select(func.count()).select_from(place.table).where(_is_old(place)))
        for place in places()
    }
    return {name: count for name, count in counts.items() if count}


def reseal_some(session: Session, place: Place, after: int) -> tuple[int, int, int]:
    """Seals a batch anew: the id after which to go on (0: none are left), how many, and how many no key opens.

    A row that somebody writes meanwhile keeps what they wrote, which is sealed with the newest key.
    """
    number, stored = place.table.c.id, _stored(place)
    most = next(many for kind, many in MOST_ROWS.items() if isinstance(place.column.type, kind))
    query = select(number, stored).where(_is_old(place), number > after).order_by(number).limit(most)
    rows, lost = session.execute(query).all(), 0
    for row_id, value in rows:
        fresh = _anew(value)
        if fresh is None:
            lost += 1
            continue
        values = {place.column: type_coerce(fresh, stored.type)}
        session.execute(update(place.table).where(number == row_id, stored == value).values(values))
    return (rows[-1][0] if rows else 0), len(rows) - lost, lost


def _anew(value: str | bytes) -> str | bytes | None:
    if isinstance(value, str):
        text = sealing.opened_text(value)
        return None if text is None else sealing.sealed_text(text)
    content = sealing.opened_value(bytes(value))
    return None if content is None else sealing.sealed_value(content)


def _stored(place: Place) -> Any:
    """The value as the database has it, unopened."""
    return type_coerce(place.column, LargeBinary() if isinstance(place.column.type, SealedBinary) else String())


def _is_old(place: Place) -> Any:
    """Whether a row's value is a seal, and not one of the newest key's."""
    head, binary = sealing.newest_head(), isinstance(place.column.type, SealedBinary)

    def begins(with_: str) -> Any:
        kind: Any = LargeBinary() if binary else String()
        wanted = type_coerce(with_.encode() if binary else with_, kind)
        return func.substr(_stored(place), 1, len(with_), type_=kind) == wanted

    return begins(MARK) & ~begins(head)
