"""In which order does a list stand, and where does its next page begin?  By key: every page costs the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, tuple_

from pqr.terms.receipt import in_bogota
from pqr.tickets.models import Ticket

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """An order with a key. The key holds values, not a ticket: a ticket moves when its term is extended.

    `names`: of the columns that decide, the id last. `write` makes the key of a row.
    """

    names: tuple[str, ...]
    parse: Callable[[list[str]], tuple[Any, ...]]
    write: Callable[[Any], str]
    descending: bool = False

    def on(self, columns: Any) -> Iterator[ColumnElement[Any]]:
        """The order of what carries a ticket's columns: the table, or a part of it."""
        for name in self.names:
            column = getattr(columns, name)
            yield column.desc() if self.descending else column.asc()

    def beyond(self, key: tuple[Any, ...]) -> ColumnElement[bool]:
        """The tickets behind the key."""
        here, there = tuple_(*(getattr(Ticket, name) for name in self.names)), tuple_(*key)
        return here < there if self.descending else here > there

    def read(self, key: str) -> tuple[Any, ...] | None:
        """The key's values; None for what nobody gave out."""
        try:
            return self.parse(key.split("_"))
        except (ValueError, OverflowError, IndexError):
            return None


def _instant(micros: str) -> datetime:
    return _EPOCH + timedelta(microseconds=_number(micros))


def _micros(moment: datetime | None) -> int:
    return ((moment or _EPOCH) - _EPOCH) // timedelta(microseconds=1)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # what both databases can hold
        raise ValueError("not a key")
    return int(text)


def _last_of(length: int, parts: list[str]) -> int:
    """The id at the end of a key of this many parts."""
    if len(parts) != length:
        raise ValueError("not a key")
    return _number(parts[-1])


BY_DANGER = Order(
    ("priority_rank", "due_on", "id"),
    lambda parts: (_number(parts[0]), date.fromisoformat(parts[1]), _last_of(3, parts)),
    lambda row: f"{row.priority_rank}_{row.due_on}_{row.id}",
)
OLDEST_ANSWER = Order(
    ("answered_at", "id"),
    lambda parts: (_instant(parts[0]), _last_of(2, parts)),
    lambda row: f"{_micros(row.answered_at)}_{row.id}",
)
LATEST_CLOSED = Order(
    ("closed_at", "id"),
    lambda parts: (_instant(parts[0]), _last_of(2, parts)),
    lambda row: f"{_micros(row.closed_at)}_{row.id}",
    descending=True,
)
LATEST_RECEIVED = Order(
    ("received_on", "id"),
    lambda parts: (date.fromisoformat(parts[0]), _last_of(2, parts)),
    lambda row: f"{in_bogota(row.received_at).date()}_{row.id}",
    descending=True,
)
NEWEST_FIRST = Order(("id",), lambda parts: (_last_of(1, parts),), lambda row: f"{row.id}", descending=True)
