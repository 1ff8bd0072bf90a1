"""Which tickets are in a list, in which order, and how many?

Reads only, each in one statement whatever the number of tickets; pages by key, so that every page costs the
same and a case that is filed meanwhile neither hides nor repeats another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, TextClause, func, literal_column, select, text, tuple_
from sqlalchemy.orm import Session

from pqr.secretarias.models import Secretaria
from pqr.tickets.models import Answer, Ticket

PAGE = 50
COUNT_AT_MOST = 1000
SOON = 3  # business days
Columns = TypeVarTuple("Columns")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Written out as in the indexes, since neither database matches a partial index with bound values.
_IS_OPEN = text("tickets.state IN ('filed', 'assigned', 'awaiting_petitioner')")
# The sign keeps SQLite from reading all that an office ever had, to sort out the few that are open.
_OFFICE: ColumnElement[int | None] = literal_column("+tickets.secretaria_id")


class View(StrEnum):
    """A list of the desk; the value is what its address carries."""

    OPEN = "abiertas"
    UNASSIGNED = "sin_dependencia"
    OVERDUE = "vencidas"
    SOON = "por_vencer"
    UNTOLD = "sin_comunicar"
    CLOSED = "cerradas"


@dataclass(frozen=True)
class Scope:
    """Whose tickets and on which day: `today` in Bogotá, `soon` the last day of "about to expire".

    `office_id`: only this office's; None: all.
    """

    today: date
    soon: date
    office_id: int | None = None


@dataclass(frozen=True)
class QueueRow:
    """A ticket as a list shows it: nothing about who asks."""

    id: int
    radicado: str
    subject: str
    kind: str
    channel: str
    state: str
    outcome: str
    priority: Sequence[str]
    priority_rank: int
    due_on: date
    received_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    secretaria: str | None


@dataclass(frozen=True)
class Page:
    """Up to `PAGE` rows; `after` is the key of the next page, empty on the last one."""

    rows: Sequence[QueueRow]
    after: str


def page(session: Session, view: View, scope: Scope, after: str = "") -> Page:
    """The rows of the view that follow the key `after`; one that cannot be read gives the first page."""
    order = _ORDERS.get(view, _BY_DANGER)
    query = _of(select(*COLUMNS), view, scope).join(Secretaria, isouter=True)
    key = order.read(after)
    if key is not None:
        query = query.where(order.beyond(key))
    found = session.execute(query.order_by(*order.columns).limit(PAGE + 1)).all()
    rows = [QueueRow(**row._mapping) for row in found[:PAGE]]
    return Page(rows, order.write(rows[-1]) if len(found) > PAGE else "")


def counts(session: Session, scope: Scope) -> dict[View, int]:
    """How many tickets each view has, counted up to `COUNT_AT_MOST` + 1: a full archive costs no more."""
    capped = {
        view: select(func.count())
        .select_from(_of(select(Ticket.id), view, scope).limit(COUNT_AT_MOST + 1).subquery())
        .scalar_subquery()
        .label(view.name)
        for view in View
    }
    row = session.execute(select(*capped.values())).one()
    return dict(zip(capped, row, strict=True))


def find(session: Session, radicado: str, office_id: int | None) -> str | None:
    """The radicado of the ticket that has this number, or whose answer has it, if it is in the office's reach."""
    answered = select(Answer.ticket_id).where(Answer.radicado == radicado)
    query = select(Ticket.radicado).where((Ticket.radicado == radicado) | Ticket.id.in_(answered))
    return session.scalar(query if office_id is None else query.where(Ticket.secretaria_id == office_id))


COLUMNS = (
    Ticket.id,
    Ticket.radicado,
    Ticket.subject,
    Ticket.kind,
    Ticket.channel,
    Ticket.state,
    Ticket.outcome,
    Ticket.priority,
    Ticket.priority_rank,
    Ticket.due_on,
    Ticket.received_at,
    Ticket.answered_at,
    Ticket.closed_at,
    Secretaria.name.label("secretaria"),
)
_CONDITIONS: dict[View, Callable[[Scope], Sequence[ColumnElement[bool] | TextClause]]] = {
    View.OPEN: lambda scope: (_IS_OPEN,),
    View.UNASSIGNED: lambda scope: (_IS_OPEN, _OFFICE.is_(None)),
    View.OVERDUE: lambda scope: (_IS_OPEN, Ticket.due_on < scope.today),
    View.SOON: lambda scope: (_IS_OPEN, Ticket.due_on.between(scope.today, scope.soon)),
    View.UNTOLD: lambda scope: (text("tickets.state = 'answered'"),),
    View.CLOSED: lambda scope: (text("tickets.state = 'closed'"),),
}


def _of(query: Select[*Columns], view: View, scope: Scope) -> Select[*Columns]:
    query = query.where(*_CONDITIONS[view](scope))
    office = Ticket.secretaria_id if view == View.CLOSED else _OFFICE
    return query if scope.office_id is None else query.where(office == scope.office_id)


@dataclass(frozen=True)
class _Order:
    """An order with a key. The key holds values, not a ticket: a ticket moves when its term is extended."""

    columns: tuple[ColumnElement[Any], ...]
    beyond: Callable[[tuple[Any, ...]], ColumnElement[bool]]
    parse: Callable[[list[str]], tuple[Any, ...]]
    write: Callable[[QueueRow], str]

    def read(self, key: str) -> tuple[Any, ...] | None:
        try:
            return self.parse(key.split("_"))
        except (ValueError, OverflowError):
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


_BY_DANGER = _Order(
    (Ticket.priority_rank.asc(), Ticket.due_on.asc(), Ticket.id.asc()),
    lambda key: tuple_(Ticket.priority_rank, Ticket.due_on, Ticket.id) > tuple_(*key),
    lambda parts: (_number(parts[0]), date.fromisoformat(parts[1]), _last_of(3, parts)),
    lambda row: f"{row.priority_rank}_{row.due_on}_{row.id}",
)
_OLDEST_ANSWER = _Order(
    (Ticket.answered_at.asc(), Ticket.id.asc()),
    lambda key: tuple_(Ticket.answered_at, Ticket.id) > tuple_(*key),
    lambda parts: (_instant(parts[0]), _last_of(2, parts)),
    lambda row: f"{_micros(row.answered_at)}_{row.id}",
)
_LATEST_CLOSED = _Order(
    (Ticket.closed_at.desc(), Ticket.id.desc()),
    lambda key: tuple_(Ticket.closed_at, Ticket.id) < tuple_(*key),
    lambda parts: (_instant(parts[0]), _last_of(2, parts)),
    lambda row: f"{_micros(row.closed_at)}_{row.id}",
)
_ORDERS = {View.UNTOLD: _OLDEST_ANSWER, View.CLOSED: _LATEST_CLOSED}
