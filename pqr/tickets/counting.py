"""How many tickets does each list have?  Nobody waits for a figure: each is counted up to a thousand and one.

Whether somebody acted on a ticket, and who, must be asked of each: that is asked of the most pressing ones alone.
"""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pqr.tickets.events import BY_STAFF, Event
from pqr.tickets.models import LOWEST_PRIORITY, Ticket
from pqr.tickets.paging import BY_DANGER
from pqr.tickets.queries import EVERY, Scope, View, of_view
from pqr.tickets.states import State

COUNT_AT_MOST = 1000
ASKED_AT_MOST = 2000  # open tickets of which it is asked who acted on them
BY_WHO_ACTED = frozenset({View.NEW, View.MINE})


def counts(session: Session, scope: Scope) -> dict[View, int]:
    """How many tickets each view has, counted up to `COUNT_AT_MOST` + 1: a full archive costs no more.

    Of `BY_WHO_ACTED` only those among the first `ASKED_AT_MOST` open ones: see `has_more_open`.
    """
    capped = {
        view: select(func.count())
        .select_from(_counted(view, scope).limit(COUNT_AT_MOST + 1).subquery())
        .scalar_subquery()
        .label(view.name)
        for view in View
    }
    return dict(zip(capped, session.execute(select(*capped.values())).one(), strict=True))


def has_more_open(session: Session, scope: Scope) -> bool:
    """Whether there are open tickets of which it was not asked who acted on them."""
    beyond = _by_danger(scope).offset(ASKED_AT_MOST).limit(1)
    return session.scalar(beyond) is not None


def count_to_triage(session: Session) -> int:
    """How many wait for an office, counted up to `COUNT_AT_MOST` + 1."""
    waiting = of_view(select(Ticket.id), View.UNASSIGNED, EVERY).where(Ticket.state == State.FILED)
    return session.scalar(select(func.count()).select_from(waiting.limit(COUNT_AT_MOST + 1).subquery())) or 0


def _counted(view: View, scope: Scope) -> Select[int]:
    """The view's tickets in no order. The ranks, all of them, let an index that begins with them be asked for a day."""
    if view in BY_WHO_ACTED:
        return _asked(view, scope)
    query = of_view(select(Ticket.id), view, scope)
    bounded_by_a_day = view in (View.OVERDUE, View.SOON)
    return query.where(Ticket.priority_rank.in_(range(LOWEST_PRIORITY + 1))) if bounded_by_a_day else query


def _asked(view: View, scope: Scope) -> Select[int]:
    pressing = _by_danger(scope).limit(ASKED_AT_MOST).subquery()
    acted = select(Event.id).where(Event.ticket_id == pressing.c.id, BY_STAFF).correlate(pressing)
    passes = ~acted.exists() if view == View.NEW else acted.where(Event.actor == scope.actor).exists()
    return select(pressing.c.id).where(passes)


def _by_danger(scope: Scope) -> Select[int]:
    return of_view(select(Ticket.id), View.OPEN, scope).order_by(*BY_DANGER.on(Ticket))
