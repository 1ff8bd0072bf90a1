"""Which tickets are in a list, and in which order?  How many they are says `counting`.

Reads only, each in one statement whatever the number of tickets; pages by key, so that every page costs the
same and a case that is filed meanwhile neither hides nor repeats another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, TextClause, literal_column, select, text
from sqlalchemy.orm import Session

from pqr.secretarias.models import Secretaria
from pqr.tickets.contributions import Contribution, shared_with, within_reach
from pqr.tickets.duties import with_duties
from pqr.tickets.events import BY_STAFF, Event
from pqr.tickets.filters import ALL, Filters
from pqr.tickets.issuing import Document
from pqr.tickets.models import Answer, Ticket
from pqr.tickets.paging import BY_DANGER, LATEST_CLOSED, NEWEST_FIRST, OLDEST_ANSWER, Order
from pqr.tickets.states import State

PAGE = 50
WALK = 600  # tickets of a list that one page of a filtered one looks at, however many there are
SOON = 3  # business days
Columns = TypeVarTuple("Columns")
# The sign keeps SQLite from reading all that an office ever had, to sort out the few that wait for a person.
_OFFICE: ColumnElement[int | None] = literal_column("+tickets.secretaria_id")
# Written out as in the indexes, since neither database matches a partial index with bound values.
IS_OPEN = text("tickets.state IN ('filed', 'assigned', 'awaiting_petitioner')")
IS_ANSWERED = text("tickets.state = 'answered'")


class View(StrEnum):
    """A list of the desk; the value is what its address carries."""

    OPEN = "abiertas"
    NEW = "nuevas"
    MINE = "mias"
    UNASSIGNED = "sin_dependencia"
    DOUBTED = "por_revisar"
    OVERDUE = "vencidas"
    SOON = "por_vencer"
    WAITING = "esperan_a_la_persona"
    UNTOLD = "sin_comunicar"
    CLOSED = "cerradas"
    ALL = "todas"
    DUTIES = "otros_plazos"
    ASKED = "aportes"
    GIVEN = "aportados"


@dataclass(frozen=True)
class Scope:
    """Whose tickets and on which day: `today` in Bogotá, `soon` the last day of "about to expire".

    `office_id`: only this office's; None: all. `actor`: who looks, as in `Event`; "" for nobody in particular.
    """

    today: date
    soon: date
    office_id: int | None = None
    actor: str = ""


EVERY = Scope(date.min, date.min)  # for the views that no day bounds


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
    suspended_on: date | None
    received_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    secretaria: str | None
    duplicate_of_id: int | None
    version: int
    fixed_at: datetime | None
    doubted_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Up to `PAGE` rows; `after` is the key of the next page, empty on the last one.

    `whole`: False where the filters left room on the page and the list goes on behind the tickets looked at.
    """

    rows: Sequence[QueueRow]
    after: str
    whole: bool = True


def page(session: Session, view: View, scope: Scope, after: str = "", filters: Filters = ALL) -> Page:
    """The rows of the view that follow the key `after`; one that cannot be read gives the first page."""
    order = _ORDERS.get(view, BY_DANGER)
    query = _following(select(*COLUMNS), view, scope, after).join(Secretaria, isouter=True)
    if filters:
        return _filtered(session, query, view, order, filters)
    found = session.execute(query.limit(PAGE + 1)).all()
    rows = [row_of(row) for row in found[:PAGE]]
    return Page(rows, order.write(rows[-1]) if len(found) > PAGE else "")


def listed(view: View, scope: Scope, filters: Filters = ALL) -> Select[int]:
    """The ids of all tickets of the view that pass the filters, in no order."""
    return of_view(select(Ticket.id), view, scope).where(*filters.within(Ticket.__table__))


def next_to_triage(session: Session, after: str = "") -> str | None:
    """The radicado of the ticket without an office that comes first behind that key (see `key_to_triage`)."""
    query = _following(select(Ticket.radicado), View.UNASSIGNED, EVERY, after)
    return session.scalar(query.where(Ticket.state == State.FILED).limit(1))


def key_to_triage(ticket: Ticket) -> str:
    """The key behind which the tickets that come after this one are found."""
    return BY_DANGER.write(ticket)


def _following(query: Select[*Columns], view: View, scope: Scope, after: str) -> Select[*Columns]:
    """The view in its order, behind the key."""
    order = _ORDERS.get(view, BY_DANGER)
    query, key = of_view(query, view, scope).order_by(*order.on(Ticket)), order.read(after)
    return query if key is None else query.where(order.beyond(key))


def _filtered(session: Session, query: Select[*Columns], view: View, order: Order, filters: Filters) -> Page:
    """What passes of the next `WALK` rows of the list: a filter that nothing passes costs no more than any other."""
    if view != View.UNTOLD and filters.office_id is not None:  # these have an index of their own
        query = query.where(Ticket.secretaria_id == filters.office_id)
    walked = query.add_columns(*_ASKED).limit(WALK).subquery()
    shown = [walked.c[column.key] for column in COLUMNS]
    passing = select(*shown).where(*filters.within(walked)).order_by(*order.on(walked.c)).limit(PAGE + 1)
    found = session.execute(passing).all()
    rows = [row_of(row) for row in found[:PAGE]]
    if len(found) > PAGE:
        return Page(rows, order.write(rows[-1]))
    last = session.execute(query.offset(WALK - 1).limit(1)).first()
    return Page(rows, order.write(row_of(last)) if last else "", whole=last is None)


def row_of(found: Row[*Columns]) -> QueueRow:
    return QueueRow(**found._mapping)


def find(session: Session, radicado: str, office_id: int | None) -> str | None:
    """The radicado of the ticket that has this number, or a letter of it has, if it is in the office's reach."""
    answered = select(Answer.ticket_id).where(Answer.radicado == radicado)
    left = select(Document.ticket_id).where(Document.radicado == radicado)
    filed = select(Ticket.id).where(Ticket.radicado == radicado).correlate(None)
    query = select(Ticket.radicado).where(Ticket.id.in_(filed.union_all(answered, left)))  # OR would read every ticket
    return session.scalar(query if office_id is None else query.where(within_reach(office_id)))


_ORDERS = {View.UNTOLD: OLDEST_ANSWER, View.CLOSED: LATEST_CLOSED, View.GIVEN: NEWEST_FIRST, View.ALL: NEWEST_FIRST}
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
    Ticket.suspended_on,
    Ticket.received_at,
    Ticket.answered_at,
    Ticket.closed_at,
    Secretaria.name.label("secretaria"),
    Ticket.duplicate_of_id,
    Ticket.version,
    Ticket.fixed_at,
    Ticket.doubted_at,
)
_ASKED = (Ticket.secretaria_id, Ticket.topic_id, Ticket.place, Ticket.received_on)  # by filters, beside the above
_TOUCHED = select(Event.id).where(Event.ticket_id == Ticket.id, BY_STAFF).correlate(Ticket)
_CONDITIONS: dict[View, Callable[[Scope], Sequence[ColumnElement[bool] | TextClause]]] = {
    View.OPEN: lambda scope: (IS_OPEN,),
    View.NEW: lambda scope: (IS_OPEN, ~_TOUCHED.exists()),
    View.MINE: lambda scope: (IS_OPEN, _TOUCHED.where(Event.actor == scope.actor).exists()),
    View.UNASSIGNED: lambda scope: (IS_OPEN, text("tickets.secretaria_id IS NULL")),
    View.DOUBTED: lambda scope: (text("tickets.doubted_at IS NOT NULL AND tickets.state = 'filed'"),),
    View.OVERDUE: lambda scope: (IS_OPEN, Ticket.suspended_on.is_(None), Ticket.due_on < scope.today),
    View.SOON: lambda scope: (IS_OPEN, Ticket.suspended_on.is_(None), Ticket.due_on.between(scope.today, scope.soon)),
    View.WAITING: lambda scope: (text("tickets.state = 'awaiting_petitioner'"),),
    View.UNTOLD: lambda scope: (IS_ANSWERED,),
    View.CLOSED: lambda scope: (text("tickets.state = 'closed'"),),
    View.ALL: lambda scope: (),
    View.DUTIES: lambda scope: (Ticket.id.in_(with_duties(scope.soon)),),
    View.ASKED: lambda scope: (_contributed(scope, Contribution.given_at.is_(None)),),
    View.GIVEN: lambda scope: (_contributed(scope, Contribution.given_at.is_not(None)),),
}
_FEW = frozenset({View.DOUBTED, View.UNTOLD, View.WAITING, View.DUTIES})  # found by what they wait for
_OF_OTHERS = frozenset({View.ASKED, View.GIVEN})  # an office's tickets there are those that others have


def _contributed(scope: Scope, given: ColumnElement[bool]) -> ColumnElement[bool]:
    """The tickets with such a contribution that was not cancelled, asked of the scope's office."""
    asked = select(Contribution.ticket_id) if scope.office_id is None else shared_with(scope.office_id)
    return Ticket.id.in_(asked.where(Contribution.cancelled_at.is_(None), given))


def of_view(query: Select[*Columns], view: View, scope: Scope) -> Select[*Columns]:
    """What is asked of the tickets, asked of those of the view alone."""
    query = query.where(*_CONDITIONS[view](scope))
    office = _OFFICE if view in _FEW else Ticket.secretaria_id
    return query if scope.office_id is None or view in _OF_OTHERS else query.where(office == scope.office_id)
