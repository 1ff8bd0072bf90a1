"""Which petitions may a stranger see as one of many?  Law 1581 of 2012, arts. 4 and 5; law 1712 of 2014, art. 18.

Not one at a time: a case is in the list only with others that look exactly like it (`Office.publish_fewest` in all), so
that a line points at nobody even in a town where everybody knows who asked for what.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Subquery, case, extract, func, select

from pqr.opaque import opaque_id
from pqr.secretarias.models import Topic
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.terms.months import later, midnight
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.states import Outcome

OF_ITS_OWN = "open311"  # the purpose of the ids that last: of who filed it, and of webhooks
# Not a complaint against a servant, a report of a crime, what a judge or a controller asks, or one's own data.
KINDS = (
    TicketKind.PETICION_GENERAL,
    TicketKind.PETICION_PARTICULAR,
    TicketKind.INFORMACION,
    TicketKind.DOCUMENTOS,
    TicketKind.CONSULTA,
    TicketKind.RECLAMO,
    TicketKind.SUGERENCIA,
    TicketKind.FELICITACION,
    TicketKind.SERVICIOS_PUBLICOS,
)


def may_be_told() -> tuple[ColumnElement[bool], ...]:
    """What holds of every ticket of which something may be told outside; the query joins its `Topic`."""
    return (
        Ticket.identity == Identity.NAMED,
        Ticket.kind.in_(KINDS),
        Ticket.doubted_at.is_(None),
        Topic.active.is_(True),
        Topic.sensitive.is_(False),
    )


def shown() -> tuple[ColumnElement[bool], ...]:
    """What holds of every ticket that is counted in the list."""
    once = (Ticket.outcome.not_in((Outcome.VOIDED, Outcome.DUPLICATE)), Ticket.duplicate_of_id.is_(None))
    return (*may_be_told(), *once)


def snapshot(now: datetime) -> date:
    """The public list is that of the beginning of this month: until the next one nothing in it moves."""
    return later(now.astimezone(BOGOTA).date(), 0)


def public_name(ticket_id: int, taken: date, keys: tuple[str, ...]) -> str:
    """A ticket's id in the list of that month; another one in the next, so that lists cannot be joined."""
    return opaque_id(keys, f"{OF_ITS_OWN}:{taken.isoformat()}", ticket_id)


def own_name(ticket_id: int, keys: tuple[str, ...]) -> str:
    """The id that lasts."""
    return opaque_id(keys, OF_ITS_OWN, ticket_id)


def counted(first: date, end: date, taken: date) -> Subquery:
    """The tickets that came from `first` on and before `end`, and how many of them look `alike`.

    A line of the list tells its topic, its month, and whether it was closed when the list was `taken`.
    """
    closed = case((Ticket.closed_at < midnight(taken), 1), else_=0)
    day = Ticket.received_on
    looks = (Ticket.topic_id, extract("year", day), extract("month", day), closed)
    return (
        select(
            Ticket.id,
            Ticket.topic_id,
            day.label("day"),
            closed.label("closed"),
            func.count().over(partition_by=looks).label("alike"),
        )
        .join(Topic, Topic.id == Ticket.topic_id)
        .where(day >= first, day < min(end, taken), *shown())
        .subquery()
    )
